package dev.qmp;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.qmp.block.BlockOperations;
import dev.qmp.block.PullRequest;
import dev.qmp.block.RunningPull;
import dev.qmp.block.SnapshotRequest;
import dev.qmp.block.SnapshotRequest.Existing;
import dev.qmp.block.SnapshotRequest.Target;
import dev.qmp.error.CommandFailedException;
import dev.qmp.error.OutcomeUnknownException;
import dev.qmp.job.Job;
import dev.qmp.job.Jobs;
import dev.qmp.qapi.AddFd;
import dev.qmp.qapi.AddfdInfo;
import dev.qmp.qapi.BlockInfo;
import dev.qmp.qapi.BlockJobCompleted;
import dev.qmp.qapi.BlockStream;
import dev.qmp.qapi.BlockdevAdd;
import dev.qmp.qapi.BlockdevOptions;
import dev.qmp.qapi.BlockdevRef;
import dev.qmp.qapi.QueryBlock;
import dev.qmp.qapi.QueryStatus;
import dev.qmp.qapi.QueryYank;
import dev.qmp.qapi.RunState;
import dev.qmp.qapi.StatusInfo;
import dev.qmp.schema.QmpSchema;
import dev.qmp.schema.SchemaFinding;
import dev.qmp.schema.SchemaValidator;
import dev.qmp.transport.DescriptorSet;
import dev.qmp.transport.OwnedDescriptor;
import dev.qmp.transport.QmpAddress;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionException;

/** The examples of qmp-client/README.md: what stands between the marks is what it shows. */
final class Examples {

    private Examples() {}

    // The formatter would break these lines otherwise than the README does.
    // spotless:off
    static void connect(Path monitor, PrintStream log) {
        // example: connect
QmpClientOptions options = QmpClientOptions.builder().commandDeadline(java.time.Duration.ofSeconds(10)).build();
try (QmpClient client = QmpClient.connect(QmpAddress.unix(monitor), options).join()) {
    log.println("QEMU " + client.greeting().version());
}
        // end
    }

    static void manyGuests(Path monitor, PrintStream log) {
        // example: a runtime, a client that reconnects, out-of-band
QmpRuntime runtime = QmpRuntime.builder().loops(1).build(); // its threads serve all clients that are given it
QmpClientOptions options = QmpClientOptions.builder().runtime(runtime).outOfBand(true).build();
ReconnectingClient client =
        ReconnectingClient.connect(QmpAddress.unix(monitor), options, ReconnectPolicy.DEFAULT).join();
client.subscribe(event -> true, event -> log.println(event.name()), state -> log.println(state)); // gaps in their place
client.executeOutOfBand(new QueryYank()).join(); // answered even by a QEMU that is stuck in another command
runtime.close(); // and all its clients
        // end
    }

    static void descriptor(QmpClient client, Path image, PrintStream log) throws IOException {
        // example: a descriptor
OwnedDescriptor file = OwnedDescriptor.open(image, OwnedDescriptor.Access.READ_WRITE); // by this process's rights
AddfdInfo added = client.execute(AddFd.builder().build(), DescriptorSet.of(file)).join(); // closed here, open there
log.println("/dev/fdset/" + added.fdsetId()); // a file name for blockdev-add
        // end
    }

    static void command(QmpClient client, PrintStream log) {
        // example: a typed command
StatusInfo status = client.execute(new QueryStatus()).join();
if (status.status().equals(RunState.RUNNING)) {
    log.println("it runs");
}
for (BlockInfo drive : client.execute(new QueryBlock()).join()) {
    if (drive.inserted() != null) {
        log.println(drive.inserted().image().filename() + ": " + drive.inserted().image().virtualSize() + " bytes");
    }
}
        // end
    }

    static void union(QmpClient client, Path image) {
        // example: a union, an alternate
BlockdevOptions options = BlockdevOptions.Qcow2.builder()
        .nodeName("spare")
        .file(BlockdevRef.of(BlockdevOptions.File.builder().filename(image.toString()).build()))
        .build();
client.execute(new BlockdevAdd(options)).join();
        // end
    }

    static void job(QmpClient client, PrintStream log) {
        // example: an event, a job
client.subscribe(BlockJobCompleted.EVENT, end -> log.println(end.device() + " is through, error: " + end.error()));

BlockStream stream = BlockStream.builder().jobId("flatten").device("top").speed(64L << 20).build();
Job job = new Jobs(client).start(stream).join(); // watched from before its first event on
job.onProgress(now -> log.println(now.offset() + " of " + now.length()));
job.done().join(); // fails with QEMU's words where the job does
        // end
    }

    static void snapshot(QmpClient client, Path overlay, PrintStream log) {
        // example: a snapshot, a pull
BlockOperations operations = new BlockOperations(client);
SnapshotRequest request =
        new SnapshotRequest("before-upgrade", List.of(new Target("vda", overlay.toString())), Existing.REFUSE);
operations.run(operations.plan(request).join()).join();

RunningPull pull = operations.start(operations.plan(PullRequest.of("vda", null)).join()).join();
log.println(pull.done().join().disk().chainText());
        // end
    }

    static void failure(QmpClient client, PrintStream log) {
        // example: errors
try {
    client.execute(new BlockStream("no-such-node")).join();
} catch (CompletionException e) {
    if (e.getCause() instanceof CommandFailedException refused) {
        log.println(refused.errorClass() + ": " + refused.desc()); // QEMU's own words
    } else if (e.getCause() instanceof OutcomeUnknownException unknown) {
        log.println(unknown.reason() + ": it may have happened, look before you try again");
    }
}
        // end
    }

    static void validation(QmpClient client, PrintStream log) {
        // example: what this QEMU would refuse
QmpSchema schema = client.schema().join(); // asked once a connection
if (!schema.hasArgument("blockdev-backup", "discard-source")) {
    log.println("no discard-source here");
}
var arguments = JsonNodeFactory.instance.objectNode().put("devise", "top").put("speed", "fast");
for (SchemaFinding finding : SchemaValidator.check(schema, "block-stream", arguments)) {
    log.println(finding.message());
}
        // end
    }
    // spotless:on
}
