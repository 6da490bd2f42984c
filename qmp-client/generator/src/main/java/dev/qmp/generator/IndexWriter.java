package dev.qmp.generator;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import com.palantir.javapoet.WildcardTypeName;
import java.util.SortedMap;
import javax.lang.model.element.Modifier;

/** Writes the ways from QMP's names to the types: one class for commands, one for events. A switch loads what it needs. */
final class IndexWriter {

    private IndexWriter() {}

    static TypeSpec commands(SortedMap<String, ClassName> commands) {
        TypeName any = ParameterizedTypeName.get(Java.own("QmpCommand"), WildcardTypeName.subtypeOf(Object.class));
        CodeBlock.Builder cases = CodeBlock.builder();
        commands.forEach((name, type) -> cases.add("case $S -> $T.fromJson(arguments);\n", name, type));
        return holder("QmpCommands", "All commands by their names in QMP.\n")
                .addMethod(MethodSpec.methodBuilder("fromJson")
                        .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                        .addJavadoc(
                                "The command of that name with the arguments; a {@link RawCommand} where this build does not"
                                        + " know it.\n\n@param name the command's name in QMP\n@param arguments an object\n"
                                        + "@throws dev.qmp.error.UnexpectedValueException where they are not this command's arguments\n")
                        .returns(any)
                        .addParameter(Java.STRING, "name")
                        .addParameter(Java.OBJECT_NODE, "arguments")
                        .addCode("return switch (name) {\n$>")
                        .addCode(cases.build())
                        .addCode("default -> $T.of(name, arguments);\n$<};\n", Java.own("RawCommand"))
                        .build())
                .build();
    }

    static TypeSpec events(SortedMap<String, ClassName> events) {
        CodeBlock.Builder cases = CodeBlock.builder();
        events.forEach((name, type) -> cases.add("case $S -> $T.fromJson(data);\n", name, type));
        return holder("QmpEvents", "All events by their names in QMP.\n")
                .addMethod(MethodSpec.methodBuilder("fromJson")
                        .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                        .addJavadoc(
                                "The event of that name with the data; an {@link UnknownEvent} where this build does not know"
                                        + " it.\n\n@param name the event's name in QMP\n@param data an object\n"
                                        + "@throws dev.qmp.error.UnexpectedValueException where they are not this event's data\n")
                        .returns(Java.own("QmpEvent"))
                        .addParameter(Java.STRING, "name")
                        .addParameter(Java.JSON_NODE, "data")
                        .addCode("return switch (name) {\n$>")
                        .addCode(cases.build())
                        .addCode("default -> $T.of(name, data);\n$<};\n", Java.own("UnknownEvent"))
                        .build())
                .build();
    }

    private static TypeSpec.Builder holder(String name, String doc) {
        return TypeSpec.classBuilder(Java.own(name))
                .addModifiers(Modifier.PUBLIC, Modifier.FINAL)
                .addJavadoc(doc)
                .addAnnotations(Docs.generated())
                .addMethod(MethodSpec.constructorBuilder()
                        .addModifiers(Modifier.PRIVATE)
                        .build());
    }
}
