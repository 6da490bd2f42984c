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
    private @Nullable Runnable afterLast;

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

    /** Runs {@code action} on the calling thread or, where documents are still being delivered, after the last of them. */
    void afterLast(Runnable action) {
        synchronized (queue) {
            if (delivering) {
                afterLast = action;
                return;
            }
        }
        action.run();
    }

    private void run(TrafficListener to) {
        while (true) {
            Entry entry;
            long lostBefore;
            Runnable last = null;
            synchronized (queue) {
                entry = queue.poll();
                if (entry == null) {
                    delivering = false;
                    last = afterLast;
                    afterLast = null;
                }
                queuedCharacters -= entry == null ? 0 : entry.json().length();
                lostBefore = lost;
                lost = 0;
            }
            if (entry == null) {
                if (last != null) {
                    last.run();
                }
                return;
            }
            if (lostBefore > 0) {
                to.lost(lostBefore);
            }
            to.document(entry.direction(), entry.at(), entry.json());
        }
    }
}
