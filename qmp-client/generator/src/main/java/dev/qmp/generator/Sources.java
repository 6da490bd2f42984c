package dev.qmp.generator;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.TypeSpec;
import dev.qmp.generator.Model.AlternateDef;
import dev.qmp.generator.Model.BranchDef;
import dev.qmp.generator.Model.CommandDef;
import dev.qmp.generator.Model.EnumDef;
import dev.qmp.generator.Model.EventDef;
import dev.qmp.generator.Model.MemberDef;
import dev.qmp.generator.Model.StructDef;
import dev.qmp.generator.Model.TypeDef;
import dev.qmp.generator.Model.UnionDef;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** All source files of a model. */
final class Sources {

    private final Model model;
    private final Docs docs;
    private final RecordWriter records;
    /** Names of types that are written as files of their own. */
    private final Set<String> used = new TreeSet<>();

    Sources(Model model, Names table, QemuVersion newest) {
        this.model = model;
        this.docs = new Docs(table, newest);
        this.records = new RecordWriter(docs);
        model.commands().values().forEach(this::use);
        model.events().values().forEach(event -> use(event.members()));
    }

    /**
     * The types that are somewhere a member, an element or a reply. What is only a branch of a union, or only the arguments
     * of a command, is written there and has no file of its own.
     */
    Set<String> used() {
        return used;
    }

    List<JavaFile> files() {
        OperationWriter operations = new OperationWriter(docs, records, used);
        SortedMap<String, ClassName> commands = new TreeMap<>();
        SortedMap<String, ClassName> events = new TreeMap<>();
        List<TypeSpec> types = new ArrayList<>();
        used.forEach(name -> types.add(write(model.type(name))));
        Set<String> taken = new HashSet<>();
        used.forEach(name -> taken.add(JavaNames.type(name)));
        for (CommandDef command : model.commands().values()) {
            ClassName name = name(command.name(), "Command", taken);
            commands.put(command.name(), name);
            types.add(operations.command(name, command));
        }
        for (EventDef event : model.events().values()) {
            ClassName name = name(event.name(), "Event", taken);
            events.put(event.name(), name);
            types.add(operations.event(name, event));
        }
        types.add(IndexWriter.commands(commands));
        types.add(IndexWriter.events(events));
        return types.stream().map(Sources::file).toList();
    }

    /** A type of QEMU's keeps its name; a command gives way to a type, an event to both. */
    private static ClassName name(String qmp, String suffix, Set<String> taken) {
        String name = JavaNames.type(qmp);
        return Java.own(taken.add(name) ? name : name + suffix);
    }

    private TypeSpec write(TypeDef def) {
        if (def instanceof EnumDef enumeration) {
            return new EnumWriter(docs).write(enumeration);
        }
        if (def instanceof AlternateDef alternate) {
            return new AlternateWriter(docs, model).write(alternate);
        }
        return def instanceof UnionDef union
                ? new UnionWriter(docs, records, model).write(union)
                : new StructWriter(docs, records).write((StructDef) def);
    }

    private static JavaFile file(TypeSpec type) {
        return JavaFile.builder(Java.PACKAGE, type)
                .indent("    ")
                .skipJavaLangImports(true)
                .build();
    }

    private void use(CommandDef command) {
        use(command.arguments());
        use(command.result());
        command.union().ifPresent(union -> use(new TypeRef.Named(union)));
    }

    private void use(List<MemberDef> members) {
        members.forEach(member -> use(member.type()));
    }

    private void use(TypeRef ref) {
        if (ref instanceof TypeRef.ListOf list) {
            use(list.element());
        } else if (ref instanceof TypeRef.Named named && used.add(named.name())) {
            parts(model.type(named.name()));
        }
    }

    private void parts(TypeDef def) {
        if (def instanceof StructDef struct) {
            use(struct.members());
        } else if (def instanceof UnionDef union) {
            use(union.members());
            use(union.tag().type());
            for (BranchDef branch : union.branches().values()) {
                use(branch.members());
                branch.union().ifPresent(inner -> parts(model.type(inner)));
            }
        } else if (def instanceof AlternateDef alternate) {
            alternate.alternatives().values().forEach(this::use);
        }
    }

    /** For the report: how many files of which kind there are. */
    Map<String, Integer> counts() {
        Map<String, Integer> counts = new TreeMap<>();
        counts.put("commands", model.commands().size());
        counts.put("events", model.events().size());
        for (String name : used) {
            String kind = model.type(name)
                    .getClass()
                    .getSimpleName()
                    .replace("Def", "")
                    .toLowerCase(Locale.ROOT);
            counts.merge(kind + "s", 1, Integer::sum);
        }
        return counts;
    }
}
