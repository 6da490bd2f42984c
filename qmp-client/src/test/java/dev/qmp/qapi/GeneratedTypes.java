package dev.qmp.qapi;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The types that the build wrote: every one that reads itself from JSON. */
final class GeneratedTypes {

    private GeneratedTypes() {}

    /** The types that stand for themselves, with a {@code fromJson}: structs, unions, alternates, commands, events. */
    static List<Class<?>> topLevel() {
        List<Class<?>> types = new ArrayList<>();
        for (Class<?> type : classes()) {
            boolean reads = Stream.of(type.getDeclaredMethods())
                    .anyMatch(m -> m.getName().equals("fromJson") && m.getParameterCount() == 1);
            if (reads && type.getEnclosingClass() == null && Modifier.isPublic(type.getModifiers())) {
                types.add(type);
            }
        }
        return types;
    }

    /** All records that a value of the type can be. */
    static List<Class<?>> records(Class<?> type) {
        if (type.isRecord()) {
            return List.of(type);
        }
        return Stream.of(type.getPermittedSubclasses())
                .flatMap(sub -> records(sub).stream())
                .toList();
    }

    private static List<Class<?>> classes() {
        try {
            Path root = Path.of(QmpCommand.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            try (Stream<Path> files = Files.list(root.resolve("dev/qmp/qapi"))) {
                List<Class<?>> classes = new ArrayList<>();
                for (Path file : files.sorted().toList()) {
                    String name = file.getFileName().toString();
                    if (name.endsWith(".class") && !name.equals("package-info.class")) {
                        classes.add(Class.forName("dev.qmp.qapi." + name.replace(".class", "")));
                    }
                }
                return classes;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException | ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
