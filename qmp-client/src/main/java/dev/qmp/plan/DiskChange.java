package dev.qmp.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of one disk's chain.
 *
 * @param disk the disk's name
 * @param backend its block backend; null for a disk that has none
 * @param qomPath its device; null for a drive that no device uses
 * @param before the chain's files before, active layer first
 * @param after the same afterwards
 */
public record DiskChange(
        String disk, @Nullable String backend, @Nullable String qomPath, List<String> before, List<String> after) {

    public DiskChange {
        before = List.copyOf(before);
        after = List.copyOf(after);
    }

    /** Whether the guest writes to another file afterwards, so that QEMU has to be started with that one from then on. */
    public boolean movesActive() {
        return !before.isEmpty() && !after.isEmpty() && !before.get(0).equals(after.get(0));
    }

    /** A chain in a line, base first: {@code base.img <- snap1.qcow2}. */
    public static String text(List<String> files) {
        StringBuilder text = new StringBuilder();
        for (int i = files.size() - 1; i >= 0; i--) {
            text.append(files.get(i)).append(i > 0 ? " <- " : "");
        }
        return text.toString();
    }
}
