package dev.qmp.operation;

import dev.qmp.QmpClient;
import dev.qmp.block.BlockGraph;
import dev.qmp.block.BlockOperations;
import dev.qmp.error.CommandFailedException;
import dev.qmp.error.JobFailedException;
import dev.qmp.error.OutcomeUnknownException;
import dev.qmp.error.QmpException;
import dev.qmp.job.Job;
import dev.qmp.job.JobId;
import dev.qmp.job.JobInfo;
import dev.qmp.job.JobStatus;
import dev.qmp.job.Jobs;
import dev.qmp.operation.OperationResult.End;
import dev.qmp.plan.Effect;
import dev.qmp.plan.Plan;
import dev.qmp.plan.Step;
import dev.qmp.plan.Step.AwaitJob;
import dev.qmp.plan.Step.CloseNode;
import dev.qmp.plan.Step.EndJob;
import dev.qmp.plan.Step.RemoveFile;
import dev.qmp.plan.Step.Send;
import dev.qmp.plan.Step.StartJob;
import dev.qmp.plan.Undo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One operation on its way, on a thread of its own: forwards, or back. */
final class Run {

    private final QmpClient client;
    private final Jobs jobs;
    private final LiveState live;
    private final FileRemoval removal;
    private final Journal journal;
    private final String id;
    private final Plan plan;
    private final OperationListener listener;
    private final Extras extras;
    private final Map<JobId, Job> watched = new HashMap<>();
    private final Map<JobId, JobInfo> ended = new LinkedHashMap<>();
    private final List<String> removed = new ArrayList<>();
    private final Map<String, String> kept = new LinkedHashMap<>();

    Run(
            QmpClient client,
            FileRemoval removal,
            Journal journal,
            String id,
            Plan plan,
            OperationListener listener,
            Extras extras) {
        this.client = client;
        this.jobs = new Jobs(client);
        this.live = new LiveState(client, new BlockOperations(client), jobs);
        this.removal = removal;
        this.journal = journal;
        this.id = id;
        this.plan = plan;
        this.listener = listener;
        this.extras = extras;
    }

    LiveState live() {
        return live;
    }

    /**
     * Goes on from a step.
     *
     * @param resumed whether somebody was here before: each step is looked for before it is done
     * @param leave whether to leave when the disks' jobs run, instead of waiting for them
     */
    OperationResult forward(int from, boolean resumed, boolean leave) throws IOException, InterruptedException {
        int at = from;
        try {
            while (at < plan.steps().size()) {
                Step step = plan.steps().get(at);
                if (leave && step instanceof AwaitJob await && onDisk(await.job())) {
                    return result(End.LEFT_RUNNING);
                }
                journal.begun(at);
                listener.step(at, step);
                int back = resumed ? again(at, step) : first(step);
                if (back >= 0) {
                    at = back;
                    continue;
                }
                journal.done(at);
                at++;
            }
        } catch (CommandFailedException | JobFailedException refused) {
            throw refused(at, refused);
        } catch (OutcomeUnknownException unknown) {
            if (unknown.reason() != OutcomeUnknownException.Reason.GRAPH_DIFFERS) {
                throw unknown;
            }
            journal.failed(at, String.valueOf(unknown.getMessage()));
            throw unknown;
        }
        return finished(End.DONE);
    }

    /** Does a step; returns -1. */
    private int first(Step step) throws InterruptedException {
        if (step instanceof Send send) {
            Blocking.await(client.execute(send.line()));
        } else if (step instanceof StartJob start) {
            watch(Blocking.await(jobs.start(new RawJob(start))));
        } else if (step instanceof AwaitJob await) {
            reach(job(await.job()), await);
        } else if (step instanceof EndJob end) {
            end(job(end.job()), end);
        } else if (step instanceof RemoveFile remove) {
            remove(remove.file());
        } else if (step instanceof CloseNode close) {
            close(close);
        } else {
            verify();
        }
        return -1;
    }

    /**
     * Does a step of which nobody knows how far it got, by what shows of it. Returns the step to go back to, or -1 when it is
     * done.
     */
    private int again(int at, Step step) throws InterruptedException {
        if (step instanceof Send send) {
            return live.shows(send.effect(), plan.disks()) ? -1 : first(step);
        } else if (step instanceof StartJob start) {
            Optional<Job> there = find(start.job());
            there.ifPresent(this::watch);
            return there.isPresent() || effective(start) ? -1 : first(step);
        } else if (step instanceof AwaitJob || step instanceof EndJob) {
            JobId id = step instanceof AwaitJob await ? await.job() : ((EndJob) step).job();
            Optional<JobInfo> there = live.job(id);
            if (there.isPresent()) {
                return passed(step, there.get().status()) ? -1 : onward(step);
            }
            // The job is gone: what it was to do is done, or nobody did it and it has to be begun again.
            int start = startOf(id);
            return stopping(id, at) || effective((StartJob) plan.steps().get(start)) ? -1 : start;
        }
        return first(step);
    }

