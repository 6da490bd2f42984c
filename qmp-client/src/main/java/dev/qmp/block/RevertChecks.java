package dev.qmp.block;

import dev.qmp.QmpClient;
import dev.qmp.block.ImageCreation.Style;
import dev.qmp.block.ImageProbe.Facts;
import dev.qmp.block.QemuFiles.Presence;
import dev.qmp.block.RevertDraft.Found;
import dev.qmp.block.RevertDraft.Opening;
import dev.qmp.error.CommandFailedException;
import dev.qmp.error.UnsafeOperationException;
import dev.qmp.qapi.BlockdevOptions;
import dev.qmp.qapi.BlockdevRef;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Looks at what the graph does not show of a revert: the images, in QEMU's own view of them, and the devices. */
final class RevertChecks {

    private final RevertRequest request;
    private final BlockGraph graph;
    private final QemuFiles files;
    private final ImageProbe probe;
    private final DeviceProbe devices;
    private final Set<NodeName> taken;
    private final List<String> overlays = new ArrayList<>();

    RevertChecks(RevertRequest request, BlockGraph graph, QemuFiles files, QmpClient client) {
        this.request = request;
        this.graph = graph;
        this.files = files;
        this.probe = new ImageProbe(client);
        this.devices = new DeviceProbe(client);
        this.taken = new HashSet<>(graph.nodes().keySet());
    }

    CompletableFuture<Found> check(RevertDraft draft) {
        Walk walk = new Walk(draft);
        Layer live = draft.live();
        CompletableFuture<Walk> walked = live == null
                ? open(walk, draft.frozen(), draft.format())
                : CompletableFuture.completedFuture(walk.reaches(live, graph));
        return walked.thenCompose(images -> {
            checkJobs(draft.disk());
            images.files.forEach(file -> checkUnchanged(draft, file));
            return overlay(draft, 1)
                    .thenCompose(overlay -> devices.swappable(draft.disk())
                            .thenCombine(
                                    devices.style(draft.active()),
                                    (device, style) -> images.found(overlay, device, style)));
        });
    }

    /** The images that a disk stands on afterwards, from the frozen one down. */
    private static final class Walk {
        private final RevertDraft draft;
        private final List<Opening> openings = new ArrayList<>();
        private final List<String> files = new ArrayList<>();
        private @Nullable NodeName below;

        Walk(RevertDraft draft) {
            this.draft = draft;
        }

        /** From here on down QEMU has the images open. */
        Walk reaches(Layer live, BlockGraph graph) {
            below = live.node();
            Disk holder = graph.disks().stream()
                    .filter(disk -> disk.layers().contains(live))
                    .findFirst()
                    .orElse(draft.disk());
            holder.layers().subList(live.depth(), holder.layers().size()).forEach(layer -> files.add(layer.file()));
            return this;
        }

        Found found(String overlay, String device, Style style) {
            return new Found(overlay, device, style, openings, below, files);
        }
    }

    /** Goes down the headers, until it meets an image that QEMU has open, or one that stands by itself. */
    private CompletableFuture<Walk> open(Walk walk, String file, String format) {
        if (walk.openings.size() > 200) {
            throw new UnsafeOperationException(
                    "image-chain", "the chain below " + walk.draft.frozen() + " does not end", "look at its headers");
        }
        return files.look(file).thenCompose(finding -> {
            checkRegular(file, finding);
            return look(file, format).thenCompose(facts -> {
                Disk disk = walk.draft.disk();
                if (walk.openings.isEmpty()) {
                    RevertPlanner.checkSize(disk, file, facts.virtualSize());
                }
                String what = request.name() + "-image" + walk.openings.size();
                walk.openings.add(new Opening(
                        file,
                        format,
                        RevertSteps.name(disk, what + "-file", taken),
                        RevertSteps.name(disk, what, taken)));
                walk.files.add(file);
                return below(walk, file, facts);
            });
        });
    }

    private CompletableFuture<Walk> below(Walk walk, String file, Facts facts) {
        String backing = facts.backingFile();
        if (backing == null || backing.isEmpty()) {
            return CompletableFuture.completedFuture(walk);
        }
        String format = facts.backingFormat();
        if (format == null) {
            throw new UnsafeOperationException(
                    "image-backing-format",
                    "the header of " + file + " does not say which format its backing file " + backing
                            + " has: its content could be taken for something else",
                    "write it there, if you know it: qemu-img rebase -u -F FORMAT -b '" + backing + "' '" + file + "'");
        }
        Optional<Layer> live = graph.disks().stream()
                .flatMap(disk -> disk.layers().stream())
                .filter(layer -> files.same(layer.file(), backing))
                .findFirst();
        if (live.isPresent()) {
            if (!live.get().readOnly()) {
                throw RevertPlanner.writable(backing, live.get().node());
            }
            return CompletableFuture.completedFuture(walk.reaches(live.get(), graph));
        }
        return open(walk, backing, format);
    }

