package dev.qmp.plan;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.job.JobId;
import dev.qmp.qapi.JobCommand;
import dev.qmp.qapi.RawCommand;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One thing that an operation does. The next one begins when it is done, and not before it was written down. */
public sealed interface Step {

    /** What it does, in a few words for people. */
    String text();

    /** The QMP line that it sends; empty for a step that waits, looks or removes. */
    default Optional<RawCommand> command() {
        return Optional.empty();
    }

    /**
     * A command whose reply is its end.
     *
     * @param effect what shows, after a crash, that it was done
     * @param undo what takes it back; empty where nothing has to or can be
     */
    record Send(RawCommand line, Effect effect, List<Undo> undo) implements Step {

        public Send {
            undo = List.copyOf(undo);
        }

        /** One that nothing has to take back. */
        public static Send of(RawCommand line, Effect effect) {
            return new Send(line, effect, List.of());
        }

        @Override
        public Optional<RawCommand> command() {
            return Optional.of(line);
        }

        @Override
        public String text() {
            return line.commandName();
        }
    }

    /**
     * A command that starts a job, which stays in QEMU until it is dismissed ({@code auto-dismiss: false} must be in the
     * line where the command takes it). Undone by cancelling the job.
     *
     * @param disk the disk that the job works on; null for a job that works on none, such as {@code blockdev-create}
     * @param undo what else takes it back, after the job is gone
     */
    record StartJob(JobId job, RawCommand line, @Nullable String disk, List<Undo> undo) implements Step {

        public StartJob {
            undo = List.copyOf(undo);
        }

        /**
         * The step for a command that says its job's id.
         *
         * @throws IllegalArgumentException where the command names no job
         */
        public static StartJob of(JobCommand command, @Nullable String disk, Undo... undo) {
            String id = command.jobId();
            if (id == null) {
                throw new IllegalArgumentException("a job that is waited for has an id: " + command);
            }
            JobCommand kept = command.withoutAutoDismiss();
            return new StartJob(
                    new JobId(id), RawCommand.of(kept.commandName(), kept.encodeArguments()), disk, List.of(undo));
        }

        @Override
        public Optional<RawCommand> command() {
            return Optional.of(line);
        }

        @Override
        public String text() {
            return line.commandName() + " as the job " + job;
        }
    }

    /** How far a job has to be. */
    enum Point {
        /** A mirror or an active commit has caught up with the guest. */
        READY,
        /** A job with {@code auto-finalize: false} has nothing left but to change the graph. */
        PENDING,
        /** It has ended well, and was dismissed. */
        ENDED
    }

    /** Waits for a job. A job that fails on the way fails the step. */
    record AwaitJob(JobId job, Point point) implements Step {
        @Override
        public String text() {
            return "wait until the job " + job + " is " + point.name().toLowerCase(Locale.ROOT);
        }

        /** Its end is read and dismissed, since it stays in QEMU else. */
        @Override
        public Optional<RawCommand> command() {
            return point == Point.ENDED
                    ? Optional.of(RawCommand.of("job-dismiss").with("id", job.value()))
                    : Optional.empty();
        }
    }

    /** How a job is brought to its end. */
    enum Ending {
        /** {@code job-complete}: a READY job pivots. */
        COMPLETE("job-complete", "id"),
        /** {@code job-finalize}: a pending job changes the graph. */
        FINALIZE("job-finalize", "id"),
        /** {@code block-job-cancel}: a READY job ends without pivot, as a success. */
        STOP("block-job-cancel", "device");

        private final String command;
        private final String key;

        Ending(String command, String key) {
            this.command = command;
            this.key = key;
        }
    }

    /** Brings a job to its end. */
    record EndJob(JobId job, Ending ending) implements Step {
        @Override
        public Optional<RawCommand> command() {
            return Optional.of(RawCommand.of(ending.command).with(ending.key, job.value()));
        }

        @Override
        public String text() {
            return ending.command + " of the job " + job;
        }
    }

    /**
     * Reads the graph: every disk of the plan must have the chain that it is to have afterwards. What was done before it is
     * not taken back any more.
     */
    record Verify() implements Step {
        @Override
        public String text() {
            return "look at the graph";
        }
    }

    /**
     * Closes a node that nothing needs any more ({@code blockdev-del}), where there is one. A node that is in use after all, or
     * that was never the monitor's, stays, which is no failure: QEMU closes the latter itself when its last user goes.
     */
    record CloseNode(String node) implements Step {
        @Override
        public Optional<RawCommand> command() {
            return Optional.of(RawCommand.of("blockdev-del").with("node-name", node));
        }

        @Override
        public String text() {
            return "close the node " + node + " if nothing uses it";
        }
    }

    /**
     * Removes an image that no chain needs any more: only after looking that no node of this QEMU, no other process of this
     * host and no overlay beside it uses it. Where that cannot be proved the file stays, which is no failure.
     */
    record RemoveFile(String file) implements Step {
        @Override
        public String text() {
            return "remove " + file + " if nothing uses it";
        }
    }

    /** The step as the journal and {@code --dry-run} have it. */
    default ObjectNode toJson() {
        return PlanJson.step(this, JsonNodeFactory.instance.objectNode());
    }
}
