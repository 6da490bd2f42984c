package dev.qmp.cli.command;

import dev.qmp.QmpClient;
import dev.qmp.block.BlockOperations;
import dev.qmp.block.CopyPlan;
import dev.qmp.block.CopyRequest;
import dev.qmp.block.CopyRequest.Ending;
import dev.qmp.error.JobFailedException;
import dev.qmp.operation.OperationResult;
import dev.qmp.plan.Plan;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "blockcopy", description = "virsh's: mirrors a disk to a new image. See also: copy")
final class BlockcopyCommand extends DialectCommand {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Option(names = "--path", paramLabel = "DISK", description = "the disk: its target or its file")
    private @Nullable String path;

    @Option(names = "--dest", paramLabel = "FILE", description = "the copy")
    private @Nullable String dest;

    @Option(names = "--bandwidth", paramLabel = "MIB", description = "at most so many MiB per second")
    private @Nullable String bandwidth;

    @Option(names = "--bytes", description = "the bandwidth is in bytes per second")
    private boolean bytes;

    @Option(names = "--shallow", description = "the active layer alone, on top of the layers below it")
    private boolean shallow;

    @Option(names = "--reuse-external", description = "the copy's image is there, made for this")
    private boolean reuse;

    @Option(names = "--blockdev", description = "the copy goes to a block device, and what is on it may be lost")
    private boolean blockdev;

    @Option(names = "--format", paramLabel = "qcow2|raw", description = "the copy's format")
    private @Nullable String format;

    @Option(names = "--wait", description = "until the copy has caught up with the guest")
    private boolean wait;

    @Option(names = "--verbose", description = "wait, and show the progress")
    private boolean verbose;

    @Option(names = "--pivot", description = "wait, and let the guest go on in the copy")
    private boolean pivot;

    @Option(names = "--finish", description = "wait, and end the copy; the guest stays where it is")
    private boolean finish;

    @Option(names = "--synchronous-writes", description = "the guest's writes wait for the copy")
    private boolean synchronousWrites;

    @Option(names = "--transient-job", description = "does nothing: every job here ends with its QEMU")
    @SuppressWarnings("UnusedVariable")
    private boolean transientJob;

    @Option(names = "--async", hidden = true)
    private boolean async;

    @Option(names = "--xml", hidden = true, paramLabel = "FILE")
    private @Nullable String xml;

    @Option(names = "--print-xml", hidden = true)
    private boolean printXml;

    @Option(names = "--granularity", hidden = true, paramLabel = "BYTES")
    private @Nullable String granularity;

    @Option(names = "--buf-size", hidden = true, paramLabel = "BYTES")
    private @Nullable String bufSize;

    @Override
    public Integer call() throws Exception {
        refuse(xml != null, "--xml", "there is no XML here: name the copy with --dest, an NBD export by its address");
        refuse(printXml, "--print-xml", "there is no XML here; `qmp copy --dry-run` shows what would be sent");
        refuse(granularity != null, "--granularity", "QEMU chooses it by the copy's clusters");
        refuse(bufSize != null, "--buf-size", "QEMU chooses it");
        refuse(
                async,
                "--async",
                "it is about cancelling after --timeout, which is not done here: Ctrl-C leaves the job running");
        refuse(pivot && finish, "--finish", "--pivot is the other way to end it");
        checkRefused();
        String target = takeDomain();
        String disk = take(path, "the disk");
        String destination = take(dest, "the destination");
        String speed = takeOptional(bandwidth);
        noMoreWords();
        try (Connection connection = Connection.open(root(), target)) {
            QmpClient client = connection.client();
            CopyRequest request = CopyRequest.builder(
                            disk.contains("/") ? Targets.file(disk, context(), client.address()) : disk,
                            Copies.destination(destination, context(), client),
                            pivot ? Ending.PIVOT : finish ? Ending.KEEP : Ending.MIRROR)
                    .format(format)
                    .shallow(shallow)
                    .reuse(reuse)
                    .overwriteDevice(blockdev)
                    .writeBlocking(synchronousWrites)
                    .speed(speed == null ? 0 : bandwidth(speed, bytes))
                    .build();
            CopyPlan plan = TargetCommand.await(new BlockOperations(client).plan(request));
            return copy(client, target, plan);
        }
    }

    private int copy(QmpClient client, String target, CopyPlan plan) throws InterruptedException {
        Copies copies = new Copies(this, plan);
        copies.tellBefore();
        boolean waited = wait || verbose || pivot || finish;
        OperationResult result;
        try {
            result = new PlanRun(this, client, target)
                    .showing(PercentLine.maker(this, "Block Copy", verbose))
                    .watching(watched -> {
                        if (waited) {
                            CatchUp.watch(this, client, watched.job(), PATIENCE);
                        }
                    })
                    .run(waited ? plan.plan() : started(plan.plan()), copies.afterwards());
        } catch (JobFailedException e) {
            if (e.cancelled()) {
                say("Copy aborted");
            }
            throw e;
        }
        if (json()) {
            return copies.tell(result);
        }
        say(
                !waited
                        ? "Block Copy started"
                        : pivot ? "Successfully pivoted" : finish ? "Successfully copied" : "Now in mirroring phase");
        copies.tellAfter(result);
        return Failure.DONE;
    }

    /** The same, but for the last step, which waits for the mirror to have caught up. */
    private static Plan started(Plan plan) {
        return new Plan(
                plan.operation(),
                plan.subject(),
                plan.disks(),
                plan.steps().subList(0, plan.steps().size() - 1));
    }
}
