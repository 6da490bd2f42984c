package dev.qmp.generator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** Tells whether anything that the sources are made from has changed: schemas, the table of names, the generator itself. */
final class Stamp {

    private final Path file;
    private final String text;

    private Stamp(Path file, String text) {
        this.file = file;
        this.text = text;
    }

    static Stamp of(Path schemas, Path file) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            add(digest, schemas);
            // The classes and the table, in a folder or a jar.
            add(
                    digest,
                    Path.of(Stamp.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI()));
            return new Stamp(file, HexFormat.of().formatHex(digest.digest()));
        } catch (NoSuchAlgorithmException | URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void add(MessageDigest digest, Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> sorted = files.filter(Files::isRegularFile).sorted().toList();
            for (Path path : sorted) {
                digest.update(folder.relativize(path).toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
                digest.update(Files.readAllBytes(path));
            }
        }
    }

    boolean holds() {
        try {
            return Files.exists(file) && Files.readString(file).equals(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void set() throws IOException {
        Files.writeString(file, text);
    }
}
