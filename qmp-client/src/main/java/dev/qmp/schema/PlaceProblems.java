package dev.qmp.schema;

import dev.qmp.schema.SchemaPlace.Branch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Names that lead nowhere, in words that say where to look instead. */
final class PlaceProblems {

    private PlaceProblems() {}

    static ArgumentException unknown(QmpSchema schema, String name) {
        Optional<String> elsewhere =
                OtherQemus.explainCommand(schema, name).or(() -> OtherQemus.explainEvent(schema, name));
        if (elsewhere.isPresent()) {
            return new ArgumentException(elsewhere.get(), null);
        }
        List<String> like = new ArrayList<>(schema.commandsLike(name));
        schema.eventsLike(name).stream().filter(event -> !like.contains(event)).forEach(like::add);
        return new ArgumentException(
                "this QEMU has no command or event '" + name + "'",
                like.isEmpty() ? null : "did you mean " + String.join(" or ", like) + "?");
    }

    static ArgumentException nothing(QmpSchema schema, SchemaPlace place, String part) {
        List<String> there = Stream.concat(
                        place.members().stream().map(SchemaMember::name),
                        place.branches().stream().map(Branch::value))
                .distinct()
                .toList();
        if (there.isEmpty()) {
            return new ArgumentException(
                    "'" + place.name() + "' is " + schema.describe(place.type()) + ": there is nothing within it",
                    null);
        }
        List<String> like = NearestNames.close(part, there);
        return new ArgumentException(
                "'" + place.name() + "' has no '" + part + "'",
                like.isEmpty()
                        ? "it has " + TypeText.firstOf(NearestNames.sorted(part, there), ", ")
                        : "did you mean " + place.name() + "." + String.join(" or " + place.name() + ".", like) + "?");
    }

    static ArgumentException manifold(SchemaPlace place, String part, List<String> branches) {
        String tag = place.tag().orElse("");
        return new ArgumentException(
                "'" + part + "' of '" + place.name() + "' is not the same for each " + tag,
                "name one: " + place.name() + "." + branches.get(0) + "." + part + "; " + tag + " can be "
                        + TypeText.firstOf(branches, ", "));
    }
}
