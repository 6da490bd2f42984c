package dev.qmp.cli.command;

import dev.qmp.error.UnsafeOperationException;
import org.jspecify.annotations.Nullable;

/** What a refused check's advice means on this command line: the library's words, and the flags or commands for them. */
final class Advice {

    private Advice() {}

    static @Nullable String of(UnsafeOperationException refused) {
        String words = refused.hint().orElse(null);
        String here = here(refused.check());
        if (words == null || here == null) {
            return words == null ? here : words;
        }
        return words + ": " + here;
    }

    private static @Nullable String here(String check) {
        return switch (check) {
            case "overlay-exists" -> "--disk DISK=FILE, --reuse-external or --overwrite";
            case "overlay-twice" -> "--disk DISK=FILE";
            case "overlay-unknown" -> "--overwrite";
            case "overlay-missing" -> "without --reuse-external";
            case "copy-exists" -> "--reuse-external";
            case "copy-missing" -> "without --reuse-external";
            case "copy-device" -> "--overwrite-device, or --blockdev with blockcopy";
            case "copy-shallow" -> "--format qcow2, or without --shallow";
            case "copy-base-relative" -> "without --shallow";
            case "base-relative" -> "the overlay's name with --disk DISK=FILE --reuse-external";
            case "not-a-disk", "read-only", "no-medium" -> "`qmp disks TARGET` lists them";
            case "job-running" -> "`qmp job wait TARGET JOB` or `qmp job cancel TARGET JOB`";
            case "job-not-dismissed", "stream-job" -> "`qmp job wait TARGET JOB` does both";
            case "job-id-taken" -> "`qmp job wait TARGET JOB`, or --job-id ID";
            case "operation-open", "operation-unknown", "operation-undoing", "not-undoable", "qemu-restarted" ->
                "`qmp operations list TARGET` shows it, `qmp operations resume|undo TARGET ID` ends it";
            default -> null;
        };
    }
}
