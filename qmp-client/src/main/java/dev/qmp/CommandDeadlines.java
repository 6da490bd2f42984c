package dev.qmp;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which commands have another deadline than the default one, and why. A command that starts a job is answered when the job
 * has started, so that the time here is that of starting: opening and draining, not the copying.
 */
final class CommandDeadlines {

    private static final Map<String, Deadline> CLASSES = new HashMap<>();

    static {
        // Open, create or close an image: the storage answers, or does not.
        block("blockdev-add", "blockdev-del", "blockdev-reopen", "blockdev-set-active");
        block(
                "blockdev-change-medium",
                "blockdev-insert-medium",
                "blockdev-remove-medium",
                "blockdev-open-tray",
                "eject");
        block("block-export-add", "block-export-del", "nbd-server-add", "nbd-server-remove", "nbd-server-stop");
        // Drain what is under way, then change the graph or a header.
        block("blockdev-snapshot", "blockdev-snapshot-sync", "transaction", "x-blockdev-change", "change-backing-file");
        block("blockdev-snapshot-internal-sync", "blockdev-snapshot-delete-internal-sync");
        block("block_resize", "block_set_io_throttle", "qom-set");
        block("block-dirty-bitmap-add", "block-dirty-bitmap-remove", "block-dirty-bitmap-merge");
        // Start a job: targets are opened or created, sources drained.
        block("block-stream", "block-commit", "blockdev-mirror", "drive-mirror", "blockdev-backup", "drive-backup");
        // End one: the graph changes under a drain.
        block("job-complete", "block-job-complete", "job-finalize", "block-job-finalize");
        // Flush every disk, and take them back.
        block("stop", "cont");
        // Ask the file system of each image for its size: over NFS that can hang as a read does.
        block("query-block", "query-named-block-nodes", "query-blockstats");

        // May touch or pin each page of a guest's memory: a memory backend with prealloc, a passed-through device.
        longer("object-add", "device_add", "x-exit-preconfig");
        // Runs whatever the line says, savevm and commit among it, and answers when that is done.
        longer("human-monitor-command");
        // Writes the state of all devices, or reads it.
        longer("xen-save-devices-state", "xen-load-devices-state");
        // Answers while the disks are flushed and closed; the end of the connection can take the answer's place.
        longer("quit");

        // Write the guest's memory to a file and answer when they have.
        unbounded("dump-guest-memory", "memsave", "pmemsave");
    }

    private CommandDeadlines() {}

    static Deadline of(String command) {
        return CLASSES.getOrDefault(command, Deadline.DEFAULT);
    }

    static List<String> commands() {
        return CLASSES.keySet().stream().sorted().toList();
    }

    private static void block(String... commands) {
        put(Deadline.BLOCK, commands);
    }

    private static void longer(String... commands) {
        put(Deadline.LONG, commands);
    }

    private static void unbounded(String... commands) {
        put(Deadline.UNBOUNDED, commands);
    }

    private static void put(Deadline deadline, String... commands) {
        for (String command : commands) {
            if (CLASSES.put(command, deadline) != null) {
                throw new IllegalStateException(command + " is in the table twice");
            }
        }
    }
}
