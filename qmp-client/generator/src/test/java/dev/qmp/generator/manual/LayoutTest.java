package dev.qmp.generator.manual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qmp.generator.manual.Definition.Branch;
import dev.qmp.generator.manual.Definition.Kind;
import dev.qmp.generator.manual.Definition.Member;
import dev.qmp.generator.manual.Definition.TypeWord;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LayoutTest {

    @ParameterizedTest
    @ValueSource(strings = {Pages.OLD, Pages.NEW})
    void both_layouts_give_the_same_definitions(String page) {
        List<Definition> definitions = Manual.parse(page);

        assertThat(definitions.stream().map(Definition::kind))
                .containsExactly(
                        Kind.ENUM,
                        Kind.OBJECT,
                        Kind.OBJECT,
                        Kind.OBJECT,
                        Kind.ALTERNATE,
                        Kind.COMMAND,
                        Kind.COMMAND,
                        Kind.EVENT);
        Definition shelf = definitions.get(1);
        assertThat(shelf.name()).isEqualTo("Shelf");
        assertThat(shelf.members().stream().map(Member::name)).containsExactly("kind", "width", "books");
        assertThat(shelf.members().get(0).optional()).isFalse();
        assertThat(shelf.members().get(1).optional()).isTrue();
        assertThat(shelf.members().get(1).text()).contains("how wide it is, in pages");
        assertThat(shelf.members().get(2).type()).isEqualTo(new TypeWord("BookRef", true));
        assertThat(shelf.branches()).containsExactly(new Branch("kind", "oak", "OakShelf"));
        assertThat(definitions.get(4).members().stream().map(Member::name)).containsExactly("book", "id");
        assertThat(definitions.get(7).bases()).containsExactly("Book");
        assertThat(definitions).allMatch(definition -> definition.section().equals(".SH SHELVES"));
    }

    @ParameterizedTest
    @ValueSource(strings = {Pages.OLD, Pages.NEW})
    void values_lose_their_conditions_and_their_escapes(String page) {
        assertThat(Manual.parse(page).get(0).members().stream().map(Member::name))
                .containsExactly("oak", "rock-face");
    }

    @Test
    void the_old_layout_tells_results_in_prose_so_that_each_type_in_it_is_a_candidate() {
        assertThat(Manual.parse(Pages.OLD).get(6).results().stream().map(TypeWord::name))
                .contains("Shelf", "Wall");
    }

    @Test
    void the_new_layout_tells_results_by_type() {
        assertThat(Manual.parse(Pages.NEW).get(6).results()).containsExactly(new TypeWord("Shelf", true));
    }

    @Test
    void arguments_that_the_old_manual_leaves_out_come_from_a_newer_one() {
        Manual old = Manual.of(Manual.parse(Pages.OLD));

        Manual completed = old.completedBy(Manual.of(Manual.parse(Pages.NEW)));

        assertThat(old.find("shelf-add").orElseThrow().bases()).isEmpty();
        assertThat(completed.find("shelf-add").orElseThrow().bases()).containsExactly("Shelf");
        assertThat(completed.find("ShelfSort")).isEmpty();
    }

    @Test
    void a_member_that_cannot_be_read_is_not_passed_over() {
        String page = Pages.NEW.replace("\\fBrings\\fP (\\fBint\\fP)", "rings of wood");

        assertThatThrownBy(() -> Manual.parse(page))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("rings of wood");
    }
}
