package dev.qmp.transport;

import java.io.IOException;
import java.lang.ref.Reference;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/** sendmsg(2) with SCM_RIGHTS (unix(7), cmsg(3)), in the layouts of Linux on 32 and 64 bits. */
final class SendMessage {

    private static final int SOL_SOCKET = 1;
    private static final int SCM_RIGHTS = 1;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;

    /** What goes with the descriptors at most; the rest of a long command follows as plain bytes. */
    private static final int AT_ONCE = 64 * 1024;

    private SendMessage() {}

    /**
     * Sends the first bytes, and the descriptors with the first of them.
     *
     * @return how many bytes the kernel took; with the first it has taken the descriptors, too. Zero where the socket takes
     *     nothing for now
     * @throws IOException where it refuses; it has taken nothing then
     */
    static int send(int socket, byte[] bytes, int[] descriptors) throws IOException {
        Runtime runtime = Runtime.getSystemRuntime();
        int word = runtime.addressSize();
        int length = Math.min(bytes.length, AT_ONCE);

        Pointer data = Memory.allocateDirect(runtime, length);
        data.put(0, bytes, 0, length);

        Pointer vector = Memory.allocateDirect(runtime, 2 * word); // struct iovec
        putWord(vector, 0, data.address(), word);
        putWord(vector, word, length, word);

        int header = word + 2 * Integer.BYTES; // struct cmsghdr
        int rights = header + Integer.BYTES * descriptors.length;
        int space = (rights + word - 1) / word * word;
        Pointer control = Memory.allocateDirect(runtime, space, true);
        putWord(control, 0, rights, word);
        control.putInt(word, SOL_SOCKET);
        control.putInt(word + Integer.BYTES, SCM_RIGHTS);
        control.put(header, descriptors, 0, descriptors.length);

        Pointer message = Memory.allocateDirect(runtime, 7 * word, true); // struct msghdr, without a name
        putWord(message, 2 * word, vector.address(), word);
        putWord(message, 3 * word, 1, word);
        putWord(message, 4 * word, control.address(), word);
        putWord(message, 5 * word, space, word);

        try {
            while (true) {
                long taken = LibC.calls().sendmsg(socket, message, MSG_DONTWAIT | MSG_NOSIGNAL);
                if (taken >= 0) {
                    return (int) taken;
                }
                switch (LibC.errno()) {
                    case LibC.EINTR -> {
                        // once more
                    }
                    case LibC.EAGAIN -> {
                        return 0;
                    }
                    default -> throw LibC.failed("sendmsg");
                }
            }
        } finally {
            // The kernel follows their addresses, which the garbage collector does not know.
            Reference.reachabilityFence(data);
            Reference.reachabilityFence(vector);
            Reference.reachabilityFence(control);
        }
    }

    private static void putWord(Pointer into, int offset, long value, int word) {
        if (word == Long.BYTES) {
            into.putLong(offset, value);
        } else {
            into.putInt(offset, (int) value);
        }
    }
}
