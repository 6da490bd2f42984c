package dev.qmp.job;

import dev.qmp.session.CallbackThreads;
import dev.qmp.session.TimerThread;
import java.time.Duration;

/** Runs something later. What runs checks itself whether it is still wanted. */
interface Delayer {

    Delayer SYSTEM = (task, delay) ->
            TimerThread.shared().schedule(() -> CallbackThreads.shared().execute(task), delay);

    void after(Runnable task, Duration delay);
}
