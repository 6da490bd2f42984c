package dev.qmp.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.qmp.cli.command.CliContext;
import dev.qmp.cli.command.QmpRoot;
import dev.qmp.cli.host.HostScanner;
import dev.qmp.cli.render.Console;
import dev.qmp.cli.state.StateStore;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The program run within the test: the real one, with outputs, a state folder and an environment of the test's. */
public final class Cli {

    private static final ObjectMapper ONE_DOCUMENT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Path state;
    private final Path workingFolder;
    private final boolean terminal;
    private final Map<String, String> environment = new HashMap<>();

    private Cli(Path state, Path workingFolder, boolean terminal) {
        this.state = state;
        this.workingFolder = workingFolder;
        this.terminal = terminal;
    }

    /** Its outputs are pipes; its state lies in this folder, which also is its working folder. */
    public static Cli in(Path folder) {
        return new Cli(folder.resolve("state"), folder, false);
    }

    /** The same before a terminal. */
    public Cli onTerminal() {
        Cli other = new Cli(state, workingFolder, true);
        other.environment.putAll(environment);
        return other;
    }

    public Cli environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    public Result run(String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CliContext context = new CliContext(
                new Console(out, err, terminal, terminal, environment),
                new HostScanner(),
                new StateStore(state),
                environment,
                workingFolder,
                Clock.systemUTC());
        int status = QmpRoot.execute(context, words);
        return new Result(List.of(words), status, out.toString(), err.toString());
    }

    /** Runs a line that must be done without failure. */
    public Result ok(String... words) {
        Result result = run(words);
        if (result.status() != 0) {
            throw new AssertionError(result.toString());
        }
        return result;
    }

    /** Runs a line with {@code -o json} and reads its one document; the line must be done without failure. */
    public JsonNode json(String... words) {
        String[] all = new String[words.length + 2];
        System.arraycopy(words, 0, all, 0, words.length);
        all[words.length] = "-o";
        all[words.length + 1] = "json";
        return ok(all).document();
    }

    /** How a line went. */
    public record Result(List<String> words, int status, String out, String err) {

        /** The one JSON document of stdout; anything else on it is an error. */
        public JsonNode document() {
            try {
                return ONE_DOCUMENT.readTree(out);
            } catch (JsonProcessingException e) {
                throw new AssertionError("not one JSON document on stdout: " + this, e);
            }
        }

        public List<String> lines() {
            return out.lines().toList();
        }

        @Override
        public String toString() {
            return "qmp " + String.join(" ", words) + "\nexit status " + status + "\nstdout:\n" + out + "stderr:\n"
                    + err;
        }
    }
}
