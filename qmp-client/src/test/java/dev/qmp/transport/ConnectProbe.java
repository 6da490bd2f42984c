package dev.qmp.transport;

import dev.qmp.error.ConnectFailedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * A JVM of its own that tries to connect and prints why it cannot. Root may do everything: so where the tests run as root,
 * it runs without root's capabilities, as nothing but the owner of its files.
 */
final class ConnectProbe {

    private ConnectProbe() {}

    static List<String> run(
            Map<String, String> environment, List<String> jvmOptions, TransportKind kind, String... addresses)
            throws Exception {
        List<String> command = new ArrayList<>();
        if (Files.isWritable(Path.of("/etc/shadow"))) {
            command.addAll(List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all"));
        }
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(jvmOptions);
        command.addAll(List.of(ConnectProbe.class.getName(), kind.name()));
        command.addAll(List.of(addresses));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException("the probe failed: " + lines);
            }
            return lines;
        } finally {
            process.destroyForcibly();
        }
    }

    public static void main(String[] arguments) {
        TransportKind kind = TransportKind.valueOf(arguments[0]);
        Arrays.stream(arguments).skip(1).forEach(address -> {
            try {
                Transports.open(
                                QmpAddress.parse(address),
                                TransportOptions.builder().kind(kind).build(),
                                new RecordingListener())
                        .join();
                System.out.println("opened");
            } catch (CompletionException e) {
                ConnectFailedException failure = (ConnectFailedException) e.getCause();
                System.out.println(failure.reason() + "|" + failure.getMessage() + "|"
                        + failure.hint().orElse(""));
            }
        });
        Transports.shutdown();
    }
}
