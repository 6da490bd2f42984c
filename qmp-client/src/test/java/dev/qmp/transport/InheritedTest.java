package dev.qmp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.ConnectFailedException.Reason;
import dev.qmp.transport.OwnedDescriptor.Access;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import jnr.unixsocket.UnixServerSocketChannel;
import jnr.unixsocket.UnixSocketAddress;
import jnr.unixsocket.UnixSocketChannel;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** A socket that this process has already: {@code fd:N}. */
class InheritedTest {

    @Nested
    class ByEpoll extends Contract {
        @Override
        TransportKind kind() {
            return TransportKind.EPOLL;
        }
    }

    @Nested
    class ByJnr extends Contract {
        @Override
        TransportKind kind() {
            return TransportKind.JNR;
        }
    }

    @Nested
    class ByNio extends TransportContract {
        @Override
        TransportKind kind() {
            return TransportKind.NIO;
        }

        @Test
        void a_descriptor_is_refused_and_the_hint_names_what_can() throws Exception {
            ConnectFailedException failure = failureOf(new QmpAddress.Inherited(7));
            assertThat(failure.reason()).isEqualTo(Reason.BAD_ADDRESS);
            assertThat(failure).hasMessage("The nio transport cannot take over the descriptor fd:7");
            assertThat(failure.hint())
                    .hasValueSatisfying(hint -> assertThat(hint).contains("epoll", "jnr"));
        }
    }

    abstract static class Contract extends TransportContract {

        private final RecordingListener listener = new RecordingListener();

        @Test
        void it_carries_bytes_both_ways_and_ends_with_the_link() throws Exception {
            UnixSocketChannel[] pair = UnixSocketChannel.pair();
            try (UnixSocketChannel their = pair[1]) {
                Link link = open(new QmpAddress.Inherited(pair[0].getFD()), listener);
                their.write(ByteBuffer.wrap(new byte[] {'h', 'i'}));
                assertThat(listener.awaitCount(2)).hasSize(2);
                send(link, new byte[] {'!'});
                ByteBuffer one = ByteBuffer.allocate(1);
                assertThat(their.read(one)).isOne();
                int self = (int) ProcessHandle.current().pid();
                assertThat(onLoop(link, link::peer))
                        .hasValueSatisfying(peer -> assertThat(peer.pid()).isEqualTo(self));
                assertThat(onLoop(link, link::passesDescriptors)).isTrue();
                link.loop().execute(link::close);
                listener.awaitEnd();
                assertThat(their.read(one.clear())).isEqualTo(-1);
            }
        }

        @Test
        void its_number_is_free_afterwards_and_no_child_process_inherits_it() throws Exception {
            UnixSocketChannel[] pair = UnixSocketChannel.pair();
            int number = pair[0].getFD();
            Path socket = Files.readSymbolicLink(Path.of("/proc/self/fd/" + number));
            try (UnixSocketChannel their = pair[1]) {
                open(new QmpAddress.Inherited(number), listener);
                assertThat(their.isOpen()).isTrue();
                try (var descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
                    for (Path descriptor : descriptors) {
                        if (Files.isSymbolicLink(descriptor)
                                && Files.readSymbolicLink(descriptor).equals(socket)) {
                            assertThat(descriptor.getFileName()).isNotEqualTo(Path.of(Integer.toString(number)));
                            assertThat(Files.readString(Path.of(
                                            "/proc/self/fdinfo",
                                            descriptor.getFileName().toString())))
                                    .containsPattern("flags:\\s+02[0-7]{6}\\b");
                        }
                    }
                }
            }
            assertThat(listener.awaitEnd().cause()).isNull();
        }

        @Test
        void a_number_that_is_not_open_is_not_found() throws Exception {
            ConnectFailedException failure = failureOf(new QmpAddress.Inherited(98_765));
            assertThat(failure.reason()).isEqualTo(Reason.NOT_FOUND);
            assertThat(failure).hasMessage("There is no open descriptor 98765 in this process");
        }

        @Test
        void a_file_is_refused_and_stays_open() throws Exception {
            Path file = Files.createFile(folder.resolve("image"));
            try (OwnedDescriptor descriptor = OwnedDescriptor.open(file, Access.READ_ONLY)) {
                ConnectFailedException failure = failureOf(new QmpAddress.Inherited(descriptor.number()));
                assertThat(failure.reason()).isEqualTo(Reason.BAD_ADDRESS);
                assertThat(failure).hasMessageEndingWith("is not a socket");
                assertThat(DescriptorPeer.openHere(file)).isOne();
            }
        }

        @Test
        void a_socket_that_listens_or_is_not_connected_is_refused() throws Exception {
            try (UnixServerSocketChannel server = UnixServerSocketChannel.open();
                    UnixSocketChannel idle = UnixSocketChannel.open()) {
                server.socket().bind(new UnixSocketAddress(folder.resolve("s").toFile()));
                assertThat(failureOf(new QmpAddress.Inherited(server.getFD()))).hasMessageContaining("listens");
                assertThat(failureOf(new QmpAddress.Inherited(idle.getFD()))).hasMessageEndingWith("not connected");
            }
        }
    }

    @Test
    void nobody_can_call_a_descriptor_and_jnr_does_not_listen() throws Exception {
        ConnectFailedException failure = TransportContract.failureOf(
                Transports.listen(new QmpAddress.Inherited(7), TransportOptions.DEFAULT, new RecordingListener()));
        assertThat(failure).hasMessage("Nobody can call fd:7");
        failure = TransportContract.failureOf(Transports.listen(
                QmpAddress.unix(Path.of("/none/s")),
                TransportContract.options(TransportKind.JNR),
                new RecordingListener()));
        assertThat(failure).hasMessage("The jnr transport connects, and does not listen");
        assertThat(failure.hint()).hasValueSatisfying(hint -> assertThat(hint).contains("epoll or nio"));
    }

    @Test
    void the_text_is_fd_and_a_number() {
        assertThat(QmpAddress.parse("fd:7"))
                .isEqualTo(new QmpAddress.Inherited(7))
                .hasToString("fd:7");
    }
}
