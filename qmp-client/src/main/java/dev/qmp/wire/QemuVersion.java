package dev.qmp.wire;

/**
 * The version that a QEMU gives in its greeting.
 *
 * @param packageVersion the distributor's own version text, empty where there is none
 */
public record QemuVersion(int major, int minor, int micro, String packageVersion) {

    /** {@code major.minor.micro}, as QEMU prints it. */
    @Override
    public String toString() {
        return major + "." + minor + "." + micro;
    }
}
