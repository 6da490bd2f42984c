package dev.qmp.session;

import dev.qmp.transport.LinkLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A loop that a test turns by hand, with a clock of its own: nothing happens but by {@link #run} and {@link #advance}. */
final class ManualLoop implements LinkLoop {

    private record Scheduled(Runnable action, Duration at) {}

    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final List<Scheduled> timers = new ArrayList<>();
    private Duration now = Duration.ZERO;

    @Override
    public boolean inLoop() {
        return true;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public Timer schedule(Runnable action, Duration delay) {
        Scheduled timer = new Scheduled(action, now.plus(delay));
        timers.add(timer);
        return () -> timers.remove(timer);
    }

    int timers() {
        return timers.size();
    }

    void run() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    void advance(Duration time) {
        now = now.plus(time);
        run();
        timers.stream()
                .filter(t -> t.at().compareTo(now) <= 0)
                .sorted(Comparator.comparing(Scheduled::at))
                .toList()
                .forEach(t -> {
                    if (timers.remove(t)) {
                        t.action().run();
                    }
                });
        run();
    }
}
