package dev.qmp.job;

import dev.qmp.session.Mailbox;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The progress listeners of a job, and when to ask QEMU on their behalf: at intervals that grow, while there are any.
 * Listeners may come and go on any thread; the questions are confined to the mailbox.
 */
final class Progress {

    private static final Duration SHORTEST = Duration.ofMillis(250);
    private static final Duration LONGEST = Duration.ofSeconds(2);

    private final List<Feed> feeds = new CopyOnWriteArrayList<>();
    private final Executor callbacks;
    private final Delayer delayer;
    private final Mailbox mailbox;
    private Duration interval = SHORTEST;
    private boolean due;

    Progress(Executor callbacks, Delayer delayer, Mailbox mailbox) {
        this.callbacks = callbacks;
        this.delayer = delayer;
        this.mailbox = mailbox;
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

    /** Has {@code question} run after the present interval, if anybody listens then; one at a time. */
    void askLater(Runnable question) {
        if (due || !watched()) {
            return;
        }
        due = true;
        Duration delay = interval;
        Duration longer = interval.multipliedBy(3).dividedBy(2);
        interval = longer.compareTo(LONGEST) > 0 ? LONGEST : longer;
        delayer.after(
                () -> mailbox.post(() -> {
                    due = false;
                    if (watched()) {
                        question.run();
                    }
                }),
                delay);
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
