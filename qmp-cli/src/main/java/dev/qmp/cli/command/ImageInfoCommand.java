package dev.qmp.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.cli.render.Sizes;
import dev.qmp.qapi.ImageInfo;
import dev.qmp.qapi.ImageInfoSpecific;
import dev.qmp.qapi.SnapshotInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Facts of an image file, asked of {@code qemu-img}, which knows every format; also while a guest uses the image. */
@Command(name = "info", description = "Facts of an image file; safe on an image in use.")
final class ImageInfoCommand extends Subcommand {

    @Parameters(paramLabel = "FILE", description = "the image")
    private Path file;

    @Option(names = "--backing-chain", description = "also of the images below it")
    private boolean backingChain;

    @Option(
            names = {"-f", "--format"},
            paramLabel = "FORMAT",
            description =
                    "take the image for this format instead of probing: a guest can write what looks like another")
    private @Nullable String format;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path absolute = context().workingFolder().resolve(file).normalize();
        if (!Files.exists(absolute)) {
            throw new LocalException("not-found", "no file " + absolute, "check the spelling", null);
        }
        ArrayNode images = images(absolute);
        if (json()) {
            print(backingChain ? images : images.get(0));
            return Failure.DONE;
        }
        for (int i = 0; i < images.size(); i++) {
            if (i > 0) {
                console().out("");
            }
            show(images.get(i));
        }
        return Failure.DONE;
    }

    private ArrayNode images(Path image) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("qemu-img", "info", "-U", "--output=json"));
        if (backingChain) {
            words.add("--backing-chain");
        }
        if (format != null) {
            words.addAll(List.of("-f", format));
        }
        words.add(image.toString());
        JsonNode answer = new ObjectMapper().readTree(run(words));
        ArrayNode images = JsonNodeFactory.instance.arrayNode();
        if (answer.isArray()) {
            answer.forEach(one -> images.add(document(ImageInfo.fromJson(one))));
        } else {
            images.add(document(ImageInfo.fromJson(answer)));
        }
        return images;
    }

    private static String run(List<String> words) throws IOException, InterruptedException {
        Process process;
        Path errors = Files.createTempFile("qemu-img", ".err");
        try {
            try {
                process =
                        new ProcessBuilder(words).redirectError(errors.toFile()).start();
            } catch (IOException e) {
                throw new LocalException(
                        "no-qemu-img",
                        "qemu-img is not there",
                        "install it: Debian has it in the package qemu-utils",
                        e);
            }
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                String said = Files.readString(errors, StandardCharsets.UTF_8).strip();
                throw new LocalException(
                        "image-unreadable",
                        said.isEmpty()
                                ? "qemu-img failed"
                                : String.join("; ", said.lines().toList()),
                        "is it an image, and are its backing files where its header says?",
                        null);
            }
            return output;
        } finally {
            Files.deleteIfExists(errors);
        }
    }

    /** {@code qemu-img} says what QMP says of an image. */
    private static ObjectNode document(ImageInfo image) {
        String full = image.fullBackingFilename();
        List<SnapshotInfo> snapshots = image.snapshots();
        ImageInfoSpecific specific = image.formatSpecific();
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("file", image.filename());
        document.put("format", image.format());
        document.put("virtualSize", image.virtualSize());
        document.put("actualSize", image.actualSize());
        document.put("clusterSize", image.clusterSize());
        document.put("backingFile", full != null ? full : image.backingFilename());
        document.put("backingFormat", image.backingFilenameFormat());
        document.put("dirty", Boolean.TRUE.equals(image.dirtyFlag()));
        ArrayNode internal = document.putArray("snapshots");
        if (snapshots != null) {
            snapshots.forEach(snapshot -> internal.add(snapshot.toJson()));
        }
        document.set("formatSpecific", specific == null ? JsonNodeFactory.instance.nullNode() : specific.toJson());
        return document;
    }

    private void show(JsonNode image) {
        console().fact("file", image.path("file").asText());
        console().fact("format", image.path("format").asText());
        console().fact("virtual size", size(image.path("virtualSize")));
        console().fact("allocated", size(image.path("actualSize")));
        if (!image.path("clusterSize").isNull()) {
            console().fact("cluster size", size(image.path("clusterSize")));
        }
        if (!image.path("backingFile").isNull()) {
            String backingFormat = image.path("backingFormat").isNull()
                    ? "format not recorded"
                    : image.path("backingFormat").asText();
            console().fact("backing file", image.path("backingFile").asText() + " (" + backingFormat + ")");
        }
        if (image.path("dirty").asBoolean()) {
            console().fact("dirty", "yes");
        }
        for (JsonNode snapshot : image.path("snapshots")) {
            console().fact("internal snapshot", snapshot.path("name").asText());
        }
    }

    private static String size(JsonNode bytes) {
        return bytes.isNull() ? "-" : Sizes.human(bytes.asLong()) + " (" + bytes.asLong() + " bytes)";
    }
}
