package dev.qmp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.ConnectFailedException.Reason;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Listening instead of connecting: the first who calls is the one. */
abstract class ListenContract extends TransportContract {

    private final RecordingListener listener = new RecordingListener();

    @Test
    void the_first_caller_gets_the_link_and_the_second_finds_nobody() throws Exception {
        Path path = folder.resolve("s");
        CompletableFuture<Link> listening = listening(QmpAddress.unix(path), listener);
        try (SocketChannel caller = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            Link link = listening.get(10, TimeUnit.SECONDS);
            assertThat(failureOf(QmpAddress.unix(path)).reason()).isEqualTo(Reason.NOT_FOUND);
            assertThat(path).doesNotExist();
            caller.write(ByteBuffer.wrap(new byte[] {'h', 'i'}));
            assertThat(listener.awaitCount(2)).hasSize(2);
            send(link, new byte[] {'!'});
            assertThat(caller.read(ByteBuffer.allocate(1))).isOne();
        }
        assertThat(listener.awaitEnd().cause()).isNull();
    }

    @Test
    void a_caller_in_the_queue_behind_the_first_is_turned_away() throws Exception {
        Path path = folder.resolve("s");
        CompletableFuture<Link> listening = listening(QmpAddress.unix(path), listener);
        try (SocketChannel first = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            try (SocketChannel second = connectIfStillThere(path)) {
                listening.get(10, TimeUnit.SECONDS);
                if (second != null) {
                    assertThat(readsEnd(second)).isTrue();
                }
            }
            first.write(ByteBuffer.wrap(new byte[] {'x'}));
            assertThat(listener.awaitCount(1)).hasSize(1);
        }
    }

    private static SocketChannel connectIfStillThere(Path path) {
        try {
            return SocketChannel.open(UnixDomainSocketAddress.of(path));
        } catch (IOException e) {
            return null;
        }
    }

    private static boolean readsEnd(SocketChannel channel) {
        try {
            return channel.read(ByteBuffer.allocate(1)) < 0;
        } catch (IOException e) {
            return true; // reset
        }
    }

    @Test
    void where_nobody_calls_it_times_out_and_leaves_no_socket() throws Exception {
        Path path = folder.resolve("s");
        TransportOptions hasty =
                options().toBuilder().connectTimeout(Duration.ofMillis(50)).build();
        ConnectFailedException failure = failureOf(Transports.listen(QmpAddress.unix(path), hasty, listener));
        assertThat(failure.reason()).isEqualTo(Reason.TIMED_OUT);
        assertThat(failure).hasMessage("Nobody called unix:" + path + " within 50 ms");
        assertThat(failure.hint()).contains("Start QEMU with -qmp unix:" + path + ",server=off once this listens");
        assertThat(path).doesNotExist();
        assertThat(listener.calls).isEmpty();
    }

    @Test
    void it_can_be_given_up_and_leaves_no_socket() throws Exception {
        Path path = folder.resolve("s");
        CompletableFuture<Link> listening = listening(QmpAddress.unix(path), listener);
        assertThat(path).exists();
        giveUp(listening);
        assertThat(path).doesNotExist();
        assertThat(listener.calls).isEmpty();
    }

    @Test
    void the_socket_is_for_this_user_alone() throws Exception {
        Path path = folder.resolve("s");
        CompletableFuture<Link> listening = listening(QmpAddress.unix(path), listener);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-------");
        giveUp(listening);
    }

    @Test
    void a_socket_that_a_dead_process_of_ours_left_is_replaced() throws Exception {
        QmpAddress left = nobody();
        CompletableFuture<Link> listening = listening(left, listener);
        assertThat(listening).isNotDone();
        giveUp(listening);
    }

    @Test
    void a_socket_that_is_listened_on_is_left_alone() throws Exception {
        try (Peer peer = peer()) {
            ConnectFailedException failure = failureOf(listening(peer.address(), listener));
            assertThat(failure.reason()).isEqualTo(Reason.BUSY);
            assertThat(failure).hasMessage("Another process listens on " + peer.address() + " already");
            open(peer.address(), new RecordingListener());
        }
    }

