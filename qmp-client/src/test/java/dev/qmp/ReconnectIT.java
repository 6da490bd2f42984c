package dev.qmp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qmp.fixtures.Eventually;
import dev.qmp.fixtures.qemu.QemuVm;
import dev.qmp.fixtures.qemu.QmpControl;
import dev.qmp.fixtures.qemu.RequiresQemu;
import dev.qmp.transport.QmpAddress;
import dev.qmp.transport.TransportKind;
import dev.qmp.transport.Transports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Many connections, one after the other, to a monitor whose QEMU sends events without pause: they come before greetings
 * and between the negotiation and its reply. {@code -Dqmp.reconnects=20000} says how many.
 */
@RequiresQemu
@Timeout(600)
class ReconnectIT {

    private static final int RECONNECTS = Integer.getInteger("qmp.reconnects", 2_000);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO", "JNR"})
    void no_reconnect_fails_takes_an_event_for_a_reply_or_leaves_anything_behind(TransportKind kind) {
        AtomicLong early = new AtomicLong();
        QmpClientOptions options = QmpClientOptions.builder()
                .transport(kind)
                .eventListener(event -> early.incrementAndGet())
                .build();
        try (QemuVm vm = QemuVm.builder().name("daisy").start()) {
            QmpAddress address = QmpAddress.unix(vm.monitor());
            reconnect(address, options);
            long descriptors = descriptors();
            long threads = threads();

            AtomicBoolean enough = new AtomicBoolean();
            CompletableFuture<Long> toggling = CompletableFuture.supplyAsync(() -> toggle(vm.control(), enough));
            long start = System.nanoTime();
            try {
                for (int i = 0; i < RECONNECTS; i++) {
                    reconnect(address, options);
                }
            } finally {
                enough.set(true);
            }
            long millis = (System.nanoTime() - start) / 1_000_000;

            assertThat(Await.value(toggling)).as("QEMU was kept busy").isGreaterThan(RECONNECTS / 10);
            assertThat(early).as("events came while clients were connected").hasPositiveValue();
            Eventually.holds(
                    PATIENCE,
                    () -> "no more than " + descriptors + " descriptors, but " + descriptors(),
                    () -> descriptors() <= descriptors);
            Transports.shutdown();
            Eventually.holds(
                    PATIENCE,
                    () -> "no more than " + threads + " threads, but " + threads(),
                    () -> threads() <= threads);
            System.getLogger(ReconnectIT.class.getName())
                    .log(System.Logger.Level.INFO, "{0}: {1} reconnects in {2} ms", kind, RECONNECTS, millis);
        }
    }

    /** The two replies have different shapes: an event, or the other's reply, in the place of one would be seen. */
    private static void reconnect(QmpAddress address, QmpClientOptions options) {
        try (QmpClient client = Await.value(QmpClient.connect(address, options))) {
            CompletableFuture<JsonNode> name = client.execute("query-name");
            CompletableFuture<JsonNode> version = client.execute("query-version");
            assertThat(Await.value(name).path("name").asText()).isEqualTo("daisy");
            assertThat(Await.value(version).path("qemu").path("major").asInt())
                    .isEqualTo(client.greeting().version().major());
            assertThat(client.statistics().unknownReplies()).isZero();
            assertThat(client.statistics().lateReplies()).isZero();
        }
    }

    private static long toggle(QmpControl control, AtomicBoolean enough) {
        long times = 0;
        while (!enough.get()) {
            control.execute("stop");
            control.execute("cont");
            control.forget();
            times++;
        }
        return times;
    }

    private static long descriptors() {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The library's own: those of the JVM and of the fixtures come and go. */
    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread ->
                        thread.getName().startsWith("qmp-") && !thread.getName().startsWith("qmp-control"))
                .count();
    }
}
