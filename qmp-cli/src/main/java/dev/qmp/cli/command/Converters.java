package dev.qmp.cli.command;

import dev.qmp.cli.render.Durations;
import dev.qmp.cli.render.Sizes;
import java.time.Duration;
import picocli.CommandLine.TypeConversionException;

/** Words to values, with picocli's error for those that are none. */
final class Converters {

    /** A number of bytes. */
    record Size(long bytes) {
        static Size parse(String text) {
            try {
                return new Size(Sizes.parse(text));
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    private Converters() {}

    static Duration duration(String text) {
        try {
            return Durations.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
