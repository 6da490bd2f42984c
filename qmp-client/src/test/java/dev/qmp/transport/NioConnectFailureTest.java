package dev.qmp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.ConnectFailedException.Reason;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NioConnectFailureTest extends ConnectFailureContract {

    @Override
    TransportKind kind() {
        return TransportKind.NIO;
    }

    @Override
    int pathLimit() {
        return 106;
    }

    @Test
    void an_abstract_socket_needs_epoll() throws Exception {
        ConnectFailedException failure = failureOf(new QmpAddress.UnixAbstract("vm1"));
        assertThat(failure.reason()).isEqualTo(Reason.BAD_ADDRESS);
        assertThat(failure).hasMessage("The abstract socket @vm1 cannot be reached over the nio transport");
        assertThat(failure.hint()).hasValueSatisfying(hint -> assertThat(hint).contains("epoll"));
    }

    @Test
    void a_path_that_the_locale_cannot_spell_says_so() throws Exception {
        assertThat(ConnectProbe.run(Map.of("LC_ALL", "C"), List.of(), TransportKind.NIO, "unix:/run/\u00fc.sock"))
                .singleElement()
                .asString()
                .startsWith("BAD_ADDRESS|This path cannot be written");
    }
}
