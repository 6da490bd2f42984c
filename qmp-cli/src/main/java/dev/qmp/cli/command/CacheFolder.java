package dev.qmp.cli.command;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Where may lie what can be had again at any time; unlike the state folder it is each user's own, root's as well. */
final class CacheFolder {

    private CacheFolder() {}

    /** {@code $QMP_CACHE_DIR}, else {@code $XDG_CACHE_HOME/qmp}, else {@code ~/.cache/qmp}; none for who has no home. */
    static Optional<Path> of(Map<String, String> environment) {
        return folder(environment, "QMP_CACHE_DIR")
                .map(Path::toAbsolutePath)
                // The XDG specification tells programs to pass over a relative path.
                .or(() -> folder(environment, "XDG_CACHE_HOME")
                        .filter(Path::isAbsolute)
                        .or(() -> folder(environment, "HOME").map(home -> home.resolve(".cache")))
                        .map(cache -> cache.resolve("qmp")));
    }

    private static Optional<Path> folder(Map<String, String> environment, String variable) {
        return Optional.ofNullable(environment.get(variable))
                .filter(path -> !path.isEmpty())
                .map(Path::of);
    }
}