    @Test
    void a_file_and_a_symbolic_link_are_left_alone() throws Exception {
        Path file = Files.writeString(folder.resolve("image"), "guest data");
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        for (Path path : new Path[] {file, link}) {
            ConnectFailedException failure = failureOf(listening(QmpAddress.unix(path), listener));
            assertThat(failure.reason()).isEqualTo(Reason.BAD_ADDRESS);
            assertThat(failure).hasMessage(path + " is there already, and is not a socket");
        }
        assertThat(file).hasContent("guest data");
        assertThat(link).isSymbolicLink();
    }

    @Test
    void another_users_socket_is_left_alone() throws Exception {
        Path left = Path.of(((QmpAddress.Unix) nobody()).path());
        try {
            Files.setOwner(
                    left, left.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
        } catch (UserPrincipalNotFoundException | java.nio.file.FileSystemException e) {
            org.junit.jupiter.api.Assumptions.abort("only root may give a file away");
        }
        ConnectFailedException failure = failureOf(listening(QmpAddress.unix(left), listener));
        assertThat(failure.reason()).isEqualTo(Reason.BAD_ADDRESS);
        assertThat(failure).hasMessage("Another user's socket is there already: " + left);
        assertThat(left).exists();
    }

    @Test
    void what_has_come_in_the_sockets_place_is_left_alone() throws Exception {
        Path path = folder.resolve("s");
        CompletableFuture<Link> listening = listening(QmpAddress.unix(path), listener);
        try (var entries = Files.list(folder)) {
            assertThat(entries).containsExactly(path);
        }
        Files.delete(path);
        Files.writeString(path, "somebody else's");
        giveUp(listening);
        assertThat(path).hasContent("somebody else's");
    }

    @Test
    void a_folder_where_anybody_may_replace_the_socket_is_refused() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        ConnectFailedException failure = failureOf(listening(QmpAddress.unix(folder.resolve("s")), listener));
        assertThat(failure.reason()).isEqualTo(Reason.PERMISSION_DENIED);
        assertThat(failure).hasMessageContaining("Any user may replace what is in the folder " + folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        assertThat(failureOf(listening(QmpAddress.unix(folder.resolve("none/s")), listener))
                        .reason())
                .isEqualTo(Reason.NOT_FOUND);
    }

    @Test
    void a_tcp_port_takes_a_caller_too() throws Exception {
        QmpAddress.Tcp free = (QmpAddress.Tcp) freePort();
        CompletableFuture<Link> listening = listening(free, listener);
        try (SocketChannel caller = SocketChannel.open(new InetSocketAddress(free.host(), free.port()))) {
            listening.get(10, TimeUnit.SECONDS);
            caller.write(ByteBuffer.wrap(new byte[] {'x'}));
            assertThat(listener.awaitCount(1)).hasSize(1);
        }
        try (Peer taken = Peer.tcp()) {
            assertThat(failureOf(listening(taken.address(), new RecordingListener()))
                            .reason())
                    .isEqualTo(Reason.BUSY);
        }
    }

    @Test
    void what_is_no_place_to_listen_on_is_refused() throws Exception {
        assertThat(failureOf(listening(new QmpAddress.Inherited(7), listener)).reason())
                .isEqualTo(Reason.BAD_ADDRESS);
    }

    private static void giveUp(CompletableFuture<Link> listening) throws InterruptedException {
        assertThat(listening.cancel(false)).isTrue();
        for (Thread loop : threads()) {
            loop.join(10_000); // it ends only once nobody listens any more
        }
        assertThat(threads()).isEmpty();
    }

    private static QmpAddress freePort() throws IOException {
        Peer gone = Peer.tcp();
        gone.close();
        return gone.address();
    }

    private CompletableFuture<Link> listening(QmpAddress address, RecordingListener to) {
        return listen(address, to);
    }
}
