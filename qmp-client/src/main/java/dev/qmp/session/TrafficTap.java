package dev.qmp.session;

import dev.qmp.session.TrafficListener.Direction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Carries documents to a {@link TrafficListener} in order, off the loop; holds back a bounded amount of text. */
final class TrafficTap {

    private record Entry(Direction direction, Instant at, String json) {}

    private static final long MAX_QUEUED_CHARACTERS = 128L << 20;

    private final @Nullable TrafficListener listener;
    private final Executor executor;
    private final ArrayDeque<Entry> queue = new ArrayDeque<>();
    private long queuedCharacters;
    private long lost;
    private boolean delivering;

    TrafficTap(@Nullable TrafficListener listener, Executor executor) {
        this.listener = listener;
        this.executor = executor;
    }

    void document(Direction direction, byte[] bytes, int offset, int length) {
        if (listener == null) {
            return;
        }
        String json = new String(bytes, offset, length, StandardCharsets.UTF_8).strip();
        synchronized (queue) {
            if (queuedCharacters + json.length() > MAX_QUEUED_CHARACTERS) {
                lost++;
                return;
            }
            queue.add(new Entry(direction, Instant.now(), json));
            queuedCharacters += json.length();
            if (delivering) {
                return;
            }
            delivering = true;
        }
        executor.execute(() -> run(listener));
    }

    private void run(TrafficListener to) {
        while (true) {
            Entry entry;
            long lostBefore;
            synchronized (queue) {
                entry = queue.poll();
                if (entry == null) {
                    delivering = false;
                    return;
                }
                queuedCharacters -= entry.json().length();
                lostBefore = lost;
                lost = 0;
            }
            if (lostBefore > 0) {
                to.lost(lostBefore);
            }
            to.document(entry.direction(), entry.at(), entry.json());
        }
    }
}
