package dev.qmp.job;

import dev.qmp.qapi.BlockCommit;
import dev.qmp.qapi.BlockStream;
import dev.qmp.qapi.BlockdevCreate;
import dev.qmp.qapi.BlockdevMirror;
import dev.qmp.qapi.DriveMirror;
import dev.qmp.qapi.JobCommand;
import dev.qmp.qapi.JobType;
import dev.qmp.qapi.XBlockdevAmend;
import java.util.Map;

/** What there is to know of the commands that start a job. */
final class JobCommands {

    /** Where the type of the job is neither the command's name nor its last word. */
    @SuppressWarnings("deprecation") // drive-backup: 7.2 to 11.1 have it all the same
    private static final Map<String, JobType> TYPES = Map.of(
            BlockStream.NAME,
            JobType.STREAM,
            BlockCommit.NAME,
            JobType.COMMIT,
            DriveMirror.NAME,
            JobType.MIRROR,
            BlockdevMirror.NAME,
            JobType.MIRROR,
            "drive-backup",
            JobType.BACKUP,
            "blockdev-backup",
            JobType.BACKUP,
            BlockdevCreate.NAME,
            JobType.CREATE,
            XBlockdevAmend.NAME,
            JobType.AMEND);

    private JobCommands() {}

    static JobId id(JobCommand command) {
        String id = command.jobId();
        if (id == null) {
            throw new IllegalArgumentException("a command whose job is watched names it by \"job-id\": " + command);
        }
        return new JobId(id);
    }

    static JobType type(JobCommand command) {
        return TYPES.getOrDefault(command.commandName(), new JobType(command.commandName()));
    }
}
