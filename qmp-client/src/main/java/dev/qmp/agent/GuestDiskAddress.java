package dev.qmp.agent;

import dev.qmp.qapi.JsonValue;
import java.util.Map;
import java.util.Optional;

/**
 * Where the guest sees a disk ({@code GuestDiskAddress}).
 *
 * @param pciController the controller's address on the guest's PCI bus
 * @param busType QAPI's {@code GuestDiskBusType}, for example {@code virtio} or {@code scsi}; a newer agent may have others
 * @param serial the disk's serial number, as QEMU gave it to the guest
 * @param dev the device in the guest, for example {@code /dev/vda1}
 * @param unknownMembers what a newer agent says in it, by its names
 */
public record GuestDiskAddress(
        PciAddress pciController,
        String busType,
        long bus,
        long target,
        long unit,
        Optional<String> serial,
        Optional<String> dev,
        Map<String, JsonValue> unknownMembers) {

    /** A place on a PCI bus; each number is -1 where the agent does not know it. */
    public record PciAddress(long domain, long bus, long slot, long function) {}

    public GuestDiskAddress {
        unknownMembers = Map.copyOf(unknownMembers);
    }
}
