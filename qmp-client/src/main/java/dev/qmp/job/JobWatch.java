package dev.qmp.job;

import dev.qmp.QmpClient;
import dev.qmp.error.CommandFailedException;
import dev.qmp.error.JobFailedException;
import dev.qmp.error.OutcomeUnknownException;
import dev.qmp.error.QmpException;
import dev.qmp.qapi.BlockJobError;
import dev.qmp.qapi.BlockJobPending;
import dev.qmp.qapi.BlockJobReady;
import dev.qmp.qapi.QmpEvent;
import dev.qmp.session.Mailbox;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Follows one job to its end. Events are what makes it look; {@code query-jobs} is what it believes; and where that finds
 * nothing any more (auto-dismiss, or somebody else was quicker), the events' evidence decides. Confined to the mailbox.
 */
final class JobWatch implements JobEventFeed.Listener {

    /** What a watch tells. Called in the mailbox. */
    interface Listener {
        void changed(JobInfo info);

        /** The job is or was READY; the first call counts. */
        void ready(JobInfo info);

        /** The job waits to be finalized; the first call counts. */
        void pending(JobInfo info);

        /** The last call: the job is dismissed or gone, or the session is. */
        void ended(JobInfo info, @Nullable QmpException failure);
    }

    private enum State {
        /** It is not certain yet that the job exists: its events are noted, nothing more. */
        EXPECTING,
        WATCHING,
        /** The ending is known and the job is being dismissed. */
        DISMISSING,
        OVER
    }

    /**
     * How long a failed query waits for the next one, and how long a job that is gone without evidence has for its last
     * events, which come on another thread than replies.
     */
    static final Duration GRACE = Duration.ofSeconds(2);

    private final JobId id;
    private final QmpClient client;
    private final JobQueries queries;
    private final Delayer delayer;
    private final Mailbox mailbox;
    private final Progress progress;
    private final Listener listener;
    private final JobEventFeed events;
    private final Evidence evidence = new Evidence();

    private State state = State.EXPECTING;
    private JobInfo info;
    private boolean looking;
    private boolean lookAgain;
    private boolean missing;
    private boolean graceSpent;
    private boolean sessionOver;
    private @Nullable QmpException sessionCause;
    private @Nullable QmpException failure;

    JobWatch(JobInfo info, QmpClient client, Delayer delayer, Mailbox mailbox, Progress progress, Listener listener) {
        this.id = info.id();
        this.info = info;
        this.client = client;
        this.queries = new JobQueries(client);
        this.delayer = delayer;
        this.mailbox = mailbox;
        this.progress = progress;
        this.listener = listener;
        this.events = new JobEventFeed(id, client, mailbox, this);
    }

    /** To be called before the command that starts the job, or the query that finds it, is sent. */
    void listen() {
        events.open();
    }

    /** QEMU has accepted the command that started the job. */
    void started() {
        state = State.WATCHING;
        listener.changed(info);
        tellMilestones();
        if (evidence.over()) {
            look();
        }
        endWithSession();
    }

    /** A query has found the job, whoever started it. */
    void adopted(JobInfo found) {
        state = State.WATCHING;
        seen(found);
        endWithSession();
    }

    /** Watches no longer, says nothing more, and leaves the job alone. */
    void abandon() {
        state = State.OVER;
        events.close();
    }

    /** Whether verbs can have no effect any more. */
    boolean endingKnown() {
        return state == State.DISMISSING || state == State.OVER;
    }

    /** The end of the session, where that ended the watch: the job itself may go on. */
    Optional<QmpException> lost() {
        return failure instanceof OutcomeUnknownException unknown
                        && unknown.reason() == OutcomeUnknownException.Reason.CONNECTION_LOST
                ? Optional.of(unknown)
                : Optional.empty();
    }

    /** Asks QEMU how the job is; once more if it is being asked just now. */
    void look() {
        if (state != State.WATCHING) {
            return;
        }
        if (looking) {
            lookAgain = true;
            return;
        }
        looking = true;
        lookAgain = false;
        queries.find(id)
                .whenComplete((found, refused) -> mailbox.post(() -> {
                    looking = false;
                    if (state != State.WATCHING) {
                        return;
                    }
                    if (refused == null) {
                        looked(found);
                    } else if (Futures.unwrap(refused) instanceof CommandFailedException) {
                        // Where QEMU will not say, events are all there is.
                        looked(Optional.empty());
                    } else {
                        // A deadline, most likely. If it was the session's end, the events' end tells.
                        later(this::look);
                    }
                }));
    }

