package dev.qmp.job;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The progress listeners of a job, and how often to ask QEMU on their behalf. Thread-safe but for the interval. */
final class Progress {

    private static final Duration SHORTEST = Duration.ofMillis(250);
    private static final Duration LONGEST = Duration.ofSeconds(2);

    private final List<Feed> feeds = new CopyOnWriteArrayList<>();
    private final Executor callbacks;
    private Duration interval = SHORTEST;

    Progress(Executor callbacks) {
        this.callbacks = callbacks;
    }

    boolean watched() {
        return !feeds.isEmpty();
    }

    ProgressSubscription add(Consumer<JobInfo> listener) {
        Feed feed = new Feed(listener);
        feeds.add(feed);
        return feed;
    }

    void publish(JobInfo info) {
        feeds.forEach(feed -> feed.offer(info));
    }

    void restartInterval() {
        interval = SHORTEST;
    }

    /** How long to wait before the next question; each answer is longer than the one before, up to a limit. */
    Duration nextInterval() {
        Duration next = interval;
        Duration longer = interval.multipliedBy(3).dividedBy(2);
        interval = longer.compareTo(LONGEST) > 0 ? LONGEST : longer;
        return next;
    }

    /** Hands one listener the newest value whenever it is free. */
    private final class Feed implements ProgressSubscription {

        private final Consumer<JobInfo> listener;
        private @Nullable JobInfo last;
        private @Nullable JobInfo next;
        private boolean running;
        private boolean closed;

        Feed(Consumer<JobInfo> listener) {
            this.listener = listener;
        }

        void offer(JobInfo info) {
            synchronized (this) {
                if (closed || info.equals(last)) {
                    return;
                }
                last = info;
                next = info;
                if (running) {
                    return;
                }
                running = true;
            }
            Futures.callback(callbacks, this::run);
        }

        private void run() {
            for (JobInfo info = take(); info != null; info = take()) {
                try {
                    listener.accept(info);
                } catch (Throwable t) {
                    close();
                    throw t;
                }
            }
        }

        private synchronized @Nullable JobInfo take() {
            JobInfo info = next;
            next = null;
            running = info != null;
            return info;
        }

        @Override
        public void close() {
            feeds.remove(this);
            synchronized (this) {
                closed = true;
                next = null;
            }
        }
    }
}
