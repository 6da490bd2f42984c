package dev.qmp.generator.manual;

import dev.qmp.generator.Schema;
import dev.qmp.generator.manual.Definition.Branch;
import dev.qmp.generator.manual.Definition.Member;
import dev.qmp.generator.manual.Definition.TypeWord;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/**
 * Walks through a schema and a manual in parallel, from every command and every event: where the manual names a type, the
 * schema has a number. A type is entered when it gets its name, so recursive types end by themselves.
 */
final class Walk {

    private final Schema schema;
    private final Manual manual;
    private final Naming naming;
    private final Queue<String> entered = new ArrayDeque<>();

    private Walk(Schema schema, Manual manual) {
        this.schema = schema;
        this.manual = manual;
        this.naming = Naming.of(schema);
    }

    static Naming through(Schema schema, Manual manual) {
        Walk walk = new Walk(schema, manual);
        schema.entries().values().forEach(walk::start);
        while (!walk.entered.isEmpty()) {
            walk.inside(walk.entered.remove());
        }
        walk.naming.places().forEach((masked, places) -> {
            // Arguments that are listed one by one have no name in QAPI either.
            boolean nameless = places.stream().allMatch(where -> where.step().isEmpty());
            if (!nameless && !walk.naming.types().containsKey(masked)) {
                walk.naming.unnamed().add(places.iterator().next());
            }
        });
        return walk.naming;
    }

    private void start(Schema.Entry entry) {
        if (entry instanceof Schema.Command command) {
            Optional<Definition> definition = described(command.name());
            arguments(command.name(), command.arguments(), definition);
            result(command, definition);
        } else if (entry instanceof Schema.Event event) {
            arguments(event.name(), event.arguments(), described(event.name()));
        }
    }

    private Optional<Definition> described(String name) {
        Optional<Definition> definition = manual.find(name);
        if (definition.isEmpty()) {
            naming.complain("the manual lacks " + name);
        }
        return definition;
    }

    private void arguments(String owner, String type, Optional<Definition> definition) {
        if (!(schema.type(type) instanceof Schema.ObjectType object) || isEmpty(object)) {
            return;
        }
        // Arguments have a name of their own only if another definition provides all of them.
        Optional<String> whole = definition
                .filter(d -> d.members().isEmpty()
                        && d.branches().isEmpty()
                        && d.bases().size() == 1)
                .map(d -> d.bases().get(0));
        if (whole.isPresent()) {
            name(type, whole.get(), Where.arguments(owner));
        } else {
            naming.stands(type, Where.arguments(owner));
            definition.ifPresent(d -> complain(owner, Fit.of(schema, object, manual, d)));
        }
        members(owner, object, definition);
    }

    private void result(Schema.Command command, Optional<Definition> definition) {
        Schema.Entry type = schema.elementType(command.result());
        if (type instanceof Schema.Builtin || (type instanceof Schema.ObjectType object && isEmpty(object))) {
            return;
        }
        List<String> names = definition.map(Definition::results).orElse(List.of()).stream()
                .map(TypeWord::name)
                .filter(name -> manual.find(name).isPresent())
                .toList();
        names.stream()
                .filter(name -> fit(type, name).isExact())
                .findFirst()
                .or(() -> names.stream()
                        .filter(name -> fit(type, name).isPossible())
                        .findFirst())
                .ifPresentOrElse(
                        name -> name(command.result(), name, Where.result(command.name())),
                        () -> naming.stands(type.name(), Where.result(command.name())));
    }

    private Fit fit(Schema.Entry type, String name) {
        return Fit.of(schema, type, manual, manual.find(name).orElseThrow());
    }

    private void inside(String masked) {
        String name = naming.types().get(masked);
        if (name == null) {
            return;
        }
        Optional<Definition> definition = manual.find(name);
        if (schema.type(masked) instanceof Schema.ObjectType object) {
            members(name, object, definition);
            variants(name, object, definition);
        } else if (schema.type(masked) instanceof Schema.Alternate alternate) {
            alternatives(name, alternate, definition);
        }
    }

    private void members(String owner, Schema.ObjectType object, Optional<Definition> definition) {
        for (Schema.Member member : object.members()) {
            Optional<String> type = definition
                    .map(manual::content)
                    .flatMap(content -> content.member(member.name()))
                    .map(Member::type)
                    .map(TypeWord::name);
            stands(member.type(), type, Where.member(owner, member.name()));
        }
    }

    private void variants(String owner, Schema.ObjectType object, Optional<Definition> definition) {
        for (Map.Entry<String, String> variant : object.variants().entrySet()) {
            if (!(schema.type(variant.getValue()) instanceof Schema.ObjectType type) || isEmpty(type)) {
                continue;
            }
            Optional<String> name = definition
                    .map(manual::content)
                    .flatMap(content -> content.branch(variant.getKey()))
                    .map(Branch::type);
            stands(variant.getValue(), name, Where.branch(owner, variant.getKey()));
        }
    }

    private void alternatives(String owner, Schema.Alternate alternate, Optional<Definition> definition) {
        for (String type : alternate.types()) {
            String kind = Where.jsonKind(schema, type);
            Where where = Where.alternative(owner, kind);
            Optional<Member> member = definition.stream()
                    .flatMap(d -> d.members().stream())
                    .filter(m -> jsonKind(m.type()).equals(kind))
                    .findFirst();
            member.ifPresent(m -> naming.branches().put(where, m.name()));
            stands(type, member.map(m -> m.type().name()), where);
        }
    }

    private String jsonKind(TypeWord word) {
        if (word.array()) {
            return "array";
        }
        if (Fit.isBuiltin(word.name())) {
            return Fit.jsonType(word.name());
        }
        return manual.find(word.name())
                .map(d -> d.kind() == Definition.Kind.ENUM ? "string" : "object")
                .orElse("");
    }

    private void stands(String type, Optional<String> name, Where where) {
        Schema.Entry entry = schema.elementType(type);
        if (entry instanceof Schema.Builtin) {
            return;
        }
        name.filter(n -> !Fit.isBuiltin(n))
                .ifPresentOrElse(n -> name(type, n, where), () -> naming.stands(entry.name(), where));
    }

    private void name(String type, String name, Where where) {
        Schema.Entry entry = schema.elementType(type);
        naming.stands(entry.name(), where);
        String present = naming.types().putIfAbsent(entry.name(), name);
        if (present == null) {
            if (naming.types().values().stream().filter(name::equals).count() > 1) {
                naming.complain(name + " is more than one type, at " + where + " and before");
            }
            manual.find(name)
                    .ifPresentOrElse(
                            definition -> complain(name, Fit.of(schema, entry, manual, definition)),
                            () -> naming.complain("the manual does not define " + name));
            entered.add(entry.name());
        } else if (!present.equals(name)) {
            naming.complain(where + " is " + name + ", but elsewhere " + present);
        }
    }

    private void complain(String name, Fit fit) {
        fit.complaints().forEach(complaint -> naming.complain(name + ": " + complaint));
    }

    private static boolean isEmpty(Schema.ObjectType object) {
        return object.members().isEmpty() && object.variants().isEmpty();
    }
}
