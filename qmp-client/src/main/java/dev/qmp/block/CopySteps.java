package dev.qmp.block;

import dev.qmp.block.CopyDestination.Image;
import dev.qmp.block.CopyRequest.Ending;
import dev.qmp.job.JobId;
import dev.qmp.plan.DiskChange;
import dev.qmp.plan.Effect;
import dev.qmp.plan.Plan;
import dev.qmp.plan.Step;
import dev.qmp.plan.Step.AwaitJob;
import dev.qmp.plan.Step.EndJob;
import dev.qmp.plan.Step.Point;
import dev.qmp.plan.Step.Send;
import dev.qmp.plan.Step.StartJob;
import dev.qmp.plan.Undo;
import dev.qmp.qapi.BlockdevAdd;
import dev.qmp.qapi.BlockdevCacheOptions;
import dev.qmp.qapi.BlockdevCreate;
import dev.qmp.qapi.BlockdevCreateOptions;
import dev.qmp.qapi.BlockdevDel;
import dev.qmp.qapi.BlockdevDiscardOptions;
import dev.qmp.qapi.BlockdevDriver;
import dev.qmp.qapi.BlockdevMirror;
import dev.qmp.qapi.BlockdevOptions;
import dev.qmp.qapi.BlockdevRef;
import dev.qmp.qapi.BlockdevRefOrNull;
import dev.qmp.qapi.MirrorCopyMode;
import dev.qmp.qapi.MirrorSyncMode;
import dev.qmp.qapi.QmpCommand;
import dev.qmp.qapi.RawCommand;
import dev.qmp.qapi.Uint64;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The steps of a copy: its image and its nodes, the job, the end that was asked for. */
final class CopySteps {

    private final CopyDraft draft;
    private final boolean larger;
    private final @Nullable BlockdevCacheOptions cache;
    private final List<Step> steps = new ArrayList<>();

    /**
     * @param larger whether the destination has to be held to the disk's size, since a job refuses one of another size
     * @param direct whether the copy goes past the host's page cache, as the disk does
     */
    CopySteps(CopyDraft draft, boolean larger, boolean direct) {
        this.draft = draft;
        this.larger = larger;
        this.cache = direct ? BlockdevCacheOptions.builder().direct(true).build() : null;
    }

    Plan plan() {
        image();
        steps.add(StartJob.of(mirror(), draft.disk().name()));
        steps.add(new AwaitJob(draft.jobId(), Point.READY));
        if (draft.request().ending() != Ending.MIRROR) {
            boolean keep = draft.request().ending() == Ending.KEEP;
            steps.add(new EndJob(draft.jobId(), keep ? Step.Ending.STOP : Step.Ending.COMPLETE));
            steps.add(new AwaitJob(draft.jobId(), Point.PENDING));
            steps.add(new EndJob(draft.jobId(), Step.Ending.FINALIZE));
            steps.add(new AwaitJob(draft.jobId(), Point.ENDED));
            steps.add(new Step.Verify());
            if (keep) {
                steps.add(close(draft.node()));
                steps.add(close(draft.fileNode()));
            }
        }
        return new Plan("copy", draft.disk().name(), List.of(change()), steps);
    }

    private void image() {
        boolean made = !draft.reused();
        if (draft.destination() instanceof Image image && made) {
            job(
                    "create",
                    BlockdevCreateOptions.File.builder()
                            .filename(image.file())
                            .size(Uint64.of(draft.format().equals("raw") ? draft.size() : 0))
                            .build(),
                    new Undo.Remove(image.file()));
        }
        add(draft.fileNode(), draft.destination().protocol(draft.fileNode().value(), cache));
        if (draft.format().equals("qcow2") && made) {
            job("format", qcow2Header());
        }
        add(draft.node(), draft.format().equals("qcow2") ? qcow2() : raw());
    }

    private void job(String what, BlockdevCreateOptions options, Undo... undo) {
        JobId id = new JobId(draft.jobId() + "-" + what);
        steps.add(StartJob.of(new BlockdevCreate(id.value(), options), null, undo));
        steps.add(new AwaitJob(id, Point.ENDED));
    }

    private BlockdevCreateOptions qcow2Header() {
        Layer below = draft.below();
        return BlockdevCreateOptions.Qcow2.builder()
                .file(BlockdevRef.of(draft.fileNode().value()))
                .size(Uint64.of(draft.size()))
                .backingFile(below == null ? null : below.file())
                .backingFmt(below == null ? null : new BlockdevDriver(below.format()))
                .build();
    }

    private BlockdevOptions qcow2() {
        Layer below = draft.below();
        return BlockdevOptions.Qcow2.builder()
                .nodeName(draft.node().value())
                .discard(BlockdevDiscardOptions.UNMAP)
                .cache(cache)
                .file(BlockdevRef.of(draft.fileNode().value()))
                .backing(
                        below == null
                                ? new BlockdevRefOrNull.Null()
                                : BlockdevRefOrNull.of(below.node().value()))
                .build();
    }

    private BlockdevOptions raw() {
        return BlockdevOptions.Raw.builder()
                .nodeName(draft.node().value())
                .discard(BlockdevDiscardOptions.UNMAP)
                .cache(cache)
                .file(BlockdevRef.of(draft.fileNode().value()))
                .size(larger ? draft.size() : null)
                .build();
    }

    private BlockdevMirror mirror() {
        CopyRequest request = draft.request();
        NodeName replaces = draft.replaces();
        return BlockdevMirror.builder()
                .jobId(draft.jobId().value())
                .device(draft.root().value())
                .target(draft.node().value())
                .replaces(replaces == null ? null : replaces.value())
                .sync(draft.below() == null ? MirrorSyncMode.FULL : MirrorSyncMode.TOP)
                .speed(request.speed() == 0 ? null : request.speed())
                .onSourceError(request.onError())
                .onTargetError(request.onError())
                .copyMode(request.writeBlocking() ? MirrorCopyMode.WRITE_BLOCKING : MirrorCopyMode.BACKGROUND)
                // A mirror that is left to itself is ended by whoever comes, who need not know of a further step.
                .autoFinalize(request.ending() == Ending.MIRROR ? null : false)
                .build();
    }

    private void add(NodeName name, BlockdevOptions options) {
        steps.add(new Send(
                line(new BlockdevAdd(options)),
                new Effect.NodesExist(List.of(name.value())),
                List.of(new Undo.Command(line(new BlockdevDel(name.value()))))));
    }

    private static Step close(NodeName name) {
        return Send.of(line(new BlockdevDel(name.value())), new Effect.NodeGone(name.value()));
    }

    private static RawCommand line(QmpCommand<?> command) {
        return RawCommand.of(command.commandName(), command.encodeArguments());
    }

    private DiskChange change() {
        List<String> before = draft.disk().layers().stream().map(Layer::file).toList();
        List<String> after = new ArrayList<>(before);
        if (draft.request().ending() == Ending.PIVOT) {
            Layer below = draft.below();
            after = new ArrayList<>(List.of(draft.destination().file()));
            if (below != null) {
                after.addAll(before.subList(below.depth(), before.size()));
            }
        }
        return new DiskChange(
                draft.disk().name(), draft.disk().backend(), draft.disk().qomPath(), before, after);
    }
}
