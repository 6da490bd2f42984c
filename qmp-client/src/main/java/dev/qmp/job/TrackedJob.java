package dev.qmp.job;

import dev.qmp.QmpClient;
import dev.qmp.error.QmpException;
import dev.qmp.qapi.BlockJobCancel;
import dev.qmp.qapi.BlockJobSetSpeed;
import dev.qmp.qapi.JobCancel;
import dev.qmp.qapi.JobCommand;
import dev.qmp.qapi.JobComplete;
import dev.qmp.qapi.JobFinalize;
import dev.qmp.qapi.JobPause;
import dev.qmp.qapi.JobResume;
import dev.qmp.qapi.JobType;
import dev.qmp.qapi.QueryJobs;
import dev.qmp.session.Mailbox;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A job on a watch of its own: hands out its futures, and passes verbs on. Its own state is confined to the mailbox. */
final class TrackedJob implements Job, JobWatch.Listener {

    private final JobId id;
    private final QmpClient client;
    private final Executor callbacks;
    private final JobQueries queries;
    private final JobVerbs verbs;
    private final Mailbox mailbox = new Mailbox(this::defect);
    private final Progress progress;
    private final JobWatch watch;
    private final JobControl control;
    private final CompletableFuture<JobInfo> done = new CompletableFuture<>();
    private final CompletableFuture<JobInfo> ready = new CompletableFuture<>();
    private final CompletableFuture<JobInfo> pending = new CompletableFuture<>();
    private volatile JobInfo info;
    private volatile @Nullable JobOutcome outcome;
    private @Nullable Runnable ending;

    TrackedJob(JobId id, JobType type, QmpClient client, Executor callbacks, Delayer delayer) {
        this.id = id;
        this.client = client;
        this.callbacks = callbacks;
        this.queries = new JobQueries(client);
        this.verbs = new JobVerbs(client);
        this.progress = new Progress(callbacks, delayer, mailbox);
        this.info = JobInfo.unseen(id, type);
        this.watch = new JobWatch(info, client, delayer, mailbox, progress, this);
        this.control = new JobControl(id, queries, watch, mailbox, callbacks, this::finish);
    }

    CompletableFuture<Job> start(JobCommand command) {
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
                            give(adopted, JobVerbs.notFound(QueryJobs.NAME, id));
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
    public JobType type() {
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
        return control.send(JobPause.NAME, JobControl.Aim.GO_ON, verbs::pause);
    }

    @Override
    public CompletableFuture<Void> resume() {
        return control.send(JobResume.NAME, JobControl.Aim.GO_ON, verbs::resume);
    }

    @Override
    public CompletableFuture<Void> cancel() {
        return control.send(JobCancel.NAME, JobControl.Aim.END, verbs::cancel);
    }

    @Override
    public CompletableFuture<Void> stop() {
        return control.send(BlockJobCancel.NAME, JobControl.Aim.STOP, verbs::stop);
    }

    @Override
    public CompletableFuture<Void> complete() {
        return control.send(JobComplete.NAME, JobControl.Aim.COMPLETE, verbs::complete);
    }

    @Override
    public CompletableFuture<Void> finalizeJob() {
        return control.send(JobFinalize.NAME, JobControl.Aim.END, verbs::finalizeJob);
    }

    @Override
    public CompletableFuture<Void> setSpeed(long bytesPerSecond) {
        JobVerbs.checkSpeed(bytesPerSecond);
        return control.send(BlockJobSetSpeed.NAME, JobControl.Aim.GO_ON, job -> verbs.setSpeed(job, bytesPerSecond));
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
                outcome = control.intent();
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
        if (ending != null && control.idle()) {
            ending.run();
            ending = null;
        }
    }

    private void complete(CompletableFuture<JobInfo> future, JobInfo value) {
        Futures.callback(callbacks, () -> future.complete(value));
    }

    private void fail(Throwable failure) {
        for (CompletableFuture<JobInfo> future : List.of(done, ready, pending)) {
            Futures.callback(callbacks, () -> future.completeExceptionally(failure));
        }
    }

    /** A mistake of ours must not leave anybody waiting. */
    private void defect(Throwable mistake) {
        fail(mistake);
    }
}
