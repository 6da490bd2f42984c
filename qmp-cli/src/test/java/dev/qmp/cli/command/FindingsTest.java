package dev.qmp.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.qmp.schema.SchemaFinding;
import dev.qmp.schema.SchemaFinding.Kind;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FindingsTest {

    private static final SchemaFinding WARNING = new SchemaFinding(Kind.DEPRECATED, "a", "it is old", Optional.empty());
    private static final SchemaFinding WRONG = new SchemaFinding(Kind.WRONG_TYPE, "b", "it is wrong", Optional.empty());
    private static final SchemaFinding MISSPELT =
            new SchemaFinding(Kind.UNKNOWN_ARGUMENT, "c", "it is misspelt", Optional.of("did you mean d?"));

    private static UsageException refused(List<SchemaFinding> findings) {
        UsageException refusal = catchThrowableOfType(UsageException.class, () -> Findings.judge(findings));
        assertThat(refusal).isNotNull();
        return refusal;
    }

    @Test
    void warnings_alone_are_lines_and_let_the_command_pass() {
        assertThat(Findings.judge(List.of())).isEmpty();
        assertThat(Findings.judge(List.of(WARNING))).containsExactly("warning: it is old");
    }

    @Test
    void errors_are_one_refusal_with_the_first_advice_there_is() {
        UsageException refusal = refused(List.of(WRONG, MISSPELT, WARNING));

        assertThat(refusal).hasMessage("it is wrong; it is misspelt");
        assertThat(refusal.hint()).isEqualTo("did you mean d?");
    }

    @Test
    void an_error_without_advice_can_be_gone_past() {
        assertThat(refused(List.of(WRONG)).hint()).isEqualTo("--no-validate sends it all the same");
    }

    @Test
    void of_many_errors_the_first_are_told_and_the_rest_counted() {
        assertThat(refused(Collections.nCopies(5, WRONG)))
                .hasMessage("it is wrong; it is wrong; it is wrong; and 2 more");
    }
}
