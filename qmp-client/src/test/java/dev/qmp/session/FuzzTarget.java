package dev.qmp.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.qmp.Secrets;
import dev.qmp.error.ProtocolViolationException;
import dev.qmp.wire.DocumentFramer;
import dev.qmp.wire.MessageCodec;
import dev.qmp.wire.WireLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * What must hold of whatever bytes a peer sends, called by {@link FuzzTest} in the build and by Jazzer by hand: see
 * CONTRIBUTING.md. The first two bytes say where the stream is cut in two; the rest is the stream.
 */
public final class FuzzTarget {

    private static final WireLimits LIMITS = WireLimits.DEFAULT
            .withDocumentBytes(2000)
            .withNestingDepth(20)
            .withDocumentTokens(300)
            .withNoticeBytes(1000)
            .withPendingCommands(4);

    private static final ObjectMapper JSON = new ObjectMapper();

    private FuzzTarget() {}

    /** Jazzer's name for it. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length < 3) {
            return;
        }
        byte[] stream = Arrays.copyOfRange(input, 2, input.length);
        int cut = ((input[0] & 0xff) << 8 | input[1] & 0xff) % (stream.length + 1);
        byte[] first = Arrays.copyOf(stream, cut);
        byte[] second = Arrays.copyOfRange(stream, cut, stream.length);
        documentsAreTheSameHoweverTheyAreCut(stream, first, second);
        aSessionEndsWithAllItsFutures(PeerProfile.MONITOR, first, second);
        aSessionEndsWithAllItsFutures(PeerProfile.GUEST_AGENT, first, second);
    }

    private static void documentsAreTheSameHoweverTheyAreCut(byte[] stream, byte[] first, byte[] second) {
        List<String> whole = documents(stream);
        List<String> parts = documents(first, second);
        if (!whole.equals(parts)) {
            throw new AssertionError("cut at " + first.length + ": " + parts + ", and in one: " + whole);
        }
        MessageCodec codec = new MessageCodec(LIMITS);
        for (String document : whole) {
            byte[] bytes = document.getBytes(StandardCharsets.ISO_8859_1);
            try {
                codec.decode(bytes, 0, bytes.length);
            } catch (ProtocolViolationException e) {
                // Told as what it is.
            }
            requireJson(Secrets.mask(new String(bytes, StandardCharsets.UTF_8)));
        }
    }

    /** A byte for each character, and in the end the kind of the violation, if there was one. */
    private static List<String> documents(byte[]... parts) {
        List<String> documents = new ArrayList<>();
        DocumentFramer framer = new DocumentFramer(LIMITS);
        try {
            for (byte[] part : parts) {
                framer.feed(
                        part,
                        0,
                        part.length,
                        (b, at, size) -> documents.add(new String(b, at, size, StandardCharsets.ISO_8859_1)));
            }
            documents.add(framer.insideDocument() ? "inside" : "between");
        } catch (ProtocolViolationException e) {
            documents.add("violation");
        }
        return documents;
    }

    private static void requireJson(String text) {
        try {
            JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException("masked to what is no JSON: " + text, e);
        }
    }

    private static void aSessionEndsWithAllItsFutures(PeerProfile profile, byte[] first, byte[] second) {
        ScriptedLink link = new ScriptedLink();
        List<CompletableFuture<?>> futures = new ArrayList<>();
        CompletableFuture<Session> opened = Session.open(
                profile,
                "fuzz",
                link::connect,
                new SessionOptions(
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(2),
                        2,
                        0,
                        3,
                        Overflow.DROP_OLDEST,
                        2,
                        LIMITS,
                        Runnable::run,
                        null,
                        event -> {}));
        futures.add(opened);
        opened.thenAccept(session -> {
            futures.add(session.ended().toCompletableFuture());
            for (int i = 0; i < 3; i++) {
                CompletableFuture<JsonNode> command = session.execute("query-" + i, null, Duration.ofSeconds(10L * i));
                futures.add(command);
            }
        });
        link.loop.run();
        link.hears(first);
        link.advance(Duration.ofSeconds(3));
        link.hears(second);
        link.advance(Duration.ofSeconds(11));
        if (!link.closed) {
            link.ends(null);
        }
        link.advance(Duration.ofSeconds(30));
        for (CompletableFuture<?> future : futures) {
            if (!future.isDone()) {
                throw new AssertionError("the " + profile + " left a future open: " + futures);
            }
        }
        if (link.loop.timers() > 0) {
            throw new AssertionError("the " + profile + " left a timer behind");
        }
    }
}
