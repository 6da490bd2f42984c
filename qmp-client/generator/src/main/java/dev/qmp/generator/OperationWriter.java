package dev.qmp.generator;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import dev.qmp.generator.Model.CommandDef;
import dev.qmp.generator.Model.EventDef;
import dev.qmp.generator.RecordWriter.Component;
import dev.qmp.generator.RecordWriter.Shape;
import java.util.Objects;
import java.util.Set;
import javax.lang.model.element.Modifier;

/** Writes commands and events: records that also know their names in QMP. */
final class OperationWriter {

    private final Docs docs;
    private final RecordWriter records;
    private final Set<String> types;

    /** @param types the types that are written as files of their own */
    OperationWriter(Docs docs, RecordWriter records, Set<String> types) {
        this.docs = docs;
        this.records = records;
        this.types = types;
    }

    TypeSpec command(ClassName self, CommandDef def) {
        TypeName result = Java.type(def.result()).box();
        CodeBlock doc =
                docs.of("command", def.name(), CodeBlock.of("The command {@code $L}.", def.name()), def.marks());
        TypeSpec.Builder type = def.union().isPresent()
                ? boxed(self, Java.named(def.union().get()), doc)
                : records.write(Shape.of(self, def.name(), doc, Component.of(def.name(), def.marks(), def.arguments())))
                        .addSuperinterface(Java.own("QapiObject"))
                        .addMethod(RecordWriter.fromJson(self, def.name()));
        boolean startsJob = has(def, "job-id");
        type.addSuperinterface(
                        startsJob ? Java.own("JobCommand") : ParameterizedTypeName.get(Java.own("QmpCommand"), result))
                .addAnnotations(docs.annotations(def.marks()))
                .addField(FieldSpec.builder(Java.STRING, "NAME", Modifier.PUBLIC, Modifier.STATIC, Modifier.FINAL)
                        .addJavadoc("The command's name in QMP.\n")
                        .initializer("$S", def.name())
                        .build())
                .addMethod(override("commandName", Java.STRING)
                        .addStatement("return NAME")
                        .build())
                .addMethod(override("encodeArguments", Java.OBJECT_NODE)
                        .addStatement("return toJson()")
                        .build())
                .addMethod(override("decodeReturn", result)
                        .addParameter(Java.JSON_NODE, "result")
                        .addStatement("return $L", Java.fromJson(def.result(), CodeBlock.of("result")))
                        .build());
        if (def.outOfBand()) {
            type.addMethod(override("allowsOutOfBand", TypeName.BOOLEAN)
                    .addStatement("return true")
                    .build());
        }
        def.type()
                .filter(types::contains)
                .filter(struct -> def.union().isEmpty())
                .ifPresent(struct -> type.addMethod(of(self, struct)));
        if (startsJob) {
            type.addMethod(override("withoutAutoDismiss", self)
                    .addStatement(
                            has(def, "auto-dismiss") ? "return toBuilder().autoDismiss(false).build()" : "return this")
                    .build());
        }
        return type.build();
    }

    /** A struct that stands for arguments elsewhere, in a transaction for example. */
    private static MethodSpec of(ClassName self, String struct) {
        return MethodSpec.methodBuilder("of")
                .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                .addJavadoc("The command with these arguments.\n")
                .returns(self)
                .addParameter(Java.named(struct), "arguments")
                .addStatement("return fromJson(arguments.toJson())")
                .build();
    }

    private static boolean has(CommandDef def, String member) {
        return def.arguments().stream().anyMatch(argument -> argument.name().equals(member));
    }

    /** A command whose arguments are a union has that union as its only component. */
    private static TypeSpec.Builder boxed(ClassName self, ClassName union, CodeBlock doc) {
        return TypeSpec.recordBuilder(self)
                .addModifiers(Modifier.PUBLIC)
                .addJavadoc(doc)
                .recordConstructor(MethodSpec.compactConstructorBuilder()
                        .addModifiers(Modifier.PUBLIC)
                        .addParameter(ParameterSpec.builder(union, "arguments")
                                .addJavadoc("all of its arguments\n")
                                .build())
                        .addStatement("$T.requireNonNull(arguments, $S)", Objects.class, "arguments")
                        .build())
                .addMethod(MethodSpec.methodBuilder("fromJson")
                        .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                        .addJavadoc(Docs.FROM_JSON)
                        .returns(self)
                        .addParameter(Java.JSON_NODE, "json")
                        .addStatement("return new $T($T.fromJson(json))", self, union)
                        .build())
                .addMethod(MethodSpec.methodBuilder("toJson")
                        .addModifiers(Modifier.PUBLIC)
                        .addJavadoc("The arguments as QMP has them.\n")
                        .returns(Java.OBJECT_NODE)
                        .addStatement("return arguments.toJson()")
                        .build());
    }

    TypeSpec event(ClassName self, EventDef def) {
        CodeBlock doc = docs.of("event", def.name(), CodeBlock.of("The event {@code $L}.", def.name()), def.marks());
        TypeName eventType = ParameterizedTypeName.get(Java.own("EventType"), self);
        return records.write(Shape.of(self, def.name(), doc, Component.of(def.name(), def.marks(), def.members())))
                .addMethod(RecordWriter.fromJson(self, def.name()))
                .addSuperinterface(Java.own("QmpEvent"))
                .addAnnotations(docs.annotations(def.marks()))
                .addField(FieldSpec.builder(eventType, "EVENT", Modifier.PUBLIC, Modifier.STATIC, Modifier.FINAL)
                        .addJavadoc("For subscribing to it.\n")
                        .initializer("new $T<>($S, $T::fromJson)", Java.own("EventType"), def.name(), self)
                        .build())
                .addMethod(override("eventName", Java.STRING)
                        .addStatement("return $S", def.name())
                        .build())
                .build();
    }

    private static MethodSpec.Builder override(String name, TypeName returns) {
        return MethodSpec.methodBuilder(name)
                .addAnnotation(Override.class)
                .addModifiers(Modifier.PUBLIC)
                .returns(returns);
    }
}
