package dev.qmp.cli.command;

import org.jspecify.annotations.Nullable;

/** virsh's {@code DISK[,snapshot=no|external][,driver=qcow2][,file=FILE]}; a doubled comma is one in a value. */
record Diskspec(String disk, boolean included, @Nullable String file) {

    static Diskspec parse(String word) {
        String[] parts = word.replace(",,", "\0").split(",", -1);
        String disk = parts[0].replace('\0', ',');
        boolean included = true;
        String file = null;
        for (int i = 1; i < parts.length; i++) {
            String part = parts[i].replace('\0', ',');
            if (part.startsWith("file=")) {
                file = part.substring("file=".length());
            } else if (part.equals("snapshot=no")) {
                included = false;
            } else if (!part.equals("snapshot=external")
                    && !part.equals("driver=qcow2")
                    && !part.equals("stype=file")) {
                throw new UsageException(
                        "--diskspec: '" + part + "' is not possible here",
                        "overlays are external qcow2 files: DISK,file=FILE or DISK,snapshot=no");
            }
        }
        if (disk.isEmpty()) {
            throw new UsageException("--diskspec: '" + word + "' names no disk", "write DISK,file=FILE");
        }
        return new Diskspec(disk, included, file);
    }
}
