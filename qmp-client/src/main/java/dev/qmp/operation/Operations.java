package dev.qmp.operation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.QmpClient;
import dev.qmp.block.BlockGraph;
import dev.qmp.block.BlockOperations;
import dev.qmp.error.UnsafeOperationException;
import dev.qmp.operation.OperationResult.End;
import dev.qmp.plan.DiskChange;
import dev.qmp.plan.Plan;
import dev.qmp.plan.Step;
import dev.qmp.plan.Undo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * The operations on one guest's disks: one at a time, each with a journal. Thread-safe; each operation has a thread of its
 * own, on which its listener is called.
 *
 * <p>Calls throw {@link UnsafeOperationException} before anything is sent: {@code guest-locked} while another client works on
 * the guest, {@code operation-open} where an earlier operation on one of the disks was neither finished nor undone,
 * {@code journal} where none can be written.
 */
public final class Operations {

    private final QmpClient client;
    private final Path folder;
    private final BlockOperations block;
    private final Runnable written;

    /**
     * Operations on the guest behind a client.
     *
     * @param folder where this guest's journals and its lock are, and no other guest's; made where it is missing
     */
    public Operations(QmpClient client, Path folder) {
        this(client, folder, () -> {});
    }

    /** @param written is told after each line of a journal; what it throws ends the thread as a crash would */
    Operations(QmpClient client, Path folder, Runnable written) {
        this.written = written;
        this.client = client;
        this.folder = folder;
        this.block = new BlockOperations(client);
    }

    /**
     * The operations that were begun and have not ended, the oldest first; those of which a client is alive are among them.
     *
     * @throws IOException where a journal cannot be read
     */
    public static List<OpenOperation> open(Path folder) throws IOException {
        return JournalReader.readAll(folder);
    }

    /**
     * Those of this guest: {@link #open(Path)} of its folder.
     *
     * @throws IOException where a journal cannot be read
     */
    public List<OpenOperation> open() throws IOException {
        return open(folder);
    }

    /**
     * Carries a plan out.
     *
     * @param attachment what the caller wants to find again if a crash comes in between
     * @param leave whether to leave, the operation being open, as soon as the disks' jobs run
     */
    public RunningOperation start(Plan plan, ObjectNode attachment, boolean leave, OperationListener listener) {
        return locked(plan.operation() + " of " + plan.subject(), lock -> {
            List<OpenOperation> open = open(folder);
            refuseIfOpen(plan, open);
            String id = freeId(plan, open);
            Journal journal = Journal.create(folder, id, plan, QemuIdentity.of(client.peer()), attachment, written);
            Extras extras = new Extras(client, journal, List.of());
            Run run = run(journal, id, plan, listener, extras);
            return new OperationThread(id, lock, journal, extras, () -> run.forward(0, false, leave));
        });
    }

    /**
     * Finishes an operation that a crash cut in half: what shows in the running QEMU as done is not done again.
     *
     * @throws UnsafeOperationException also {@code operation-unknown}, {@code operation-undoing}; the result fails with
     *     {@code qemu-restarted} where QEMU was started again since and the operation has to be begun anew, and with
     *     {@code overtaken} where it was started with a file that the guest had left behind
     */
    public RunningOperation resume(String id, OperationListener listener) {
        return locked("resume of " + id, lock -> {
            OpenOperation open = find(id);
            if (open.undoing()) {
                throw new UnsafeOperationException(
                        "operation-undoing", "the operation " + id + " is half undone", "undo it");
            }
            Journal journal = Journal.reopen(folder, id, written);
            Extras extras = new Extras(client, journal, sameQemu(open) ? open.extras() : List.of());
            Run run = run(journal, id, open.plan(), listener, extras);
            return new OperationThread(id, lock, journal, extras, () -> resume(open, run));
        });
    }

    private OperationResult resume(OpenOperation open, Run run) throws IOException, InterruptedException {
        if (sameQemu(open)) {
            return run.forward(open.done(), true, false);
        }
        BlockGraph graph = run.live().graph();
        Standing standing = Standing.afterRestart(open, graph);
        if (standing.situation() != Standing.Situation.CHANGED) {
            throw new UnsafeOperationException(
                    standing.situation() == Standing.Situation.OVERTAKEN ? "overtaken" : "qemu-restarted",
                    standing.text(),
                    standing.advice());
        }
        return run.forward(files(open.plan()), true, false);
    }

    /** The first step after those that need the QEMU that the operation was begun on. */
    private static int files(Plan plan) {
        for (int i = 0; i < plan.steps().size(); i++) {
            if (plan.steps().get(i) instanceof Step.Verify) {
                return i;
            }
        }
        return plan.steps().size();
    }

