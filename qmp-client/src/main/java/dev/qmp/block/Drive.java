package dev.qmp.block;

import dev.qmp.qapi.BlockDeviceInfo;
import dev.qmp.qapi.BlockInfo;
import org.jspecify.annotations.Nullable;

/**
 * What holds a chain: a drive of a guest's, or what takes its place in a storage daemon.
 *
 * @param name the block backend's, or the export's; empty for none
 * @param qomPath of the device, null where no device uses the drive
 * @param root the node that it uses, null without a medium
 */
record Drive(
        String name,
        @Nullable String qomPath,
        boolean removable,
        @Nullable NodeName root,
        boolean readOnly) {

    static Drive of(BlockInfo info) {
        BlockDeviceInfo inserted = info.inserted();
        String node = inserted == null ? null : inserted.nodeName();
        return new Drive(
                info.device(),
                qomPath(info.qdev()),
                info.removable(),
                node == null ? null : new NodeName(node),
                inserted != null && inserted.ro());
    }

    private static @Nullable String qomPath(@Nullable String qdev) {
        if (qdev == null || qdev.isEmpty()) {
            return null;
        }
        // QEMU gives the bare id for scsi, ide and nvme drives and a path for virtio ones (7.2 to 11.1).
        return qdev.startsWith("/") ? qdev : "/machine/peripheral/" + qdev;
    }
}
