package dev.qmp.generator;

import static org.assertj.core.api.Assertions.assertThat;

import com.palantir.javapoet.JavaFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is written, word for word, for each kind of thing: from two schemas that are cut down to a few commands. After a
 * change that is meant, {@code -Dgolden.update=true} writes the files anew; the difference is what is to be reviewed.
 */
class GoldenTest {

    private static Map<String, String> written;
    private static String report;

    @BeforeAll
    static void generate() throws IOException {
        try (BufferedReader names = Files.newBufferedReader(resource("names.tsv"))) {
            Generation generation = Generation.of(resource("schema"), Names.read(names));
            written = generation.files().stream()
                    .collect(Collectors.toMap(file -> file.typeSpec().name(), JavaFile::toString));
            report = generation.report();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // commands: plain and starting a job; boxed; with a list; any; deprecated; unstable; named like an
                // event
                "BlockStream",
                "BlockdevAdd",
                "QueryBlock",
                "QomGet",
                "BlockJobPause",
                "XDebugBlockDirtyBitmapSha256",
                "Stop",
                // events
                "BlockJobCompleted",
                "StopEvent",
                // structs: with a member that is gone in the newer QEMU; with numbers that have no sign
                "StatusInfo",
                "MemoryInfo",
                // flat unions: one whose branches lead back to it; one of wrappers; one that was a struct
                "BlockdevOptions",
                "TransactionAction",
                "BlockJobInfo",
                // alternates: of an object, which recurs; with null
                "BlockdevRef",
                "StrOrNull",
                // enumeration
                "BlockdevOnError",
                // the ways from names to types
                "QmpCommands",
                "QmpEvents"
            })
    void is_written_word_for_word(String type) throws IOException {
        compare(type + ".java.txt", Objects.requireNonNull(written.get(type), type));
    }

    @Test
    void the_report_says_what_is_new_what_is_gone_and_what_has_no_name() throws IOException {
        compare("report.txt", report);
    }

    private static void compare(String name, String actual) throws IOException {
        if (Boolean.getBoolean("golden.update")) {
            Path source = Path.of("src/test/resources/dev/qmp/generator/golden/expected", name);
            Files.createDirectories(source.toAbsolutePath().getParent());
            Files.writeString(source, actual);
            return;
        }
        assertThat(actual).isEqualTo(Files.readString(resource("expected/" + name)));
    }

    private static Path resource(String name) {
        try {
            return Path.of(Objects.requireNonNull(GoldenTest.class.getResource("golden/" + name), name)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
