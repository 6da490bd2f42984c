package dev.qmp.block;

import dev.qmp.QmpClient;
import dev.qmp.error.JobFailedException;
import dev.qmp.error.OutcomeUnknownException;
import dev.qmp.error.OutcomeUnknownException.Reason;
import dev.qmp.error.UnsafeOperationException;
import dev.qmp.job.JobInfo;
import dev.qmp.job.Jobs;
import dev.qmp.qapi.BlockStream;
import dev.qmp.qapi.QueryStatus;
import dev.qmp.qapi.RunState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * What can be done to the disks of a running guest. Each operation comes in two steps, a plan and its run, so that the plan
 * can be shown first. Nothing here blocks; futures complete on the client's callback executor.
 *
 * <p>Plans fail with {@link dev.qmp.error.UnsafeOperationException} where a check refuses, before anything that changes the
 * guest was sent. Thread-safe.
 */
public final class BlockOperations {

    private final QmpClient client;
    private final Jobs jobs;
    private final BlockGraphReader reader;
    private final QemuFiles files;
    private final Refusals refusals;
    private final Optional<QemuProcess> process;

    public BlockOperations(QmpClient client) {
        this.client = client;
        this.jobs = new Jobs(client);
        this.process = QemuProcess.of(client.peer());
        this.reader = new BlockGraphReader(
                client, jobs, name -> process.map(p -> p.absolute(name)).orElse(name));
        this.files = process.<QemuFiles>map(LocalFiles::new).orElseGet(() -> new ProbedFiles(client));
        this.refusals = new Refusals(process.orElse(null));
    }

    /** Reads the graph: disks, chains, nodes, and the jobs that work on them. */
    public CompletableFuture<BlockGraph> graph() {
        return reader.read();
    }

    /** Checks a snapshot and computes what would be sent for it. */
    public CompletableFuture<SnapshotPlan> plan(SnapshotRequest request) {
        OverlayChecks checks = new OverlayChecks(files, new ImageProbe(client));
        return graph().thenCompose(graph -> {
            SnapshotPlan plan = new SnapshotPlanner(graph, files).plan(request);
            CompletableFuture<?> all = CompletableFuture.completedFuture(null);
            for (SnapshotPlan.Entry entry : plan.disks()) {
                all = all.thenCompose(done -> checks.check(entry, request.existing()));
            }
            return all.thenApply(done -> plan);
        });
    }

    /**
     * Takes a planned snapshot: of all its disks at one moment, or of none ("Live Block Operations",
     * {@code blockdev-snapshot-sync}; {@code transaction}). Overlays that a refused attempt has left behind are removed.
     *
     * <p>Fails with {@link dev.qmp.error.CommandFailedException} in QEMU's words where it refused; the guest's disks are then
     * as before.
     */
    public CompletableFuture<SnapshotResult> run(SnapshotPlan plan) {
        return new SnapshotRun(client, reader, files, refusals).run(plan);
    }

    /**
     * Removes an image of this QEMU's host if it is proved that nothing uses it. Completes with the reason where it stays,
     * empty where it is gone.
     */
    public CompletableFuture<Optional<String>> removeUnused(String file) {
        return graph().thenApply(graph -> new UnusedImage(process, graph).remove(file));
    }

    /**
     * The qcow2 overlays that lie in the same folders as these images and whose headers name one of them as backing file:
     * each with the image that it stands on. Looks at files of this host, on the caller's thread; nothing is found where QEMU
     * runs elsewhere.
     */
    public Map<String, String> overlaysBeside(Collection<String> images) {
        return new ImageUsers(process).overlays(images);
    }

    /** Checks a pull and computes what would be sent for it. */
    public CompletableFuture<PullPlan> plan(PullRequest request) {
        return graph().thenApply(graph -> new PullPlanner(graph).plan(request));
    }

    /** Starts a planned pull ({@code block-stream}); completes when QEMU has accepted it. */
    public CompletableFuture<RunningPull> start(PullPlan plan) {
        CompletableFuture<?> ready =
                plan.staleJob() == null ? CompletableFuture.completedFuture(null) : jobs.dismiss(plan.staleJob());
        return ready.thenCompose(done -> jobs.start(plan.command()))
                .thenApply(job -> new RunningPull(
                        plan,
                        job,
                        job.done()
                                .handle((info, failure) -> {
                                    if (failure != null) {
                                        throw explained(plan, BlockGraphReader.unwrap(failure));
                                    }
                                    return info;
                                })
                                .thenCompose(info -> verified(plan, info))));
    }

