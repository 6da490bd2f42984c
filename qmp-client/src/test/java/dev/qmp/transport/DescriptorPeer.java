package dev.qmp.transport;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import jnr.posix.CmsgHdr;
import jnr.posix.MsgHdr;
import jnr.posix.POSIX;
import jnr.posix.POSIXFactory;
import jnr.unixsocket.UnixServerSocketChannel;
import jnr.unixsocket.UnixSocketAddress;
import jnr.unixsocket.UnixSocketChannel;

/** The other end of links that hand descriptors on: it reads by recvmsg(2), and notes what comes with which bytes. */
final class DescriptorPeer implements Peer {

    private static final POSIX POSIX = POSIXFactory.getPOSIX();
    private static final int MOST = 16;

    private final UnixServerSocketChannel server;
    private final QmpAddress address;

    DescriptorPeer(Path path) {
        address = QmpAddress.unix(path);
        try {
            server = UnixServerSocketChannel.open();
            server.socket().bind(new UnixSocketAddress(new File(path.toString())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many descriptors of this process are open on the file. */
    static long openHere(Path file) {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.filter(descriptor -> leadsTo(descriptor, file)).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean leadsTo(Path descriptor, Path file) {
        try {
            return Files.readSymbolicLink(descriptor).equals(file.toRealPath());
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }

    @Override
    public QmpAddress address() {
        return address;
    }

    @Override
    public End accept() throws IOException {
        UnixSocketChannel accepted = server.accept();
        accepted.configureBlocking(true);
        return new End(accepted);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    /** What came with one recvmsg(2): descriptors with the bytes from {@code from} to before {@code to}. */
    record Received(int from, int to, List<OwnedDescriptor> descriptors) {

        int count() {
            return descriptors.size();
        }

        List<String> contents() throws IOException {
            List<String> contents = new ArrayList<>();
            for (OwnedDescriptor descriptor : descriptors) {
                contents.add(Files.readString(Path.of("/proc/self/fd/" + descriptor.number())));
            }
            return contents;
        }
    }

    static final class End implements PeerEnd {
        private final UnixSocketChannel socket;
        private final List<Received> received = new ArrayList<>();
        private int soFar;

        End(UnixSocketChannel socket) {
            this.socket = socket;
        }

        List<Received> received() {
            return received;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            MsgHdr message = POSIX.allocateMsgHdr();
            ByteBuffer bytes = ByteBuffer.allocateDirect(Math.min(length, 64 * 1024));
            message.setIov(new ByteBuffer[] {bytes});
            message.allocateControls(new int[] {MOST * Integer.BYTES});
            int count = POSIX.recvmsg(socket.getFD(), message, 0);
            if (count < 0) {
                throw new IOException("recvmsg failed with error " + POSIX.errno());
            }
            for (CmsgHdr control : message.getControlLen() == 0 ? new CmsgHdr[0] : message.getControls()) {
                ByteBuffer data = control.getData().order(ByteOrder.nativeOrder());
                List<OwnedDescriptor> descriptors = new ArrayList<>();
                while (data.remaining() >= Integer.BYTES) {
                    descriptors.add(OwnedDescriptor.adopt(data.getInt()));
                }
                if (!descriptors.isEmpty()) {
                    received.add(new Received(soFar, soFar + count, descriptors));
                }
            }
            soFar += count;
            bytes.get(into, offset, count);
            return count == 0 ? -1 : count;
        }

        @Override
        public void write(byte[] bytes) throws IOException {
            ByteBuffer left = ByteBuffer.wrap(bytes);
            while (left.hasRemaining()) {
                socket.write(left);
            }
        }

        @Override
        public void endOutput() throws IOException {
            socket.shutdownOutput();
        }

        @Override
        public void close() throws IOException {
            received.forEach(one -> one.descriptors().forEach(OwnedDescriptor::close));
            socket.close();
        }
    }
}
