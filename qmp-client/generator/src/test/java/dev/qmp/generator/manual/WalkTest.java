package dev.qmp.generator.manual;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qmp.generator.Schema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WalkTest {

    @TempDir
    Path folder;

    private final Manual old = Manual.of(Manual.parse(Pages.OLD));
    private final Manual recent = Manual.of(Manual.parse(Pages.NEW));

    @Test
    void each_masked_type_gets_the_name_that_the_manual_has_in_its_place() throws IOException {
        Naming naming = Walk.through(schema("10.0", Pages.SCHEMA), recent);

        assertThat(naming.types())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("1", "ShelfSort", "2", "Shelf", "3", "OakShelf", "4", "Book", "5", "BookRef"));
        assertThat(naming.branches())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(Where.of("BookRef|object"), "book", Where.of("BookRef|string"), "id"));
        assertThat(naming.places().get("2"))
                .containsExactlyInAnyOrder(
                        Where.of("shelf-add"),
                        Where.of("query-shelves:return"),
                        Where.of("Book.on"),
                        Where.of("BOOK_FELL.on"));
        assertThat(naming.complaints()).isEmpty();
        assertThat(naming.unnamed()).isEmpty();
    }

    @Test
    void prose_names_a_result_where_the_members_fit() throws IOException {
        String onlyQuery = Pages.SCHEMA.replaceFirst("\\{\"meta-type\": \"command\", \"name\": \"shelf-add\".*\n", "");

        Naming naming = Walk.through(schema("7.2", onlyQuery), old);

        assertThat(naming.types()).containsEntry("2", "Shelf").containsEntry("1", "ShelfKind");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"title\"", "\"rings\"", "{\"name\": \"oak\"}"})
    void what_the_schema_alone_has_is_a_complaint(String part) throws IOException {
        String other = part.startsWith("{") ? "{\"name\": \"straw\"}" : "\"straw\"";

        Naming naming = Walk.through(schema("10.0", Pages.SCHEMA.replace(part, other)), recent);

        assertThat(naming.complaints()).singleElement().asString().contains("the manual lacks [straw]");
    }

    @Test
    void what_is_optional_in_one_of_both_is_a_complaint() throws IOException {
        Naming naming = Walk.through(
                schema(
                        "10.0",
                        Pages.SCHEMA.replace(
                                "{\"name\": \"title\", \"type\": \"str\"}",
                                "{\"name\": \"title\", \"type\": \"str\", \"default\": null}")),
                recent);

        assertThat(naming.complaints()).singleElement().asString().contains("title is optional in one of both");
    }

    @Test
    void a_second_name_for_a_type_is_a_complaint() throws IOException {
        String page = Pages.NEW.replace("\\fBon\\fP (\\fI\\%Shelf\\fP", "\\fBon\\fP (\\fI\\%OakShelf\\fP");

        Naming naming = Walk.through(schema("10.0", Pages.SCHEMA), Manual.of(Manual.parse(page)));

        assertThat(naming.complaints())
                .hasSize(2)
                .anyMatch(complaint -> complaint.endsWith("Book.on is Shelf, but elsewhere OakShelf")
                        || complaint.endsWith("Book.on is OakShelf, but elsewhere Shelf"));
    }

    @Test
    void a_place_that_the_manual_does_not_describe_is_listed() throws IOException {
        String page = Pages.NEW.replace("When \\fBkind\\fP is \\fBoak\\fP", "When \\fBkind\\fP is \\fBstone\\fP");

        Naming naming = Walk.through(schema("10.0", Pages.SCHEMA), Manual.of(Manual.parse(page)));

        assertThat(naming.unnamed()).containsExactly(Where.of("Shelf=oak"));
    }

    @Test
    void a_renamed_type_is_one_type_under_its_newest_name() throws IOException {
        assertThat(Renames.between(manuals(), namings())).containsExactly(Map.entry("ShelfKind", "ShelfSort"));
    }

    @Test
    void a_type_that_a_later_manual_has_beside_its_successor_is_not_renamed() throws IOException {
        String both = Pages.NEW + Pages.NEW.replace("ShelfSort", "ShelfKind");
        Map<String, Manual> manuals = manuals();
        manuals.put("10.0", Manual.of(Manual.parse(both)));

        assertThat(Renames.between(manuals, namings())).isEmpty();
    }

    @Test
    void the_table_keeps_one_place_for_each_type_where_one_is_enough() throws IOException {
        List<Naming> namings = namings().stream()
                .map(naming -> naming.renamed(name -> name.equals("ShelfKind") ? "ShelfSort" : name))
                .toList();

        assertThat(Choice.among(namings))
                .extracting(Table.Line::toString)
                .containsExactly(
                        "type\tBook\tBOOK_FELL",
                        "type\tBookRef\tShelf.books",
                        "type\tOakShelf\tShelf=oak",
                        "type\tShelf\tBook.on",
                        "type\tShelfSort\tShelf.kind");
    }

    @Test
    void a_place_that_changed_its_type_is_kept_with_its_versions() throws IOException {
        assertThat(Choice.among(namings()))
                .extracting(Table.Line::toString)
                .contains("type\tShelfKind\tShelf.kind\t7.2", "type\tShelfSort\tShelf.kind\t10.0");
    }

    private Map<String, Manual> manuals() {
        Map<String, Manual> manuals = new LinkedHashMap<>();
        manuals.put("7.2", old.completedBy(recent));
        manuals.put("10.0", recent);
        return manuals;
    }

    private List<Naming> namings() throws IOException {
        return List.of(
                Walk.through(schema("7.2", Pages.SCHEMA), old.completedBy(recent)),
                Walk.through(schema("10.0", Pages.SCHEMA), recent));
    }

    private Schema schema(String version, String json) throws IOException {
        Path file = folder.resolve(version).resolve("qemu.json");
        Files.createDirectories(file.getParent());
        Files.writeString(file, json);
        return Schema.read(folder, version, "qemu");
    }
}
