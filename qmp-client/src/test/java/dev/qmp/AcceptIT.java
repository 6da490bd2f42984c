package dev.qmp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.ConnectFailedException.Reason;
import dev.qmp.fixtures.qemu.QemuVm;
import dev.qmp.fixtures.qemu.RequiresQemu;
import dev.qmp.transport.QmpAddress;
import dev.qmp.transport.TransportKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A QEMU that connects to us: {@code -qmp unix:PATH,server=off}. */
@RequiresQemu
@Timeout(120)
class AcceptIT {

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void a_qemu_that_calls_is_a_monitor_like_any_other(TransportKind kind) {
        Path socket = folder.resolve("s");
        CompletableFuture<QmpClient> accepting = accept(socket, kind, Duration.ofSeconds(60));
        try (QemuVm vm = calling(socket);
                QmpClient client = Await.value(accepting)) {
            assertThat(client.address()).isEqualTo(QmpAddress.unix(socket));
            assertThat(Await.value(client.execute("query-name")).path("name").asText())
                    .isEqualTo("daisy");
            if (kind == TransportKind.EPOLL) {
                assertThat(client.peer().orElseThrow().pid()).isEqualTo((int) vm.pid());
            }
            assertThat(socket).doesNotExist();
        }
    }

    /** One with reconnect=1 tries again each second until we listen again. */
    @Test
    void a_qemu_that_calls_again_is_accepted_again() {
        Path socket = folder.resolve("s");
        CompletableFuture<QmpClient> accepting = accept(socket, TransportKind.AUTO, Duration.ofSeconds(60));
        try (QemuVm vm = QemuVm.builder()
                .args("-chardev", "socket,id=m,path=" + socket + ",server=off,reconnect=1", "-mon", "m,mode=control")
                .start()) {
            Await.value(accepting).close();
            CompletableFuture<QmpClient> again = accept(socket, TransportKind.AUTO, Duration.ofSeconds(60));
            try (QmpClient client = Await.value(again)) {
                assertThat(client.peer().orElseThrow().pid()).isEqualTo((int) vm.pid());
                assertThat(Await.value(client.execute("query-status"))
                                .path("running")
                                .asBoolean())
                        .isTrue();
            }
        }
    }

    @Test
    void where_no_qemu_calls_the_failure_says_how_to_start_one() {
        Path socket = folder.resolve("s");
        ConnectFailedException failure =
                Await.failure(accept(socket, TransportKind.AUTO, Duration.ofMillis(100)), ConnectFailedException.class);
        assertThat(failure.reason()).isEqualTo(Reason.TIMED_OUT);
        assertThat(failure.hint()).hasValueSatisfying(hint -> assertThat(hint).contains("server=off"));
        assertThat(socket).doesNotExist();
    }

    private static QemuVm calling(Path socket) {
        return QemuVm.builder().args("-qmp", "unix:" + socket + ",server=off").start();
    }

    private static CompletableFuture<QmpClient> accept(Path socket, TransportKind kind, Duration patience) {
        return QmpClient.accept(
                QmpAddress.unix(socket),
                QmpClientOptions.builder()
                        .transport(kind)
                        .connectTimeout(patience)
                        .build());
    }
}