    private static void checkRegular(String file, QemuFiles.Finding finding) {
        if (finding.presence() == Presence.ABSENT) {
            throw new UnsafeOperationException(
                    "image-missing",
                    "the image " + file + " is gone, and with it what the disk was",
                    "go back to another snapshot, or restore the file");
        }
        if (finding.presence() == Presence.UNKNOWN || !finding.detail().startsWith("a file")) {
            throw new UnsafeOperationException(
                    "image-not-a-file",
                    "the image " + file + " is no regular file: " + finding.detail(),
                    "only images in files that QEMU can read are gone back to");
        }
    }

    private CompletableFuture<Facts> look(String file, String format) {
        CompletableFuture<Facts> facts;
        if (format.equals("qcow2")) {
            facts = probe.qcow2(file);
        } else if (format.equals("raw")) {
            facts = probe.of(node -> BlockdevOptions.Raw.builder()
                    .nodeName(node)
                    .readOnly(true)
                    .file(BlockdevRef.of(ImageProbe.file(file).build()))
                    .build());
        } else {
            throw new UnsafeOperationException(
                    "image-format",
                    "the image " + file + " is " + format + ", which is not opened here",
                    "only qcow2 and raw images are gone back to");
        }
        return facts.handle((found, failure) -> {
            if (failure == null) {
                return found;
            }
            Throwable cause = BlockGraphReader.unwrap(failure);
            if (cause instanceof CommandFailedException refused) {
                throw new UnsafeOperationException(
                        "image-unusable",
                        "the image " + file + " cannot be opened as " + format + ". QEMU says: " + refused.desc(),
                        "see what became of it: qemu-img check '" + file + "'");
            }
            throw new CompletionException(cause);
        });
    }

    private void checkUnchanged(RevertDraft draft, String file) {
        if (request.trustImages() || draft.unchangedSince() == null) {
            return;
        }
        files.modified(file).filter(t -> t.isAfter(draft.unchangedSince())).ifPresent(written -> {
            throw new UnsafeOperationException(
                    "image-written",
                    "the image " + file + " was written to at " + written + ", after it had frozen at "
                            + draft.unchangedSince() + ": it may not hold what the disk was",
                    "look what wrote to it (a commit? another guest?), and force it if that did no harm");
        });
    }

    private void checkJobs(Disk disk) {
        String prefix = RevertSteps.jobs(disk) + "-";
        graph.jobs().stream()
                .filter(job -> job.id().value().startsWith(prefix))
                .findFirst()
                .ifPresent(job -> {
                    throw new UnsafeOperationException(
                            "job-id-taken",
                            "a job with the id " + job.id() + " is there already",
                            "wait for its end and dismiss it");
                });
    }

    /** The overlay's name, proved to be free: the one that was given, or the first one that is. */
    private CompletableFuture<String> overlay(RevertDraft draft, int attempt) {
        String given = draft.overlay();
        String name = given != null
                ? given
                : OverlayNames.file(draft.disk(), request.name() + "-revert" + (attempt == 1 ? "" : attempt));
        if (name.getBytes(StandardCharsets.UTF_8).length > OverlayChecks.MAX_NAME) {
            throw new UnsafeOperationException(
                    "overlay-name-too-long",
                    "the overlay's name has more than " + OverlayChecks.MAX_NAME
                            + " bytes: QEMU could create it, but put nothing on top",
                    "choose a shorter one");
        }
        return files.look(name).thenCompose(finding -> {
            boolean free = finding.presence() == Presence.ABSENT
                    && overlays.stream().noneMatch(other -> files.same(other, name));
            if (free) {
                overlays.add(name);
                return CompletableFuture.completedFuture(name);
            }
            if (given == null && finding.presence() == Presence.PRESENT && attempt < 1000) {
                return overlay(draft, attempt + 1);
            }
            throw new UnsafeOperationException(
                    finding.presence() == Presence.UNKNOWN ? "overlay-unknown" : "overlay-exists",
                    "the overlay " + name + " may exist already: " + finding.detail()
                            + ". QEMU would empty it without asking; it was not touched",
                    "choose another file, in a folder that QEMU may read and write");
        });
    }
}
