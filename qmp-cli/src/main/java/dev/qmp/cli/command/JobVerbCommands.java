package dev.qmp.cli.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.qmp.QmpClient;
import dev.qmp.error.JobFailedException;
import dev.qmp.job.JobId;
import dev.qmp.job.Jobs;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The verbs that ask one thing of a job and report that QEMU took it. */
final class JobVerbCommands {

    private JobVerbCommands() {}

    /** A verb: what it sends, and what it says. */
    abstract static class Verb extends JobTargetCommand {

        abstract CompletableFuture<Void> send(Jobs jobs, JobId id);

        abstract String done(JobId id);

        @Override
        int run(QmpClient client) throws InterruptedException {
            JobId id = find(client, job);
            await(send(new Jobs(client), id));
            if (json()) {
                print(JsonNodeFactory.instance.objectNode().put("id", id.value()));
            } else {
                note(done(id));
            }
            return Failure.DONE;
        }
    }

    @Command(name = "pause", description = "Pauses a job.")
    static final class Pause extends Verb {
        @Override
        CompletableFuture<Void> send(Jobs jobs, JobId id) {
            return jobs.pause(id);
        }

        @Override
        String done(JobId id) {
            return "job " + id + " is paused";
        }
    }

    @Command(name = "resume", description = "Lets a paused job go on, also one that an I/O error has paused.")
    static final class Resume extends Verb {
        @Override
        CompletableFuture<Void> send(Jobs jobs, JobId id) {
            return jobs.resume(id);
        }

        @Override
        String done(JobId id) {
            return "job " + id + " goes on";
        }
    }

    @Command(name = "cancel", description = "Cancels a job; the chain stays as it is.")
    static final class Cancel extends Verb {
        /** Its ending is waited for and read, because a job that has ended unread keeps its disk busy. */
        @Override
        CompletableFuture<Void> send(Jobs jobs, JobId id) {
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

        @Override
        String done(JobId id) {
            return "job " + id + " is cancelled";
        }
    }

    @Command(name = "complete", description = "Lets a READY job pivot.")
    static final class Complete extends Verb {
        @Override
        CompletableFuture<Void> send(Jobs jobs, JobId id) {
            return jobs.complete(id);
        }

        @Override
        String done(JobId id) {
            return "job " + id + " is completing";
        }
    }

    @Command(name = "dismiss", description = "Removes a concluded job, and its error with it.")
    static final class Dismiss extends Verb {
        @Override
        CompletableFuture<Void> send(Jobs jobs, JobId id) {
            return jobs.dismiss(id);
        }

        @Override
        String done(JobId id) {
            return "job " + id + " is dismissed";
        }
    }

    @Command(name = "speed", description = "Limits a job's speed.")
    static final class Speed extends Verb {

        @Parameters(index = "2", paramLabel = "SIZE", description = "bytes per second; 0 lifts the limit")
        private Converters.Size speed;

        @Override
        CompletableFuture<Void> send(Jobs jobs, JobId id) {
            return jobs.setSpeed(id, speed.bytes());
        }

        @Override
        String done(JobId id) {
            return "job " + id + " has a new speed";
        }
    }
}
