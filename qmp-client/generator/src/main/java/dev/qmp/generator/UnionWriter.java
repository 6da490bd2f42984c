package dev.qmp.generator;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import dev.qmp.generator.Model.BranchDef;
import dev.qmp.generator.Model.MemberDef;
import dev.qmp.generator.Model.UnionDef;
import dev.qmp.generator.RecordWriter.Component;
import dev.qmp.generator.RecordWriter.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.lang.model.element.Modifier;

/**
 * Writes a flat union: a sealed interface with a record for each branch that has members of its own, and {@code Other} for
 * the values of the tag that add none or are not known. A branch that is a union itself becomes an interface within.
 */
final class UnionWriter {

    private static final String OTHER = "Other";

    private final Docs docs;
    private final RecordWriter records;
    private final Model model;

    UnionWriter(Docs docs, RecordWriter records, Model model) {
        this.docs = docs;
        this.records = records;
        this.model = model;
    }

    /** A tag that has its value already: the record's method, and what stands in its JSON. */
    private record Tag(MemberDef member, String value) {}

    /**
     * One union on its way down.
     *
     * @param self the interface
     * @param inherited members of the unions that it is a branch of
     * @param tags of those unions
     */
    private record Place(UnionDef def, ClassName self, List<Component> inherited, List<Tag> tags) {}

    TypeSpec write(UnionDef def) {
        CodeBlock what = CodeBlock.of(
                "QAPI's union {@code $L}: {@code $L} says which members there are.",
                def.name(),
                def.tag().name());
        return write(new Place(def, Java.named(def.name()), List.of(), List.of()))
                .addAnnotations(docs.annotations(def.marks()))
                .addJavadoc(docs.of("object", def.name(), what, def.marks()))
                .addMethod(MethodSpec.methodBuilder("fromJson")
                        .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                        .addJavadoc(
                                "@throws dev.qmp.error.UnexpectedValueException where {@code json} is no such value\n")
                        .returns(Java.named(def.name()))
                        .addParameter(Java.JSON_NODE, "json")
                        .addStatement("return read($T.of($S, json))", Java.own("Members"), def.name())
                        .build())
                .build();
    }

    private TypeSpec.Builder write(Place place) {
        UnionDef def = place.def();
        TypeSpec.Builder type = TypeSpec.interfaceBuilder(place.self())
                .addModifiers(Modifier.PUBLIC, Modifier.SEALED)
                .addSuperinterface(Java.own("QapiObject"))
                .addMethod(accessor(JavaNames.component(def.tag().name()), Java.type(def.tag()))
                        .addJavadoc("The tag: $L.\n", docs.member(def.name(), def.marks(), def.tag()))
                        .build());
        for (MemberDef member : def.members()) {
            type.addMethod(accessor(JavaNames.component(member.name()), Java.type(member))
                    .addAnnotations(Docs.warnings(member.marks()))
                    .addJavadoc("$L.\n", docs.member(def.name(), def.marks(), member))
                    .build());
        }
        List<Component> shared = new ArrayList<>(place.inherited());
        shared.addAll(Component.of(def.name(), def.marks(), def.members()));
        CodeBlock.Builder cases = CodeBlock.builder();
        for (Map.Entry<String, BranchDef> branch : def.branches().entrySet()) {
            ClassName name = place.self().nestedClass(JavaNames.type(branch.getKey()));
            type.addType(branch(place, shared, branch.getKey(), branch.getValue(), name));
            type.addPermittedSubclass(name);
            cases.add("case $S -> $T.read(in);\n", branch.getKey(), name);
        }
        ClassName other = place.self().nestedClass(OTHER);
        type.addType(other(place, shared, other)).addPermittedSubclass(other);
        return type.addMethod(MethodSpec.methodBuilder("read")
                .addModifiers(Modifier.PRIVATE, Modifier.STATIC)
                .returns(place.self())
                .addParameter(Java.own("Members"), "in")
                .addCode("return switch (in.peek($S)) {\n$>", def.tag().name())
                .addCode(cases.build())
                .addCode("default -> $T.read(in);\n$<};\n", other)
                .build());
    }

    private TypeSpec branch(Place place, List<Component> shared, String value, BranchDef branch, ClassName self) {
        List<Tag> tags = new ArrayList<>(place.tags());
        tags.add(new Tag(place.def().tag(), value));
        CodeBlock doc = CodeBlock.of("The branch {@code $L}: {@code $L}.\n", value, branch.type());
        if (branch.union().isPresent()) {
            UnionDef inner = (UnionDef) model.type(branch.union().get());
            return write(new Place(inner, self, shared, tags))
                    .addModifiers(Modifier.STATIC)
                    .addSuperinterface(place.self())
                    .addJavadoc(doc)
                    .build();
        }
        List<Component> components = new ArrayList<>(shared);
        components.addAll(Component.of(branch.type(), branch.marks(), branch.members()));
        return record(place, tags, CodeBlock.of(""), components, doc, self).build();
    }

    private TypeSpec other(Place place, List<Component> shared, ClassName self) {
        UnionDef def = place.def();
        List<Component> components = new ArrayList<>();
        components.add(new Component(def.name(), def.marks(), def.tag()));
        components.addAll(shared);
        components.addAll(Component.of(def.name(), def.marks(), def.older()));
        CodeBlock doc = CodeBlock.of(
                "A value of {@code $L} that adds no members, or one that this build does not know.\n",
                def.tag().name());
        CodeBlock check = CodeBlock.builder()
                .addStatement(
                        "$T.noBranch($S, $L, $T.of($L))",
                        Java.own("Members"),
                        def.name(),
                        JavaNames.component(def.tag().name()),
                        Set.class,
                        CodeBlock.join(
                                def.branches().keySet().stream()
                                        .map(value -> CodeBlock.of("$S", value))
                                        .toList(),
                                ", "))
                .build();
        return record(place, place.tags(), check, components, doc, self).build();
    }

    private TypeSpec.Builder record(
            Place place, List<Tag> tags, CodeBlock check, List<Component> components, CodeBlock doc, ClassName self) {
        Map<String, String> values = new LinkedHashMap<>();
        tags.forEach(tag -> values.put(tag.member().name(), tag.value()));
        TypeSpec.Builder record = records.write(
                        new Shape(self, String.join(".", self.simpleNames()), doc, values, check, components))
                .addModifiers(Modifier.STATIC)
                .addSuperinterface(place.self());
        for (Tag tag : tags) {
            TypeName type = Java.type(tag.member().type());
            record.addMethod(
                    MethodSpec.methodBuilder(JavaNames.component(tag.member().name()))
                            .addAnnotation(Override.class)
                            .addModifiers(Modifier.PUBLIC)
                            .returns(type)
                            .addStatement("return $T.$L", type, JavaNames.constant(tag.value()))
                            .build());
        }
        return record;
    }

    private static MethodSpec.Builder accessor(String name, TypeName type) {
        return MethodSpec.methodBuilder(name)
                .addModifiers(Modifier.PUBLIC, Modifier.ABSTRACT)
                .returns(type);
    }
}
