package dev.qmp.block;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** Removes an image, if all that could use it was looked at and does not. */
final class UnusedImage {

    private final Optional<QemuProcess> process;
    private final BlockGraph graph;

    UnusedImage(Optional<QemuProcess> process, BlockGraph graph) {
        this.process = process;
        this.graph = graph;
    }

    /** Empty where the file is gone, else why it stays. */
    Optional<String> remove(String file) {
        if (process.isEmpty() || !Paths.absolute(file)) {
            return Optional.of("nobody here can see whether something uses it");
        }
        if (graph.nodes().values().stream().anyMatch(node -> Paths.same(node.filename(), file))) {
            return Optional.of("this QEMU has it open");
        }
        try {
            Path path = process.get().resolve(file);
            if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                return Optional.empty();
            }
            if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                return Optional.of("it is no regular file");
            }
            Optional<String> user = new ImageUsers(process).other(file, Set.of(file));
            if (user.isPresent()) {
                return user;
            }
            Files.delete(path);
            return Optional.empty();
        } catch (IOException | InvalidPathException e) {
            return Optional.of("it could not be removed: " + e);
        }
    }
}
