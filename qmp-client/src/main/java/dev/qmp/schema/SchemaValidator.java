package dev.qmp.schema;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.qapi.QmpCommand;
import dev.qmp.schema.SchemaFinding.Kind;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says before a command is sent what QEMU would refuse, and what it has announced to drop.
 *
 * <p>Judged is what the schema tells, to the bottom of every JSON value: that the command and its arguments exist, that
 * none is missing, types, texts out of a fixed set, members by the branch of their union. Left to QEMU is what no schema
 * tells: the width of an integer, what a {@code str} may say, the properties of a {@code device_add}'s device, values of the
 * type {@code any}, types of a kind that is not known here. So no finding that is an error is false as long as the schema is
 * that of the QEMU that gets the command; and no finding does not mean that QEMU takes it.
 */
public final class SchemaValidator {

    private SchemaValidator() {}

    /**
     * Everything that is to be said of the command, mostly nothing: errors, then what is missing, then warnings. Where
     * something is not in this QEMU and is in another one whose schema this library carries, the message says so.
     *
     * @param arguments null stands for none
     */
    public static List<SchemaFinding> check(QmpSchema schema, String command, @Nullable ObjectNode arguments) {
        ObjectNode given = arguments == null ? JsonNodeFactory.instance.objectNode() : arguments;
        List<SchemaFinding> findings = ArgumentCheck.of(schema, command, given).findings();
        if (findings.isEmpty()) {
            return List.of();
        }
        return findings.stream()
                .sorted(Comparator.comparing(SchemaValidator::rank))
                .map(finding -> OtherQemus.explain(finding, schema, command, given))
                .toList();
    }

    /** What is missing is often what was misspelt, which explains it. */
    private static int rank(SchemaFinding finding) {
        if (!finding.isError()) {
            return 2;
        }
        return finding.kind() == Kind.MISSING_ARGUMENT ? 1 : 0;
    }

    /** {@link #check(QmpSchema, String, ObjectNode)} of a command as a value. */
    public static List<SchemaFinding> check(QmpSchema schema, QmpCommand<?> command) {
        return check(schema, command.commandName(), command.encodeArguments());
    }
}
