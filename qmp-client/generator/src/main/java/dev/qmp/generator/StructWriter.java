package dev.qmp.generator;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.TypeSpec;
import dev.qmp.generator.Model.StructDef;
import dev.qmp.generator.RecordWriter.Component;
import dev.qmp.generator.RecordWriter.Shape;

/** Writes a struct. */
final class StructWriter {

    private final Docs docs;
    private final RecordWriter records;

    StructWriter(Docs docs, RecordWriter records) {
        this.docs = docs;
        this.records = records;
    }

    TypeSpec write(StructDef def) {
        ClassName self = Java.named(def.name());
        CodeBlock doc =
                docs.of("object", def.name(), CodeBlock.of("QAPI's struct {@code $L}.", def.name()), def.marks());
        return records.write(Shape.of(self, def.name(), doc, Component.of(def.name(), def.marks(), def.members())))
                .addSuperinterface(Java.own("QapiObject"))
                .addAnnotations(docs.annotations(def.marks()))
                .addMethod(RecordWriter.fromJson(self, def.name()))
                .build();
    }
}
