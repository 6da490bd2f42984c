package dev.qmp.generator;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import dev.qmp.generator.Model.Marks;
import dev.qmp.generator.Model.MemberDef;
import dev.qmp.generator.TypeRef.ListOf;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.lang.model.element.Modifier;

/**
 * Writes an object as a record: its members, then those that are unknown. What a struct, a command, an event and a branch
 * of a union have in common.
 */
final class RecordWriter {

    static final TypeName UNKNOWN =
            ParameterizedTypeName.get(ClassName.get("java.util", "Map"), Java.STRING, Java.own("JsonValue"));

    /** More mandatory components than this are easily mixed up in a constructor. */
    private static final int MANY = 3;

    private final Docs docs;

    RecordWriter(Docs docs) {
        this.docs = docs;
    }

    /**
     * A member of the record's, with the owner that the facts about it stand under.
     *
     * @param owner of the table of names
     * @param marks the owner's
     */
    record Component(String owner, Marks marks, MemberDef member) {

        static List<Component> of(String owner, Marks marks, List<MemberDef> members) {
            return members.stream().map(m -> new Component(owner, marks, m)).toList();
        }

        String name() {
            return JavaNames.component(member.name());
        }
    }

    /**
     * What a record is made of.
     *
     * @param what its type's name, for messages
     * @param doc its Javadoc without the components
     * @param tags the tags of unions that it is a branch of, and their values: no components, but in its JSON
     * @param check what its constructor does first
     */
    record Shape(
            ClassName self,
            String what,
            CodeBlock doc,
            Map<String, String> tags,
            CodeBlock check,
            List<Component> components) {

        static Shape of(ClassName self, String what, CodeBlock doc, List<Component> components) {
            return new Shape(self, what, doc, Map.of(), CodeBlock.of(""), components);
        }
    }

    /** Begins a record. */
    TypeSpec.Builder write(Shape shape) {
        ClassName self = shape.self();
        List<Component> components = shape.components();
        names(self, components);
        MethodSpec.Builder constructor = MethodSpec.compactConstructorBuilder()
                .addModifiers(Modifier.PUBLIC)
                .addCode(shape.check());
        for (Component component : components) {
            MemberDef member = component.member();
            constructor.addParameter(ParameterSpec.builder(Java.type(member), component.name())
                    .addAnnotations(Docs.warnings(member.marks()))
                    .addJavadoc("$L\n", docs.member(component.owner(), component.marks(), member))
                    .build());
            constructor.addCode(normalize(component));
        }
        constructor.addParameter(ParameterSpec.builder(UNKNOWN, "unknownMembers")
                .addJavadoc("members that this build does not know\n")
                .build());
        constructor.addStatement("unknownMembers = $T.copyOf(unknownMembers)", ClassName.get("java.util", "Map"));
        TypeSpec.Builder type = TypeSpec.recordBuilder(self)
                .addModifiers(Modifier.PUBLIC)
                .addJavadoc(shape.doc())
                .recordConstructor(constructor.build());
        if (components.stream().filter(c -> c.member().mandatory()).count() <= MANY) {
            type.addMethod(mandatoryOnly(components));
        }
        type.addMethod(read(shape));
        type.addMethod(toJson(shape));
        if (hasBuilder(components)) {
            ClassName builder = self.nestedClass("Builder");
            type.addMethod(MethodSpec.methodBuilder("builder")
                    .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                    .addJavadoc("A builder that begins with nothing.\n")
                    .returns(builder)
                    .addStatement("return new $T()", builder)
                    .build());
            type.addMethod(toBuilder(builder, components));
            type.addType(BuilderWriter.write(docs, self, builder, shape.what(), components));
        }
        return type;
    }

    private static void names(ClassName self, List<Component> components) {
        Set<String> names = new HashSet<>();
        for (Component component : components) {
            if (!names.add(component.name())) {
                throw new IllegalStateException(self + " would have " + component.name() + " twice");
            }
        }
    }

    private static boolean hasBuilder(List<Component> components) {
        return components.size() > MANY
                || components.stream().anyMatch(c -> !c.member().mandatory());
    }

