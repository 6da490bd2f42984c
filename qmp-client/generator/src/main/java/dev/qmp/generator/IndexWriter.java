package dev.qmp.generator;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterSpec;
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
        ParameterSpec arguments =
                ParameterSpec.builder(Java.OBJECT_NODE, "arguments").build();
        TypeName any = ParameterizedTypeName.get(Java.own("QmpCommand"), WildcardTypeName.subtypeOf(Object.class));
        return index("command", commands, any, arguments, Java.own("RawCommand"));
    }

    static TypeSpec events(SortedMap<String, ClassName> events) {
        ParameterSpec data = ParameterSpec.builder(Java.JSON_NODE, "data").build();
        return index("event", events, Java.own("QmpEvent"), data, Java.own("UnknownEvent"));
    }

    private static TypeSpec index(
            String kind, SortedMap<String, ClassName> types, TypeName any, ParameterSpec value, ClassName unknown) {
        CodeBlock.Builder cases = CodeBlock.builder();
        types.forEach((name, type) -> cases.add("case $S -> $T.fromJson($N);\n", name, type, value));
        return TypeSpec.classBuilder(Java.own("Qmp" + JavaNames.capital(kind) + "s"))
                .addModifiers(Modifier.PUBLIC, Modifier.FINAL)
                .addJavadoc("All $Ls by their names in QMP.\n", kind)
                .addAnnotations(Docs.generated())
                .addMethod(MethodSpec.constructorBuilder()
                        .addModifiers(Modifier.PRIVATE)
                        .build())
                .addMethod(MethodSpec.methodBuilder("fromJson")
                        .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                        .addJavadoc("""
                                The $1L of that name with the $2N; $3L {@link $4T} where this build does not know it.

                                @param name the $1L's name in QMP
                                @param $2N an object
                                @throws dev.qmp.error.UnexpectedValueException where they are not this $1L's $2N
                                """, kind, value, unknown.simpleName().startsWith("U") ? "an" : "a", unknown)
                        .returns(any)
                        .addParameter(Java.STRING, "name")
                        .addParameter(value)
                        .addCode("return switch (name) {\n$>")
                        .addCode(cases.build())
                        .addCode("default -> $T.of(name, $N);\n$<};\n", unknown, value)
                        .build())
                .build();
    }
}
