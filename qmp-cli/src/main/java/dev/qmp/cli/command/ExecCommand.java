package dev.qmp.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qmp.QmpClient;
import dev.qmp.error.CommandFailedException;
import dev.qmp.qapi.ArgumentParser;
import dev.qmp.qapi.QmpSchema;
import dev.qmp.qapi.RawCommand;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "exec", description = "Any QMP command; key=value arguments are typed from the schema of that QEMU.")
final class ExecCommand extends TargetCommand {

    @Parameters(index = "1", paramLabel = "COMMAND", description = "QEMU's name for it, for example query-block")
    private String command;

    @Parameters(
            index = "2..*",
            arity = "0..*",
            paramLabel = "key=value|@FILE|JSON",
            description =
                    "arguments: key=value, key.member=value, key=@file.json, @file.json, or JSON as the last word")
    private List<String> words = new ArrayList<>();

    @Override
    int run(QmpClient client) throws Exception {
        RawCommand parsed = words.isEmpty() ? RawCommand.of(command) : parse(client);
        print(await(client.execute(parsed)));
        return Failure.DONE;
    }

    private RawCommand parse(QmpClient client) throws InterruptedException {
        QmpSchema schema = schema(client);
        ArgumentParser.FileReader files =
                name -> Files.readString(context().workingFolder().resolve(name));
        ArgumentParser parser =
                schema == null ? ArgumentParser.withoutSchema(files) : new ArgumentParser(schema, files);
        return parser.parse(command, words);
    }

    private static @Nullable QmpSchema schema(QmpClient client) throws InterruptedException {
        try {
            JsonNode schema = await(client.execute("query-qmp-schema"));
            return QmpSchema.of(schema);
        } catch (CommandFailedException e) {
            return null;
        }
    }
}
