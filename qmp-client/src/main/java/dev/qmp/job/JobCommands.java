package dev.qmp.job;

import dev.qmp.qapi.RawCommand;
import java.util.Map;
import java.util.Set;

/** What there is to know of the commands that start a job. */
final class JobCommands {

    /** QAPI's JobType, where it is not the command's own name. */
    private static final Map<String, String> TYPES = Map.of(
            "block-stream", "stream",
            "block-commit", "commit",
            "drive-mirror", "mirror",
            "blockdev-mirror", "mirror",
            "drive-backup", "backup",
            "blockdev-backup", "backup",
            "blockdev-create", "create",
            "x-blockdev-amend", "amend");

    /** QEMU always keeps the jobs of these until they are dismissed, and refuses the argument (7.2 to 11.1). */
    private static final Set<String> WITHOUT_AUTO_DISMISS =
            Set.of("blockdev-create", "x-blockdev-amend", "snapshot-save", "snapshot-load", "snapshot-delete");

    private JobCommands() {}

    static JobId id(RawCommand command) {
        return new JobId(command.argument("job-id")
                .orElseThrow(() -> new IllegalArgumentException(
                        "a command that starts a job names it by \"job-id\": " + command)));
    }

    static String type(RawCommand command) {
        return TYPES.getOrDefault(command.commandName(), command.commandName());
    }

    /** The command such that its job waits for us, ended or not. */
    static RawCommand kept(RawCommand command) {
        return WITHOUT_AUTO_DISMISS.contains(command.commandName()) ? command : command.with("auto-dismiss", false);
    }
}
