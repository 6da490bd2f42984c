package dev.qmp.schema;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.wire.QemuVersion;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * In which other QEMUs something is that one lacks. The same command is held against each recorded schema, so an argument
 * counts with the branch of the union that it was written for, however deep it lies.
 */
final class OtherQemus {

    private OtherQemus() {}

    /** The error, in words about versions where those say more. */
    static SchemaFinding explain(SchemaFinding error, QmpSchema schema, String command, ObjectNode arguments) {
        Optional<String> message = switch (error.kind()) {
            case UNKNOWN_COMMAND -> explainCommand(schema, command);
            case UNKNOWN_ARGUMENT ->
                having(error, schema, command, arguments)
                        .map(where -> "'" + error.path() + "' of '" + command + "' " + where);
            case UNKNOWN_VALUE ->
                having(error, schema, command, arguments).map(where -> error.message() + ": that " + where);
            default -> Optional.empty();
        };
        return message.map(text -> new SchemaFinding(error.kind(), error.path(), text, Optional.empty()))
                .orElse(error);
    }

    /** Who has the command, where it is known at all. */
    static Optional<String> explainCommand(QmpSchema schema, String command) {
        return explain(schema, "command", command, other -> other.hasCommand(command));
    }

    /** Who has the event, where it is known at all. */
    static Optional<String> explainEvent(QmpSchema schema, String event) {
        return explain(schema, "event", event, other -> other.hasEvent(event));
    }

    private static Optional<String> explain(QmpSchema schema, String kind, String name, Predicate<QmpSchema> has) {
        String program = likeliestProgram(schema);
        List<RecordedQemu> all = RecordedQemu.all().stream()
                .filter(qemu -> has.test(qemu.schema()))
                .toList();
        List<RecordedQemu> same =
                all.stream().filter(qemu -> qemu.program().equals(program)).toList();
        if (!same.isEmpty()) {
            return Optional.of("the " + kind + " '" + name + "' " + isIn(same, schema));
        }
        return all.stream()
                .reduce((older, newer) -> newer)
                .map(qemu -> "'" + name + "' is " + article(kind) + " of " + qemu.program()
                        + ", and this is no such program");
    }

    private static String article(String kind) {
        return (kind.equals("event") ? "an " : "a ") + kind;
    }

    private static Optional<String> having(
            SchemaFinding error, QmpSchema schema, String command, ObjectNode arguments) {
        String program = likeliestProgram(schema);
        List<RecordedQemu> having = RecordedQemu.all().stream()
                .filter(qemu -> qemu.program().equals(program))
                .filter(qemu -> {
                    ArgumentCheck there = ArgumentCheck.of(qemu.schema(), command, arguments);
                    return there.knows(error.path())
                            && there.findings().stream()
                                    .noneMatch(finding -> finding.isError()
                                            && finding.kind() == error.kind()
                                            && finding.path().equals(error.path()));
                })
                .toList();
        return having.isEmpty() ? Optional.empty() : Optional.of(isIn(having, schema));
    }

    /** A build may leave out what another build of the same version has, by its architecture or its configuration. */
    private static String isIn(List<RecordedQemu> having, QmpSchema schema) {
        QemuVersion own = schema.version().orElse(null);
        boolean ownVersion =
                own != null && having.stream().anyMatch(q -> q.major() == own.major() && q.minor() == own.minor());
        List<String> versions = having.stream().map(RecordedQemu::version).toList();
        String last = versions.get(versions.size() - 1);
        String listed = versions.size() == 1
                ? last
                : String.join(", ", versions.subList(0, versions.size() - 1)) + " and " + last;
        return "is not in " + (own == null || ownVersion ? "this QEMU" : "QEMU " + own) + "; it is in "
                + (ownVersion ? "other builds of " : "") + listed;
    }

    /** No schema says whose it is; the recorded one that it has most commands in common with does. */
    private static String likeliestProgram(QmpSchema schema) {
        return RecordedQemu.all().stream()
                .max(Comparator.comparingDouble(qemu -> similarity(schema, qemu.schema())))
                .orElseThrow()
                .program();
    }

    private static double similarity(QmpSchema one, QmpSchema other) {
        Set<String> common = new HashSet<>();
        one.commands().forEach(command -> common.add(command.name()));
        int both = common.size() + other.commands().size();
        common.removeIf(name -> !other.hasCommand(name));
        return (double) common.size() / Math.max(1, both - common.size());
    }
}
