package dev.qmp.block;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Removes a file that QEMU was to create and perhaps did. Its folder is QEMU's own word, and whoever QEMU runs as may rename
 * and link in there as he likes: so folders are opened one in another, from the root on, and no symbolic link is followed;
 * what is looked at and what is removed is an entry of the very folder that was opened.
 */
final class LeftOver {

    private static final Set<OpenOption> READ = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

    private LeftOver() {}

    /**
     * Removes {@code overlay} if it is a qcow2 file whose header names {@code base}, and says whether it did.
     *
     * @param root the root folder as QEMU sees it
     * @throws IOException where a folder cannot be opened, or is a symbolic link
     */
    static boolean remove(Path root, String overlay, String base) throws IOException {
        List<Path> names = new ArrayList<>();
        for (String name : overlay.split("/", -1)) {
            if (name.equals("..")) {
                return false;
            }
            if (!name.isEmpty() && !name.equals(".")) {
                names.add(Path.of(name));
            }
        }
        try (DirectoryStream<Path> folder = Files.newDirectoryStream(root)) {
            return !names.isEmpty()
                    && folder instanceof SecureDirectoryStream<Path> secure
                    && remove(secure, names, base);
        }
    }

    private static boolean remove(SecureDirectoryStream<Path> folder, List<Path> names, String base)
            throws IOException {
        Path name = names.get(0);
        if (names.size() > 1) {
            try (SecureDirectoryStream<Path> next = folder.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
                return remove(next, names.subList(1, names.size()), base);
            }
        }
        // A pipe would make us wait for its writer.
        boolean file = folder.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes()
                .isRegularFile();
        if (!file || !backing(folder, name).equals(Optional.of(base))) {
            return false;
        }
        folder.deleteFile(name);
        return true;
    }

    private static Optional<String> backing(SecureDirectoryStream<Path> folder, Path name) throws IOException {
        try (SeekableByteChannel image = folder.newByteChannel(name, READ)) {
            return Qcow2Header.backingFile(image);
        }
    }
}
