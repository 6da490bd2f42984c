package dev.qmp.cli.host;

import java.nio.file.Path;
import java.util.OptionalLong;

/** Where a QEMU's command line puts a QMP monitor. */
public sealed interface Monitor {

    /** A socket in the file system; the path is absolute, as this process can reach it. */
    record UnixPath(Path path) implements Monitor {}

    /** A socket in the abstract namespace. */
    record UnixAbstract(String name) implements Monitor {}

    /** A port that QEMU listens on. */
    record Tcp(String host, int port) implements Monitor {}

    /**
     * A socket that QEMU was handed by whoever started it: libvirt does that.
     *
     * @param inode the socket's, as the kernel numbers it; empty where it may not be seen
     */
    record Descriptor(int fd, OptionalLong inode) implements Monitor {}

    /** Something that cannot be connected to: a pipe, a terminal, a socket that QEMU itself connected. */
    record Other(String text) implements Monitor {}
}