    private static CodeBlock normalize(Component component) {
        MemberDef member = component.member();
        String name = component.name();
        if (member.type() instanceof ListOf) {
            ClassName list = ClassName.get("java.util", "List");
            return member.mandatory()
                    ? CodeBlock.of("$L = $T.copyOf($L);\n", name, list, name)
                    : CodeBlock.of("$L = $L == null ? null : $T.copyOf($L);\n", name, name, list, name);
        }
        if (member.mandatory() && !Java.type(member).isPrimitive()) {
            return CodeBlock.of("$T.requireNonNull($L, $S);\n", Objects.class, name, name);
        }
        return CodeBlock.of("");
    }

    /** The constructor with what must be there. */
    private static MethodSpec mandatoryOnly(List<Component> components) {
        MethodSpec.Builder constructor = MethodSpec.constructorBuilder().addModifiers(Modifier.PUBLIC);
        constructor.addJavadoc("With the mandatory members alone.\n");
        List<CodeBlock> all = new ArrayList<>();
        for (Component component : components) {
            if (component.member().mandatory()) {
                constructor.addParameter(Java.type(component.member()), component.name());
                all.add(CodeBlock.of("$L", component.name()));
            } else {
                all.add(CodeBlock.of("null"));
            }
        }
        all.add(CodeBlock.of("$T.of()", ClassName.get("java.util", "Map")));
        return constructor.addStatement("this($L)", CodeBlock.join(all, ", ")).build();
    }

    /** Reads a whole value. */
    static MethodSpec fromJson(ClassName self, String what) {
        return MethodSpec.methodBuilder("fromJson")
                .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                .addJavadoc(Docs.FROM_JSON)
                .returns(self)
                .addParameter(Java.JSON_NODE, "json")
                .addStatement("return read($T.of($S, json))", Java.own("Members"), what)
                .build();
    }

    /** Reads the members that are not yet read out of {@code in}: a union has read its tag by then. */
    private static MethodSpec read(Shape shape) {
        List<CodeBlock> values = new ArrayList<>();
        CodeBlock.Builder skip = CodeBlock.builder();
        shape.tags().keySet().forEach(tag -> skip.addStatement("in.skip($S)", tag));
        shape.components().forEach(component -> values.add(Java.read(component.member())));
        values.add(CodeBlock.of("in.rest()"));
        return MethodSpec.methodBuilder("read")
                .addModifiers(Modifier.STATIC)
                .returns(shape.self())
                .addParameter(Java.own("Members"), "in")
                .addCode(skip.build())
                .addStatement("return new $T(\n$L)", shape.self(), CodeBlock.join(values, ",\n"))
                .build();
    }

    private static MethodSpec toJson(Shape shape) {
        MethodSpec.Builder method = MethodSpec.methodBuilder("toJson")
                .addAnnotation(Override.class)
                .addModifiers(Modifier.PUBLIC)
                .returns(Java.OBJECT_NODE)
                .addStatement("$T json = $T.object()", Java.OBJECT_NODE, Java.own("Scalars"))
                .addCode(tags(shape));
        for (Component component : shape.components()) {
            MemberDef member = component.member();
            CodeBlock put = Java.put(member.name(), member.type(), CodeBlock.of("$L", component.name()));
            if (member.mandatory()) {
                method.addStatement(put);
            } else {
                method.beginControlFlow("if ($L != null)", component.name())
                        .addStatement(put)
                        .endControlFlow();
            }
        }
        return method.addStatement("$T.putAll(json, unknownMembers)", Java.own("Members"))
                .addStatement("return json")
                .build();
    }

    private static CodeBlock tags(Shape shape) {
        CodeBlock.Builder puts = CodeBlock.builder();
        shape.tags().forEach((tag, value) -> puts.addStatement("json.put($S, $S)", tag, value));
        return puts.build();
    }

    private static MethodSpec toBuilder(ClassName builder, List<Component> components) {
        MethodSpec.Builder method = MethodSpec.methodBuilder("toBuilder")
                .addModifiers(Modifier.PUBLIC)
                .addJavadoc("A builder that begins with these members.\n")
                .returns(builder)
                .addStatement("$T builder = new $T()", builder, builder);
        components.forEach(c -> method.addStatement("builder.$L = $L", c.name(), c.name()));
        return method.addStatement("builder.unknownMembers.putAll(unknownMembers)")
                .addStatement("return builder")
                .build();
    }
}
