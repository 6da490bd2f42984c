package dev.qmp.error;

/**
 * Another QEMU answers at an address than the one that a reconnecting client was connected to. Nothing was sent to it but
 * {@code qmp_capabilities} and {@code query-uuid}.
 */
public final class DifferentPeerException extends QmpException {

    private final String address;

    public DifferentPeerException(String address, String difference) {
        super(
                "another QEMU answers at " + address + " than before: " + difference,
                "what was known of the machine before is void: connect anew, and look at its disks and jobs",
                null);
        this.address = address;
    }

    /** The address as the user would write it. */
    public String address() {
        return address;
    }
}
