package dev.qmp.cli.command;

import dev.qmp.QmpClient;
import dev.qmp.error.OutcomeUnknownException;
import dev.qmp.job.JobId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** An operation's end could not be seen; what is true now is said as far as it can be known: exit status 4. */
final class UnknownEnd extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String hint;

    UnknownEnd(String message, String hint, Throwable cause) {
        super(message, cause);
        this.hint = hint;
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
        return lives(pid)
                ? new UnknownEnd(
                        "the connection to QEMU (PID " + pid + ") was lost while the job " + job + " ran",
                        "QEMU lives, so the job goes on: " + wait,
                        cause)
                : new UnknownEnd("QEMU (PID " + pid + ") died while the job " + job + " ran", ifDead, cause);
    }

    /** A process that is ending has lost its memory, and with it its command line, before its sockets are closed. */
    private static boolean lives(int pid) {
        try {
            return Files.readAllBytes(Path.of("/proc", Integer.toString(pid), "cmdline")).length > 0;
        } catch (IOException e) {
            return false;
        }
    }

    String hint() {
        return hint;
    }
}
