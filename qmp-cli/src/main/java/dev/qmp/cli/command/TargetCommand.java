package dev.qmp.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.qmp.QmpClient;
import dev.qmp.error.CommandFailedException;
import dev.qmp.error.ConnectionLostException;
import dev.qmp.error.OutcomeUnknownException;
import dev.qmp.qapi.QmpCommand;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Parameters;

/** A command on one QEMU: it connects, does its work and closes, whatever happens. */
abstract class TargetCommand extends Subcommand {

    @Parameters(
            index = "0",
            paramLabel = "TARGET",
            description = "which QEMU: the path of its monitor socket, unix:PATH, unix:@NAME, tcp:HOST:PORT,"
                    + " tls:HOST:PORT, ssh://[USER@]HOST[:PORT]/PATH (through your own ssh, or the one that $QMP_SSH"
                    + " names; it asks for nothing),"
                    + " the -name of one that runs on this host, or - for $QMP_TARGET")
    String target;

    abstract int run(QmpClient client) throws Exception;

    @Override
    public Integer call() throws Exception {
        try (Connection connection = Connection.open(root(), target)) {
            try {
                return run(connection.client());
            } catch (OutcomeUnknownException e) {
                throw UnknownEnd.explain(connection.client(), e);
            } catch (ConnectionLostException e) {
                throw UnknownEnd.explain(connection.client(), e);
            }
        }
    }

    /** What {@code --dry-run} shows: lines that can be pasted into any QMP session, or with {@code -o json} one array. */
    int printPlan(List<QmpCommand<?>> commands) {
        if (json()) {
            ArrayNode lines = JsonNodeFactory.instance.arrayNode();
            commands.forEach(command -> lines.add(command.toRequest()));
            print(lines);
        } else {
            commands.forEach(command -> console().ndjson(command.toRequest()));
        }
        return Failure.DONE;
    }

    /** What the command returns; empty where QEMU refuses it: a storage daemon lacks most commands. */
    static <T> Optional<T> ask(QmpClient client, QmpCommand<T> command) throws InterruptedException {
        try {
            return Optional.of(await(client.execute(command)));
        } catch (CommandFailedException e) {
            return Optional.empty();
        }
    }

    /** Waits for a result: commands are the one place that does. */
    static <T> T await(CompletionStage<T> result) throws InterruptedException {
        try {
            return result.toCompletableFuture().get();
        } catch (ExecutionException e) {
            Throwable cause = Failure.unwrap(e);
            if (cause instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw new IllegalStateException(cause);
        }
    }
}
