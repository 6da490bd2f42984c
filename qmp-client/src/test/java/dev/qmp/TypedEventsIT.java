package dev.qmp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qmp.fixtures.qemu.QemuVm;
import dev.qmp.fixtures.qemu.RequiresQemu;
import dev.qmp.qapi.Cont;
import dev.qmp.qapi.Empty;
import dev.qmp.qapi.QueryStatus;
import dev.qmp.qapi.Resume;
import dev.qmp.qapi.RunState;
import dev.qmp.qapi.StatusInfo;
import dev.qmp.qapi.Stop;
import dev.qmp.qapi.StopEvent;
import dev.qmp.transport.QmpAddress;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Typed commands and events on a real machine. */
@RequiresQemu
@Timeout(120)
class TypedEventsIT {

    @Test
    void a_subscriber_of_one_type_hears_that_type_alone() {
        try (QemuVm vm = QemuVm.builder().start();
                QmpClient client = Await.value(QmpClient.connect(QmpAddress.unix(vm.monitor())))) {
            CompletableFuture<StopEvent> stopped = new CompletableFuture<>();
            CompletableFuture<Resume> resumed = new CompletableFuture<>();
            client.subscribe(StopEvent.EVENT, stopped::complete);
            client.subscribe(Resume.EVENT, resumed::complete);

            assertThat(Await.value(client.execute(new Stop()))).isEqualTo(new Empty());
            StatusInfo paused = Await.value(client.execute(new QueryStatus()));
            Await.value(client.execute(new Cont()));

            assertThat(Await.value(stopped)).isEqualTo(new StopEvent());
            assertThat(Await.value(resumed).unknownMembers()).isEmpty();
            assertThat(paused.status()).isEqualTo(RunState.PAUSED);
        }
    }
}
