package dev.qmp.cli.render;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConsoleTest {

    private static final ObjectNode DOCUMENT =
            JsonNodeFactory.instance.objectNode().put("name", "d\u001b[2J").put("pid", 7);

    @Test
    void a_terminal_is_coloured_and_a_pipe_is_not() {
        assertThat(Screen.terminal().console.outColor()).isTrue();
        assertThat(Screen.pipe().console.outColor()).isFalse();
    }

    @Test
    void no_color_and_a_dumb_terminal_are_honoured() {
        assertThat(Screen.terminal(Map.of("NO_COLOR", "1")).console.outColor()).isFalse();
        assertThat(Screen.terminal(Map.of("TERM", "dumb")).console.outColor()).isFalse();
        assertThat(Screen.terminal(Map.of("NO_COLOR", "", "TERM", "xterm"))
                        .console
                        .outColor())
                .as("an empty NO_COLOR is none")
                .isTrue();
    }

    @Test
    void the_users_word_goes_before_the_environment_and_the_terminal() {
        Screen unwilling = Screen.terminal(Map.of("NO_COLOR", "1"));
        unwilling.console.color("always");
        assertThat(unwilling.console.outColor()).isTrue();
        Screen pipe = Screen.pipe();
        pipe.console.color("always");
        assertThat(pipe.console.outColor()).isTrue();
        Screen terminal = Screen.terminal();
        terminal.console.color("never");
        assertThat(terminal.console.outColor()).isFalse();
        terminal.console.color("auto");
        assertThat(terminal.console.outColor()).isTrue();
    }

    @Test
    void results_go_to_stdout_and_all_else_to_stderr() {
        Screen screen = Screen.pipe();
        screen.console.out("result");
        screen.console.err("note");
        assertThat(screen.out.toString()).isEqualTo("result\n");
        assertThat(screen.err.toString()).isEqualTo("note\n");
    }

    @Test
    void control_characters_are_shown_on_both() {
        Screen screen = Screen.terminal();
        screen.console.out("a\u001b[2Jb");
        screen.console.err("a\u001b[2Jb\nsecond line");
        assertThat(screen.outLines()).containsExactly("a\\x1b[2Jb");
        assertThat(screen.errLines()).containsExactly("a\\x1b[2Jb\\x0asecond line");
    }

    @Test
    void a_fact_is_aligned_for_people_and_tab_separated_for_programs() {
        Screen terminal = Screen.terminal();
        terminal.console.fact("state", "running");
        assertThat(terminal.outLines()).containsExactly("state              running");
        Screen pipe = Screen.pipe();
        pipe.console.fact("state", "run\tning");
        assertThat(pipe.outLines()).containsExactly("state\trun\\x09ning");
    }

    @Test
    void a_table_has_a_header_on_a_terminal_only() {
        Table table = new Table("A", "B").row("1", "2");
        Screen terminal = Screen.terminal(Map.of("NO_COLOR", "1"));
        terminal.console.table(table);
        assertThat(terminal.outLines()).containsExactly("A  B", "1  2");
        Screen pipe = Screen.pipe();
        pipe.console.table(table);
        assertThat(pipe.outLines()).containsExactly("1\t2");
    }

    @Test
    void a_document_is_one_line_in_a_pipe_and_indented_on_a_terminal_and_never_drives_it() {
        Screen pipe = Screen.pipe();
        pipe.console.json(DOCUMENT);
        assertThat(pipe.outLines()).containsExactly("{\"name\":\"d\\u001B[2J\",\"pid\":7}");
        Screen terminal = Screen.terminal();
        terminal.console.json(DOCUMENT);
        assertThat(terminal.outLines()).hasSize(4).noneMatch(line -> line.contains("\u001b"));
    }

    @Test
    void a_progress_line_is_taken_away_before_anything_else_is_written() {
        Screen screen = Screen.terminal();
        screen.console.progress("10 %");
        screen.console.err("note");
        assertThat(screen.err.toString()).isEqualTo("\r\u001b[K10 %\r\u001b[Knote\n");
        screen.console.progress("20 %");
        screen.console.lines(List.of("result"));
        assertThat(screen.err.toString()).endsWith("20 %\r\u001b[K");
    }

    @Test
    void a_progress_line_that_is_kept_ends_with_a_line_end_once() {
        Screen screen = Screen.terminal();
        screen.console.progress("100 %");
        screen.console.keepProgress();
        screen.console.keepProgress();
        screen.console.flush();
        assertThat(screen.err.toString()).isEqualTo("\r\u001b[K100 %\n");
    }
}
