package dev.qmp.generator;

import com.palantir.javapoet.AnnotationSpec;
import com.palantir.javapoet.CodeBlock;
import dev.qmp.generator.Model.Marks;
import dev.qmp.generator.Model.MemberDef;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.annotation.processing.Generated;

/** What the schemas and the table tell about a thing, as Javadoc and annotations. */
final class Docs {

    private static final String MANUAL = "https://www.qemu.org/docs/master/interop/qemu-qmp-ref.html";

    /** Of every {@code fromJson} that reads an object. */
    static final String FROM_JSON = """
            Makes the value of QMP's JSON.

            @throws dev.qmp.error.UnexpectedValueException where {@code json} is no such value
            """;

    private final Names table;
    private final QemuVersion newest;

    Docs(Names table, QemuVersion newest) {
        this.table = table;
        this.newest = newest;
    }

    /**
     * The Javadoc of a command, an event or a type.
     *
     * @param kind the manual's word: command, event, object, enum or alternate
     * @param what the first sentence
     */
    CodeBlock of(String kind, String name, CodeBlock what, Marks marks) {
        CodeBlock.Builder doc = CodeBlock.builder().add(what).add("\n\n<p>In $L.", presence(marks.presence()));
        if (marks.unstable()) {
            doc.add(" Unstable: QEMU may change or drop it in any release.");
        }
        String anchor = table.module(name)
                .filter(module -> marks.presence().versions().last().equals(newest))
                .map(module -> "#" + kind + "-QMP-" + module + "." + name)
                .orElse("");
        doc.add("\n\n@see <a href=\"$L\">QEMU QMP Reference Manual: $L</a>\n", MANUAL + anchor, name);
        marks.deprecatedSince().ifPresent(version -> doc.add("@deprecated $L\n", deprecation(marks, version)));
        return doc.build();
    }

    private String deprecation(Marks marks, QemuVersion since) {
        QemuVersion last = marks.presence().versions().last();
        return last.equals(newest)
                ? "QEMU " + since + " says that it will be dropped."
                : "QEMU " + since + " said that it would be dropped; the last one that has it is " + last + ".";
    }

    List<AnnotationSpec> annotations(Marks marks) {
        List<AnnotationSpec> annotations = new ArrayList<>();
        List<CodeBlock> versions = marks.presence().versions().stream()
                .map(version -> CodeBlock.of("$S", version))
                .toList();
        annotations.add(AnnotationSpec.builder(Java.own("InQemu"))
                .addMember("value", "{$L}", CodeBlock.join(versions, ", "))
                .build());
        annotations.addAll(warnings(marks));
        annotations.addAll(generated());
        return annotations;
    }

    /** Nobody checks the style of such a file, and it may use what is deprecated. */
    static List<AnnotationSpec> generated() {
        return List.of(
                AnnotationSpec.builder(Generated.class)
                        .addMember("value", "$S", "dev.qmp.generator")
                        .build(),
                AnnotationSpec.builder(SuppressWarnings.class)
                        .addMember("value", "$S", "deprecation")
                        .build());
    }

    /** What a compiler or a reader should stumble over. */
    static List<AnnotationSpec> warnings(Marks marks) {
        List<AnnotationSpec> annotations = new ArrayList<>();
        if (marks.deprecatedSince().isPresent()) {
            annotations.add(AnnotationSpec.builder(Deprecated.class).build());
        }
        if (marks.unstable()) {
            annotations.add(AnnotationSpec.builder(Java.own("Unstable")).build());
        }
        return annotations;
    }

    /** A member in a few words; {@code owner} is where the table has its facts, and what it is a member of. */
    CodeBlock member(String owner, Marks ownerMarks, MemberDef member) {
        CodeBlock.Builder doc = CodeBlock.builder().add("{@code $L}", member.name());
        Optional<String> unit = table.unit(owner + "." + member.name());
        unit.ifPresent(u -> doc.add(", in $L", u));
        List<String> notes = new ArrayList<>();
        SortedSet<QemuVersion> missing = new TreeSet<>(ownerMarks.presence().versions());
        missing.removeAll(member.marks().presence().versions());
        if (!missing.isEmpty()) {
            notes.add("not in QEMU " + list(missing));
        }
        member.marks().deprecatedSince().ifPresent(version -> notes.add("deprecated since QEMU " + version));
        if (member.marks().unstable()) {
            notes.add("unstable");
        }
        if (!notes.isEmpty()) {
            doc.add("; $L", String.join("; ", notes));
        }
        return doc.build();
    }

    /** A value of an enumeration. */
    static String value(Marks typeMarks, String value, Marks marks) {
        SortedSet<QemuVersion> missing = new TreeSet<>(typeMarks.presence().versions());
        missing.removeAll(marks.presence().versions());
        return "{@code " + value + "}" + (missing.isEmpty() ? "" : "; not in QEMU " + list(missing))
                + (marks.unstable() ? "; unstable" : "") + ".";
    }

    private static String presence(Presence presence) {
        if (presence.system().isEmpty()) {
            return "the storage daemon of QEMU " + list(presence.daemon());
        }
        String system = "QEMU " + list(presence.system());
        if (presence.daemon().isEmpty()) {
            return system;
        }
        return presence.daemon().equals(presence.system())
                ? system + ", its storage daemon too"
                : system + ", and the storage daemon of " + list(presence.daemon());
    }

    /** {@code 7.2, 10.0 and 11.1}. */
    static String list(Collection<QemuVersion> versions) {
        List<String> all = versions.stream().map(QemuVersion::toString).collect(Collectors.toList());
        String last = all.remove(all.size() - 1);
        return all.isEmpty() ? last : String.join(", ", all) + " and " + last;
    }
}
