package dev.qmp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qmp.cli.Cli.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The program as it is assembled, run as a process of its own; its outputs are files, so pipes to it. */
final class Program implements AutoCloseable {

    private static final Path LAUNCHER = Path.of("target/qmp/bin/qmp").toAbsolutePath();
    private static final long PATIENCE_SECONDS = 60;

    private final List<String> words;
    private final Process process;
    private final Path out;
    private final Path err;

    private Program(List<String> words, Process process, Path out, Path err) {
        this.words = words;
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** Starts it in a folder, with its state below that folder. */
    static Program start(Path folder, String... words) {
        try {
            Path out = Files.createTempFile(folder, "out", "");
            Path err = Files.createTempFile(folder, "err", "");
            // A SIGINT that whoever started the build ignores would be ignored by the program as well.
            List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT", LAUNCHER.toString()));
            command.addAll(List.of(words));
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().put("QMP_STATE_DIR", folder.resolve("state").toString());
            builder.environment().put("QMP_CACHE_DIR", folder.resolve("cache").toString());
            return new Program(List.of(words), builder.start(), out, err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs it to its end. */
    static Result run(Path folder, String... words) {
        try (Program program = start(folder, words)) {
            return program.await();
        }
    }

    /** Runs a line that must be done without failure. */
    static Result ok(Path folder, String... words) {
        Result result = run(folder, words);
        assertThat(result.status()).as(result.toString()).isZero();
        return result;
    }

    Result await() {
        try {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as("qmp %s ends; stdout: %s stderr: %s", words, out(), err())
                    .isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return new Result(words, process.exitValue(), out(), err());
    }

    /** SIGINT, as Ctrl-C sends it. */
    void interrupt() {
        try {
            new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** SIGKILL. */
    Result kill() {
        process.destroyForcibly();
        return await();
    }

    String out() {
        return text(out);
    }

    String err() {
        return text(err);
    }

    /** How much it has written to stderr by now. */
    long errBytes() {
        try {
            return Files.size(err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
