package dev.qmp.cli.render;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The one door to stdout and stderr: results go to the first, all else to the second. Thread-safe. A progress line that
 * stands on the terminal is taken away before anything else is written and is the caller's to write again.
 */
public final class Console {

    private static final String CLEAR_LINE = "\r\u001b[K";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean outTerminal;
    private final boolean errTerminal;
    private final Map<String, String> environment;
    private String color = "auto";
    private boolean progressShown;

    /** The process's own outputs. */
    public static Console system() {
        return new Console(
                new PrintWriter(System.out, false, StandardCharsets.UTF_8),
                new PrintWriter(System.err, false, StandardCharsets.UTF_8),
                Terminal.is(1),
                Terminal.is(2),
                System.getenv());
    }

    /** Outputs of a test's. */
    public Console(Writer out, Writer err, boolean outTerminal, boolean errTerminal, Map<String, String> environment) {
        this.out = new PrintWriter(out);
        this.err = new PrintWriter(err);
        this.outTerminal = outTerminal;
        this.errTerminal = errTerminal;
        this.environment = Map.copyOf(environment);
    }

    /** {@code auto}, {@code always} or {@code never}. */
    public synchronized void color(String when) {
        color = when;
    }

    public boolean outTerminal() {
        return outTerminal;
    }

    public boolean errTerminal() {
        return errTerminal;
    }

    /** Whether results may be coloured. */
    public synchronized boolean outColor() {
        return switch (color) {
            case "always" -> true;
            case "never" -> false;
            default ->
                outTerminal
                        && environment.getOrDefault("NO_COLOR", "").isEmpty()
                        && !"dumb".equals(environment.get("TERM"));
        };
    }

    /** For picocli's help. */
    public PrintWriter outWriter() {
        return out;
    }

    /** For picocli's help. */
    public PrintWriter errWriter() {
        return err;
    }

    /** A line of a result; control characters in it are shown, not sent. */
    public synchronized void out(String line) {
        clearProgress();
        out.println(Escapes.printable(line));
        out.flush();
    }

    /** Lines of a result that a renderer made: escaped by it, colours included. */
    public synchronized void lines(List<String> lines) {
        clearProgress();
        lines.forEach(out::println);
        out.flush();
    }

    /** A line for the person at the terminal, beside the result; control characters in it are shown, not sent. */
    public synchronized void err(String line) {
        clearProgress();
        err.println(Escapes.printable(line));
        err.flush();
    }

    /** A name and its value; in a pipe separated by a tab. */
    public synchronized void fact(String name, String value) {
        clearProgress();
        String shown = Escapes.printable(value);
        out.println(outTerminal ? String.format(Locale.ROOT, "%-18s %s", name, shown) : name + "\t" + shown);
        out.flush();
    }

    public synchronized void table(Table table) {
        lines(outTerminal ? table.aligned(outColor()) : table.separated());
    }

    /** The one document of {@code -o json}: indented on a terminal, on one line in a pipe. */
    public synchronized void json(JsonNode document) {
        clearProgress();
        out.println(outTerminal ? indented(document) : oneLine(document));
        out.flush();
    }

    /** One line of a stream of documents. */
    public synchronized void ndjson(JsonNode document) {
        clearProgress();
        out.println(oneLine(document));
        out.flush();
    }

    static String oneLine(JsonNode document) {
        try {
            return Escapes.json(JSON.writeValueAsString(document));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String indented(JsonNode document) {
        try {
            // The line ends are Jackson's own: those in texts are escaped already.
            return JSON.writerWithDefaultPrettyPrinter()
                    .writeValueAsString(document)
                    .lines()
                    .map(Escapes::json)
                    .collect(Collectors.joining("\n"));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Puts a progress line in place of the one before; on a terminal only. */
    public synchronized void progress(String line) {
        err.print(CLEAR_LINE + Escapes.printable(line));
        err.flush();
        progressShown = true;
    }

    /** Ends the progress line so that it stays. */
    public synchronized void keepProgress() {
        if (progressShown) {
            err.println();
            err.flush();
            progressShown = false;
        }
    }

    public synchronized void flush() {
        clearProgress();
        out.flush();
        err.flush();
    }

    private void clearProgress() {
        if (progressShown) {
            err.print(CLEAR_LINE);
            err.flush();
            progressShown = false;
        }
    }
}