    private void looked(Optional<JobInfo> found) {
        found.ifPresentOrElse(this::seen, this::unseen);
        if (lookAgain) {
            look();
        } else {
            progress.askLater(this::look);
        }
    }

    private void seen(JobInfo found) {
        info = found;
        missing = false;
        graceSpent = false;
        if (found.status() == JobStatus.CONCLUDED) {
            state = State.DISMISSING;
            failure = failure(evidence.verdict(found));
            // Whatever becomes of the dismissal (another client may have been quicker), the ending stays known.
            new JobVerbs(client).dismiss(id).whenComplete((done, refused) -> mailbox.post(this::end));
            return;
        }
        if (found.status() == JobStatus.ABORTING) {
            evidence.foundAborting();
        }
        if (found.ready()) {
            listener.ready(found);
        }
        if (found.status() == JobStatus.PENDING) {
            listener.pending(found);
        }
        listener.changed(found);
        progress.publish(found);
    }

    private void unseen() {
        if (evidence.gone() || graceSpent || evidence.verdict().isPresent()) {
            vanished();
        } else if (!missing) {
            missing = true;
            later(() -> {
                graceSpent = missing;
                look();
            });
        }
    }

    @Override
    public void event(QmpEvent event) {
        if (endingKnown()) {
            // The "null" of our own dismissal comes here too.
            return;
        }
        if (state == State.WATCHING && evidence.created() && isStatus(event, JobStatus.CREATED)) {
            // Ours is gone, and somebody has used its id again.
            vanished();
            return;
        }
        boolean wasOver = evidence.over();
        boolean wasStopped = evidence.stopped();
        evidence.hear(event);
        info = JobEvents.apply(info, event);
        if (state != State.WATCHING) {
            return;
        }
        listener.changed(info);
        tellMilestones();
        // Answers and events come on different threads: one that is on its way may be older than this event, or newer.
        lookAgain |= looking;
        boolean ending = (evidence.over() && !wasOver) || isStatus(event, JobStatus.NULL);
        if (ending || (progress.watched() && noteworthy(event, wasStopped))) {
            look();
        }
    }

    /** Whether progress listeners want to know at once. Pauses alone are not: any drain of the disk makes some. */
    private static boolean noteworthy(QmpEvent event, boolean stopped) {
        return event instanceof BlockJobReady
                || event instanceof BlockJobPending
                || event instanceof BlockJobError
                || (stopped && isStatus(event, JobStatus.PAUSED));
    }

    private static boolean isStatus(QmpEvent event, JobStatus status) {
        return JobEvents.status(event).equals(Optional.of(status));
    }

    private void tellMilestones() {
        if (evidence.ready()) {
            listener.ready(info);
        }
        if (evidence.pending()) {
            listener.pending(info);
        }
    }

    @Override
    public void gap() {
        evidence.gap();
        look();
    }

    @Override
    public void sessionEnded(@Nullable QmpException cause) {
        sessionOver = true;
        sessionCause = cause;
        if (state != State.EXPECTING) {
            endWithSession();
        }
    }

    private void endWithSession() {
        if (!sessionOver) {
            return;
        }
        if (state == State.WATCHING && evidence.verdict().isPresent()) {
            // QEMU's "quit" cancels its jobs, tells their ends, and is gone.
            vanished();
        } else if (state == State.WATCHING) {
            String how = sessionCause == null ? "the session was closed" : sessionCause.getMessage();
            unknown(
                    OutcomeUnknownException.Reason.CONNECTION_LOST,
                    how + "; if QEMU lives, the job goes on: adopt it by its id on a new connection");
        }
        end();
    }

    private void vanished() {
        Optional<Evidence.Verdict> verdict = evidence.verdict();
        if (verdict.isPresent()) {
            info = info.concluded(verdict.get().error());
            failure = failure(verdict.get());
        } else {
            unknown(
                    OutcomeUnknownException.Reason.VANISHED,
                    "QEMU has it no more, and its end was not heard; the block graph shows what it did");
        }
        end();
    }

    private void unknown(OutcomeUnknownException.Reason reason, String why) {
        failure = new OutcomeUnknownException("job " + id, reason, why, sessionCause);
    }

    private @Nullable JobFailedException failure(Evidence.Verdict verdict) {
        String why = verdict.error();
        return why == null
                ? null
                : new JobFailedException(id.value(), info.type().value(), why, verdict.cancelled(), null);
    }

    private void end() {
        if (state == State.OVER) {
            return;
        }
        state = State.OVER;
        events.close();
        progress.publish(info);
        listener.ended(info, failure);
    }

    private void later(Runnable task) {
        delayer.after(() -> mailbox.post(task), GRACE);
    }
}
