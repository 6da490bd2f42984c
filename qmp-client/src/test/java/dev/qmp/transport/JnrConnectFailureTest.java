package dev.qmp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.ConnectFailedException.Reason;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JnrConnectFailureTest extends ConnectFailureContract {

    @Override
    TransportKind kind() {
        return TransportKind.JNR;
    }

    @Override
    int pathLimit() {
        return 108;
    }

    @Test
    void an_abstract_name_may_have_107_bytes() throws Exception {
        assertThat(failureOf(new QmpAddress.UnixAbstract("x".repeat(107))).reason())
                .isEqualTo(Reason.NOBODY_LISTENING);
        assertThat(failureOf(new QmpAddress.UnixAbstract("x".repeat(108)))).hasMessageContaining("at most 107");
    }

    @Test
    void a_tcp_port_is_refused_and_the_hint_names_what_can() throws Exception {
        ConnectFailedException failure = failureOf(QmpAddress.tcp("127.0.0.1", 4444));
        assertThat(failure.reason()).isEqualTo(Reason.BAD_ADDRESS);
        assertThat(failure).hasMessage("The jnr transport opens UNIX sockets only, and tcp:127.0.0.1:4444 is none");
        assertThat(failure.hint()).contains("Use the transport auto, epoll or nio");
    }

    @Test
    void jnr_asked_for_where_its_library_does_not_load_says_so() throws Exception {
        assertThat(ConnectProbe.run(
                        Map.of(),
                        List.of("-Djffi.extract.dir=" + folder.resolve("nowhere")),
                        TransportKind.JNR,
                        "unix:" + folder.resolve("none")))
                .singleElement()
                .asString()
                .startsWith("BAD_ADDRESS|The jnr transport is not available here: ");
    }
}
