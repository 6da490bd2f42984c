package dev.qmp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qmp.error.ConnectFailedException.Reason;
import dev.qmp.fixtures.ssh.RequiresSsh;
import dev.qmp.fixtures.ssh.SshServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same promises through a real ssh. It passes on that the other end has gone, and not how: an end is an end, with a
 * cause only where ssh itself had one.
 */
@RequiresSsh
abstract class SshTck extends MediatedTck {

    @TempDir
    static Path keys;

    private static SshServer server;

    @BeforeAll
    static void start_the_server() {
        server = SshServer.start(keys.resolve("sshd"));
    }

    @AfterAll
    static void end_the_server() {
        server.close();
    }

    @Override
    TransportOptions options() {
        return super.options().toBuilder()
                .ssh(SshOptions.builder().configFile(server.config()).build())
                .build();
    }

    @Override
    Peer peer() throws IOException {
        Peer behind = super.peer();
        return new Peer() {
            @Override
            public QmpAddress address() {
                return through(behind.address());
            }

            @Override
            public PeerEnd accept() throws IOException {
                return behind.accept();
            }

            @Override
            public void close() throws IOException {
                behind.close();
            }
        };
    }

    @Override
    QmpAddress nobody() throws IOException {
        return through(super.nobody());
    }

    @Override
    int reconnects() {
        return 8;
    }

    private static QmpAddress through(QmpAddress socket) {
        return new QmpAddress.Ssh(
                Optional.empty(), "127.0.0.1", OptionalInt.of(server.port()), ((QmpAddress.Unix) socket).path());
    }

    @Override
    @Test
    void where_nobody_listens_there_is_no_link_and_the_failure_says_so() throws Exception {
        assertThat(failureOf(nobody()).reason()).isEqualTo(Reason.NOT_FOUND);
    }
}
