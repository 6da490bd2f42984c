package dev.qmp.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.qmp.QmpClient;
import dev.qmp.qapi.RawCommand;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Parameters;

/** A command on one QEMU: it connects, does its work and closes, whatever happens. */
abstract class TargetCommand extends Subcommand {

    @Parameters(
            index = "0",
            paramLabel = "TARGET",
            description = "which QEMU: the path of its monitor socket, unix:PATH, unix:@NAME, tcp:HOST:PORT,"
                    + " the -name of one that runs on this host, or - for $QMP_TARGET")
    String target;

    abstract int run(QmpClient client) throws Exception;

    @Override
    public Integer call() throws Exception {
        try (Connection connection = Connection.open(root(), target)) {
            return run(connection.client());
        }
    }

    /** What {@code --dry-run} shows: lines that can be pasted into any QMP session, or with {@code -o json} one array. */
    int printPlan(List<RawCommand> commands) {
        if (json()) {
            ArrayNode lines = JsonNodeFactory.instance.arrayNode();
            commands.forEach(command -> lines.add(command.toJson()));
            print(lines);
        } else {
            commands.forEach(command -> console().ndjson(command.toJson()));
        }
        return Failure.DONE;
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
