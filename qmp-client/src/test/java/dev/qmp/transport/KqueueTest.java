package dev.qmp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.ConnectFailedException.Reason;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class KqueueTest {

    @Test
    @DisabledOnOs(OS.MAC)
    void kqueue_asked_for_on_another_system_is_refused_and_the_hint_names_what_can() throws Exception {
        ConnectFailedException failure = TransportContract.failureOf(Transports.open(
                QmpAddress.unix(Path.of("/none")),
                TransportContract.options(TransportKind.KQUEUE),
                new RecordingListener()));
        assertThat(failure.reason()).isEqualTo(Reason.BAD_ADDRESS);
        assertThat(failure).hasMessageStartingWith("The kqueue transport is not available here: ");
        assertThat(failure.hint()).hasValueSatisfying(hint -> assertThat(hint).contains("auto", "nio"));
    }

    @Test
    @EnabledOnOs(OS.MAC)
    void auto_is_kqueue_on_macos() {
        assertThat(Channels.of(TransportKind.AUTO, QmpAddress.unix(Path.of("/none"))))
                .isInstanceOf(KQueueChannels.class);
    }

    @Test
    void a_path_may_have_103_bytes_and_an_abstract_socket_is_none_of_macos() {
        KQueueChannels channels = new KQueueChannels();
        channels.check(new QmpAddress.Unix("/" + "x".repeat(102)));
        assertThat(refusal(channels, new QmpAddress.Unix("/" + "x".repeat(103))))
                .hasMessageContaining("at most 103");
        assertThat(refusal(channels, new QmpAddress.UnixAbstract("vm1"))).hasMessageContaining("kqueue transport");
    }

    private static ConnectFailedException refusal(Channels channels, QmpAddress address) {
        return org.assertj.core.api.Assertions.catchThrowableOfType(
                ConnectFailedException.class, () -> channels.check(address));
    }
}
