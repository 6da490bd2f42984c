package dev.qmp.transport;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The event loops that links are opened on. Each is a daemon thread, started with its first link and ended a second after
 * its last. Thread-safe.
 */
public final class LinkLoops implements AutoCloseable {

    private static final LinkLoops SHARED = new LinkLoops("qmp", 1);

    private final String name;
    private final int loops;
    private final Map<LoopPool, LoopPool> pools = new ConcurrentHashMap<>();
    private volatile boolean closed;

    private LinkLoops(String name, int loops) {
        this.name = name;
        this.loops = loops;
    }

    /** One loop for each {@link TransportKind}, for everybody in this process: {@code qmp-io-epoll}, {@code qmp-io-nio}. */
    public static LinkLoops shared() {
        return SHARED;
    }

    /**
     * Loops of one's own, up to {@code loops} of each kind that is used, over which links are spread.
     *
     * @param name what the threads' names begin with
     */
    public static LinkLoops of(String name, int loops) {
        if (loops < 1) {
            throw new IllegalArgumentException("links need at least one loop: " + loops);
        }
        return new LinkLoops(Objects.requireNonNull(name), loops);
    }

    /** The pool to use in the place of the one that is shared by all. */
    LoopPool instead(LoopPool shared) {
        if (this == SHARED) {
            return shared;
        }
        LoopPool own = pools.computeIfAbsent(shared, kind -> kind.like(name, loops));
        if (closed) {
            own.close();
        }
        return own;
    }

    /**
     * Opens no further link, ends each loop with its last link, and waits, 5 s for each at most, for the threads. It does not
     * close links, and on a loop of its own it does not wait.
     *
     * @throws IllegalStateException for those that are shared: they are everybody's
     */
    @Override
    public void close() {
        if (this == SHARED) {
            throw new IllegalStateException("the shared loops belong to everybody in this process");
        }
        closed = true;
        List<LoopPool> all = List.copyOf(pools.values());
        all.forEach(LoopPool::close);
        all.forEach(LoopPool::awaitEnded);
    }
}
