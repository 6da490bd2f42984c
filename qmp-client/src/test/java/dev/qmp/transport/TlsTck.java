package dev.qmp.transport;

import dev.qmp.fixtures.tls.TestCertificate;
import java.io.IOException;
import java.net.SocketException;
import java.security.GeneralSecurityException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;

/** The same promises over TLS, with certificates at both ends. */
abstract class TlsTck extends MediatedTck {

    private static final TestCertificate SERVER = TlsPeer.AUTHORITY.server("127.0.0.1");
    private static final TestCertificate CLIENT = TlsPeer.AUTHORITY.client("us");

    @Override
    TransportOptions options() {
        TlsPeer.AUTHORITY.writeTo(folder.resolve("tls"));
        CLIENT.writeTo(folder.resolve("tls"), "client");
        return super.options().toBuilder()
                .tls(TlsOptions.ofFolder(folder.resolve("tls")))
                .build();
    }

    @Override
    int reconnects() {
        return 50;
    }

    @Override
    Peer peer() throws IOException {
        return new Shaking(newPeer());
    }

    @Override
    QmpAddress nobody() throws IOException {
        TlsPeer gone = newPeer();
        gone.close();
        return gone.address("127.0.0.1");
    }

    private TlsPeer newPeer() throws IOException {
        try {
            return new TlsPeer(SERVER, TlsPeer.AUTHORITY, folder.resolve("peer"));
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    /** Shakes hands with whoever comes, while the test waits for its link. */
    private static final class Shaking implements Peer {
        private final TlsPeer server;
        private final BlockingQueue<SSLSocket> ready = new LinkedBlockingQueue<>();

        Shaking(TlsPeer server) {
            this.server = server;
            run(() -> {
                while (true) {
                    SSLSocket next = server.accept();
                    run(() -> {
                        next.startHandshake();
                        ready.add(next);
                    });
                }
            });
        }

        private interface Work {
            void run() throws IOException;
        }

        private static void run(Work work) {
            Thread thread = new Thread(
                    () -> {
                        try {
                            work.run();
                        } catch (IOException e) {
                            // closed, or the test looks at why there was no handshake
                        }
                    },
                    "tls-peer");
            thread.setDaemon(true);
            thread.start();
        }

        @Override
        public QmpAddress address() {
            return server.address("127.0.0.1");
        }

        @Override
        public PeerEnd accept() throws IOException {
            try {
                SSLSocket next = ready.poll(RecordingListener.PATIENCE_SECONDS, TimeUnit.SECONDS);
                if (next == null) {
                    throw new IOException("nobody came");
                }
                return new End(next);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }

    private record End(SSLSocket socket) implements PeerEnd {

        @Override
        public void write(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            try {
                return socket.getInputStream().read(into, offset, length);
            } catch (SocketException e) {
                return -1; // the JDK's word for an end that the other side has made whole
            }
        }

        @Override
        public void endOutput() throws IOException {
            socket.shutdownOutput();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
