package dev.qmp.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The kernel's list of UNIX sockets: one sock_diag(7) dump, in the layouts of linux/netlink.h and linux/unix_diag.h. */
final class UnixDiag {

    private static final int HEADER = 16;
    private static final int REQUEST = HEADER + 24;
    private static final int ENTRY = HEADER + 16;

    private static final short SOCK_DIAG_BY_FAMILY = 20;
    private static final short NLMSG_ERROR = 2;
    private static final short NLMSG_DONE = 3;
    private static final short REQUEST_DUMP = 0x001 | 0x300;
    private static final byte AF_UNIX = 1;

    private static final int SHOW_NAME_VFS_PEER_ICONS = 0x01 | 0x02 | 0x04 | 0x08;
    private static final int ATTRIBUTE_NAME = 0;
    private static final int ATTRIBUTE_VFS = 1;
    private static final int ATTRIBUTE_PEER = 2;
    private static final int ATTRIBUTE_ICONS = 3;

    private UnixDiag() {}

    static List<UnixDiagEntry> dump() throws IOException {
        List<UnixDiagEntry> entries = new ArrayList<>();
        try (NetlinkSocket netlink = NetlinkSocket.openSockDiag()) {
            netlink.send(request());
            while (!parse(netlink.receive(), entries)) {
                // the kernel hands the list over in portions
            }
        }
        return entries;
    }

    static byte[] request() {
        return ByteBuffer.allocate(REQUEST)
                .order(ByteOrder.nativeOrder())
                .putInt(REQUEST)
                .putShort(SOCK_DIAG_BY_FAMILY)
                .putShort(REQUEST_DUMP)
                .putInt(1) // sequence number
                .putInt(0) // to the kernel
                .put(AF_UNIX)
                .put((byte) 0)
                .putShort((short) 0)
                .putInt(-1) // all states
                .putInt(0) // all inodes
                .putInt(SHOW_NAME_VFS_PEER_ICONS)
                .putInt(-1)
                .putInt(-1)
                .array();
    }

    /** Reads one portion; true where it was the last. */
    static boolean parse(ByteBuffer portion, List<UnixDiagEntry> into) throws IOException {
        ByteBuffer bytes = portion.order(ByteOrder.nativeOrder());
        while (bytes.remaining() >= HEADER) {
            int start = bytes.position();
            int length = bytes.getInt(start);
            short type = bytes.getShort(start + 4);
            if (length < HEADER || length > bytes.remaining()) {
                throw new IOException("a netlink message of " + length + " bytes in " + bytes.remaining());
            }
            if (type == NLMSG_DONE) {
                return true;
            }
            if (type == NLMSG_ERROR) {
                throw new IOException("sock_diag refused the dump");
            }
            if (type == SOCK_DIAG_BY_FAMILY && length >= ENTRY) {
                into.add(entry(bytes.slice(start + HEADER, length - HEADER).order(ByteOrder.nativeOrder())));
            }
            bytes.position(start + Math.min(aligned(length), bytes.remaining()));
        }
        return false;
    }

    private static UnixDiagEntry entry(ByteBuffer bytes) {
        int state = bytes.get(2);
        long inode = unsigned(bytes.getInt(4));
        String name = "";
        long fileInode = 0;
        long fileDevice = 0;
        long peer = 0;
        List<Long> queued = new ArrayList<>();
        int at = ENTRY - HEADER;
        while (bytes.limit() - at >= 4) {
            int length = Short.toUnsignedInt(bytes.getShort(at));
            if (length < 4 || length > bytes.limit() - at) {
                break;
            }
            ByteBuffer value = bytes.slice(at + 4, length - 4).order(ByteOrder.nativeOrder());
            switch (bytes.getShort(at + 2)) {
                case ATTRIBUTE_NAME -> name = name(value);
                case ATTRIBUTE_VFS -> {
                    fileInode = unsigned(value.getInt());
                    fileDevice = unsigned(value.getInt());
                }
                case ATTRIBUTE_PEER -> peer = unsigned(value.getInt());
                case ATTRIBUTE_ICONS -> {
                    while (value.remaining() >= 4) {
                        queued.add(unsigned(value.getInt()));
                    }
                }
                default -> {
                    // newer kernels tell more
                }
            }
            at += aligned(length);
        }
        return new UnixDiagEntry(inode, state, name, fileInode, fileDevice, peer, queued);
    }

    private static String name(ByteBuffer value) {
        byte[] bytes = new byte[value.remaining()];
        value.get(bytes);
        int length = bytes.length;
        if (length > 0 && bytes[0] != 0) {
            while (length > 0 && bytes[length - 1] == 0) {
                length--; // some servers bind with the NUL, or with all of sun_path
            }
        }
        String name = new String(bytes, 0, length, StandardCharsets.UTF_8);
        return name.startsWith("\0") ? "@" + name.substring(1) : name;
    }

    private static long unsigned(int value) {
        return Integer.toUnsignedLong(value);
    }

    private static int aligned(int length) {
        return (length + 3) & ~3;
    }
}
