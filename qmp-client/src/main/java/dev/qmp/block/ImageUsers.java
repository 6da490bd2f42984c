package dev.qmp.block;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Who else needs an image, as far as this host shows it: processes that have it open, and qcow2 overlays in the same folder
 * whose header names it. Contents of raw images are not looked at, and at most {@value #MOST} files of a folder are.
 */
final class ImageUsers {

    private static final int MOST = 10_000;

    private final Optional<QemuProcess> qemu;

    ImageUsers(Optional<QemuProcess> qemu) {
        this.qemu = qemu;
    }

    /** Empty where nobody but this QEMU, and the images {@code own}, is seen to need it; or nobody can look. */
    Optional<String> other(String file, Set<String> own) {
        if (qemu.isEmpty() || !Paths.absolute(file)) {
            return Optional.empty();
        }
        try {
            Path path = qemu.get().resolve(file);
            if (!Files.exists(path)) {
                return Optional.empty();
            }
            return overlay(path, file, own).or(() -> process(path));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** The qcow2 files in the folders of these images whose header names one of them, each with the name of that one. */
    Map<String, String> overlays(Collection<String> images) {
        Map<String, String> found = new TreeMap<>();
        if (qemu.isEmpty()) {
            return found;
        }
        Map<String, Path> known = new HashMap<>();
        images.stream().filter(Paths::absolute).forEach(image -> known.put(image, qemuFolder(image)));
        for (String folder : known.keySet().stream().map(Paths::folder).collect(Collectors.toSet())) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(qemuFolder(folder))) {
                int looked = 0;
                for (Path entry : entries) {
                    if (++looked > MOST) {
                        break;
                    }
                    if (Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)) {
                        known.entrySet().stream()
                                .filter(image -> names(entry, image.getValue(), folder))
                                .findFirst()
                                .ifPresent(image -> found.put(folder + entry.getFileName(), image.getKey()));
                    }
                }
            } catch (IOException | InvalidPathException e) {
                // A folder that is not ours to read shows nothing.
            }
        }
        return found;
    }

    private Optional<String> overlay(Path path, String file, Set<String> own) {
        String folder = Paths.folder(file);
        int looked = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(qemuFolder(folder))) {
            for (Path entry : entries) {
                String name = folder + entry.getFileName();
                if (own.stream().anyMatch(mine -> Paths.same(mine, name))
                        || !Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)) {
                    continue;
                }
                if (++looked > MOST) {
                    return Optional.of("the folder " + folder + " has more than " + MOST
                            + " files, too many to look for overlays of it");
                }
                if (names(entry, path, folder)) {
                    return Optional.of(name + " is an overlay of " + file);
                }
            }
        } catch (IOException e) {
            return Optional.of("the folder " + folder + " cannot be searched for overlays of it: " + e);
        }
        return Optional.empty();
    }

    private Path qemuFolder(String folder) {
        return qemu.map(process -> process.resolve(folder)).orElse(Path.of(folder));
    }

    private boolean names(Path image, Path file, String folder) {
        try (SeekableByteChannel channel = Files.newByteChannel(image)) {
            Optional<String> backing = Qcow2Header.backingFile(channel).map(PseudoName::file);
            if (backing.isEmpty() || backing.get().isEmpty()) {
                return false;
            }
            String absolute = Paths.absolute(backing.get()) ? backing.get() : folder + backing.get();
            Path named = qemu.map(process -> process.resolve(absolute)).orElse(Path.of(absolute));
            return Files.exists(named) && Files.isSameFile(named, file);
        } catch (IOException | InvalidPathException e) {
            return false; // gone meanwhile, or not ours to read: then no overlay of ours either
        }
    }

    private Optional<String> process(Path file) {
        long mine = ProcessHandle.current().pid();
        int qemuPid = qemu.map(QemuProcess::pid).orElse(-1);
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                String pid = process.getFileName().toString();
                if (!pid.equals(Long.toString(mine))
                        && !pid.equals(Integer.toString(qemuPid))
                        && hasOpen(process.resolve("fd"), file)) {
                    return Optional.of("the process with PID " + pid + " has it open");
                }
            }
        } catch (IOException e) {
            return Optional.empty(); // no /proc: nobody can look
        }
        return Optional.empty();
    }

    private static boolean hasOpen(Path descriptors, Path file) {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(descriptors)) {
            for (Path descriptor : all) {
                String name = Files.readSymbolicLink(descriptor).toString();
                if (name.startsWith("/") && !name.startsWith("/dev/") && Files.isSameFile(descriptor, file)) {
                    return true;
                }
            }
        } catch (IOException | RuntimeException e) {
            // It has ended meanwhile, or is another user's.
        }
        return false;
    }
}
