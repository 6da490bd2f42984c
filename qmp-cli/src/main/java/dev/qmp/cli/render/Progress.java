package dev.qmp.cli.render;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a job is: percent, bytes, rate, time to go. On a terminal one line that is rewritten, in a pipe a line every few
 * seconds. It says 100 % when it is told that the job is through, and not before. Not thread-safe.
 */
public final class Progress {

    private static final Duration TERMINAL_INTERVAL = Duration.ofMillis(200);
    private static final Duration PIPE_INTERVAL = Duration.ofSeconds(3);

    private final @Nullable Console console;
    private final Clock clock;
    private final String what;
    private final Instant start;
    private @Nullable Instant shown;
    private long first = -1;

    /** {@code console} null shows nothing. */
    public Progress(@Nullable Console console, Clock clock, String what) {
        this.console = console;
        this.clock = clock;
        this.what = what;
        this.start = clock.instant();
    }

    /** The job has done {@code offset} of {@code length}; both may go either way. */
    public void update(long offset, long length) {
        if (console == null) {
            return;
        }
        if (first < 0) {
            first = offset;
        }
        Instant now = clock.instant();
        Duration interval = console.errTerminal() ? TERMINAL_INTERVAL : PIPE_INTERVAL;
        Instant last = shown == null ? start : shown;
        // In a pipe the first line comes after the first interval: a short job then writes none but its last.
        boolean due = (console.errTerminal() && shown == null) || !now.isBefore(last.plus(interval));
        if (due) {
            show(line(offset, length, now));
            shown = now;
        }
    }

    /** The job is through. */
    public void finish(long length) {
        if (console == null) {
            return;
        }
        show(what + " 100 %  " + Sizes.human(length) + "  in "
                + Durations.clock(Duration.between(start, clock.instant()).toSeconds()));
        console.keepProgress();
    }

    /** No more will come; a line that is rewritten is left as it is. */
    public void end() {
        if (console != null) {
            console.keepProgress();
        }
    }

    String line(long offset, long length, Instant now) {
        StringBuilder line = new StringBuilder(what)
                .append(' ')
                .append(Percent.text(offset, length))
                .append("  ")
                .append(Sizes.human(offset))
                .append(" of ")
                .append(Sizes.human(Math.max(0, length)));
        double seconds = Duration.between(start, now).toMillis() / 1000.0;
        double rate = seconds <= 0 ? 0 : (offset - Math.max(0, first)) / seconds;
        if (rate >= 1) {
            line.append("  ").append(Sizes.human((long) rate)).append("/s");
            long left = Math.max(0, length - offset);
            line.append("  ")
                    .append(Durations.clock((long) Math.ceil(left / rate)))
                    .append(" to go");
        }
        return line.toString();
    }

    private void show(String line) {
        if (console != null) {
            if (console.errTerminal()) {
                console.progress(line);
            } else {
                console.err(line);
            }
        }
    }
}
