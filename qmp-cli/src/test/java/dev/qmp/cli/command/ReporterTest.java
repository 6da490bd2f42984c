package dev.qmp.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qmp.cli.Cli;
import dev.qmp.cli.Cli.Result;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How failures are told, without any QEMU. */
class ReporterTest {

    @TempDir
    private Path temp;

    private Cli cli;

    @BeforeEach
    void makeCli() {
        cli = Cli.in(temp);
    }

    private Result line(String words) {
        return cli.run(words.split(" "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "status",
                "job",
                "job list",
                "snapshot",
                "image",
                "pull /run/q",
                "list --nonsense",
                "list -o xml",
                "list --color sometimes",
                "list --connect-timeout soon",
                "list --timeout 30",
                "pull /run/q vda --speed fast",
                "pull /run/q vda --on-error shrug",
                "status /run/q --transport pigeon",
                "status unix:",
                "status tcp:host",
                "status -",
                "snapshot create /run/q --reuse-external --overwrite --connect-timeout",
                "list --all",
                "domblklist",
                "domblklist a b",
                "blockpull /run/q"
            })
    void wrong_words_exit_2_and_say_what_to_do(String words) {
        Result result = line(words);
        assertThat(result.status()).as(result.toString()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).startsWith("qmp: ");
        assertThat(result.err().lines().count()).isBetween(1L, 3L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense -o json",
                "-o json nonsense",
                "list --nonsense --output=json",
                "status -o json",
                "-ojson status",
                "status /nowhere/q --output json",
                "--output json job wait /nowhere/q pull-vda",
                "events /nowhere/q -o json",
                "exec /nowhere/q query-status -o json",
                "snapshot create /nowhere/q s1 -o json",
                "blockpull /nowhere/q vda --wait --verbose -o json",
                "image info /nowhere/i.img -o json",
                "status nobody-has-this-name -o json"
            })
    void a_failure_with_o_json_is_exactly_one_document(String words) {
        Result result = line(words);
        assertThat(result.status()).isNotZero();
        JsonNode error = result.document();
        assertThat(error.fieldNames()).toIterable().containsExactly("error");
        assertThat(error.path("error").fieldNames()).toIterable().containsExactly("kind", "message", "hint", "class");
        assertThat(error.path("error").path("message").asText()).isNotBlank();
        assertThat(result.err()).startsWith("qmp: ");
    }

    @Test
    void a_word_misspelt_gets_the_nearest_ones_as_a_hint() {
        assertThat(line("lst").err()).contains("list").contains("--help");
        assertThat(line("list --colr always").err()).contains("--color");
    }

    @Test
    void a_missing_socket_is_a_failed_connection_with_a_hint() {
        Result result = line("status /nowhere/q");
        assertThat(result.status()).isEqualTo(3);
        assertThat(result.err()).contains("/nowhere/q").contains("hint: ");
    }

    @Test
    void a_name_that_nobody_has_is_a_failed_connection_that_tells_how_to_name_a_socket() {
        Result result = line("status nobody-has-this-name");
        assertThat(result.status()).isEqualTo(3);
        assertThat(result.err()).contains("'nobody-has-this-name'").contains("./nobody-has-this-name");
    }

    @Test
    void a_stack_trace_is_shown_only_when_asked_for() {
        assertThat(line("status /nowhere/q").err()).doesNotContain("\tat ").doesNotContain("Exception");
        assertThat(line("status /nowhere/q --stacktrace").err()).contains("ConnectFailedException");
    }

    @Test
    void words_of_the_user_cannot_drive_the_terminal() {
        Result result = cli.run("status", "/nowhere/\u001b[2J");
        assertThat(result.err()).doesNotContain("\u001b").contains("\\x1b[2J");
        assertThat(cli.run("non\u001b[2Jsense").err()).doesNotContain("\u001b");
    }

    @ParameterizedTest
    @CsvSource({
        "--quiesce,--agent",
        "--print-xml,--dry-run",
        "--halt,stop",
        "--live,memory",
        "--validate,XML",
        "--memspec file=/m,--disk-only"
    })
    void a_flag_of_virshs_snapshot_without_meaning_here_is_refused_by_name_with_the_reason(String flag, String reason) {
        Result result = line("snapshot-create-as /nowhere/q s1 --disk-only " + flag);
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).startsWith("qmp: " + flag.split(" ")[0] + ": ").contains(reason);
    }

    @ParameterizedTest
    @CsvSource({
        "blockpull /nowhere/q vda --async,--async",
        "blockpull /nowhere/q vda --keep-relative,--keep-relative",
        "domblklist /nowhere/q --inactive,--inactive",
        "list --all,--all"
    })
    void other_flags_of_virshs_without_meaning_here_are_refused_by_name(String words, String flag) {
        Result result = line(words);
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).startsWith("qmp: " + flag + ": ");
    }

    @Test
    void a_snapshot_with_memory_is_not_taken_for_one_without() {
        Result result = line("snapshot-create-as /nowhere/q s1");
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).contains("--disk-only");
    }

    @Test
    void help_and_version_go_to_stdout_and_are_done() {
        for (List<String> words : List.of(List.of("--help"), List.of("pull", "--help"), List.of("--version"))) {
            Result result = cli.run(words.toArray(String[]::new));
            assertThat(result.status()).isZero();
            assertThat(result.out()).contains("qmp");
            assertThat(result.err()).isEmpty();
        }
        assertThat(line("--help").out()).contains("130").contains("outcome unknown");
    }

    @ParameterizedTest
    @CsvSource({"always,true", "never,false", "auto,true"})
    void the_users_wish_for_colour_reaches_the_output(String color, boolean coloured) {
        Result result = cli.onTerminal().ok("list", "--color", color);
        assertThat(result.out().contains("\u001b[1m")).isEqualTo(coloured);
    }

    @Test
    void colour_can_be_wanted_in_a_pipe_and_refused_by_the_environment() {
        assertThat(cli.onTerminal().environment("NO_COLOR", "1").ok("list").out())
                .doesNotContain("\u001b");
        assertThat(cli.onTerminal()
                        .environment("NO_COLOR", "1")
                        .ok("list", "--color=ALWAYS")
                        .out())
                .contains("\u001b[1m");
    }
}
