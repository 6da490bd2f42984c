package dev.qmp.generator;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import dev.qmp.generator.Model.MemberDef;
import dev.qmp.generator.RecordWriter.Component;
import dev.qmp.generator.TypeRef.Scalar;
import java.util.ArrayList;
import java.util.List;
import javax.lang.model.element.Modifier;

/** Writes the builder of a record. */
final class BuilderWriter {

    private static final String UNKNOWN = "unknownMembers";

    private BuilderWriter() {}

    static TypeSpec write(Docs docs, ClassName self, ClassName builder, String what, List<Component> components) {
        TypeSpec.Builder type = TypeSpec.classBuilder(builder)
                .addModifiers(Modifier.PUBLIC, Modifier.STATIC, Modifier.FINAL)
                .addJavadoc(
                        "Makes a {@link $T}; not safe for threads. An optional member that is null is left out.\n",
                        self);
        for (Component component : components) {
            TypeName field = Java.nullable(Java.type(component.member().type()));
            type.addField(
                    FieldSpec.builder(field, component.name(), Modifier.PRIVATE).build());
        }
        type.addField(FieldSpec.builder(RecordWriter.UNKNOWN, UNKNOWN, Modifier.PRIVATE, Modifier.FINAL)
                .initializer("new $T<>()", ClassName.get("java.util", "LinkedHashMap"))
                .build());
        type.addMethod(
                MethodSpec.constructorBuilder().addModifiers(Modifier.PRIVATE).build());
        for (Component component : components) {
            type.addMethod(setter(docs, builder, component, Java.type(component.member()), component.name()));
            if (component.member().type() == Scalar.UINT64) {
                type.addMethod(setter(
                        docs,
                        builder,
                        component,
                        TypeName.LONG,
                        CodeBlock.of("$T.of($L)", Java.own("Uint64"), component.name())
                                .toString()));
            }
        }
        type.addMethod(MethodSpec.methodBuilder("unknownMember")
                .addModifiers(Modifier.PUBLIC)
                .addJavadoc("A member that this build does not know.\n")
                .addParameter(Java.STRING, "name")
                .addParameter(Java.own("JsonValue"), "value")
                .returns(builder)
                .addStatement("$L.put(name, value)", UNKNOWN)
                .addStatement("return this")
                .build());
        return type.addMethod(build(self, what, components)).build();
    }

    private static MethodSpec setter(
            Docs docs, ClassName builder, Component component, TypeName parameter, String value) {
        return MethodSpec.methodBuilder(component.name())
                .addAnnotations(Docs.warnings(component.member().marks()))
                .addModifiers(Modifier.PUBLIC)
                .addJavadoc("$L.\n", docs.member(component.owner(), component.marks(), component.member()))
                .addParameter(parameter, component.name())
                .returns(builder)
                .addStatement("this.$L = $L", component.name(), value)
                .addStatement("return this")
                .build();
    }

    private static MethodSpec build(ClassName self, String what, List<Component> components) {
        boolean mandatory = components.stream().anyMatch(c -> c.member().mandatory());
        List<CodeBlock> values = new ArrayList<>();
        for (Component component : components) {
            MemberDef member = component.member();
            values.add(
                    member.mandatory()
                            ? CodeBlock.of(
                                    "$T.given($S, $S, $L)", Java.own("Members"), what, member.name(), component.name())
                            : CodeBlock.of("$L", component.name()));
        }
        values.add(CodeBlock.of(UNKNOWN));
        MethodSpec.Builder method =
                MethodSpec.methodBuilder("build").addModifiers(Modifier.PUBLIC).returns(self);
        if (mandatory) {
            method.addJavadoc("The value.\n\n@throws IllegalStateException where a mandatory member was not given\n");
        }
        return method.addStatement("return new $T(\n$L)", self, CodeBlock.join(values, ",\n"))
                .build();
    }
}
