package dev.qmp.generator;

import dev.qmp.generator.Model.Marks;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a person wants to know after a schema was added: what is new in it, what is gone, and which names are missing. */
final class Report {

    private Report() {}

    static String of(Model model, Sources sources, QemuVersion newest, Map<String, String> notInTable) {
        StringBuilder report = new StringBuilder("Types written from the recorded schemas\n");
        sources.counts()
                .forEach((kind, count) -> report.append("  ")
                        .append(kind)
                        .append(": ")
                        .append(count)
                        .append('\n'));
        report.append("\nTypes that the table does not name, called after the place of their use:\n");
        notInTable.forEach((name, where) -> {
            if (sources.used().contains(name)) {
                report.append("  ").append(name).append(" at ").append(where).append('\n');
            }
        });
        Map<String, Marks> all = new TreeMap<>();
        model.commands().forEach((name, command) -> all.put("command " + name, command.marks()));
        model.events().forEach((name, event) -> all.put("event " + name, event.marks()));
        sources.used().forEach(name -> all.put("type " + name, model.type(name).marks()));
        SortedSet<QemuVersion> versions = new TreeSet<>();
        all.values().forEach(marks -> versions.addAll(marks.presence().versions()));
        versions.headSet(newest).stream().reduce((a, b) -> b).ifPresent(before -> {
            report.append("\nNew in ")
                    .append(newest)
                    .append(", compared with ")
                    .append(before)
                    .append(":\n");
            all.forEach((what, marks) -> {
                if (has(marks, newest) && !has(marks, before)) {
                    report.append("  ").append(what).append('\n');
                }
            });
            report.append("\nNot any more in ").append(newest).append(":\n");
            all.forEach((what, marks) -> {
                if (has(marks, before) && !has(marks, newest)) {
                    report.append("  ").append(what).append('\n');
                }
            });
        });
        return report.toString();
    }

    private static boolean has(Marks marks, QemuVersion version) {
        return marks.presence().versions().contains(version);
    }
}
