package dev.qmp.job;

import dev.qmp.QmpClient;
import dev.qmp.error.CommandFailedException;
import dev.qmp.error.QmpException;
import dev.qmp.qapi.RawCommand;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A job on a watch of its own: hands out its futures and sends its verbs. Its own state is confined to the mailbox. */
final class TrackedJob implements Job, JobWatch.Listener {

    /** What a verb asks for, where that matters later. */
    private enum Aim {
        COMPLETE,
        STOP,
        /** Another way to the end. */
        END,
        /** The job is to go on. */
        ELSE
    }

    private final JobId id;
    private final QmpClient client;
    private final Executor callbacks;
    private final JobQueries queries;
    private final JobVerbs verbs;
    private final Progress progress;
    private final Mailbox mailbox = new Mailbox(this::defect);
    private final JobWatch watch;
    private final CompletableFuture<JobInfo> done = new CompletableFuture<>();
    private final CompletableFuture<JobInfo> ready = new CompletableFuture<>();
    private final CompletableFuture<JobInfo> pending = new CompletableFuture<>();
    private volatile JobInfo info;
    private volatile @Nullable JobOutcome outcome;
    private JobOutcome intent = JobOutcome.COMPLETED;
    private boolean decided;
    private int verbsInFlight;
    private @Nullable Runnable ending;

    TrackedJob(JobId id, String type, QmpClient client, Executor callbacks, Delayer delayer) {
        this.id = id;
        this.client = client;
        this.callbacks = callbacks;
        this.queries = new JobQueries(client);
        this.verbs = new JobVerbs(client);
        this.progress = new Progress(callbacks);
        this.info = JobInfo.unseen(id, type);
        this.watch = new JobWatch(info, client, delayer, mailbox, progress, this);
    }

    CompletableFuture<Job> start(RawCommand command) {
        CompletableFuture<Job> started = new CompletableFuture<>();
        mailbox.post(() -> {
            watch.listen();
            client.execute(command)
                    .whenComplete((result, failure) -> mailbox.post(() -> {
                        if (failure != null) {
                            give(started, Futures.unwrap(failure));
                        } else {
                            give(started, watch::started);
                        }
                    }));
        });
        return started;
    }

    CompletableFuture<Job> adopt() {
        CompletableFuture<Job> adopted = new CompletableFuture<>();
        mailbox.post(() -> {
            watch.listen();
            queries.find(id)
                    .whenComplete((found, failure) -> mailbox.post(() -> {
                        if (failure != null) {
                            give(adopted, failure);
                        } else if (found.isEmpty()) {
                            give(adopted, JobVerbs.notFound("query-jobs", id));
                        } else {
                            give(adopted, () -> watch.adopted(found.get()));
                        }
                    }));
        });
        return adopted;
    }

    private void give(CompletableFuture<Job> caller, Throwable failure) {
        watch.abandon();
        Futures.callback(callbacks, () -> caller.completeExceptionally(failure));
    }

    private void give(CompletableFuture<Job> caller, Runnable begin) {
        if (caller.isDone()) {
            // The caller has cancelled. To dismiss a job whose ending nobody reads would lose it.
            watch.abandon();
            return;
        }
        begin.run();
        Futures.callback(callbacks, () -> caller.complete(this));
    }

    @Override
    public JobId id() {
        return id;
    }

    @Override
    public String type() {
        return info.type();
    }

    @Override
    public JobStatus status() {
        return info.status();
    }

    @Override
    public JobInfo info() {
        return info;
    }

    @Override
    public CompletableFuture<JobInfo> done() {
        return Futures.view(done);
    }

    @Override
    public Optional<JobOutcome> outcome() {
        return Optional.ofNullable(outcome);
    }

    @Override
    public CompletableFuture<JobInfo> ready() {
        return Futures.view(ready);
    }

    @Override
    public CompletableFuture<JobInfo> pending() {
        return Futures.view(pending);
    }

    @Override
    public ProgressSubscription onProgress(Consumer<JobInfo> listener) {
        ProgressSubscription subscription = progress.add(listener);
        mailbox.post(() -> {
            if (watch.endingKnown()) {
                progress.publish(info);
            } else {
                progress.restartInterval();
                watch.look();
            }
        });
        return subscription;
    }

