package dev.qmp.generator.manual;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.qmp.generator.manual.Definition.Kind;
import dev.qmp.generator.manual.Definition.TypeWord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Reads {@code qapi/*.json} of QEMU's sources: definitions without the comments that the manual is made of. What the manual
 * hides is to be had here only: widths of integers (the manual says {@code int} for all), and which file defines what.
 * The section of each definition is its file's name.
 */
final class Qapi {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
            .enable(JsonReadFeature.ALLOW_YAML_COMMENTS)
            .build();

    private Qapi() {}

    static List<Definition> read(Path folder) {
        List<Definition> definitions = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".json"))
                    .sorted()
                    .toList()) {
                String module = file.getFileName().toString().replace(".json", "");
                definitions.addAll(parse(Files.readString(file), module));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return definitions;
    }

    static List<Definition> parse(String text, String module) throws IOException {
        List<Definition> definitions = new ArrayList<>();
        try (MappingIterator<JsonNode> expressions =
                JSON.readerFor(JsonNode.class).readValues(text)) {
            while (expressions.hasNext()) {
                define(expressions.next(), module, definitions);
            }
        }
        return definitions;
    }

    private static void define(JsonNode json, String module, List<Definition> definitions) {
        for (String word : List.of("command", "event", "struct", "union", "alternate", "enum")) {
            if (json.has(word)) {
                Draft draft = new Draft(kind(word), json.get(word).textValue(), module);
                base(json.path("base"), draft);
                if (word.equals("union")) {
                    branches(json, draft);
                } else {
                    base(json.path("data"), draft);
                }
                if (json.has("returns")) {
                    draft.result(word(json.get("returns")));
                }
                definitions.add(draft.finish());
            }
        }
    }

    private static Kind kind(String word) {
        return switch (word) {
            case "command" -> Kind.COMMAND;
            case "event" -> Kind.EVENT;
            case "alternate" -> Kind.ALTERNATE;
            case "enum" -> Kind.ENUM;
            default -> Kind.OBJECT;
        };
    }

    /** Another type's members, members of its own, or the values of an enumeration. */
    private static void base(JsonNode json, Draft draft) {
        if (json.isTextual()) {
            draft.base(json.textValue());
        } else if (json.isArray()) {
            json.forEach(value -> draft.member(
                    value.isTextual() ? value.textValue() : value.path("name").textValue(), TypeWord.NONE, false, ""));
        } else {
            json.properties().forEach(entry -> {
                boolean optional = entry.getKey().startsWith("*");
                String name = optional ? entry.getKey().substring(1) : entry.getKey();
                draft.member(name, TypeWord.of(word(entry.getValue())), optional, "");
            });
        }
    }

    private static void branches(JsonNode json, Draft draft) {
        String tag = json.path("discriminator").asText();
        json.path("data").properties().forEach(entry -> draft.branch(tag, entry.getKey(), word(entry.getValue())));
    }

    /** A type's name, in brackets if it is an array of it; a condition may stand around it. */
    private static String word(JsonNode json) {
        if (json.isArray()) {
            return "[" + json.get(0).textValue() + "]";
        }
        return json.isTextual() ? json.textValue() : word(json.path("type"));
    }
}