    /**
     * Takes an operation back that a crash cut in half.
     *
     * @throws UnsafeOperationException as {@link #resume}; the result fails with {@code not-undoable} where it has gone so far
     *     that it can only be finished
     */
    public RunningOperation undo(String id, OperationListener listener) {
        return locked("undo of " + id, lock -> {
            OpenOperation open = find(id);
            Journal journal = Journal.reopen(folder, id, written);
            Extras extras = new Extras(client, journal, sameQemu(open) ? open.extras() : List.of());
            Run run = run(journal, id, open.plan(), listener, extras);
            return new OperationThread(id, lock, journal, extras, () -> undo(open, run, listener));
        });
    }

    private OperationResult undo(OpenOperation open, Run run, OperationListener listener)
            throws IOException, InterruptedException {
        if (sameQemu(open)) {
            if (!run.undoable(open.begun())) {
                throw new UnsafeOperationException(
                        "not-undoable",
                        "the operation " + open.id() + " has changed the chain already: "
                                + LiveState.text(run.live().graph(), open.plan().disks()),
                        "resume it: what is left to do is to tidy up");
            }
            List<String> troubles = run.back(open.begun());
            if (!troubles.isEmpty()) {
                throw new UnsafeOperationException(
                        "undo-incomplete",
                        "not all of " + open.id() + " could be taken back: " + String.join("; ", troubles),
                        "remove what is in the way and undo it again");
            }
            return run.finished(End.UNDONE);
        }
        BlockGraph graph = run.live().graph();
        Standing standing = Standing.afterRestart(open, graph);
        if (standing.situation() == Standing.Situation.CHANGED) {
            throw new UnsafeOperationException("not-undoable", standing.text(), standing.advice());
        }
        if (standing.situation() == Standing.Situation.OVERTAKEN) {
            listener.note(standing.text());
        }
        run.removeMade(open.begun(), open.writtenLast());
        return run.finished(End.UNDONE);
    }

    /** How an open operation stands: what the live graph and the jobs show, and what to do. Blocks on no reply. */
    public CompletableFuture<Standing> standing(OpenOperation open) {
        return block.graph()
                .thenApply(graph -> sameQemu(open) ? Standing.live(open, graph) : Standing.afterRestart(open, graph));
    }

    private boolean sameQemu(OpenOperation open) {
        return open.qemu().equals(QemuIdentity.of(client.peer()));
    }

    private Run run(Journal journal, String id, Plan plan, OperationListener listener, Extras extras) {
        return new Run(client, file -> Blocking.await(block.removeUnused(file)), journal, id, plan, listener, extras);
    }

    private OpenOperation find(String id) throws IOException {
        List<OpenOperation> open = open(folder);
        return open.stream()
                .filter(o -> o.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new UnsafeOperationException(
                        "operation-unknown",
                        "no unfinished operation is called " + id,
                        open.isEmpty()
                                ? "this guest has none"
                                : "there are "
                                        + String.join(
                                                ", ",
                                                open.stream()
                                                        .map(OpenOperation::id)
                                                        .toList())));
    }

    private static void refuseIfOpen(Plan plan, List<OpenOperation> open) {
        for (OpenOperation other : open) {
            Optional<String> common = plan.disks().stream()
                    .map(DiskChange::disk)
                    .filter(disk ->
                            other.plan().disks().stream().anyMatch(d -> d.disk().equals(disk)))
                    .findFirst();
            if (common.isPresent()) {
                throw new UnsafeOperationException(
                        "operation-open",
                        "the operation " + other.id() + " on the disk " + common.get() + ", begun at " + other.since()
                                + ", has neither ended nor was it undone",
                        "resume it or undo it first");
            }
        }
    }

    private static String freeId(Plan plan, List<OpenOperation> open) {
        int number = 1;
        while (taken(plan.operation() + "-" + number, open)) {
            number++;
        }
        return plan.operation() + "-" + number;
    }

    private static boolean taken(String id, List<OpenOperation> open) {
        return open.stream().anyMatch(o -> o.id().equals(id));
    }

    /** What is done under the guest's lock, which passes to the thread that is made. */
    @FunctionalInterface
    private interface Begin {
        OperationThread with(OperationLock lock) throws IOException;
    }

    private RunningOperation locked(String what, Begin begin) {
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            OperationLock lock = OperationLock.take(folder, what);
            try {
                return begin.with(lock).go();
            } catch (IOException | RuntimeException | Error e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UnsafeOperationException(
                    "journal",
                    "no journal can be kept in " + folder + ": " + e,
                    "make the folder writable: without a journal nobody could tell after a crash what was done");
        }
    }

    /** For plans whose undoing is only files: which a step has made. */
    static List<String> made(Step step) {
        List<Undo> undo = step instanceof Step.Send send
                ? send.undo()
                : step instanceof Step.StartJob start ? start.undo() : List.of();
        return undo.stream()
                .flatMap(u -> u instanceof Undo.Remove made ? Stream.of(made.file()) : Stream.empty())
                .toList();
    }
}