    /** Whether a job is beyond what a step would wait for, or ask of it: QEMU takes each verb in its own states alone. */
    private static boolean passed(Step step, JobStatus status) {
        boolean ending = status == JobStatus.WAITING || status == JobStatus.PENDING;
        boolean over = status == JobStatus.ABORTING || status == JobStatus.CONCLUDED || status == JobStatus.NULL;
        if (step instanceof AwaitJob await) {
            // One that has failed is read by the step that waits for its end.
            return switch (await.point()) {
                case READY -> ending || over;
                case PENDING -> over;
                case ENDED -> false;
            };
        }
        return ((EndJob) step).ending() == Step.Ending.FINALIZE ? over : ending || over;
    }

    /** A step on a job that is there; one that can be asked only of a READY or pending job waits for that first. */
    private int onward(Step step) throws InterruptedException {
        if (step instanceof EndJob end) {
            Job job = job(end.job());
            Blocking.await(end.ending() == Step.Ending.FINALIZE ? job.pending() : job.ready());
        }
        return first(step);
    }

    private Job watch(Job job) {
        watched.put(job.id(), job);
        listener.job(job);
        return job;
    }

    private Optional<Job> find(JobId id) throws InterruptedException {
        return live.job(id).isPresent() ? Optional.of(Blocking.await(jobs.adopt(id))) : Optional.empty();
    }

    private Job job(JobId id) throws InterruptedException {
        Job known = watched.get(id);
        return known != null ? known : watch(Blocking.await(jobs.adopt(id)));
    }

    /** Whether what a job was to do to its disk shows in the graph. */
    private boolean effective(StartJob start) throws InterruptedException {
        if (start.disk() == null) {
            return false;
        }
        BlockGraph graph = live.graph();
        return plan.disks().stream()
                .filter(disk -> disk.disk().equals(start.disk()))
                .anyMatch(disk -> !disk.before().equals(disk.after()) && LiveState.changed(graph, disk));
    }

    /** Whether a READY job was asked to end without changing its chain, so that its end shows nowhere. */
    private boolean stopping(JobId id, int at) {
        return plan.steps().subList(0, at + 1).stream()
                .anyMatch(
                        step -> step instanceof EndJob end && end.job().equals(id) && end.ending() == Step.Ending.STOP);
    }

    private int startOf(JobId id) {
        for (int i = 0; i < plan.steps().size(); i++) {
            if (plan.steps().get(i) instanceof StartJob start && start.job().equals(id)) {
                return i;
            }
        }
        throw new IllegalStateException("the plan waits for " + id + " and starts no such job");
    }

    private boolean onDisk(JobId id) {
        return ((StartJob) plan.steps().get(startOf(id))).disk() != null;
    }

    private void reach(Job job, AwaitJob await) throws InterruptedException {
        JobInfo info = Blocking.await(
                switch (await.point()) {
                    case READY -> job.ready();
                    case PENDING -> job.pending();
                    case ENDED -> job.done();
                });
        ended.put(job.id(), info);
    }

    private static void end(Job job, EndJob end) throws InterruptedException {
        Blocking.await(
                switch (end.ending()) {
                    case COMPLETE -> job.complete();
                    case FINALIZE -> job.finalizeJob();
                    case STOP -> job.stop();
                });
    }

    private void remove(String file) throws InterruptedException {
        Optional<String> reason = removal.remove(file);
        if (reason.isPresent()) {
            kept.put(file, reason.get());
            listener.note(file + " was kept: " + reason.get());
        } else {
            removed.add(file);
        }
    }

    private void close(CloseNode close) throws InterruptedException {
        if (live.shows(new Effect.NodeGone(close.node()), plan.disks())) {
            return;
        }
        try {
            Blocking.await(client.execute(close.command().orElseThrow()));
        } catch (CommandFailedException needed) {
            listener.note("the node " + close.node() + " stays open: " + needed.desc());
        }
    }

    private void verify() throws InterruptedException {
        BlockGraph graph = live.graph();
        if (!plan.disks().stream().allMatch(disk -> LiveState.changed(graph, disk))) {
            throw new OutcomeUnknownException(
                    plan.operation(),
                    OutcomeUnknownException.Reason.GRAPH_DIFFERS,
                    "QEMU reported no error, but " + LiveState.text(graph, plan.disks()),
                    null);
        }
    }

