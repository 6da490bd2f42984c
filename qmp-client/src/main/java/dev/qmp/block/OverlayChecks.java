package dev.qmp.block;

import dev.qmp.block.ImageProbe.Facts;
import dev.qmp.block.QemuFiles.Finding;
import dev.qmp.block.QemuFiles.Presence;
import dev.qmp.block.SnapshotPlan.Entry;
import dev.qmp.block.SnapshotRequest.Existing;
import dev.qmp.error.CommandFailedException;
import dev.qmp.error.UnsafeOperationException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Checks of the overlay files themselves, in QEMU's own view of them. */
final class OverlayChecks {

    /** qcow2 keeps a backing file's name in at most so many bytes: a longer one could never be snapshotted again. */
    static final int MAX_NAME = 1023;

    private final QemuFiles files;
    private final ImageProbe probe;

    OverlayChecks(QemuFiles files, ImageProbe probe) {
        this.files = files;
        this.probe = probe;
    }

    CompletableFuture<Void> check(Entry entry, Existing existing) {
        if (entry.overlay().getBytes(StandardCharsets.UTF_8).length > MAX_NAME) {
            return refuse(
                    "overlay-name-too-long",
                    "the overlay's name has more than " + MAX_NAME
                            + " bytes: QEMU could create it, but put nothing on top",
                    "choose a shorter one");
        }
        return files.look(entry.overlay()).thenCompose(finding -> switch (existing) {
            case REFUSE -> absent(entry, finding);
            case OVERWRITE -> overwritable(entry, finding);
            case REUSE -> finding.presence() == Presence.ABSENT ? missing(entry) : fits(entry);
        });
    }

    private static CompletableFuture<Void> absent(Entry entry, Finding finding) {
        return switch (finding.presence()) {
            case ABSENT -> CompletableFuture.completedFuture(null);
            case PRESENT ->
                refuse(
                        "overlay-exists",
                        "the overlay " + entry.overlay() + " exists already: " + finding.detail()
                                + ". QEMU would empty it without asking; it was not touched",
                        "choose another file, or have this one reused if you made it for this snapshot,"
                                + " or overwritten if what is in it may be lost");
            case UNKNOWN ->
                refuse(
                        "overlay-unknown",
                        "nobody can tell whether the overlay " + entry.overlay() + " exists: " + finding.detail(),
                        "choose a folder that QEMU may read and write, or have it overwritten if you know that the file is free");
        };
    }

    private static CompletableFuture<Void> overwritable(Entry entry, Finding finding) {
        return finding.presence() != Presence.PRESENT || finding.detail().startsWith("a file")
                ? CompletableFuture.completedFuture(null)
                : refuse(
                        "overlay-not-a-file",
                        "the overlay " + entry.overlay() + " is " + finding.detail() + ", not a file",
                        "choose another file: it was not touched");
    }

    private static CompletableFuture<Void> missing(Entry entry) {
        return refuse(
                "overlay-missing",
                "the overlay " + entry.overlay() + " is to be reused and does not exist",
                "create it first, or let QEMU create it");
    }

    private CompletableFuture<Void> fits(Entry entry) {
        return probe.qcow2(entry.overlay()).<Void>handle((facts, failure) -> {
            if (failure == null) {
                compare(entry, facts);
                return null;
            }
            Throwable cause = BlockGraphReader.unwrap(failure);
            if (cause instanceof CommandFailedException refused) {
                throw new UnsafeOperationException(
                        "overlay-format",
                        "the overlay " + entry.overlay() + " cannot be opened as qcow2. QEMU says: " + refused.desc(),
                        "create it with " + create(entry));
            }
            throw new CompletionException(cause);
        });
    }

    /** QEMU itself compares nothing: it would shrink the guest's disk, or leave a header that breaks the next start. */
    private void compare(Entry entry, Facts facts) {
        Layer base = entry.base();
        if (facts.virtualSize() != base.virtualSize()) {
            throw new UnsafeOperationException(
                    "overlay-size",
                    "the overlay " + entry.overlay() + " has a virtual size of " + facts.virtualSize()
                            + " bytes and the disk has " + base.virtualSize()
                            + ": QEMU would change the guest's disk to it",
                    "create it with " + create(entry));
        }
        if (facts.backingFile() == null || !files.same(facts.backingFile(), base.file())) {
            throw new UnsafeOperationException(
                    "overlay-backing",
                    "the header of the overlay " + entry.overlay() + " names "
                            + (facts.backingFile() == null ? "no backing file" : facts.backingFile())
                            + " and the active layer is " + base.file()
                            + ": the disk would be broken at QEMU's next start",
                    "set it with qemu-img rebase -u -f qcow2 -F " + base.format() + " -b '" + base.file() + "' '"
                            + entry.overlay() + "'");
        }
        if (!base.format().equals(facts.backingFormat())
                && (facts.backingFormat() != null || base.format().equals("raw"))) {
            throw new UnsafeOperationException(
                    "overlay-backing-format",
                    "the header of the overlay " + entry.overlay() + " gives its backing file the format "
                            + (facts.backingFormat() == null ? "(none)" : facts.backingFormat()) + " and it is "
                            + base.format() + ": at QEMU's next start its content could be taken for something else",
                    "set it with qemu-img rebase -u -f qcow2 -F " + base.format() + " -b '" + base.file() + "' '"
                            + entry.overlay() + "'");
        }
    }

    private static String create(Entry entry) {
        return "qemu-img create -f qcow2 -F " + entry.base().format() + " -b '"
                + entry.base().file() + "' '" + entry.overlay() + "' "
                + entry.base().virtualSize();
    }

    private static CompletableFuture<Void> refuse(String check, String message, String hint) {
        return CompletableFuture.failedFuture(new UnsafeOperationException(check, message, hint));
    }
}
