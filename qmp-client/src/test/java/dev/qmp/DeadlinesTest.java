package dev.qmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qmp.fixtures.recorded.Schemas;
import dev.qmp.schema.QmpSchema;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeadlinesTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void a_command_has_the_length_of_its_class() {
        QmpClientOptions options = QmpClientOptions.DEFAULT;

        assertThat(options.deadlineOf("query-status")).isEqualTo(Duration.ofSeconds(30));
        assertThat(options.deadlineOf("no-such-command")).isEqualTo(Duration.ofSeconds(30));
        assertThat(options.deadlineOf("blockdev-add")).isEqualTo(Duration.ofMinutes(2));
        assertThat(options.deadlineOf("human-monitor-command")).isEqualTo(Duration.ofMinutes(10));
        assertThat(options.deadlineOf("dump-guest-memory")).isZero();
    }

    @Test
    void the_options_set_the_length_of_a_class() {
        QmpClientOptions options =
                QmpClientOptions.builder().deadline(Deadline.BLOCK, SECOND).build();

        assertThat(options.deadlineOf("blockdev-add")).isEqualTo(SECOND);
        assertThat(options.deadline(Deadline.BLOCK)).isEqualTo(SECOND);
        assertThat(options.deadlineOf("query-status")).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void one_deadline_for_all_is_for_commands_that_name_none_whatever_their_class() {
        QmpClientOptions options =
                QmpClientOptions.builder().commandDeadline(SECOND).build();

        for (String command : List.of("query-status", "blockdev-add", "human-monitor-command", "dump-guest-memory")) {
            assertThat(options.deadlineOf(command)).as(command).isEqualTo(SECOND);
        }
        assertThat(options.commandDeadline()).isEqualTo(SECOND);
        assertThat(options.deadline(Deadline.UNBOUNDED))
                .as("who names one gets it")
                .isZero();
        assertThat(options.deadline(Deadline.BLOCK)).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void a_deadline_of_its_own_length_is_that_long_and_zero_is_none() {
        QmpClientOptions options = QmpClientOptions.DEFAULT;

        assertThat(options.deadline(Deadline.of(SECOND))).isEqualTo(SECOND);
        assertThat(options.deadline(Deadline.of(Duration.ZERO))).isZero();
        assertThatThrownBy(() -> Deadline.of(SECOND.negated())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void only_a_class_has_a_length_that_can_be_set() {
        QmpClientOptions.Builder builder = QmpClientOptions.builder();

        assertThatThrownBy(() -> builder.deadline(Deadline.UNBOUNDED, SECOND))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.deadline(Deadline.of(SECOND), SECOND))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.deadline(Deadline.LONG, SECOND.negated()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void every_command_of_the_table_is_one_of_qemus() {
        List<QmpSchema> schemas = List.of("7.2", "10.0", "11.1").stream()
                .map(version -> QmpSchema.of(Schemas.json(version, Schemas.SYSTEM)))
                .toList();

        assertThat(CommandDeadlines.commands())
                .hasSizeGreaterThan(40)
                .allSatisfy(command -> assertThat(schemas).anyMatch(schema -> schema.hasCommand(command)));
    }
}
