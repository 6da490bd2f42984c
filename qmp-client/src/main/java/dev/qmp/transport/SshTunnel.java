package dev.qmp.transport;

import dev.qmp.error.ConnectFailedException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One running ssh with its private folder: the socket that it forwards, and what it says on its stderr. Everything is gone
 * when it has ended, and it is ended with the process at the latest, unless that is killed. Thread-safe.
 */
final class SshTunnel {

    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final String OPEN = "open confirm";
    private static final int SIGKILLED = 128 + 9;
    /** As much of ssh's stderr as is looked at; a server's banner may come before what matters. */
    private static final int MOST_SAID = 64 * 1024;

    private static final Set<SshTunnel> RUNNING = ConcurrentHashMap.newKeySet();
    private static final AtomicBoolean HOOKED = new AtomicBoolean();
    private static volatile boolean exiting;

    /** What OpenSSH (8.4 on) runs in place of a question at the terminal, and what says no to all. */
    private static final String SAYS_NO = "/usr/bin/false";

    private final Path folder;
    private final boolean recent;
    private final Process process;
    private final CompletableFuture<Void> gone;
    private volatile @Nullable String lastSaid;
    private volatile boolean forced;
    private @Nullable Thread ender;

    private SshTunnel(Path folder, boolean recent, Process process) {
        this.folder = folder;
        this.recent = recent;
        this.process = process;
        RUNNING.add(this);
        this.gone = process.onExit().thenAccept(ended -> cleanUp());
    }

    /** Starts ssh; blocks for as long as that takes, and not for the connection. */
    static SshTunnel start(QmpAddress.Ssh address, SshOptions options, boolean recent) {
        Path folder = null;
        try {
            if (HOOKED.compareAndSet(false, true)) {
                Runtime.getRuntime().addShutdownHook(new Thread(SshTunnel::endAll, "qmp-ssh-exit"));
            }
            folder = Files.createTempDirectory(
                    "qmp-ssh-", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Path said = Files.createFile(folder.resolve("said"));
            ProcessBuilder program =
                    new ProcessBuilder(SshCommand.words(address, options, folder.resolve("s"), recent));
            // BatchMode is ours alone: the ssh that ours runs to a ProxyJump would ask at the terminal.
            program.environment().put("SSH_ASKPASS", SAYS_NO);
            program.environment().put("SSH_ASKPASS_REQUIRE", "force");
            program.redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(said.toFile());
            synchronized (HOOKED) { // endAll must not come between a process and its tunnel
                if (exiting) {
                    throw new IOException("this process is ending");
                }
                return new SshTunnel(folder, recent, program.start());
            }
        } catch (IOException e) {
            if (folder != null) {
                delete(folder);
            }
            throw SshFailures.cannotRun(address, options.program(), e);
        }
    }

    private static void endAll() {
        List<SshTunnel> running;
        synchronized (HOOKED) {
            exiting = true;
            running = List.copyOf(RUNNING);
        }
        running.forEach(SshTunnel::end);
        running.forEach(SshTunnel::awaitEnd);
    }

    Path socket() {
        return folder.resolve("s");
    }

    /** Whether it listens: it does so once it is let in on the other host. */
    boolean listens() {
        return Files.exists(socket());
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Whether it was started so that it tells when the far end is open; an old ssh knows no such option. */
    boolean tellsOpen() {
        return recent;
    }

    boolean isOpen() {
        return said().contains(OPEN);
    }

    /** What it has said since the far end is open; of one that does not tell, all but the first so many characters. */
    String saidSinceOpen(int before) {
        String said = said();
        int open = said.indexOf(OPEN);
        if (open < 0) {
            return said.substring(Math.min(before, said.length()));
        }
        int lineEnd = said.indexOf('\n', open);
        return lineEnd < 0 ? "" : said.substring(lineEnd);
    }

    /** Why there will be no socket of ours, though it runs. */
    Optional<ConnectFailedException> cannotListen(QmpAddress.Ssh address) {
        return SshFailures.cannotListen(address, socket().toString(), said());
    }

    /** Whether it refused to run because it is too old for the options that it was given. */
    boolean isTooOld() {
        String said = said();
        return recent
                && (said.contains("Bad configuration option: logverbose")
                        || said.contains("Bad configuration option: forkafterauthentication"));
    }

    /** What it has said so far, bounded; what it had said at its end once it has ended. */
    String said() {
        String kept = lastSaid;
        return kept == null ? read() : kept;
    }

    private String read() {
        try (RandomAccessFile file = new RandomAccessFile(folder.resolve("said").toFile(), "r")) {
            long length = file.length();
            byte[] bytes = new byte[(int) Math.min(length, MOST_SAID)];
            file.seek(length - bytes.length);
            file.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            String kept = lastSaid;
            return kept == null ? "" : kept;
        }
    }

    /** Why it has ended or cannot go on; for one that is alive, what it has said until now. */
    ConnectFailedException failure(QmpAddress.Ssh address) {
        return SshFailures.of(address, said(), process.isAlive() ? 0 : process.exitValue());
    }

    /** Whether somebody else killed it, who left it no time for a word. */
    boolean wasKilled() {
        return !process.isAlive() && process.exitValue() == SIGKILLED && !forced;
    }

    /** Completes when it has ended and its folder is deleted; on any thread. */
    CompletableFuture<Void> gone() {
        return gone;
    }

    /** Ends it, by force after a moment; never blocks. What it returns is {@link #gone}. */
    synchronized CompletableFuture<Void> end() {
        if (ender == null) {
            ender = new Thread(this::endNow, "qmp-ssh-end"); // no loop's: the last loop may end before it
            ender.setDaemon(true);
            ender.start();
        }
        return gone;
    }

    private void endNow() {
        // Where the program is a script, ssh itself is its child, and would live on.
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy(); // in order: it has helpers of its own, such as a ProxyCommand, and ends them
        try {
            if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                forced = true;
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
        }
        children.forEach(ProcessHandle::destroy);
    }

    private void awaitEnd() {
        Thread ending;
        synchronized (this) {
            ending = ender;
        }
        try {
            if (ending != null) {
                ending.join(2 * PATIENCE.toMillis());
            }
            gone.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            delete(folder); // we end, whatever it does
        }
    }

    private void cleanUp() {
        lastSaid = read();
        RUNNING.remove(this);
        delete(folder);
    }

    private static void delete(Path folder) {
        for (String name : new String[] {"s", "said", ""}) {
            try {
                Files.deleteIfExists(folder.resolve(name));
            } catch (IOException e) {
                // a folder that cannot be deleted is a temporary one, and no reason to fail
            }
        }
    }
}
