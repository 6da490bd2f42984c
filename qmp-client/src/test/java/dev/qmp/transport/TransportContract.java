package dev.qmp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qmp.error.ConnectFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the parts of the transports' contract have in common: a folder, links that are closed afterwards, and the promises
 * that hold in every test: callbacks come on the loop only, and no buffer stays out.
 */
@Timeout(60)
abstract class TransportContract {

    static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    private final List<RecordingListener> listeners = new ArrayList<>();
    private final List<Link> links = new CopyOnWriteArrayList<>();

    abstract TransportKind kind();

    TransportOptions options() {
        return options(kind());
    }

    static TransportOptions options(TransportKind kind) {
        return TransportOptions.builder()
                .kind(kind)
                .connectTimeout(CONNECT_TIMEOUT)
                .build();
    }

    @BeforeEach
    void no_thread_is_left_from_before() {
        Transports.shutdown();
    }

    @AfterEach
    void callbacks_came_on_the_loop_and_nothing_is_left() throws Exception {
        for (Link link : links) {
            link.loop().execute(link::close);
        }
        for (RecordingListener listener : listeners) {
            if (listener.openedLatch.getCount() == 0) {
                listener.awaitEnd();
                assertThat(listener.calls).startsWith("opened").endsWith("closed");
                assertThat(listener.calls).filteredOn("closed"::equals).hasSize(1);
            }
            assertThat(listener.offTheLoop).isEmpty();
        }
        Transports.shutdown();
        assertThat(threads()).isEmpty();
        assertThat(LinkBuffers.ALLOCATOR.metric().usedDirectMemory()).isZero();
        assertThat(LinkBuffers.ALLOCATOR.metric().usedHeapMemory()).isZero();
    }

    CompletableFuture<Link> opening(QmpAddress address, RecordingListener listener) {
        listeners.add(listener);
        return Transports.open(address, options(), listener);
    }

    CompletableFuture<Link> listen(QmpAddress address, RecordingListener listener) {
        listeners.add(listener);
        CompletableFuture<Link> listening = Transports.listen(address, options(), listener);
        listening.thenAccept(links::add);
        return listening;
    }

    /** Waits for a link that was opened in a way of the test's own, and has it closed afterwards. */
    Link track(CompletableFuture<Link> opening, RecordingListener listener) throws Exception {
        listeners.add(listener);
        Link link = opening.get(RecordingListener.PATIENCE_SECONDS, TimeUnit.SECONDS);
        links.add(link);
        return link;
    }

    Link open(QmpAddress address, RecordingListener listener) throws Exception {
        Link link = opening(address, listener).get(RecordingListener.PATIENCE_SECONDS, TimeUnit.SECONDS);
        links.add(link);
        return link;
    }

    ConnectFailedException failureOf(QmpAddress address) throws Exception {
        RecordingListener listener = new RecordingListener();
        ConnectFailedException failure = failureOf(opening(address, listener));
        assertThat(listener.calls).isEmpty();
        assertThat(failure.address()).isEqualTo(address.toString());
        assertThat(failure.getMessage())
                .doesNotContain("Exception", "error(", "connect(")
                .doesNotEndWith(".");
        return failure;
    }

    static ConnectFailedException failureOf(CompletableFuture<Link> opening) throws Exception {
        try {
            opening.get(RecordingListener.PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(ConnectFailedException.class);
            return (ConnectFailedException) e.getCause();
        }
        throw new AssertionError("the link was opened");
    }

    /** Runs on the link's loop and waits for the result. */
    static <T> T onLoop(Link link, ThrowingSupplier<T> action) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        link.loop().execute(() -> {
            try {
                result.complete(action.get());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result.get(RecordingListener.PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    static void send(Link link, byte[] bytes) throws Exception {
        onLoop(link, () -> {
            link.send(bytes);
            return true;
        });
    }

    /** Something that listens; several links may be opened to it. */
    Peer peer() throws IOException {
        return Peer.unix(folder.resolve("s"));
    }

    /** An address where something could listen, and nothing does. */
    QmpAddress nobody() throws IOException {
        Path left = folder.resolve("left");
        Peer.unix(left).close();
        return QmpAddress.unix(left);
    }

    static List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("qmp-io")
                        || thread.getName().startsWith("globalEvent"))
                .toList();
    }

    /** Returns the thread that the last link was on. */
    Thread reconnect(Peer peer, int times) throws Exception {
        Thread last = Thread.currentThread();
        for (int i = 0; i < times; i++) {
            RecordingListener listener = new RecordingListener();
            Link link = Transports.open(peer.address(), options(), listener).get(10, TimeUnit.SECONDS);
            try (PeerEnd their = peer.accept()) {
                their.write("{}");
                listener.awaitCount(2);
                last = onLoop(link, Thread::currentThread);
                link.loop().execute(link::close);
                assertThat(listener.awaitEnd().cause()).isNull();
            }
        }
        return last;
    }

    static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    interface ThrowingSupplier<T> {
        T get() throws Exception;
    }
}
