package dev.qmp.transport;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An open file descriptor of this process that has one owner: whoever holds this closes it or hands it on, by
 * {@link DescriptorSet#of}. Linux only. Thread-safe. The first one loads a native library, which takes 100 ms and more: do
 * that on no thread that is in a hurry.
 */
public final class OwnedDescriptor implements AutoCloseable {

    /** What the descriptor is good for; QEMU opens {@code /dev/fdset/N} by the descriptor with the access that it wants. */
    public enum Access {
        /** Reading only: what a read-only node of QEMU's takes. */
        READ_ONLY,
        /** Reading and writing: what any other node takes. */
        READ_WRITE
    }

    private static final int NONE = -1;

    private static final int O_RDONLY = 0;
    private static final int O_RDWR = 2;
    private static final int O_CREAT = 0x40;
    private static final int O_EXCL = 0x80;
    private static final int O_NOCTTY = 0x100;

    private static final int FOR_THE_OWNER = 0600;

    private static final int EACCES = 13;
    private static final int ENOENT = 2;
    private static final int EEXIST = 17;

    private final AtomicInteger number;

    private OwnedDescriptor(int number) {
        this.number = new AtomicInteger(number);
    }

    /**
     * Opens a file that is there; never makes one, and never truncates. No child process inherits the descriptor.
     *
     * @throws NoSuchFileException where there is none
     * @throws AccessDeniedException where this process may not
     * @throws IOException with what the operating system says, for all else
     */
    public static OwnedDescriptor open(Path file, Access access) throws IOException {
        return open(file, access == Access.READ_ONLY ? O_RDONLY : O_RDWR);
    }

    /**
     * Makes an empty file of mode 0600 and opens it for reading and writing.
     *
     * @throws FileAlreadyExistsException where anything has that name; it is left as it is
     * @throws IOException with what the operating system says, for all else
     */
    public static OwnedDescriptor create(Path file) throws IOException {
        return open(file, O_RDWR | O_CREAT | O_EXCL);
    }

    /** Takes a descriptor over that this process has by other means, such as one that it inherited. */
    public static OwnedDescriptor adopt(int number) {
        if (number < 0) {
            throw new IllegalArgumentException("not a descriptor: " + number);
        }
        return new OwnedDescriptor(number);
    }

    private static OwnedDescriptor open(Path file, int flags) throws IOException {
        byte[] path = file.toString().getBytes(NioChannels.pathEncoding());
        byte[] terminated = Arrays.copyOf(path, path.length + 1);
        int opened;
        do {
            opened = LibC.calls().open(terminated, flags | O_NOCTTY | LibC.O_CLOEXEC, FOR_THE_OWNER);
        } while (opened < 0 && LibC.errno() == LibC.EINTR);
        if (opened < 0) {
            throw failure(file, LibC.errno());
        }
        return new OwnedDescriptor(opened);
    }

    private static IOException failure(Path file, int errno) {
        return switch (errno) {
            case ENOENT -> new NoSuchFileException(file.toString());
            case EACCES -> new AccessDeniedException(file.toString());
            case EEXIST -> new FileAlreadyExistsException(file.toString());
            default -> new FileSystemException(file.toString(), null, LibC.text(errno));
        };
    }

    /** Whether it is still this object's: neither closed nor handed on. */
    public boolean isOpen() {
        return number.get() != NONE;
    }

    /**
     * The number, for calls that leave the descriptor where it is.
     *
     * @throws IllegalStateException where it has been closed or handed on
     */
    public int number() {
        int known = number.get();
        if (known == NONE) {
            throw new IllegalStateException("this descriptor has been closed or handed on");
        }
        return known;
    }

    /** The number, which is the caller's to close from now on; -1 where it was not here any more. */
    int handOver() {
        return number.getAndSet(NONE);
    }

    /** Puts a number back that was handed over a moment ago. */
    void takeBack(int handedOver) {
        number.set(handedOver);
    }

    /** Closes it where it is still here; does nothing else. */
    @Override
    public void close() {
        int closing = handOver();
        if (closing != NONE) {
            LibC.calls().close(closing);
        }
    }

    @Override
    public String toString() {
        int known = number.get();
        return known == NONE ? "descriptor, gone" : "descriptor " + known;
    }
}
