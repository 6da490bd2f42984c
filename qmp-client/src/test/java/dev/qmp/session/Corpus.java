package dev.qmp.session;

import dev.qmp.fixtures.recorded.Samples;
import dev.qmp.fixtures.recorded.Transcript;
import dev.qmp.fixtures.recorded.Transcript.Direction;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What fuzzing starts from: pieces of what real QEMUs said, as inputs of {@link FuzzTarget}. */
final class Corpus {

    private static final String GREETING =
            "{\"QMP\": {\"version\": {\"qemu\": {\"micro\": 0, \"minor\": 2, \"major\": 7}, \"package\": \"Debian\"},"
                    + " \"capabilities\": [\"oob\"]}}\r\n{\"return\": {}, \"id\": 0}\r\n";

    /** Short conversations with each fault that the tests of the session know. */
    private static final List<String> HANDMADE = List.of(
            GREETING + "{\"return\": {}, \"id\": 1}{\"return\": {}, \"id\": 2}\n{\"return\": {}, \"id\": 3}",
            GREETING + "{\"return\": {}, \"id\": 2}{\"return\": {}, \"id\": 2}{\"return\": {}, \"id\": \"1\"}",
            GREETING + "{\"id\": 1, \"error\": {\"class\": \"GenericError\", \"desc\": \"no \\u00e4\\ud800\"}}",
            GREETING + "{\"error\": {\"class\": \"GenericError\", \"desc\": \"JSON parse error\"}}",
            GREETING + GREETING + "{\"event\": \"STOP\", \"timestamp\": {\"seconds\": -1, \"microseconds\": -1}}",
            "{\"event\": \"RESET\", \"data\": {\"a\": [1e400, -0.0, 18446744073709551615]}}" + GREETING,
            GREETING + "{\"return\": [[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]], \"id\": 1}",
            "\u00ff{\"return\": 1}\n\u00ff{\"error\": {\"class\": \"X\", \"desc\": \"JSON parse error\"}}\u00ff{\"return\": {}}",
            GREETING + "{\"return\": {\"password\": \"x\", \"qom-type\": \"secret\", \"data\": \"y\"}, \"id\": 1}");

    private Corpus() {}

    static List<byte[]> inputs() {
        List<byte[]> inputs = new ArrayList<>();
        for (String text : HANDMADE) {
            inputs.add(input(text.getBytes(StandardCharsets.ISO_8859_1)));
        }
        List<String> names = new ArrayList<>(
                List.of(Transcript.WALK_DRIVE, Transcript.WALK_BLOCKDEV, Transcript.EVENT_BEFORE_GREETING));
        for (String version : Samples.VERSIONS) {
            Transcript.TOPICS.forEach(topic -> names.add(version + "/" + topic));
        }
        for (String name : names) {
            StringBuilder conversation = new StringBuilder(GREETING);
            for (String text : Transcript.load(name).texts(Direction.RECEIVED)) {
                if (text.length() > 1500) {
                    continue;
                }
                if (conversation.length() + text.length() > 3000) {
                    inputs.add(input(conversation.toString().getBytes(StandardCharsets.UTF_8)));
                    conversation.setLength(GREETING.length());
                }
                conversation.append(text).append("\r\n");
            }
        }
        return inputs;
    }

    private static byte[] input(byte[] stream) {
        ByteArrayOutputStream input = new ByteArrayOutputStream();
        input.write(stream.length >> 9);
        input.write(stream.length >> 1);
        input.writeBytes(stream);
        return input.toByteArray();
    }

    /** Writes the inputs as files, for Jazzer. */
    public static void main(String[] folder) throws IOException {
        Path to = Files.createDirectories(Path.of(folder[0]));
        int number = 0;
        for (byte[] input : inputs()) {
            Files.write(to.resolve("transcript-" + number++), input);
        }
    }
}
