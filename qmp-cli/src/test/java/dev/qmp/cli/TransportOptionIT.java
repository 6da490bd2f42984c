package dev.qmp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qmp.cli.Cli.Result;
import dev.qmp.fixtures.qemu.QemuVm;
import dev.qmp.fixtures.qemu.RequiresQemu;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --transport}, as its users meet it. */
@RequiresQemu
class TransportOptionIT {

    @TempDir
    private Path temp;

    @ParameterizedTest
    @ValueSource(strings = {"auto", "epoll", "nio", "jnr"})
    void a_monitor_is_reached_by_the_transport_that_is_named(String transport) {
        try (QemuVm vm = QemuVm.builder().start()) {
            Result result = Cli.in(temp).run("status", Machines.target(vm), "--transport", transport);
            assertThat(result.status()).as(result.toString()).isZero();
            assertThat(result.out()).contains("running");
        }
    }

    @Test
    @DisabledOnOs(OS.MAC)
    void a_transport_of_another_system_exits_3_and_names_those_of_this_one() {
        Result result = Cli.in(temp).run("status", "/run/none", "--transport", "kqueue");
        assertThat(result.status()).isEqualTo(3);
        assertThat(result.err())
                .startsWith("qmp: The kqueue transport is not available here")
                .contains("hint: Use the transport auto");
    }

    @Test
    void jnr_over_tcp_exits_3_and_names_what_can() {
        Result result = Cli.in(temp).run("status", "tcp:127.0.0.1:4444", "--transport", "jnr");
        assertThat(result.status()).isEqualTo(3);
        assertThat(result.err()).contains("UNIX sockets only").contains("hint: Use the transport auto, epoll or nio");
    }

    @Test
    void a_descriptor_that_is_not_there_exits_3() {
        Result result = Cli.in(temp).run("status", "fd:98765");
        assertThat(result.status()).isEqualTo(3);
        assertThat(result.err()).contains("There is no open descriptor 98765");
    }
}
