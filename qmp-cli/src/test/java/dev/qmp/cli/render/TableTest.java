package dev.qmp.cli.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class TableTest {

    private static Table table() {
        return new Table("NAME", "SIZE").row("vda", "64 MiB").row("a-long-name", "1 KiB");
    }

    @Test
    void people_see_columns_under_a_header_and_no_blanks_at_the_end() {
        assertThat(table().aligned(false))
                .containsExactly("NAME         SIZE", "vda          64 MiB", "a-long-name  1 KiB");
    }

    @Test
    void colour_is_for_the_header_alone_and_moves_no_column() {
        assertThat(table().aligned(true)).startsWith("\u001b[1mNAME         SIZE\u001b[0m", "vda          64 MiB");
    }

    @Test
    void programs_get_tabs_and_no_header() {
        assertThat(table().separated()).containsExactly("vda\t64 MiB", "a-long-name\t1 KiB");
    }

    @Test
    void a_cell_cannot_break_out_of_its_column_or_drive_the_terminal() {
        Table table = new Table("NAME", "SIZE").row("a\tb\nc\u001b[2J", "1");
        assertThat(table.separated()).containsExactly("a\\x09b\\x0ac\\x1b[2J\t1");
        assertThat(table.aligned(false).get(1)).isEqualTo("a\\x09b\\x0ac\\x1b[2J  1");
    }

    @Test
    void characters_are_counted_and_not_their_halves() {
        assertThat(new Table("N", "S").row("🌍🌍", "1").row("abc", "2").aligned(false))
                .containsExactly("N    S", "🌍🌍   1", "abc  2");
    }

    @Test
    void a_table_without_rows_is_its_header_for_people_and_nothing_for_programs() {
        assertThat(new Table("NAME", "SIZE").aligned(false)).containsExactly("NAME  SIZE");
        assertThat(new Table("NAME", "SIZE").separated()).isEmpty();
    }

    @Test
    void a_row_that_does_not_fit_the_header_is_the_programmers_mistake() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Table("A", "B").row("1"));
    }

    @Test
    void virshs_table_has_its_margins_its_rule_and_its_blank_line() {
        VirshTable table = new VirshTable("Type", "Device", "Target", "Source");
        table.row("file", "disk", "vda", "/images/base.qcow2");
        table.row("file", "cdrom", "sda", "-");
        assertThat(table.lines())
                .containsExactly(
                        " Type   Device   Target   Source",
                        "-".repeat(46),
                        " file   disk     vda      /images/base.qcow2",
                        " file   cdrom    sda      -",
                        "");
    }

    @Test
    void virshs_table_shows_control_characters_too() {
        VirshTable table = new VirshTable("Target", "Source");
        table.row("vda", "/i/\u001b[2J");
        assertThat(table.lines().get(2)).isEqualTo(" vda      /i/\\x1b[2J");
    }
}
