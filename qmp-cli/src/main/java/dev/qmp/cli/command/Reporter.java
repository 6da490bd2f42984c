package dev.qmp.cli.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.cli.render.Console;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells a failure: one to three lines on stderr, and with {@code -o json} one document on stdout. */
final class Reporter implements IExecutionExceptionHandler, IParameterExceptionHandler {

    private final QmpRoot root;
    private final List<String> words;

    Reporter(QmpRoot root, String[] words) {
        this.root = root;
        this.words = List.of(words);
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine commandLine, ParseResult parsed) {
        if (failure instanceof ParameterException wrong) {
            return handleParseException(wrong, words.toArray(String[]::new));
        }
        return report(Failure.of(failure), failure, root.options.json());
    }

    @Override
    public int handleParseException(ParameterException wrong, String[] args) {
        Throwable cause = wrong.getCause();
        if (cause instanceof UsageException usage) {
            return report(Failure.of(usage), wrong, json());
        }
        String hint = "see: " + wrong.getCommandLine().getCommandSpec().qualifiedName() + " --help";
        List<String> near =
                wrong instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
        if (!near.isEmpty()) {
            hint = "did you mean " + String.join(", ", near.subList(0, Math.min(3, near.size()))) + "? " + hint;
        }
        return report(
                new Failure(Failure.USAGE, "usage", String.valueOf(wrong.getMessage()), null, null, hint),
                wrong,
                json());
    }

    /** The options may not have been parsed when they are wrong, so the words themselves are asked. */
    private boolean json() {
        return root.options.json()
                || words.contains("-ojson")
                || words.contains("--output=json")
                || follows("-o", "json")
                || follows("--output", "json");
    }

    private boolean follows(String option, String value) {
        int at = words.indexOf(option);
        return at >= 0 && at + 1 < words.size() && words.get(at + 1).equals(value);
    }

    private int report(Failure failure, Throwable thrown, boolean json) {
        Console console = root.context.console();
        console.err("qmp: " + failure.message());
        if (failure.qemu() != null) {
            console.err("QEMU says: " + failure.qemu()
                    + (failure.errorClass() == null ? "" : " (" + failure.errorClass() + ")"));
        }
        if (failure.hint() != null) {
            console.err("hint: " + failure.hint());
        }
        if (root.options.stacktrace) {
            StringWriter trace = new StringWriter();
            thrown.printStackTrace(new PrintWriter(trace));
            trace.toString().lines().forEach(console::err);
        }
        if (json) {
            console.json(document(failure));
        }
        return failure.status();
    }

    private static ObjectNode document(Failure failure) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        String message = failure.qemu() == null ? failure.message() : failure.message() + ": " + failure.qemu();
        document.putObject("error")
                .put("kind", failure.kind())
                .put("message", message)
                .put("hint", failure.hint())
                .put("class", failure.errorClass());
        return document;
    }
}
