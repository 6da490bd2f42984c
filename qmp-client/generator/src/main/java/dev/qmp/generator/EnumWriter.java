package dev.qmp.generator;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeSpec;
import dev.qmp.generator.Model.EnumDef;
import dev.qmp.generator.Model.ValueDef;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import javax.lang.model.element.Modifier;

/** Writes an enumeration: a record of a string, with a constant for each value that is known. */
final class EnumWriter {

    private final Docs docs;

    EnumWriter(Docs docs) {
        this.docs = docs;
    }

    TypeSpec write(EnumDef def) {
        ClassName self = Java.named(def.name());
        TypeSpec.Builder type = TypeSpec.recordBuilder(self)
                .addModifiers(Modifier.PUBLIC)
                .addSuperinterface(Java.own("QapiEnum"))
                .addAnnotations(docs.annotations(def.marks()))
                .addJavadoc(docs.of(
                        "enum", def.name(), CodeBlock.of("QAPI's enumeration {@code $L}.", def.name()), def.marks()))
                .recordConstructor(MethodSpec.compactConstructorBuilder()
                        .addModifiers(Modifier.PUBLIC)
                        .addParameter(ParameterSpec.builder(Java.STRING, "value")
                                .addJavadoc("as QAPI spells it\n")
                                .build())
                        .addStatement("$T.requireNonNull(value, $S)", Objects.class, "value")
                        .build());
        Set<String> constants = new HashSet<>();
        for (ValueDef value : def.values()) {
            String constant = JavaNames.constant(value.name());
            if (!constants.add(constant)) {
                throw new IllegalStateException(def.name() + " would have " + constant + " twice");
            }
            type.addField(FieldSpec.builder(self, constant, Modifier.PUBLIC, Modifier.STATIC, Modifier.FINAL)
                    .addJavadoc("$L\n", Docs.value(def.marks(), value.name(), value.marks()))
                    .addAnnotations(Docs.warnings(value.marks()))
                    .initializer("new $T($S)", self, value.name())
                    .build());
        }
        ParameterizedTypeName list = ParameterizedTypeName.get(ClassName.get(List.class), self);
        type.addField(FieldSpec.builder(list, "KNOWN", Modifier.PRIVATE, Modifier.STATIC, Modifier.FINAL)
                .initializer(
                        "$T.of($L)",
                        List.class,
                        CodeBlock.join(
                                def.values().stream()
                                        .map(v -> CodeBlock.of("$L", JavaNames.constant(v.name())))
                                        .toList(),
                                ", "))
                .build());
        type.addMethod(MethodSpec.methodBuilder("known")
                .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                .addJavadoc("The values that this build knows, in QEMU's order.\n")
                .returns(list)
                .addStatement("return KNOWN")
                .build());
        type.addMethod(MethodSpec.methodBuilder("isKnown")
                .addModifiers(Modifier.PUBLIC)
                .addAnnotation(Override.class)
                .returns(boolean.class)
                .addStatement("return KNOWN.contains(this)")
                .build());
        type.addMethod(MethodSpec.methodBuilder("fromJson")
                .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                .addJavadoc("""
                        Makes the value of QMP's JSON.

                        @throws dev.qmp.error.UnexpectedValueException where {@code json} is no string
                        """)
                .addParameter(Java.JSON_NODE, "json")
                .returns(self)
                .addStatement("return new $T($T.string($S, json))", self, Java.own("Scalars"), def.name())
                .build());
        type.addMethod(MethodSpec.methodBuilder("toJson")
                .addModifiers(Modifier.PUBLIC)
                .addJavadoc("The value as QMP has it.\n")
                .returns(Java.JSON_NODE)
                .addStatement("return $T.ofString(value)", Java.own("Scalars"))
                .build());
        type.addMethod(MethodSpec.methodBuilder("toString")
                .addModifiers(Modifier.PUBLIC)
                .addAnnotation(Override.class)
                .returns(String.class)
                .addStatement("return value")
                .build());
        return type.build();
    }
}