    /** What a refused step means: all is taken back, or nothing is and the operation is open. */
    private QmpException refused(int at, QmpException refused) throws IOException, InterruptedException {
        journal.failed(at, String.valueOf(refused.getMessage()));
        if (!undoable(at)) {
            return Hints.with(refused, "the operation " + id + " stands at this step, and can be resumed");
        }
        // A command that was refused did nothing itself: a node or a job of its name is somebody else's, and stays.
        Step step = plan.steps().get(at);
        boolean sent = step instanceof Send || step instanceof StartJob;
        List<String> troubles = back(sent ? at : at + 1);
        if (step instanceof Send) {
            // A transaction that is refused in the middle leaves the files of its first actions behind.
            for (String file : Operations.made(step)) {
                remove(file);
            }
        }
        if (!troubles.isEmpty()) {
            return Hints.with(refused, "not all of it could be taken back: " + String.join("; ", troubles));
        }
        finished(End.UNDONE);
        return Hints.with(refused, "all was taken back: " + LiveState.text(live.graph(), plan.disks()));
    }

    /** Whether all that was begun can be taken back; what has reached a chain for good cannot. */
    boolean undoable(int begun) throws InterruptedException {
        // The step that was refused, or not begun yet, is none of those that were done.
        if (plan.steps().subList(0, Math.min(begun, plan.steps().size())).stream()
                .anyMatch(step -> step instanceof Send send && send.effect() instanceof Effect.PointOfNoReturn)) {
            return false;
        }
        for (Step step :
                plan.steps().subList(0, Math.min(begun + 1, plan.steps().size()))) {
            if (step instanceof RemoveFile) {
                return false;
            }
            if (step instanceof EndJob end
                    && end.ending() == Step.Ending.FINALIZE
                    && onDisk(end.job())
                    && effective((StartJob) plan.steps().get(startOf(end.job())))) {
                return false;
            }
        }
        return true;
    }

    /** Takes the first steps back, the last one first. Returns what could not be. */
    List<String> back(int begun) throws IOException, InterruptedException {
        journal.undoing();
        List<String> troubles = new ArrayList<>();
        for (int i = Math.min(begun, plan.steps().size()) - 1; i >= 0; i--) {
            Step step = plan.steps().get(i);
            if (step instanceof StartJob start) {
                cancel(start.job(), troubles);
                undo(start.undo(), troubles);
            } else if (step instanceof Send send && !send.undo().isEmpty()) {
                if (send.effect() instanceof Effect.Repeatable || live.shows(send.effect(), plan.disks())) {
                    undo(send.undo(), troubles);
                } else {
                    // The command had no effect, but what it was given may be there: files that it made before it
                    // failed.
                    undo(
                            send.undo().stream()
                                    .filter(Undo.Remove.class::isInstance)
                                    .toList(),
                            troubles);
                }
            }
        }
        return troubles;
    }

    /**
     * Removes the files that the first steps have made; jobs and nodes went with the QEMU that had them.
     *
     * @param last files that the guest may have written to last, with whatever QEMU was started since; these stay
     */
    void removeMade(int begun, Set<String> last) throws IOException, InterruptedException {
        journal.undoing();
        for (int i = Math.min(begun, plan.steps().size()) - 1; i >= 0; i--) {
            for (String file : Operations.made(plan.steps().get(i))) {
                if (last.contains(file)) {
                    String reason = "the guest may have written to it last";
                    kept.put(file, reason);
                    listener.note(file + " was kept: " + reason);
                } else {
                    remove(file);
                }
            }
        }
    }

    private void undo(List<Undo> all, List<String> troubles) throws InterruptedException {
        for (Undo undo : all) {
            if (undo instanceof Undo.Command command) {
                send(command, troubles);
            } else if (undo instanceof Undo.Remove made) {
                remove(made.file());
            }
        }
    }

    private void send(Undo.Command command, List<String> troubles) throws InterruptedException {
        try {
            Blocking.await(client.execute(command.line()));
        } catch (CommandFailedException e) {
            troubles.add(String.valueOf(e.getMessage()));
        }
    }

    private void cancel(JobId id, List<String> troubles) throws InterruptedException {
        @Nullable Job job = watched.get(id);
        if (job == null || job.done().isDone()) {
            job = find(id).orElse(null);
        }
        if (job == null) {
            return;
        }
        try {
            Blocking.await(job.cancel());
            Blocking.await(job.done());
        } catch (JobFailedException cancelled) {
            listener.note("the job " + id + " was cancelled");
        } catch (CommandFailedException e) {
            troubles.add(String.valueOf(e.getMessage()));
        }
    }

    /** The operation is over: what was done besides is taken back, and the journal goes. */
    OperationResult finished(End end) throws IOException, InterruptedException {
        for (String trouble : extras.takeBack()) {
            listener.note(trouble);
        }
        OperationResult result = result(end);
        listener.ended(result);
        journal.remove();
        return result;
    }

    private OperationResult result(End end) throws InterruptedException {
        watched.forEach((job, watch) -> ended.putIfAbsent(job, watch.info()));
        return new OperationResult(id, plan, end, live.graph(), ended, removed, kept);
    }
}
