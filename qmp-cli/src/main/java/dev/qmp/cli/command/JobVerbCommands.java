package dev.qmp.cli.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.qmp.QmpClient;
import dev.qmp.error.JobFailedException;
import dev.qmp.job.JobId;
import dev.qmp.job.Jobs;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The verbs that ask one thing of a job and report that QEMU took it. */
final class JobVerbCommands {

    private JobVerbCommands() {}

    /** A verb: what it sends, and what is said of the job then. */
    private abstract static class Verb extends JobTargetCommand {

        private final String effect;

        Verb(String effect) {
            this.effect = effect;
        }

        abstract CompletableFuture<Void> send(Jobs jobs, JobId id);

        @Override
        int run(QmpClient client) throws InterruptedException {
            JobId id = find(client, job);
            await(send(new Jobs(client), id));
            if (json()) {
                print(JsonNodeFactory.instance.objectNode().put("id", id.value()));
            } else {
                note("job " + id + " " + effect);
            }
            return Failure.DONE;
        }
    }

    /** A verb that needs nothing but the job. */
    private abstract static class PlainVerb extends Verb {

        private final BiFunction<Jobs, JobId, CompletableFuture<Void>> verb;

        PlainVerb(BiFunction<Jobs, JobId, CompletableFuture<Void>> verb, String effect) {
            super(effect);
            this.verb = verb;
        }

        @Override
        CompletableFuture<Void> send(Jobs jobs, JobId id) {
            return verb.apply(jobs, id);
        }
    }

    @Command(name = "pause", description = "Pauses a job.")
    static final class Pause extends PlainVerb {
        Pause() {
            super(Jobs::pause, "is paused");
        }
    }

    @Command(name = "resume", description = "Lets a paused job go on, also one that an I/O error has paused.")
    static final class Resume extends PlainVerb {
        Resume() {
            super(Jobs::resume, "goes on");
        }
    }

    @Command(name = "cancel", description = "Cancels a job; the chain stays as it is.")
    static final class Cancel extends PlainVerb {
        Cancel() {
            super(Cancel::toItsEnd, "is cancelled");
        }

        /** Its ending is waited for and read, because a job that has ended unread keeps its disk busy. */
        private static CompletableFuture<Void> toItsEnd(Jobs jobs, JobId id) {
            return jobs.adopt(id)
                    .thenCompose(job -> job.cancel()
                            .thenCompose(sent -> job.done())
                            .handle((info, failure) -> {
                                if (failure == null || Failure.unwrap(failure) instanceof JobFailedException) {
                                    return null;
                                }
                                throw new CompletionException(Failure.unwrap(failure));
                            }));
        }
    }

    @Command(name = "complete", description = "Lets a READY job pivot.")
    static final class Complete extends PlainVerb {
        Complete() {
            super(Jobs::complete, "is completing");
        }
    }

    @Command(name = "dismiss", description = "Removes a concluded job, and its error with it.")
    static final class Dismiss extends PlainVerb {
        Dismiss() {
            super(Jobs::dismiss, "is dismissed");
        }
    }

    @Command(name = "speed", description = "Limits a job's speed.")
    static final class Speed extends Verb {

        @Parameters(index = "2", paramLabel = "SIZE", description = "bytes per second; 0 lifts the limit")
        private Converters.Size speed;

        Speed() {
            super("has a new speed");
        }

        @Override
        CompletableFuture<Void> send(Jobs jobs, JobId id) {
            return jobs.setSpeed(id, speed.bytes());
        }
    }
}
