package dev.qmp.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * A schema that this library carries, so that it can say in which QEMU something is that another one lacks. Recorded on
 * x86_64; the build packs those that the tests use as well.
 *
 * @param program what was asked, for example {@code qemu-system-x86_64}
 */
record RecordedQemu(int major, int minor, String program, QmpSchema schema) {

    private static final String ARCHIVE = "recorded-schemas.zip";
    private static final Pattern ENTRY = Pattern.compile("([0-9]+)\\.([0-9]+)/([^/]+)\\.json");

    /** Reading them costs some 100 ms, so nobody does before there is something to explain. */
    private static final class All {
        static final List<RecordedQemu> LIST = read();
    }

    /** Each of them, the oldest version first. */
    static List<RecordedQemu> all() {
        return All.LIST;
    }

    String version() {
        return major + "." + minor;
    }

    private static List<RecordedQemu> read() {
        List<RecordedQemu> found = new ArrayList<>();
        ObjectMapper mapper = new ObjectMapper();
        try (InputStream archive = Objects.requireNonNull(RecordedQemu.class.getResourceAsStream(ARCHIVE), ARCHIVE);
                ZipInputStream zip = new ZipInputStream(archive)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Matcher name = ENTRY.matcher(entry.getName());
                if (name.matches()) {
                    JsonNode schema = mapper.readTree(zip.readAllBytes());
                    found.add(new RecordedQemu(
                            Integer.parseInt(name.group(1)),
                            Integer.parseInt(name.group(2)),
                            name.group(3),
                            QmpSchema.of(schema)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the library's own archive of schemas is damaged", e);
        }
        found.sort(Comparator.comparingInt(RecordedQemu::major)
                .thenComparingInt(RecordedQemu::minor)
                .thenComparing(RecordedQemu::program));
        return List.copyOf(found);
    }
}
