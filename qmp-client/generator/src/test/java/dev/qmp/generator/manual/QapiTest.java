package dev.qmp.generator.manual;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qmp.generator.manual.Definition.Branch;
import dev.qmp.generator.manual.Definition.Kind;
import dev.qmp.generator.manual.Definition.TypeWord;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class QapiTest {

    @Test
    void sources_are_definitions_with_the_widths_of_integers() throws IOException {
        List<Definition> definitions = Qapi.parse("""
                # shelves
                { 'pragma': { 'doc-required': true } }
                { 'struct': 'Book', 'base': 'Thing', 'data': { 'pages': 'uint64', '*notes': ['str'] } }
                { 'union': 'Shelf', 'base': { 'kind': 'ShelfKind' }, 'discriminator': 'kind',
                  'data': { 'oak': { 'type': 'OakShelf', 'if': 'CONFIG_OAK' } } } # of wood
                { 'enum': 'ShelfKind', 'data': [ 'oak', { 'name': 'rock', 'if': 'CONFIG_ROCK' } ] }
                { 'command': 'query-shelves', 'data': 'Book', 'returns': ['Shelf'] }
                """, "shelf");

        assertThat(definitions.stream().map(Definition::kind))
                .containsExactly(Kind.OBJECT, Kind.OBJECT, Kind.ENUM, Kind.COMMAND);
        Definition book = definitions.get(0);
        assertThat(book.bases()).containsExactly("Thing");
        assertThat(book.members().get(0).type().name()).isEqualTo("uint64");
        assertThat(book.members().get(1).optional()).isTrue();
        assertThat(book.members().get(1).type()).isEqualTo(new TypeWord("str", true));
        assertThat(definitions.get(1).branches()).containsExactly(new Branch("kind", "oak", "OakShelf"));
        assertThat(definitions.get(2).members()).extracting("name").containsExactly("oak", "rock");
        assertThat(definitions.get(3).bases()).containsExactly("Book");
        assertThat(definitions.get(3).results()).containsExactly(new TypeWord("Shelf", true));
        assertThat(definitions).allMatch(definition -> definition.section().equals("shelf"));
    }
}
