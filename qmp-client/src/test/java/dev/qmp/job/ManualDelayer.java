package dev.qmp.job;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Time that passes when a test says so. */
final class ManualDelayer implements Delayer {

    private record Due(Runnable task, Duration at) {}

    private final List<Due> due = new ArrayList<>();
    private final List<Duration> asked = new ArrayList<>();
    private Duration now = Duration.ZERO;

    @Override
    public void after(Runnable task, Duration delay) {
        asked.add(delay);
        due.add(new Due(task, now.plus(delay)));
    }

    /** The delays that were asked for, in order. */
    List<Duration> asked() {
        return List.copyOf(asked);
    }

    void advance(Duration time) {
        now = now.plus(time);
        for (Due next : List.copyOf(due)) {
            if (next.at().compareTo(now) <= 0) {
                due.remove(next);
                next.task().run();
            }
        }
    }

    /** Lets the one delay that is waited for pass, whatever it is. */
    void next() {
        Due only = due.remove(0);
        now = only.at();
        only.task().run();
    }
}
