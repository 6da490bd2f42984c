package dev.qmp.block;

/** What the guest takes a drive for. */
public enum DeviceKind {
    DISK,
    CDROM,
    FLOPPY
}