    /** Checks a commit and computes its steps. */
    public CompletableFuture<CommitPlan> plan(CommitRequest request) {
        return graph().thenApply(graph -> new CommitPlanner(graph, new ImageUsers(process)).plan(request));
    }

    /**
     * Checks a deletion and computes its steps.
     *
     * @param subject what is deleted, for people
     */
    public CompletableFuture<DeletePlan> plan(DeleteRequest request, String subject) {
        return graph().thenApply(graph -> new DeletePlanner(graph, new ImageUsers(process)).plan(request, subject));
    }

    /**
     * Checks a copy and computes its steps. An NBD server that does not answer keeps QEMU's monitor busy for as long as it
     * takes.
     */
    public CompletableFuture<CopyPlan> plan(CopyRequest request) {
        CopyChecks checks = new CopyChecks(files, new ImageProbe(client));
        return graph().thenCompose(graph -> {
            CopyDraft draft = new CopyPlanner(graph, files).draft(request);
            return checks.check(draft)
                    .thenCompose(found -> CopySource.of(client, graph, draft.active())
                            .thenApply(source -> copyPlan(draft, found, source)));
        });
    }

    private static CopyPlan copyPlan(CopyDraft draft, CopyChecks.Found found, CopySource source) {
        List<String> notes = new ArrayList<>(found.notes());
        notes.addAll(source.notes(draft.request().ending()));
        return new CopyPlan(
                draft.disk(),
                draft.destination().file(),
                draft.format(),
                draft.request().ending(),
                draft.jobId(),
                notes,
                new CopySteps(draft, found.larger(), source.direct()).plan());
    }

    /**
     * Closes the nodes of copies of a disk that {@link #plan(CopyRequest)} has had added, and that nothing uses any more: a
     * mirror that was left to itself does not take them along when it ends. Completes with their names.
     */
    public CompletableFuture<List<NodeName>> closeCopies(Disk disk) {
        return graph().thenCompose(graph -> new CopyNodes(client, graph).close(disk));
    }

    /** Checks a revert and computes its steps. */
    public CompletableFuture<RevertPlan> plan(RevertRequest request) {
        return graph().thenCompose(graph -> client.execute(new QueryStatus()).thenCompose(status -> {
            checkSettled(status.status());
            List<RevertDraft> drafts = new RevertPlanner(graph, files).drafts(request);
            RevertChecks checks = new RevertChecks(request, graph, files, client);
            RevertSteps steps = new RevertSteps(request, graph, status.running());
            CompletableFuture<?> all = CompletableFuture.completedFuture(null);
            for (RevertDraft draft : drafts) {
                all = all.thenCompose(done -> checks.check(draft)).thenAccept(found -> steps.disk(draft, found));
            }
            return all.thenApply(done -> steps.plan());
        }));
    }

    /** While a guest moves from or to another QEMU, its disks are not this one's alone. */
    private static void checkSettled(RunState state) {
        if (Set.of(
                        RunState.INMIGRATE,
                        RunState.POSTMIGRATE,
                        RunState.FINISH_MIGRATE,
                        RunState.SAVE_VM,
                        RunState.RESTORE_VM)
                .contains(state)) {
            throw new UnsafeOperationException(
                    "guest-migrating",
                    "the guest is on its way from or to another QEMU: its state is " + state.value(),
                    "wait until it has arrived");
        }
    }

    private CompletionException explained(PullPlan plan, Throwable failure) {
        if (failure instanceof JobFailedException failed && failed.hint().isEmpty()) {
            String chain = "the chain is as before: " + plan.disk().chainText();
            return new CompletionException(new JobFailedException(
                    failed.jobId(),
                    BlockStream.NAME,
                    failed.error(),
                    failed.cancelled(),
                    refusals.advice(failed.error(), plan.expectedChain().get(0))
                            .map(advice -> chain + "; " + advice)
                            .orElse(chain)));
        }
        return new CompletionException(failure);
    }

    private CompletableFuture<PullResult> verified(PullPlan plan, JobInfo info) {
        return graph().thenApply(graph -> {
            Disk now = graph.same(plan.disk()).orElse(null);
            List<String> chain = now == null
                    ? List.of()
                    : now.layers().stream().map(Layer::file).toList();
            if (now == null || !chain.equals(plan.expectedChain())) {
                throw new OutcomeUnknownException(
                        BlockStream.NAME,
                        Reason.GRAPH_DIFFERS,
                        "the job ended without an error, but the chain is "
                                + (now == null ? "gone with its disk" : now.chainText()),
                        null);
            }
            return new PullResult(plan, info, now);
        });
    }
}
