package dev.qmp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.ConnectFailedException.Reason;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EpollConnectFailureTest extends ConnectFailureContract {

    @Override
    TransportKind kind() {
        return TransportKind.EPOLL;
    }

    @Override
    int pathLimit() {
        return 107;
    }

    @Test
    void an_abstract_name_that_nobody_has_bound_has_nobody_listening() throws Exception {
        ConnectFailedException failure = failureOf(new QmpAddress.UnixAbstract("qmp-test-nobody"));
        assertThat(failure.reason()).isEqualTo(Reason.NOBODY_LISTENING);
        assertThat(failure).hasMessage("Nobody listens on the abstract socket @qmp-test-nobody");
    }

    @Test
    void an_abstract_name_may_have_106_bytes() throws Exception {
        assertThat(failureOf(new QmpAddress.UnixAbstract("x".repeat(106))).reason())
                .isEqualTo(Reason.NOBODY_LISTENING);
        ConnectFailedException failure = failureOf(new QmpAddress.UnixAbstract("x".repeat(107)));
        assertThat(failure.reason()).isEqualTo(Reason.BAD_ADDRESS);
        assertThat(failure).hasMessageContaining("107 bytes").hasMessageContaining("at most 106");
    }

    @Test
    void epoll_asked_for_where_its_library_does_not_load_says_why_and_auto_does_without() throws Exception {
        List<String> noNative = List.of("-Dio.netty.transport.noNative=true");
        String missing = "unix:" + folder.resolve("none");
        assertThat(ConnectProbe.run(Map.of(), noNative, TransportKind.EPOLL, missing))
                .singleElement()
                .asString()
                .startsWith("BAD_ADDRESS|The epoll transport is not available here: ")
                .contains("noNative");
        assertThat(ConnectProbe.run(Map.of(), noNative, TransportKind.AUTO, missing, "unix:@abstract"))
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("NOT_FOUND|"),
                        second -> assertThat(second).startsWith("BAD_ADDRESS|The abstract socket @abstract"));
    }
}
