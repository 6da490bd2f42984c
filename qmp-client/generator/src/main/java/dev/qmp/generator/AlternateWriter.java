package dev.qmp.generator;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterSpec;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import dev.qmp.generator.Model.AlternateDef;
import dev.qmp.generator.TypeRef.ListOf;
import dev.qmp.generator.TypeRef.Named;
import dev.qmp.generator.TypeRef.Scalar;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.lang.model.element.Modifier;

/** Writes an alternate: a sealed interface with a record for each alternative, and {@code Other} for any other JSON. */
final class AlternateWriter {

    private final Docs docs;
    private final Model model;

    AlternateWriter(Docs docs, Model model) {
        this.docs = docs;
        this.model = model;
    }

    TypeSpec write(AlternateDef def) {
        ClassName self = Java.named(def.name());
        CodeBlock what = CodeBlock.of("QAPI's alternate {@code $L}: one of several types.", def.name());
        TypeSpec.Builder type = TypeSpec.interfaceBuilder(self)
                .addModifiers(Modifier.PUBLIC, Modifier.SEALED)
                .addAnnotations(docs.annotations(def.marks()))
                .addJavadoc(docs.of("alternate", def.name(), what, def.marks()))
                .addMethod(MethodSpec.methodBuilder("toJson")
                        .addModifiers(Modifier.PUBLIC, Modifier.ABSTRACT)
                        .addJavadoc("The value as QMP has it.\n")
                        .returns(Java.JSON_NODE)
                        .build());
        MethodSpec.Builder fromJson = MethodSpec.methodBuilder("fromJson")
                .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                .addJavadoc(Docs.FROM_JSON)
                .returns(self)
                .addParameter(Java.JSON_NODE, "json");
        for (Map.Entry<String, TypeRef> alternative : def.alternatives().entrySet()) {
            ClassName name = self.nestedClass(JavaNames.type(alternative.getKey()));
            TypeRef ref = alternative.getValue();
            type.addPermittedSubclass(name).addType(alternative(self, name, alternative.getKey(), ref));
            fromJson.beginControlFlow("if (json.$L())", test(ref));
            if (ref == Scalar.NULL) {
                fromJson.addStatement("return new $T()", name);
            } else {
                fromJson.addStatement("return new $T($L)", name, Java.fromJson(ref, CodeBlock.of("json")));
                type.addMethod(factory(self, name, ref));
            }
            fromJson.endControlFlow();
        }
        ClassName other = self.nestedClass("Other");
        fromJson.addStatement("return new $T($T.of(json))", other, Java.own("JsonValue"));
        return type.addPermittedSubclass(other)
                .addType(other(self, other))
                .addMethod(fromJson.build())
                .build();
    }

    private static TypeSpec alternative(ClassName self, ClassName name, String qapi, TypeRef ref) {
        MethodSpec.Builder constructor = MethodSpec.compactConstructorBuilder().addModifiers(Modifier.PUBLIC);
        if (ref != Scalar.NULL) {
            constructor.addParameter(ParameterSpec.builder(Java.type(ref), "value")
                    .addJavadoc("what it is\n")
                    .build());
            if (ref instanceof ListOf) {
                constructor.addStatement("value = $T.copyOf(value)", List.class);
            } else if (!Java.type(ref).isPrimitive()) {
                constructor.addStatement("$T.requireNonNull(value, $S)", Objects.class, "value");
            }
        }
        return TypeSpec.recordBuilder(name)
                .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                .addJavadoc("The alternative {@code $L}.\n", qapi)
                .addSuperinterface(self)
                .recordConstructor(constructor.build())
                .addMethod(toJson(
                        ref == Scalar.NULL
                                ? CodeBlock.of("$T.ofNull()", Java.own("Scalars"))
                                : Java.toJson(ref, CodeBlock.of("value"))))
                .build();
    }

    private static TypeSpec other(ClassName self, ClassName name) {
        return TypeSpec.recordBuilder(name)
                .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                .addJavadoc("JSON of a kind that this build does not know here.\n")
                .addSuperinterface(self)
                .recordConstructor(MethodSpec.compactConstructorBuilder()
                        .addModifiers(Modifier.PUBLIC)
                        .addParameter(ParameterSpec.builder(Java.own("JsonValue"), "value")
                                .addJavadoc("what it is\n")
                                .build())
                        .addStatement("$T.requireNonNull(value, $S)", Objects.class, "value")
                        .build())
                .addMethod(toJson(CodeBlock.of("value.toJson()")))
                .build();
    }

    private static MethodSpec toJson(CodeBlock value) {
        return MethodSpec.methodBuilder("toJson")
                .addAnnotation(Override.class)
                .addModifiers(Modifier.PUBLIC)
                .returns(Java.JSON_NODE)
                .addStatement("return $L", value)
                .build();
    }

    private static MethodSpec factory(ClassName self, ClassName name, TypeRef ref) {
        TypeName type = Java.type(ref);
        return MethodSpec.methodBuilder("of")
                .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                .returns(self)
                .addParameter(type, "value")
                .addStatement("return new $T(value)", name)
                .build();
    }

    /** The question to Jackson whether a value is of the alternative's kind. */
    private String test(TypeRef ref) {
        if (ref instanceof ListOf) {
            return "isArray";
        }
        if (ref instanceof Named named) {
            return model.type(named.name()) instanceof Model.EnumDef ? "isTextual" : "isObject";
        }
        return switch ((Scalar) ref) {
            case STRING -> "isTextual";
            case INT64, UINT64 -> "isIntegralNumber";
            case NUMBER -> "isNumber";
            case BOOLEAN -> "isBoolean";
            case NULL -> "isNull";
            case EMPTY -> "isObject";
            case ANY -> throw new IllegalStateException("no alternative is any JSON");
        };
    }
}
