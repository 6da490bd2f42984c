package dev.qmp.agent;

import dev.qmp.qapi.JsonValue;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A file system that is mounted in the guest ({@code GuestFilesystemInfo}). All of it is the guest's word, the texts too.
 *
 * @param name the guest's name of the device, for example {@code vda1}, or of a volume
 * @param mountpoint where it is mounted; what {@link QemuGuestAgent#freeze(List, java.time.Duration)} takes
 * @param type for example {@code ext4}
 * @param usedBytes empty where the agent cannot tell; agents of QEMU 3.0 and later can
 * @param totalBytes for users other than root; empty as {@code usedBytes}
 * @param disks what it lies on; empty where the agent cannot tell
 * @param unknownMembers what a newer agent says in it, by its names
 */
public record GuestFileSystem(
        String name,
        String mountpoint,
        String type,
        OptionalLong usedBytes,
        OptionalLong totalBytes,
        List<GuestDiskAddress> disks,
        Map<String, JsonValue> unknownMembers) {

    public GuestFileSystem {
        disks = List.copyOf(disks);
        unknownMembers = Map.copyOf(unknownMembers);
    }
}
