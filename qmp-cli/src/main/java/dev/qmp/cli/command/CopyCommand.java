package dev.qmp.cli.command;

import dev.qmp.QmpClient;
import dev.qmp.block.BlockOperations;
import dev.qmp.block.CopyPlan;
import dev.qmp.block.CopyRequest;
import dev.qmp.block.CopyRequest.Ending;
import dev.qmp.job.JobId;
import dev.qmp.qapi.BlockdevOnError;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "copy",
        description =
                "Copies a disk to a standalone image while the guest runs; with --pivot the guest goes on in the copy.")
final class CopyCommand extends TargetCommand {

    @Parameters(index = "1", paramLabel = "DISK", description = "which disk: `qmp disks` lists them")
    private String disk;

    @Parameters(
            index = "2",
            paramLabel = "DEST",
            description = "a new file; or a device below /dev; or an export that is there:"
                    + " nbd://HOST:PORT/EXPORT, nbd+unix:///EXPORT?socket=/PATH")
    private String destination;

    @Option(
            names = "--format",
            paramLabel = "qcow2|raw",
            description = "default: what DEST ends with, else the active layer's; raw on a device or an export")
    private @Nullable Format format;

    @Option(names = "--shallow", description = "the active layer alone, on top of the layers below it")
    private boolean shallow;

    @Option(names = "--pivot", description = "the guest goes on in the copy")
    private boolean pivot;

    @Option(
            names = "--keep",
            description = "the guest stays where it is; the copy is the disk at one moment (the default)")
    private boolean keep;

    @Option(names = "--reuse-external", description = "DEST is an image of the right size that you made for this copy")
    private boolean reuse;

    @Option(names = "--overwrite-device", description = "what is on the device DEST may be lost")
    private boolean overwriteDevice;

    @Option(names = "--speed", paramLabel = "SIZE", description = "at most so many bytes per second")
    private Converters.@Nullable Size speed;

    @Option(names = "--job-id", paramLabel = "ID", description = "default: copy-DISK, so that it can be found again")
    private @Nullable String jobId;

    @Option(
            names = "--on-error",
            paramLabel = "report|stop|ignore|enospc",
            description = "what QEMU does at an I/O error (default: report, the copy fails)")
    private @Nullable OnError onError;

    @Option(
            names = "--patience",
            paramLabel = "D",
            description =
                    "how long the copy may get no nearer to a guest that writes, before the guest's writes wait for it,"
                            + " where QEMU can do that (default: 30s)")
    private Duration patience = Duration.ofSeconds(30);

    @Option(
            names = "--synchronous-writes",
            description = "the guest's writes wait for the copy from the start: it always catches up")
    private boolean synchronousWrites;

    @Option(names = "--no-wait", description = "print the job's id and leave; `qmp operations resume` finishes it")
    private boolean noWait;

    @Option(names = "--cancel-on-interrupt", description = "Ctrl-C cancels the copy instead of leaving it running")
    private boolean cancelOnInterrupt;

    @Option(names = "--dry-run", description = "print the QMP that would be sent, and send nothing")
    private boolean dryRun;

    /** The formats that a copy can have. */
    private enum Format {
        qcow2,
        raw
    }

    @Override
    int run(QmpClient client) throws InterruptedException {
        if (pivot && keep) {
            throw new UsageException("--pivot moves the guest to the copy, and --keep does not", "use one of them");
        }
        if (patience.isZero()) {
            throw new UsageException("--patience: 0 is no time to wait", "write a duration: 30s");
        }
        CopyRequest request = CopyRequest.builder(
                        disk, Copies.destination(destination, context(), client), pivot ? Ending.PIVOT : Ending.KEEP)
                .format(format == null ? null : format.name())
                .shallow(shallow)
                .reuse(reuse)
                .overwriteDevice(overwriteDevice)
                .writeBlocking(synchronousWrites)
                .speed(speed == null ? 0 : speed.bytes())
                .jobId(jobId == null ? null : new JobId(jobId))
                .onError(onError == null ? null : new BlockdevOnError(onError.name()))
                .build();
        CopyPlan plan = await(new BlockOperations(client).plan(request));
        Copies copies = new Copies(this, plan);
        copies.tellBefore();
        if (dryRun) {
            return PlanRun.dryRun(this, plan.plan());
        }
        return copies.tell(new PlanRun(this, client, target)
                .leaving(noWait)
                .cancelling(cancelOnInterrupt)
                .watching(watched -> CatchUp.watch(this, client, watched.job(), patience))
                .run(plan.plan(), copies.afterwards()));
    }
}
