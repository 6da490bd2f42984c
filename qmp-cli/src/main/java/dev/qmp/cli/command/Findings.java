package dev.qmp.cli.command;

import dev.qmp.schema.SchemaFinding;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a schema says of a command, as one refusal, or as warnings. */
final class Findings {

    private static final int MOST_ERRORS = 3;

    private Findings() {}

    /**
     * The warnings, a line each.
     *
     * @throws UsageException where there are errors, with the first ones of them and the first hint
     */
    static List<String> judge(List<SchemaFinding> findings) {
        List<SchemaFinding> errors =
                findings.stream().filter(SchemaFinding::isError).toList();
        if (errors.isEmpty()) {
            return findings.stream()
                    .map(finding -> "warning: " + finding.message())
                    .toList();
        }
        String more = errors.size() > MOST_ERRORS ? "; and " + (errors.size() - MOST_ERRORS) + " more" : "";
        throw new UsageException(
                errors.stream().limit(MOST_ERRORS).map(SchemaFinding::message).collect(Collectors.joining("; ")) + more,
                errors.stream()
                        .map(SchemaFinding::hint)
                        .flatMap(Optional::stream)
                        .findFirst()
                        .orElse("--no-validate sends it all the same"));
    }
}
