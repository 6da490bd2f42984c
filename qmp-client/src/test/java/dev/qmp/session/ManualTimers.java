package dev.qmp.session;

import dev.qmp.transport.LinkLoop.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A clock that a test turns by hand. What falls due runs on the test's thread; anybody may schedule. */
public final class ManualTimers implements Timers {

    private record Scheduled(Runnable action, Duration delay, Duration at) {}

    private final List<Scheduled> scheduled = new ArrayList<>();
    private Duration now = Duration.ZERO;

    @Override
    public synchronized Timer schedule(Runnable action, Duration delay) {
        Scheduled timer = new Scheduled(action, delay, now.plus(delay));
        scheduled.add(timer);
        return () -> {
            synchronized (this) {
                scheduled.remove(timer);
            }
        };
    }

    /** How far ahead each timer was set, in the order of falling due. */
    public synchronized List<Duration> delays() {
        return scheduled.stream()
                .sorted(Comparator.comparing(Scheduled::at))
                .map(Scheduled::delay)
                .toList();
    }

    /** Lets time pass, and runs what falls due meanwhile. */
    public void advance(Duration time) {
        Duration end = end(time);
        for (Optional<Scheduled> next = next(end); next.isPresent(); next = next(end)) {
            next.get().action().run();
        }
        synchronized (this) {
            now = end;
        }
    }

    private synchronized Duration end(Duration time) {
        return now.plus(time);
    }

    private synchronized Optional<Scheduled> next(Duration end) {
        Optional<Scheduled> next = scheduled.stream()
                .filter(timer -> timer.at().compareTo(end) <= 0)
                .min(Comparator.comparing(Scheduled::at));
        next.ifPresent(timer -> {
            scheduled.remove(timer);
            now = timer.at();
        });
        return next;
    }
}
