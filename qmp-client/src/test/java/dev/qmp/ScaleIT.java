package dev.qmp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.fixtures.Eventually;
import dev.qmp.fixtures.qemu.RequiresStorageDaemon;
import dev.qmp.fixtures.qemu.StorageDaemon;
import dev.qmp.session.EventSubscription;
import dev.qmp.transport.QmpAddress;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many monitors in one process: what grows with them and what does not. {@code -Dqmp.scale.monitors=1000} and
 * {@code -Dqmp.scale.daemons=100} say how many simulated ones and how many real storage daemons. The figures are logged;
 * time is never judged.
 */
@RequiresStorageDaemon
@Timeout(600)
class ScaleIT {

    private static final int MONITORS = Integer.getInteger("qmp.scale.monitors", 200);
    private static final int DAEMONS = Integer.getInteger("qmp.scale.daemons", 5);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int LOOPS = 2;
    private static final int CALLBACK_THREADS = 4;
    private static final int THREADS = LOOPS + CALLBACK_THREADS + 1; // and a timer
    private static final int MOST_BYTES_PER_CONNECTION = 64 * 1024;

    @TempDir
    Path folder;

    private final List<StorageDaemon> daemons = new ArrayList<>();
    private final List<String> figures = new ArrayList<>();
    private ManyMonitors monitors;

    @AfterEach
    void end() throws IOException {
        daemons.forEach(StorageDaemon::close);
        if (monitors != null) {
            monitors.close();
        }
    }

    @Test
    void threads_do_not_grow_with_connections_and_nothing_is_left_after_them() throws Exception {
        Path socket = folder.resolve("s");
        monitors = new ManyMonitors(socket);
        for (int i = 0; i < DAEMONS; i++) {
            daemons.add(StorageDaemon.builder().start());
        }
        List<QmpAddress> few = addresses(socket, 20, 0);
        List<QmpAddress> all = addresses(socket, MONITORS, DAEMONS);
        round(few);
        round(few);
        figures.clear();

        long descriptors = Descriptors.count();
        // Judged here alone: in the first rounds it is the classes that are loaded, which no connection pays for.
        assertThat(round(all)).as("bytes of heap for each idle connection").isLessThan(MOST_BYTES_PER_CONNECTION);

        Eventually.holds(
                PATIENCE,
                () -> "no more than " + descriptors + " descriptors, but " + Descriptors.count(),
                () -> Descriptors.count() <= descriptors);
        assertThat(threads()).isEmpty();
        System.getLogger(ScaleIT.class.getName())
                .log(
                        System.Logger.Level.INFO,
                        "{0} simulated monitors and {1} storage daemons: {2}",
                        Integer.toString(MONITORS),
                        Integer.toString(DAEMONS),
                        String.join(", ", figures));
    }

    private List<QmpAddress> addresses(Path socket, int simulated, int real) {
        return Stream.concat(
                        Stream.generate(() -> QmpAddress.unix(socket)).limit(simulated),
                        daemons.stream().limit(real).map(daemon -> QmpAddress.unix(daemon.monitor())))
                .toList();
    }

    /** Connects to all, a command each, an event each, and closes; returns the bytes of heap for each idle connection. */
    private long round(List<QmpAddress> addresses) {
        int count = addresses.size();
        long descriptorsBefore = Descriptors.count();
        QmpRuntime runtime = QmpRuntime.builder()
                .name("scale")
                .loops(LOOPS)
                .callbackThreads(CALLBACK_THREADS)
                .build();
        QmpClientOptions options = QmpClientOptions.builder()
                .runtime(runtime)
                .connectTimeout(PATIENCE)
                .greetingTimeout(PATIENCE)
                .commandDeadline(PATIENCE)
                .build();
        long heapBefore = heap();

        List<QmpClient> clients = new ArrayList<>();
        timed(
                "connect",
                () -> addresses.stream()
                        .map(address -> QmpClient.connect(address, options))
                        .toList()
                        .forEach(connecting -> clients.add(Await.value(connecting))));
        List<String> threads = threads();
        assertThat(threads).hasSizeLessThanOrEqualTo(THREADS);
        long descriptors = Descriptors.count() - descriptorsBefore;
        assertThat(descriptors)
                .as("one for each connection, and a few for each loop")
                .isBetween((long) count, count + 10L * LOOPS);

        long idle = (heap() - heapBefore) / count;

        timed("a command each", () -> each(clients, client -> client.execute("query-version")));
        AtomicInteger heard = new AtomicInteger();
        timed("an event each", () -> {
            List<EventSubscription> subscriptions = clients.stream()
                    .map(client -> {
                        AtomicInteger own = new AtomicInteger();
                        return client.subscribe(event -> own.getAndIncrement() == 0, event -> heard.incrementAndGet());
                    })
                    .toList();
            for (int i = 0; i < count; i++) {
                cause(clients.get(i), i);
            }
            Eventually.holds(PATIENCE, () -> count + " events, but " + heard, () -> heard.get() == count);
            subscriptions.forEach(EventSubscription::close);
        });
        assertThat(threads()).hasSizeLessThanOrEqualTo(THREADS);
        timed("close", runtime::close);
        clients.forEach(client -> Await.value(client.closed()));
        Eventually.holds(PATIENCE, () -> "none of " + threads(), () -> threads().isEmpty());
        figures.add(threads.size() + " threads when all are connected");
        figures.add(idle + " bytes of heap for each idle connection");
        figures.add(descriptors + " descriptors for " + count + " connections");
        return idle;
    }

    private static void each(List<QmpClient> clients, Function<QmpClient, CompletableFuture<?>> call) {
        clients.stream().map(call).toList().forEach(Await::value);
    }

    /** A simulated monitor tells a STOP; a storage daemon, which has no machine to stop, tells of a job. */
    private void cause(QmpClient client, int number) {
        if (client.peer().orElseThrow().pid() == ProcessHandle.current().pid()) {
            throw new IllegalStateException("the monitors are processes of their own");
        }
        boolean real = daemons.stream()
                .anyMatch(daemon -> daemon.pid() == client.peer().orElseThrow().pid());
        if (!real) {
            client.execute("stop");
            return;
        }
        ObjectNode job = JsonNodeFactory.instance.objectNode().put("job-id", "scale" + number);
        job.putObject("options")
                .put("driver", "file")
                .put("filename", folder.resolve("image" + number).toString())
                .put("size", 65_536);
        client.execute("blockdev-create", job);
    }

    private void timed(String what, Runnable action) {
        long start = System.nanoTime();
        action.run();
        figures.add(what + " " + (System.nanoTime() - start) / 1_000_000 + " ms");
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("scale-"))
                .toList();
    }

    /** What is in use after collections that find nothing more. */
    private static long heap() {
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 10; i++) {
            System.gc();
            long now = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            if (now >= used - 10_000) {
                return Math.min(now, used);
            }
            used = now;
        }
        return used;
    }
}
