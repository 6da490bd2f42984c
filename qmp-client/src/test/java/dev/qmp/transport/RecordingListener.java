package dev.qmp.transport;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Keeps what a link says, and on which thread it says it; a test waits for it with a deadline. */
class RecordingListener implements LinkListener {

    static final long PATIENCE_SECONDS = 20;

    /** The end of a link: a null cause cannot be told from "not yet" in a future of the cause itself. */
    record End(@Nullable Throwable cause) {}

    final List<String> calls = new CopyOnWriteArrayList<>();
    final List<String> offTheLoop = new CopyOnWriteArrayList<>();
    final CompletableFuture<End> ended = new CompletableFuture<>();
    final CountDownLatch openedLatch = new CountDownLatch(1);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition grown = lock.newCondition();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private volatile @Nullable Link link;

    @Override
    public void opened(Link opened) {
        link = opened;
        note("opened");
        openedLatch.countDown();
    }

    @Override
    public void received(byte[] array, int offset, int length) {
        note("received");
        lock.lock();
        try {
            bytes.write(array, offset, length);
            grown.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void closed(@Nullable Throwable cause) {
        note("closed");
        ended.complete(new End(cause));
    }

    private void note(String call) {
        Link known = link;
        if (known == null || !known.loop().inLoop()) {
            offTheLoop.add(call + " on " + Thread.currentThread().getName());
        }
        if (!call.equals("received") || !calls.contains("received")) {
            calls.add(call);
        }
    }

    End awaitEnd() throws Exception {
        return ended.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    byte[] await(Predicate<byte[]> enough) throws InterruptedException {
        long left = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        lock.lock();
        try {
            while (!enough.test(bytes.toByteArray())) {
                if (left <= 0) {
                    throw new AssertionError("only " + bytes.size() + " bytes came");
                }
                left = grown.awaitNanos(left);
            }
            return bytes.toByteArray();
        } finally {
            lock.unlock();
        }
    }

    byte[] awaitCount(int count) throws InterruptedException {
        long left = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        lock.lock();
        try {
            while (bytes.size() < count) {
                if (left <= 0) {
                    throw new AssertionError("only " + bytes.size() + " of " + count + " bytes came");
                }
                left = grown.awaitNanos(left);
            }
            return bytes.toByteArray();
        } finally {
            lock.unlock();
        }
    }

    String text() {
        lock.lock();
        try {
            return bytes.toString(StandardCharsets.UTF_8);
        } finally {
            lock.unlock();
        }
    }
}
