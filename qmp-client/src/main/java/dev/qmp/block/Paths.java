package dev.qmp.block;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** File names as QEMU reports them: text first, because they may name files of another host or no file at all. */
final class Paths {

    private Paths() {}

    /** Whether two names are the same text, or absolute paths that differ only in {@code .}, {@code ..} and slashes. */
    static boolean same(String a, String b) {
        return a.equals(b) || (absolute(a) && absolute(b) && normal(a).equals(normal(b)));
    }

    static boolean absolute(String name) {
        return name.startsWith("/");
    }

    static String normal(String name) {
        try {
            return Path.of(name).normalize().toString();
        } catch (InvalidPathException e) {
            return name;
        }
    }

    /** The part after the last slash. */
    static String base(String name) {
        return name.substring(name.lastIndexOf('/') + 1);
    }

    /** The part before the last slash, with it; empty where there is none. */
    static String folder(String name) {
        return name.substring(0, name.lastIndexOf('/') + 1);
    }

    /** A file's base name without its extension; a name that is all extension stays whole. */
    static String stem(String name) {
        String base = base(name);
        int dot = base.lastIndexOf('.');
        return dot > 0 ? base.substring(0, dot) : base;
    }

    /** An absolute name as one that is relative to a folder; the name itself where either is not absolute. */
    static String relative(String folder, String file) {
        try {
            return absolute(folder) && absolute(file)
                    ? Path.of(folder)
                            .normalize()
                            .relativize(Path.of(file).normalize())
                            .toString()
                    : file;
        } catch (InvalidPathException e) {
            return file;
        }
    }
}
