package dev.qmp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.qmp.QmpClient;
import dev.qmp.QmpClientOptions;
import dev.qmp.error.QmpException;
import dev.qmp.fixtures.Eventually;
import dev.qmp.wire.WireLimits;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Conversations with faults at random places, over real sockets: a tenth of {@code -Dqmp.soak}, which is 500 in the build. A
 * failure prints the seed; {@code -Dqmp.soak.seed=N} begins with that one.
 */
@Timeout(600)
class SocketSoakTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String GREETING =
            "{\"QMP\":{\"version\":{\"qemu\":{\"micro\":0,\"minor\":2,\"major\":7},\"package\":\"\"},\"capabilities\":[]}}\r\n";

    private Path folder;
    private ServerSocketChannel listening;

    @BeforeEach
    void listen() throws IOException {
        folder = Files.createTempDirectory(Path.of("/tmp"), "qs");
        listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path()));
    }

    @AfterEach
    void unlisten() throws IOException {
        listening.close();
        Files.deleteIfExists(path());
        Files.delete(folder);
    }

    private Path path() {
        return folder.resolve("s");
    }

    @ParameterizedTest
    @EnumSource(
            value = TransportKind.class,
            names = {"AUTO", "NIO"})
    void nothing_is_left_of_a_conversation_wherever_it_broke(TransportKind kind) throws Exception {
        int conversations = Math.max(1, Integer.getInteger("qmp.soak", 500) / 20);
        long first = Long.getLong("qmp.soak.seed", kind == TransportKind.NIO ? 5_000_000 : 6_000_000);
        converse(kind, new Random(first));
        Transports.shutdown();
        long descriptors = descriptors();
        for (int i = 0; i < conversations; i++) {
            try {
                converse(kind, new Random(first + i));
            } catch (Throwable e) {
                throw new AssertionError("repeat it with -Dqmp.soak=20 -Dqmp.soak.seed=" + (first + i), e);
            }
        }
        Eventually.holds(
                PATIENCE,
                () -> LinkBuffers.ALLOCATOR.metric().toString(),
                () -> LinkBuffers.ALLOCATOR.metric().usedDirectMemory() == 0
                        && LinkBuffers.ALLOCATOR.metric().usedHeapMemory() == 0);
        Transports.shutdown();
        Eventually.holds(
                PATIENCE, () -> "descriptors: " + counted() + " after " + descriptors, () -> counted() <= descriptors);
        Eventually.holds(PATIENCE, () -> "threads: " + loops(), () -> loops().isEmpty());
    }

    private static long counted() {
        try {
            return descriptors();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    private static List<String> loops() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("qmp-io"))
                .toList();
    }

    private void converse(TransportKind kind, Random random) throws Exception {
        Random peers = new Random(random.nextLong());
        Thread peer = new Thread(() -> serve(peers), "soaking peer");
        peer.start();
        QmpClientOptions options = QmpClientOptions.builder()
                .transport(kind)
                .greetingTimeout(Duration.ofMillis(random.nextInt(5) == 0 ? 20 : 5_000))
                .closeGrace(Duration.ofMillis(50))
                .inFlight(1 + random.nextInt(8))
                .eventQueue(1 + random.nextInt(5))
                .limits(WireLimits.DEFAULT.withDocumentBytes(200_000).withNoticeBytes(2_000))
                .build();
        CompletableFuture<QmpClient> connecting = QmpClient.connect(QmpAddress.unix(path()), options);
        List<CompletableFuture<JsonNode>> calls = new ArrayList<>();
        try {
            QmpClient client = connecting.get(60, TimeUnit.SECONDS);
            for (int i = random.nextInt(20); i >= 0; i--) {
                CompletableFuture<JsonNode> call =
                        client.execute("query-" + i, null, Duration.ofMillis(1 + random.nextInt(3_000)));
                calls.add(call);
                if (random.nextInt(10) == 0) {
                    call.cancel(true);
                }
            }
            if (random.nextBoolean()) {
                CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new))
                        .handle((done, failure) -> true)
                        .get(60, TimeUnit.SECONDS);
            }
            client.closeAsync().get(60, TimeUnit.SECONDS);
            for (int i = 0; i < calls.size(); i++) {
                own(calls.get(i), calls.size() - 1 - i);
            }
            assertThat(client.closed()
                            .toCompletableFuture()
                            .handle((done, failure) -> true)
                            .get(60, TimeUnit.SECONDS))
                    .isTrue();
        } catch (java.util.concurrent.ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(QmpException.class);
        }
        peer.join(60_000);
        assertThat(peer.isAlive()).as("the peer's side has ended").isFalse();
    }

    private static void own(CompletableFuture<JsonNode> call, int number) throws Exception {
        try {
            JsonNode result = call.handle((value, failure) -> {
                        if (failure != null) {
                            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                            assertThat(cause)
                                    .isInstanceOfAny(
                                            QmpException.class, java.util.concurrent.CancellationException.class);
                        }
                        return value;
                    })
                    .get(60, TimeUnit.SECONDS);
            if (result != null) {
                assertThat(result.path("command").asText()).isEqualTo("query-" + number);
            }
        } catch (java.util.concurrent.ExecutionException e) {
            throw new AssertionError(e.getCause());
        }
    }

    private void serve(Random random) {
        try (SocketChannel channel = listening.accept()) {
            OutputStream out = Channels.newOutputStream(channel);
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));
            Deque<JsonNode> asked = new ArrayDeque<>();
            if (!said(random, channel, out, GREETING) || in.readLine() == null) {
                return;
            }
            if (!said(random, channel, out, "{\"return\":{},\"id\":0}\r\n")) {
                return;
            }
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                asked.add(JSON.readTree(line));
                if (random.nextInt(12) == 0) {
                    continue; // late, or never
                }
                while (!asked.isEmpty()) {
                    JsonNode one = random.nextBoolean() ? asked.removeFirst() : asked.removeLast();
                    if (!said(random, channel, out, reply(random, one))) {
                        return;
                    }
                }
            }
        } catch (IOException e) {
            // The client has left first.
        }
    }

    private static String reply(Random random, JsonNode asked) {
        String padding = "x".repeat(random.nextInt(10) == 0 ? random.nextInt(150_000) : 10);
        String reply = "{\"return\":{\"command\":" + asked.path("execute") + ",\"padding\":\"" + padding + "\"},\"id\":"
                + asked.path("id") + "}\r\n";
        return random.nextInt(10) == 0 ? reply + reply : reply;
    }

    /** Says it whole, in pieces, with an event before it, or breaks off; false where the conversation is over. */
    private static boolean said(Random random, SocketChannel channel, OutputStream out, String text)
            throws IOException {
        switch (random.nextInt(40)) {
            case 0 -> {
                write(out, text.substring(0, text.length() / 2));
                return false;
            }
            case 1 -> {
                write(out, "\u0000garbage");
                return true;
            }
            case 2 -> {
                channel.shutdownOutput();
                return true;
            }
            case 3 -> {
                write(out, "{\"return\":\"" + "x".repeat(300_000));
                return true;
            }
            case 4 -> write(out, "{\"return\":{},\"id\":4711}" + GREETING);
            case 5, 6 -> write(out, "{\"event\":\"E\"}\r\n".repeat(30));
            case 7 -> {
                for (int i = 0; i < Math.min(50, text.length()); i++) {
                    write(out, text.substring(i, i + 1));
                }
                write(out, text.substring(Math.min(50, text.length())));
                return true;
            }
            default -> {
                // As it should be.
            }
        }
        write(out, text);
        return true;
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
