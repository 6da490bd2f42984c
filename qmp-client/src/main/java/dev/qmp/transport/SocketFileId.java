package dev.qmp.transport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which file a path means, in the kernel's terms: a relative path, a symbolic link and a container's mount all lead to it,
 * where comparing names would miss.
 */
record SocketFileId(long inode, long device) {

    static Optional<SocketFileId> of(Path path) {
        try {
            long inode = (Long) Files.getAttribute(path, "unix:ino");
            long device = (Long) Files.getAttribute(path, "unix:dev");
            return Optional.of(new SocketFileId(inode & 0xffff_ffffL, kernelDevice(device)));
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    /** From stat(2)'s encoding, major and minor number interleaved, to the kernel's own: 12 bits and 20 bits. */
    static long kernelDevice(long st) {
        long major = (st & 0xfff00) >> 8;
        long minor = (st & 0xff) | ((st >> 12) & 0xfff00);
        return (major << 20) | minor;
    }

    boolean isOf(UnixDiagEntry entry) {
        return entry.fileInode() == inode && entry.fileDevice() == device;
    }
}
