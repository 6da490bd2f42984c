package dev.qmp.generator;

/** A release of QEMU, in the order of releases: 7.2 comes before 10.0. */
record QemuVersion(int major, int minor) implements Comparable<QemuVersion> {

    static QemuVersion of(String text) {
        String[] parts = text.split("\\.", -1);
        return new QemuVersion(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
    }

    @Override
    public int compareTo(QemuVersion other) {
        return major == other.major ? Integer.compare(minor, other.minor) : Integer.compare(major, other.major);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
