package dev.qmp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qmp.error.CommandNotSentException;
import dev.qmp.error.ConnectionLostException;
import dev.qmp.fixtures.Eventually;
import dev.qmp.fixtures.qemu.MonitorSpec;
import dev.qmp.fixtures.qemu.QemuVm;
import dev.qmp.fixtures.qemu.RequiresQemu;
import dev.qmp.transport.QmpAddress;
import dev.qmp.transport.TransportKind;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way to a real QEMU's monitor, and on each the same conversation until QEMU is killed. */
@RequiresQemu
@Timeout(120)
class TransportsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String NAME = "qmp-" + UUID.randomUUID();

    /** Where a machine's monitor is, and by which transport it is reached. */
    private record Way(String name, TransportKind kind, Place place) {

        interface Place {
            QmpAddress of(QemuVm vm);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static Stream<Way> ways() {
        Way.Place unix = vm -> QmpAddress.unix(vm.monitor());
        Way.Place named = vm -> new QmpAddress.UnixAbstract(NAME);
        Way.Place tcp = vm -> QmpAddress.tcp("127.0.0.1", vm.tcpPort(1));
        return Stream.of(
                new Way("epoll", TransportKind.EPOLL, unix),
                new Way("nio", TransportKind.NIO, unix),
                new Way("jnr", TransportKind.JNR, unix),
                new Way("epoll, abstract", TransportKind.EPOLL, named),
                new Way("jnr, abstract", TransportKind.JNR, named),
                new Way("epoll, tcp", TransportKind.EPOLL, tcp),
                new Way("nio, tcp", TransportKind.NIO, tcp));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void greeting_command_event_schema_and_the_end(Way way) {
        try (QemuVm vm = QemuVm.builder()
                .monitor(MonitorSpec.qmp())
                .monitor(MonitorSpec.tcp())
                .args(
                        "-chardev",
                        "socket,id=abstract,path=" + NAME + ",abstract=on,server=on,wait=off",
                        "-mon",
                        "chardev=abstract,mode=control")
                .start()) {
            QmpClientOptions options =
                    QmpClientOptions.builder().transport(way.kind()).build();
            QmpClient client = Await.value(QmpClient.connect(way.place().of(vm), options));
            try {
                assertThat(client.greeting().version().major()).isGreaterThanOrEqualTo(7);
                assertThat(Await.value(client.execute("query-name"))
                                .path("name")
                                .asText())
                        .isEqualTo("daisy");
                assertHearsEvents(client);
                // 207 kB as QEMU 7.2 writes it, with spaces
                assertThat(Await.value(client.execute("query-qmp-schema")).toString())
                        .hasSizeGreaterThan(180_000);
                assertLearnsOfTheEnd(client, vm);
            } finally {
                client.close();
            }
        }
    }

    private static void assertHearsEvents(QmpClient client) {
        List<String> heard = new CopyOnWriteArrayList<>();
        client.subscribe(event -> true, event -> heard.add(event.name()));
        Await.value(client.execute("stop"));
        Await.value(client.execute("cont"));
        Eventually.holds(PATIENCE, heard::toString, () -> heard.containsAll(List.of("STOP", "RESUME")));
    }

    private static void assertLearnsOfTheEnd(QmpClient client, QemuVm vm) {
        vm.kill();
        Await.failure(client.closed(), ConnectionLostException.class);
        Await.failure(client.execute("query-name"), CommandNotSentException.class);
    }
}
