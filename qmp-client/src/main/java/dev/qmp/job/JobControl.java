package dev.qmp.job;

import dev.qmp.error.CommandFailedException;
import dev.qmp.error.CommandNotSentException;
import dev.qmp.session.Mailbox;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Sends verbs to a job that is being watched, and remembers what was asked of it. Confined to the mailbox but for the call. */
final class JobControl {

    /** What a verb asks for, where that matters later. */
    enum Aim {
        COMPLETE,
        STOP,
        /** Another way to the end. */
        END,
        /** The job is to go on. */
        GO_ON
    }

    private final JobId id;
    private final JobQueries queries;
    private final JobWatch watch;
    private final Mailbox mailbox;
    private final Executor callbacks;
    private final Runnable answered;
    private JobOutcome intent = JobOutcome.COMPLETED;
    private boolean decided;
    private int inFlight;

    /** {@code answered} runs in the mailbox after each answer of QEMU's to a verb. */
    JobControl(JobId id, JobQueries queries, JobWatch watch, Mailbox mailbox, Executor callbacks, Runnable answered) {
        this.id = id;
        this.queries = queries;
        this.watch = watch;
        this.mailbox = mailbox;
        this.callbacks = callbacks;
        this.answered = answered;
    }

    CompletableFuture<Void> send(String command, Aim aim, Function<JobId, CompletableFuture<Void>> verb) {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        mailbox.post(() -> {
            if (watch.lost().isPresent()) {
                // The job may live: a verb that cannot reach it has no effect, and must not seem to have had one.
                settle(
                        answer,
                        new CommandNotSentException(
                                command,
                                "the connection to the job has ended",
                                watch.lost().get()));
                return;
            }
            if (watch.endingKnown()) {
                settle(answer, aim == Aim.GO_ON ? JobVerbs.notFound(command, id) : null);
                return;
            }
            inFlight++;
            verb.apply(id)
                    .whenComplete((accepted, failure) -> mailbox.post(() -> {
                        inFlight--;
                        if (failure == null) {
                            accepted(aim);
                            settle(answer, null);
                        } else if (aim != Aim.GO_ON && failure instanceof CommandFailedException) {
                            forgiveIfOver(answer, failure);
                        } else {
                            settle(answer, failure);
                        }
                        answered.run();
                    }));
        });
        return answer;
    }

    /** What a success of the job means. */
    JobOutcome intent() {
        return intent;
    }

    /** Whether QEMU has answered all verbs. */
    boolean idle() {
        return inFlight == 0;
    }

    /**
     * The first of the two decides what a success means: QEMU refuses a complete after a stop, and a stop after a complete
     * comes too late or cancels the job (7.2).
     */
    private void accepted(Aim aim) {
        if (!decided && (aim == Aim.STOP || aim == Aim.COMPLETE)) {
            decided = true;
            intent = aim == Aim.STOP ? JobOutcome.STOPPED : JobOutcome.COMPLETED;
        }
    }

    /** A job that ended while its verb was on the way is no failure of the verb's. */
    private void forgiveIfOver(CompletableFuture<Void> answer, Throwable refusal) {
        if (watch.endingKnown()) {
            settle(answer, null);
            return;
        }
        queries.find(id).whenComplete((found, failure) -> {
            boolean over =
                    failure == null && found.map(job -> job.status().ending()).orElse(true);
            settle(answer, over ? null : refusal);
        });
    }

    private void settle(CompletableFuture<Void> answer, @Nullable Throwable failure) {
        Futures.callback(callbacks, () -> {
            if (failure == null) {
                answer.complete(null);
            } else {
                answer.completeExceptionally(failure);
            }
        });
    }
}
