package dev.qmp.cli.command;

import dev.qmp.block.SnapshotRequest.Target;
import dev.qmp.transport.QmpAddress;

/** {@code DISK[=FILE][,format=qcow2]}: only a trailing {@code ,format=} is an option, any other comma is the file's. */
final class DiskWord {

    private static final String FORMAT = ",format=";

    private DiskWord() {}

    static Target parse(String word, CliContext context, QmpAddress qemu) {
        String rest = word;
        int format = word.lastIndexOf(FORMAT);
        if (format >= 0) {
            String wanted = word.substring(format + FORMAT.length());
            if (!wanted.equals("qcow2")) {
                throw new UsageException(
                        "an overlay cannot have the format '" + wanted + "'", "overlays are qcow2: leave ,format= out");
            }
            rest = word.substring(0, format);
        }
        int equals = rest.indexOf('=');
        if (equals == 0 || rest.isEmpty() || equals == rest.length() - 1) {
            throw new UsageException(
                    "--disk: '" + word + "' names no disk or no file", "write --disk DISK or --disk DISK=FILE");
        }
        return equals < 0
                ? new Target(rest, null)
                : new Target(rest.substring(0, equals), Targets.file(rest.substring(equals + 1), context, qemu));
    }
}
