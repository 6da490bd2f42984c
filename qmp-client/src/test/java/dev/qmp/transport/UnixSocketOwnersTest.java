package dev.qmp.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnixSocketOwnersTest {

    private static final int SELF = (int) ProcessHandle.current().pid();

    @TempDir
    Path folder;

    private Path path;

    @BeforeEach
    void on_linux() {
        assumeThat(Path.of("/proc/self/fd")).exists();
        path = folder.resolve("s");
    }

    @Test
    void a_server_without_clients_has_none() throws Exception {
        try (Peer server = Peer.unix(path)) {
            assertThat(server.address()).isNotNull();
            assertThat(UnixSocketOwners.clientsOf(path)).isEmpty();
        }
    }

    @Test
    void a_path_without_a_socket_has_none() {
        assertThat(UnixSocketOwners.clientsOf(folder.resolve("none"))).isEmpty();
        assertThat(UnixSocketOwners.holdersOfPeer(1)).isEmpty();
    }

    @Test
    void a_client_is_queued_until_it_is_accepted() throws Exception {
        SocketHolder waiting = new SocketHolder(SELF, ProcSockets.command(SELF), false);
        SocketHolder served = new SocketHolder(SELF, ProcSockets.command(SELF), true);
        assertThat(served.command()).isNotEmpty();
        try (Peer server = Peer.unix(path)) {
            try (SocketChannel first = connect(path);
                    SocketChannel second = connect(path)) {
                assertThat(UnixSocketOwners.clientsOf(path)).containsExactly(waiting, waiting);
                try (PeerEnd accepted = server.accept()) {
                    assertThat(accepted).isNotNull();
                    assertThat(first.isConnected() && second.isConnected()).isTrue();
                    assertThat(UnixSocketOwners.clientsOf(path)).containsExactly(served, waiting);
                }
            }
        }
    }

    @Test
    void a_relative_path_and_a_symbolic_link_mean_the_same_socket() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), path);
        Path relative = Path.of("").toAbsolutePath().relativize(path);
        try (Peer server = Peer.unix(path);
                SocketChannel client = connect(link);
                PeerEnd accepted = server.accept()) {
            assertThat(accepted).isNotNull();
            assertThat(client.isConnected()).isTrue();
            assertThat(UnixSocketOwners.clientsOf(link)).hasSize(1);
            assertThat(UnixSocketOwners.clientsOf(relative)).hasSize(1);
        }
    }

    @Test
    void a_server_that_another_has_pushed_off_its_path_is_not_meant() throws Exception {
        try (Peer old = Peer.unix(path);
                SocketChannel client = connect(path);
                PeerEnd accepted = old.accept()) {
            assertThat(accepted).isNotNull();
            assertThat(client.isConnected()).isTrue();
            Files.delete(path); // as a second QEMU with the same -qmp does, silently
            try (Peer thief = Peer.unix(path)) {
                assertThat(thief.address()).isEqualTo(old.address());
                assertThat(UnixSocketOwners.clientsOf(path)).isEmpty();
            }
        }
    }

    @Test
    void another_process_is_named() throws Exception {
        try (Peer server = Peer.unix(path)) {
            Process client = SocketClient.start(path);
            try (PeerEnd accepted = server.accept()) {
                assertThat(accepted).isNotNull();
                assertThat(UnixSocketOwners.clientsOf(path))
                        .containsExactly(new SocketHolder((int) client.pid(), "java", true));
            } finally {
                client.destroyForcibly();
                client.waitFor(10, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void the_other_end_of_a_descriptor_is_found_by_its_inode() throws Exception {
        SocketHolder self = new SocketHolder(SELF, ProcSockets.command(SELF), true);
        List<Long> before = socketInodes();
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(path));
            long listening = newInode(before);
            assertThat(UnixSocketOwners.holdersOfPeer(listening)).isEmpty();
            try (SocketChannel client = connect(path)) {
                long clientsInode = newInode(before);
                assertThat(UnixSocketOwners.holdersOfPeer(listening))
                        .containsExactly(new SocketHolder(SELF, self.command(), false));
                try (SocketChannel accepted = server.accept()) {
                    assertThat(accepted).isNotNull();
                    assertThat(client.isConnected()).isTrue();
                    long acceptedInode = newInode(before);
                    assertThat(UnixSocketOwners.holdersOfPeer(listening)).containsExactly(self);
                    assertThat(UnixSocketOwners.holdersOfPeer(acceptedInode)).containsExactly(self);
                    assertThat(UnixSocketOwners.holdersOfPeer(clientsInode)).containsExactly(self);
                }
            }
        }
    }

    @Test
    void asking_leaves_no_descriptor() throws Exception {
        UnixSocketOwners.clientsOf(path);
        int before = socketInodes().size();
        for (int i = 0; i < 100; i++) {
            UnixSocketOwners.clientsOf(path);
        }
        assertThat(socketInodes()).hasSize(before);
    }

    private static SocketChannel connect(Path path) throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(path));
    }

    /** The inode that has come since; noted, so that the next call finds the next. */
    private static long newInode(List<Long> known) throws IOException {
        List<Long> now = new ArrayList<>(socketInodes());
        now.removeAll(known);
        assertThat(now).hasSize(1);
        known.addAll(now);
        return now.get(0);
    }

    private static List<Long> socketInodes() throws IOException {
        List<Long> inodes = new ArrayList<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                // the folder's own descriptor has gone by now
                String target = Files.isSymbolicLink(descriptor)
                        ? Files.readSymbolicLink(descriptor).toString()
                        : "";
                if (target.startsWith("socket:[")) {
                    inodes.add(Long.parseLong(target.substring(8, target.length() - 1)));
                }
            }
        }
        return inodes;
    }
}
