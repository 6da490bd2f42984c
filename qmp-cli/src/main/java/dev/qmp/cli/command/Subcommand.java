package dev.qmp.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qmp.cli.render.Console;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What every command has: the root's options, the context, a way to write its result. */
@Command(mixinStandardHelpOptions = true)
abstract class Subcommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    QmpRoot root() {
        return (QmpRoot) spec.root().userObject();
    }

    GlobalOptions options() {
        return root().options;
    }

    CliContext context() {
        return root().context;
    }

    Console console() {
        return root().context.console();
    }

    boolean json() {
        return options().json();
    }

    /** The one JSON document of {@code -o json}. */
    void print(JsonNode document) {
        console().json(document);
    }

    /** Something worth knowing that is no result; kept back by {@code -q}. */
    void note(String text) {
        if (!options().quiet) {
            console().err(text);
        }
    }
}