    @Override
    public CompletableFuture<Void> pause() {
        return send("job-pause", Aim.ELSE, verbs::pause);
    }

    @Override
    public CompletableFuture<Void> resume() {
        return send("job-resume", Aim.ELSE, verbs::resume);
    }

    @Override
    public CompletableFuture<Void> cancel() {
        return send("job-cancel", Aim.END, verbs::cancel);
    }

    @Override
    public CompletableFuture<Void> stop() {
        return send("block-job-cancel", Aim.STOP, verbs::stop);
    }

    @Override
    public CompletableFuture<Void> complete() {
        return send("job-complete", Aim.COMPLETE, verbs::complete);
    }

    @Override
    public CompletableFuture<Void> finalizeJob() {
        return send("job-finalize", Aim.END, verbs::finalizeJob);
    }

    @Override
    public CompletableFuture<Void> setSpeed(long bytesPerSecond) {
        JobVerbs.checkSpeed(bytesPerSecond);
        return send("block-job-set-speed", Aim.ELSE, job -> verbs.setSpeed(job, bytesPerSecond));
    }

    private CompletableFuture<Void> send(String command, Aim aim, Function<JobId, CompletableFuture<Void>> verb) {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        mailbox.post(() -> {
            if (watch.endingKnown()) {
                answer(answer, aim == Aim.ELSE ? JobVerbs.notFound(command, id) : null);
                return;
            }
            verbsInFlight++;
            verb.apply(id)
                    .whenComplete((accepted, failure) -> mailbox.post(() -> {
                        verbsInFlight--;
                        if (failure == null) {
                            accepted(aim);
                            answer(answer, null);
                        } else if (aim != Aim.ELSE && failure instanceof CommandFailedException) {
                            forgiveIfOver(answer, failure);
                        } else {
                            answer(answer, failure);
                        }
                        finish();
                    }));
        });
        return answer;
    }

    /** QEMU takes one decision for a READY job: a stop after a complete pivots, a complete after a stop is refused. */
    private void accepted(Aim aim) {
        if (!decided && (aim == Aim.STOP || aim == Aim.COMPLETE)) {
            decided = true;
            intent = aim == Aim.STOP ? JobOutcome.STOPPED : JobOutcome.COMPLETED;
        }
        if (progress.watched()) {
            watch.look();
        }
    }

    /** A job that ended while its verb was on the way is no failure of the verb's. */
    private void forgiveIfOver(CompletableFuture<Void> answer, Throwable refusal) {
        if (watch.endingKnown()) {
            answer(answer, null);
            return;
        }
        queries.find(id).whenComplete((found, failure) -> {
            boolean over =
                    failure == null && found.map(job -> job.status().ending()).orElse(true);
            answer(answer, over ? null : refusal);
        });
    }

    private void answer(CompletableFuture<Void> answer, @Nullable Throwable failure) {
        Futures.callback(callbacks, () -> {
            if (failure == null) {
                answer.complete(null);
            } else {
                answer.completeExceptionally(failure);
            }
        });
    }

    @Override
    public void changed(JobInfo now) {
        info = now;
    }

    @Override
    public void ready(JobInfo now) {
        complete(ready, now);
    }

    @Override
    public void pending(JobInfo now) {
        complete(pending, now);
    }

    @Override
    public void ended(JobInfo last, @Nullable QmpException failure) {
        info = last;
        ending = () -> {
            if (failure == null) {
                outcome = intent;
                complete(done, last);
                complete(ready, last);
                complete(pending, last);
            } else {
                fail(failure);
            }
        };
        finish();
    }

    /**
     * Whether a stop or a complete was accepted has to be known before the end is told, and replies may come on another
     * thread, after the events of what they began.
     */
    private void finish() {
        if (ending != null && verbsInFlight == 0) {
            ending.run();
            ending = null;
        }
    }

    private void complete(CompletableFuture<JobInfo> future, JobInfo value) {
        Futures.callback(callbacks, () -> future.complete(value));
    }

    private void fail(Throwable failure) {
        for (CompletableFuture<JobInfo> future : java.util.List.of(done, ready, pending)) {
            Futures.callback(callbacks, () -> future.completeExceptionally(failure));
        }
    }

    /** A mistake of ours must not leave anybody waiting. */
    private void defect(Throwable mistake) {
        fail(mistake);
    }
}
