package dev.qmp.cli.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private static final long MIB = 1L << 20;
    private final ManualClock clock = new ManualClock();

    private static String[] shown(Screen screen) {
        return screen.err.toString().split("\r\u001b\\[K", -1);
    }

    @Test
    void on_a_terminal_one_line_is_rewritten_at_a_few_updates_a_second() {
        Screen screen = Screen.terminal();
        Progress progress = new Progress(screen.console, clock, "stream");
        for (int i = 0; i <= 100; i++) {
            progress.update(i * MIB, 100 * MIB);
            clock.forward(Duration.ofMillis(10));
        }
        assertThat(shown(screen)).as("a first one and five in a second").hasSize(1 + 6);
        assertThat(screen.err.toString()).doesNotContain("\n");
    }

    @Test
    void a_line_tells_percent_bytes_rate_and_time_to_go() {
        Screen screen = Screen.terminal();
        Progress progress = new Progress(screen.console, clock, "stream");
        progress.update(0, 100 * MIB);
        clock.forward(Duration.ofSeconds(10));
        progress.update(20 * MIB, 100 * MIB);
        assertThat(screen.err.toString()).endsWith("stream 20 %  20 MiB of 100 MiB  2 MiB/s  0:40 to go");
    }

    @Test
    void the_rate_counts_what_was_done_while_we_looked() {
        Progress progress = new Progress(Screen.terminal().console, clock, "stream");
        progress.update(60 * MIB, 100 * MIB);
        assertThat(progress.line(70 * MIB, 100 * MIB, clock.instant().plusSeconds(10)))
                .endsWith("1 MiB/s  0:30 to go");
    }

    @Test
    void in_a_pipe_a_line_comes_every_few_seconds_and_nothing_is_rewritten() {
        Screen screen = Screen.pipe();
        Progress progress = new Progress(screen.console, clock, "stream");
        for (int i = 0; i < 100; i++) {
            progress.update(i * MIB, 100 * MIB);
            clock.forward(Duration.ofMillis(100));
        }
        assertThat(screen.errLines()).hasSize(3).allMatch(line -> line.startsWith("stream "));
        assertThat(screen.err.toString()).doesNotContain("\r").doesNotContain("\u001b");
        assertThat(screen.out.toString()).isEmpty();
    }

    @Test
    void a_short_job_in_a_pipe_writes_its_last_line_only() {
        Screen screen = Screen.pipe();
        Progress progress = new Progress(screen.console, clock, "stream");
        progress.update(0, 100 * MIB);
        clock.forward(Duration.ofMillis(300));
        progress.update(100 * MIB, 100 * MIB);
        progress.finish(100 * MIB);
        assertThat(screen.errLines()).containsExactly("stream 100 %  100 MiB  in 0:00");
    }

    @Test
    void a_hundred_percent_are_said_only_when_the_job_is_through() {
        Screen screen = Screen.terminal();
        Progress progress = new Progress(screen.console, clock, "stream");
        progress.update(100 * MIB, 100 * MIB);
        assertThat(screen.err.toString()).contains("stream 99 %").doesNotContain("100 %");
        progress.finish(100 * MIB);
        progress.end();
        assertThat(screen.err.toString()).contains("stream 100 %").endsWith("\n");
    }

    @Test
    void a_job_with_nothing_to_do_has_no_rate_and_no_time_to_go() {
        Progress progress = new Progress(Screen.terminal().console, clock, "stream");
        assertThat(progress.line(0, 0, clock.instant())).isEqualTo("stream 0 %  0 B of 0 B");
        assertThat(progress.line(0, 0, clock.instant().plusSeconds(5))).isEqualTo("stream 0 %  0 B of 0 B");
    }

    @Test
    void a_job_that_goes_backwards_shows_no_negative_rate() {
        Progress progress = new Progress(Screen.terminal().console, clock, "mirror");
        progress.update(50 * MIB, 100 * MIB);
        assertThat(progress.line(10 * MIB, 100 * MIB, clock.instant().plusSeconds(5)))
                .isEqualTo("mirror 10 %  10 MiB of 100 MiB");
    }

    @Test
    void a_job_that_is_given_up_leaves_its_line_standing() {
        Screen screen = Screen.terminal();
        Progress progress = new Progress(screen.console, clock, "stream");
        progress.update(MIB, 100 * MIB);
        progress.end();
        assertThat(screen.err.toString()).endsWith("1 MiB of 100 MiB\n");
    }

    @Test
    void without_a_console_nothing_is_shown() {
        Progress progress = new Progress(null, clock, "stream");
        progress.update(1, 2);
        progress.finish(2);
        progress.end();
        assertThat(progress.line(1, 2, clock.instant())).isEqualTo("stream 50 %  1 B of 2 B");
    }
}
