package dev.qmp.block;

import dev.qmp.job.JobId;
import dev.qmp.plan.Effect;
import dev.qmp.plan.Step;
import dev.qmp.plan.Step.AwaitJob;
import dev.qmp.plan.Step.Point;
import dev.qmp.plan.Step.Send;
import dev.qmp.plan.Step.StartJob;
import dev.qmp.plan.Undo;
import dev.qmp.qapi.BlockdevAdd;
import dev.qmp.qapi.BlockdevCacheOptions;
import dev.qmp.qapi.BlockdevCreate;
import dev.qmp.qapi.BlockdevCreateOptions;
import dev.qmp.qapi.BlockdevDel;
import dev.qmp.qapi.BlockdevDetectZeroesOptions;
import dev.qmp.qapi.BlockdevDiscardOptions;
import dev.qmp.qapi.BlockdevDriver;
import dev.qmp.qapi.BlockdevOptions;
import dev.qmp.qapi.BlockdevRef;
import dev.qmp.qapi.BlockdevRefOrNull;
import dev.qmp.qapi.QmpCommand;
import dev.qmp.qapi.RawCommand;
import dev.qmp.qapi.Uint64;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The steps that make an image and open it, through QEMU alone, each with what takes it back. QEMU empties a file that is
 * there already ({@code blockdev-create}), so whoever uses this has proved that it is absent: what the steps' undoing removes
 * is then ours.
 *
 * @param jobs what the names of its jobs begin with
 * @param fileNode the name that the protocol node gets
 * @param node the name that the image's own node gets
 * @param format {@code qcow2} or {@code raw}
 * @param size what a guest sees of it, in bytes
 * @param backing what an overlay is put on; null for an image that stands by itself
 * @param style how it is opened
 */
record ImageCreation(
        JobId jobs,
        String file,
        NodeName fileNode,
        NodeName node,
        String format,
        long size,
        @Nullable Backing backing,
        Style style) {

    /**
     * The image below an overlay.
     *
     * @param node its node
     * @param file what the overlay's header calls it: a name that means the same wherever it is read
     */
    record Backing(NodeName node, String file, String format) {}

    /**
     * How a node is opened beyond QEMU's defaults.
     *
     * @param cache null for the default
     * @param detectZeroes null for the default
     */
    record Style(
            @Nullable BlockdevCacheOptions cache, @Nullable BlockdevDetectZeroesOptions detectZeroes) {

        static final Style DEFAULT = new Style(null, null);
    }

    List<Step> steps() {
        boolean qcow2 = format.equals("qcow2");
        List<Step> steps = new ArrayList<>(job(
                "create",
                BlockdevCreateOptions.File.builder()
                        .filename(file)
                        .size(Uint64.of(qcow2 ? 0 : size))
                        .build(),
                new Undo.Remove(file)));
        steps.add(add(
                fileNode,
                BlockdevOptions.File.builder()
                        .nodeName(fileNode.value())
                        .discard(BlockdevDiscardOptions.UNMAP)
                        .cache(style.cache())
                        .filename(file)
                        .build()));
        if (qcow2) {
            steps.addAll(job("format", header()));
        }
        steps.add(add(node, qcow2 ? qcow2() : raw()));
        return steps;
    }

    private List<Step> job(String what, BlockdevCreateOptions options, Undo... undo) {
        JobId id = new JobId(jobs + "-" + what);
        return List.of(StartJob.of(new BlockdevCreate(id.value(), options), null, undo), new AwaitJob(id, Point.ENDED));
    }

    private BlockdevCreateOptions header() {
        return BlockdevCreateOptions.Qcow2.builder()
                .file(BlockdevRef.of(fileNode.value()))
                .size(Uint64.of(size))
                .backingFile(backing == null ? null : backing.file())
                .backingFmt(backing == null ? null : new BlockdevDriver(backing.format()))
                .build();
    }

    private BlockdevOptions qcow2() {
        return BlockdevOptions.Qcow2.builder()
                .nodeName(node.value())
                .discard(BlockdevDiscardOptions.UNMAP)
                .cache(style.cache())
                .detectZeroes(style.detectZeroes())
                .file(BlockdevRef.of(fileNode.value()))
                .backing(
                        backing == null
                                ? new BlockdevRefOrNull.Null()
                                : BlockdevRefOrNull.of(backing.node().value()))
                .build();
    }

    private BlockdevOptions raw() {
        return BlockdevOptions.Raw.builder()
                .nodeName(node.value())
                .discard(BlockdevDiscardOptions.UNMAP)
                .cache(style.cache())
                .detectZeroes(style.detectZeroes())
                .file(BlockdevRef.of(fileNode.value()))
                .build();
    }

    /** Opens a node; undone by closing it. */
    static Step add(NodeName name, BlockdevOptions options) {
        return new Send(
                line(new BlockdevAdd(options)),
                new Effect.NodesExist(List.of(name.value())),
                List.of(new Undo.Command(line(new BlockdevDel(name.value())))));
    }

    static RawCommand line(QmpCommand<?> command) {
        return RawCommand.of(command.commandName(), command.encodeArguments());
    }
}
