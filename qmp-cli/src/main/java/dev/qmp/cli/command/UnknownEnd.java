package dev.qmp.cli.command;

import dev.qmp.QmpClient;
import dev.qmp.error.ConnectionLostException;
import dev.qmp.error.OutcomeUnknownException;
import dev.qmp.job.JobId;
import dev.qmp.transport.ProcessState;

/** An operation's end could not be seen; what is true now is said as far as it can be known: exit status 4. */
final class UnknownEnd extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String hint;

    UnknownEnd(String message, String hint, Throwable cause) {
        super(message, cause);
        this.hint = hint;
    }

    /** The same end with what can be seen of the process, which says whether a reply can come at all; else as it is. */
    static RuntimeException explain(QmpClient client, OutcomeUnknownException unknown) {
        int pid = client.peer().map(p -> p.pid()).orElse(-1);
        String known = unknown.getMessage() + cause(unknown);
        return switch (ProcessState.of(pid)) {
            case STOPPED ->
                new UnknownEnd(
                        known + "; QEMU (PID " + pid + ") is stopped",
                        "`kill -CONT " + pid + "` lets it go on: it then reads what was sent to it, and may run it",
                        unknown);
            case GONE ->
                new UnknownEnd(
                        known + "; QEMU (PID " + pid + ") has died",
                        "look at its log for the reason; when it is started again, look at what the command was to do",
                        unknown);
            case ALIVE, UNKNOWN -> new UnknownEnd(known, unknown.hint().orElse(""), unknown);
        };
    }

    /** The same loss, and that the process is no more, where it is. */
    static ConnectionLostException explain(QmpClient client, ConnectionLostException lost) {
        int pid = client.peer().map(p -> p.pid()).orElse(-1);
        return ProcessState.of(pid) == ProcessState.GONE
                ? new ConnectionLostException(lost.getMessage() + "; QEMU (PID " + pid + ") has ended", lost)
                : lost;
    }

    private static String cause(OutcomeUnknownException unknown) {
        return unknown.getCause() == null || unknown.getCause().getMessage() == null
                ? ""
                : ": " + unknown.getCause().getMessage();
    }

    /** The connection was lost while a job ran: whether it goes on depends on whether QEMU does. */
    static UnknownEnd ofJob(QmpClient client, JobId job, String target, String ifDead, OutcomeUnknownException cause) {
        int pid = client.peer().map(p -> p.pid()).orElse(-1);
        String wait = "`qmp job wait " + target + " " + job + "`";
        if (pid <= 0) {
            return new UnknownEnd(
                    "the connection to QEMU was lost while the job " + job + " ran",
                    "if QEMU lives, the job goes on: " + wait + "; if it died: " + ifDead,
                    cause);
        }
        return ProcessState.of(pid) != ProcessState.GONE
                ? new UnknownEnd(
                        "the connection to QEMU (PID " + pid + ") was lost while the job " + job + " ran",
                        "QEMU lives, so the job goes on: " + wait,
                        cause)
                : new UnknownEnd("QEMU (PID " + pid + ") died while the job " + job + " ran", ifDead, cause);
    }

    String hint() {
        return hint;
    }
}
