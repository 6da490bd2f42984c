package dev.qmp.block;

import dev.qmp.block.CopyDestination.Device;
import dev.qmp.block.CopyDestination.Image;
import dev.qmp.block.ImageProbe.Facts;
import dev.qmp.block.QemuFiles.Finding;
import dev.qmp.error.CommandFailedException;
import dev.qmp.error.UnsafeOperationException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Checks of a copy's destination itself, in QEMU's own view of it. */
final class CopyChecks {

    private final QemuFiles files;
    private final ImageProbe probe;

    CopyChecks(QemuFiles files, ImageProbe probe) {
        this.files = files;
        this.probe = probe;
    }

    /**
     * What was found.
     *
     * @param larger whether the destination is larger than the disk, so that the copy has to be held to the disk's size
     * @param notes what a user should know
     */
    record Found(boolean larger, List<String> notes) {
        Found {
            notes = List.copyOf(notes);
        }
    }

    CompletableFuture<Found> check(CopyDraft draft) {
        CopyDestination destination = draft.destination();
        if (destination.file().getBytes(StandardCharsets.UTF_8).length > OverlayChecks.MAX_NAME) {
            throw new UnsafeOperationException(
                    "copy-name-too-long",
                    "the destination's name has more than " + OverlayChecks.MAX_NAME
                            + " bytes: QEMU could write to it, but put no snapshot on top",
                    "choose a shorter one");
        }
        if (destination instanceof Image) {
            return draft.reused() ? reusable(draft) : absent(draft);
        }
        if (destination instanceof Device && !draft.request().overwriteDevice()) {
            throw new UnsafeOperationException(
                    "copy-device",
                    "the destination " + destination.file() + " is a device, and all that is on it would be lost",
                    "say that it may be");
        }
        files.deviceUser(destination.file()).ifPresent(user -> {
            throw new UnsafeOperationException(
                    "copy-device-in-use",
                    "the destination " + destination.file() + " is in use: " + user,
                    "choose another device; it was not touched");
        });
        return look(draft).thenApply(facts -> large(draft, facts));
    }

    private CompletableFuture<Found> absent(CopyDraft draft) {
        String file = draft.destination().file();
        return files.look(file).thenApply(finding -> switch (finding.presence()) {
            case ABSENT -> new Found(false, space(draft));
            case PRESENT -> throw exists(file, finding);
            case UNKNOWN ->
                throw new UnsafeOperationException(
                        "copy-unknown",
                        "nobody can tell whether the destination " + file + " exists: " + finding.detail(),
                        "choose a folder that QEMU may read and write");
        });
    }

    private static UnsafeOperationException exists(String file, Finding finding) {
        return new UnsafeOperationException(
                "copy-exists",
                "the destination " + file + " exists already: " + finding.detail()
                        + ". QEMU would empty it without asking; it was not touched",
                "choose another file, or have this one reused if you made it for this copy");
    }

    /** What is allocated now has to fit; what the guest may write besides is a matter of luck, and worth a word. */
    private List<String> space(CopyDraft draft) {
        OptionalLong free = files.usableSpace(draft.destination().file());
        if (free.isEmpty()) {
            return List.of();
        }
        String folder = Paths.folder(draft.destination().file());
        if (free.getAsLong() < draft.allocated()) {
            throw new UnsafeOperationException(
                    "copy-space",
                    "the copy needs " + draft.allocated() + " bytes for what the disk has allocated, and " + folder
                            + " has " + free.getAsLong(),
                    "make room there, or choose another folder");
        }
        return free.getAsLong() < draft.size()
                ? List.of("the disk can grow to " + draft.size() + " bytes and " + folder + " has room for "
                        + free.getAsLong())
                : List.of();
    }

    private CompletableFuture<Found> reusable(CopyDraft draft) {
        String file = draft.destination().file();
        return files.look(file).thenCompose(finding -> switch (finding.presence()) {
            case ABSENT ->
                throw new UnsafeOperationException(
                        "copy-missing",
                        "the destination " + file + " is to be reused and does not exist",
                        "create it first, or let QEMU create it");
            case PRESENT, UNKNOWN ->
                look(draft).thenApply(facts -> {
                    compare(draft, facts);
                    return new Found(false, List.of());
                });
        });
    }

    private void compare(CopyDraft draft, Facts facts) {
        String file = draft.destination().file();
        if (facts.virtualSize() != draft.size()) {
            throw new UnsafeOperationException(
                    "copy-size",
                    "the destination " + file + " has a virtual size of " + facts.virtualSize()
                            + " bytes and the disk has " + draft.size(),
                    "create it with " + create(draft));
        }
        Layer below = draft.below();
        String backing = facts.backingFile();
        boolean fits = below == null ? backing == null : backing != null && files.same(backing, below.file());
        if (!fits) {
            throw new UnsafeOperationException(
                    "copy-backing",
                    "the header of the destination " + file + " names "
                            + (backing == null ? "no backing file" : backing)
                            + (below == null
                                    ? ", and the copy is to stand by itself"
                                    : ", and the copy is to be on " + below.file()),
                    "create it with " + create(draft));
        }
        if (below != null && !below.format().equals(facts.backingFormat())) {
            throw new UnsafeOperationException(
                    "copy-backing-format",
                    "the header of the destination " + file + " gives its backing file the format "
                            + (facts.backingFormat() == null ? "(none)" : facts.backingFormat()) + " and it is "
                            + below.format(),
                    "create it with " + create(draft));
        }
        // A job that copies one layer leaves what is in the overlay already where that layer has nothing.
        if (below != null && !files.emptyOverlay(file)) {
            throw new UnsafeOperationException(
                    "copy-not-empty",
                    "nothing proves that the destination " + file
                            + " is empty: what is in it would be mixed with the disk's data",
                    "create it anew with " + create(draft) + ", where this program can read it");
        }
    }

    private static String create(CopyDraft draft) {
        Layer below = draft.below();
        return "qemu-img create -f " + draft.format()
                + (below == null ? "" : " -F " + below.format() + " -b '" + below.file() + "'") + " '"
                + draft.destination().file() + "' " + draft.size();
    }

    private static Found large(CopyDraft draft, Facts facts) {
        if (facts.virtualSize() < draft.size()) {
            throw new UnsafeOperationException(
                    "copy-size",
                    "the destination " + draft.destination().file() + " has " + facts.virtualSize()
                            + " bytes and the disk has " + draft.size(),
                    "choose one that is at least as large as the disk");
        }
        return new Found(facts.virtualSize() > draft.size(), List.of());
    }

    private CompletableFuture<Facts> look(CopyDraft draft) {
        boolean asQcow2 = draft.destination() instanceof Image && draft.format().equals("qcow2");
        String file = draft.destination().file();
        return (asQcow2 ? probe.qcow2(file) : probe.of(draft.destination()::look))
                .handle((facts, failure) -> facts(file, draft.format(), facts, failure));
    }

    private static Facts facts(String file, String format, @Nullable Facts facts, @Nullable Throwable failure) {
        if (facts != null) {
            return facts;
        }
        Throwable cause = BlockGraphReader.unwrap(failure == null ? new IllegalStateException() : failure);
        if (cause instanceof CommandFailedException refused) {
            throw new UnsafeOperationException(
                    "copy-unusable",
                    "the destination " + file + " cannot be opened" + (format.equals("qcow2") ? " as qcow2" : "")
                            + ". QEMU says: " + refused.desc(),
                    "name one that QEMU can open");
        }
        throw new CompletionException(cause);
    }
}
