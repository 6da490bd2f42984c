package dev.qmp.generator;

import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which of the recorded QEMUs have something.
 *
 * @param system the versions whose {@code qemu-system-*} has it, oldest first
 * @param daemon the versions whose {@code qemu-storage-daemon} has it
 */
record Presence(TreeSet<QemuVersion> system, TreeSet<QemuVersion> daemon) {

    static Presence of(Collection<Schema> schemas) {
        Presence presence = new Presence(new TreeSet<>(), new TreeSet<>());
        for (Schema schema : schemas) {
            Set<QemuVersion> versions =
                    schema.program().equals("qemu-storage-daemon") ? presence.daemon : presence.system;
            versions.add(QemuVersion.of(schema.version()));
        }
        return presence;
    }

    /** All versions, whichever of the two programs. */
    TreeSet<QemuVersion> versions() {
        TreeSet<QemuVersion> versions = new TreeSet<>(system);
        versions.addAll(daemon);
        return versions;
    }
}
