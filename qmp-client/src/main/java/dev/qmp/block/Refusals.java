package dev.qmp.block;

import dev.qmp.error.CommandFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a user can do about QEMU's refusals of file operations. QEMU's words stay as they are; the advice is ours, and names
 * what can be seen: who QEMU runs as, who owns the folder, which security profile stands between.
 */
final class Refusals {

    private static final Pattern QUOTED_PATH = Pattern.compile("'(/[^']*)'");

    private final @Nullable QemuProcess qemu;

    Refusals(@Nullable QemuProcess qemu) {
        this.qemu = qemu;
    }

    /**
     * The refusal with advice, where there is any. The file is looked for in QEMU's words, then among {@code files}; those
     * of {@code left} are there and nothing proves that they may be removed.
     */
    CommandFailedException explain(CommandFailedException refusal, List<String> files, List<String> left) {
        Matcher quoted = QUOTED_PATH.matcher(refusal.desc());
        String file = quoted.find() ? quoted.group(1) : files.isEmpty() ? "/" : files.get(0);
        List<String> hints = new ArrayList<>();
        advice(refusal.desc(), file).ifPresent(hints::add);
        if (!left.isEmpty()) {
            hints.add("QEMU may have left " + String.join(", ", left)
                    + " behind: nothing here proves it, so look, and delete what is of no use");
        }
        return hints.isEmpty() ? refusal : refusal.withHint(String.join("; ", hints));
    }

    /** What to do about an error of QEMU's that concerns {@code file}. */
    Optional<String> advice(String desc, String file) {
        String folder = Paths.folder(file);
        if (desc.contains("Permission denied") || desc.contains("Operation not permitted")) {
            return Optional.of(denied(folder));
        }
        if (desc.contains("No such file or directory")) {
            return Optional.of("create the folder " + folder + " first, where QEMU sees it");
        }
        if (desc.contains("No space left on device")) {
            return Optional.of("make room in " + folder + space(folder) + ", or choose another folder");
        }
        if (desc.contains("\"write\" lock") || desc.contains("shared \"")) {
            return Optional.of("another process has the image open: find it with `lsof " + file + "`");
        }
        if (desc.contains("Read-only file system")) {
            return Optional.of("choose a folder on a file system that is mounted for writing");
        }
        return Optional.empty();
    }

    private String denied(String folder) {
        StringBuilder advice = new StringBuilder("QEMU itself must be able to write to ").append(folder);
        if (qemu == null) {
            return advice.append(": check its user's rights there, and AppArmor or SELinux")
                    .toString();
        }
        advice.append(" and runs as ").append(qemu.user());
        owner(folder).ifPresent(owner -> advice.append("; the folder ").append(owner));
        if (qemu.confinement() == null) {
            advice.append(". Change its owner or mode, or choose another folder");
        } else {
            advice.append(". QEMU is confined by the security profile ")
                    .append(qemu.confinement())
                    .append(": allow the folder there, see the kernel's log");
        }
        return advice.toString();
    }

    private Optional<String> owner(String folder) {
        if (qemu == null) {
            return Optional.empty();
        }
        try {
            PosixFileAttributes file = Files.readAttributes(qemu.resolve(folder), PosixFileAttributes.class);
            return Optional.of("belongs to " + file.owner().getName() + ":"
                    + file.group().getName() + ", " + PosixFilePermissions.toString(file.permissions()));
        } catch (IOException | InvalidPathException e) {
            return Optional.empty();
        }
    }

    private String space(String folder) {
        if (qemu == null) {
            return "";
        }
        try {
            Path path = qemu.resolve(folder);
            return " (" + Files.getFileStore(path).getUsableSpace() + " bytes are free)";
        } catch (IOException | InvalidPathException e) {
            return "";
        }
    }
}
