package dev.qmp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.qmp.error.CommandFailedException;
import dev.qmp.error.UnexpectedValueException;
import dev.qmp.fixtures.recorded.Schemas;
import dev.qmp.schema.QmpSchema;
import dev.qmp.wire.QemuVersion;
import dev.qmp.wire.WireLimits;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaSourceTest {

    private static final QemuVersion VERSION = new QemuVersion(7, 2, 22, "Debian");
    private static final JsonNode ENTRIES = Schemas.json("7.2", Schemas.SYSTEM);

    @TempDir
    private Path folder;

    private final List<CompletableFuture<JsonNode>> questions = new ArrayList<>();
    private Executor executor = Runnable::run;

    private CompletableFuture<JsonNode> ask() {
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        questions.add(answer);
        return answer;
    }

    private SchemaSource source() {
        return new SchemaSource(
                VERSION, WireLimits.DEFAULT, this::ask, Optional::empty, task -> executor.execute(task));
    }

    /** The program is looked at again and again: {@code keys} one after the other, the last one for ever. */
    private SchemaSource source(SchemaCache cache, String... keys) {
        Deque<String> left = new ArrayDeque<>(List.of(keys));
        return new SchemaSource(
                VERSION,
                WireLimits.DEFAULT,
                this::ask,
                () -> Optional.of(new SchemaSource.Shelf(cache, left.size() > 1 ? left.remove() : left.element())),
                Runnable::run);
    }

    @Test
    void all_who_ask_share_one_question_and_its_answer() {
        SchemaSource source = source();
        CompletableFuture<QmpSchema> first = source.get();
        CompletableFuture<QmpSchema> second = source.get();

        assertThat(questions).hasSize(1);
        questions.get(0).complete(ENTRIES);

        assertThat(Await.value(first)).isSameAs(Await.value(second)).isSameAs(Await.value(source.get()));
        assertThat(Await.value(first).version()).contains(VERSION);
        assertThat(questions).hasSize(1);
    }

    @Test
    void a_failure_reaches_all_who_waited_and_the_next_one_asks_again() {
        SchemaSource source = source();
        CompletableFuture<QmpSchema> first = source.get();
        CompletableFuture<QmpSchema> second = source.get();
        CompletableFuture<QmpSchema> again = first.exceptionallyCompose(failure -> source.get());
        questions.get(0).completeExceptionally(new CommandFailedException("query-qmp-schema", "GenericError", "no"));

        Await.failure(first, CommandFailedException.class);
        Await.failure(second, CommandFailedException.class);
        questions.get(1).complete(ENTRIES);
        assertThat(Await.value(again).hasCommand("block-stream")).isTrue();
        assertThat(Await.value(source.get())).isSameAs(Await.value(again));
    }

    @Test
    void cancelling_ones_own_future_takes_nothing_from_the_others() {
        SchemaSource source = source();
        CompletableFuture<QmpSchema> first = source.get();
        CompletableFuture<QmpSchema> second = source.get();
        first.cancel(true);
        second.cancel(true);
        questions.get(0).complete(ENTRIES);

        assertThat(Await.value(source.get()).hasCommand("block-stream")).isTrue();
        assertThat(questions).hasSize(1);
    }

    @Test
    void an_answer_that_is_no_schema_is_a_failure_and_is_not_kept() {
        SchemaCache cache = new SchemaCache(folder, Clock.systemUTC());
        CompletableFuture<QmpSchema> schema = source(cache, "key").get();
        questions.get(0).complete(JsonNodeFactory.instance.objectNode());

        Await.failure(schema, UnexpectedValueException.class);
        assertThat(cache.read("key")).isEmpty();
    }

    @Test
    void an_executor_that_takes_no_more_is_a_failure_that_is_not_remembered() {
        SchemaSource source = source();
        executor = task -> {
            throw new RejectedExecutionException("shut down");
        };
        Await.failure(source.get(), RejectedExecutionException.class);

        executor = Runnable::run;
        CompletableFuture<QmpSchema> next = source.get();
        questions.get(0).complete(ENTRIES);
        assertThat(Await.value(next).hasCommand("block-stream")).isTrue();
    }

    @Test
    void what_one_connection_was_told_saves_the_next_one_the_question() {
        SchemaCache cache = new SchemaCache(folder, Clock.systemUTC());
        CompletableFuture<QmpSchema> asked = source(cache, "key").get();
        questions.get(0).complete(ENTRIES);
        QmpSchema read = Await.value(source(cache, "key").get());

        assertThat(questions).hasSize(1);
        assertThat(read.commands()).isEqualTo(Await.value(asked).commands());
        assertThat(read.events()).isEqualTo(Await.value(asked).events());
        assertThat(read.version()).contains(VERSION);
    }

    @Test
    void a_file_whose_lines_are_no_entries_is_as_good_as_none() {
        SchemaCache cache = new SchemaCache(folder, Clock.systemUTC());
        cache.write("key", "one\ntwo\n");
        CompletableFuture<QmpSchema> schema = source(cache, "key").get();
        questions.get(0).complete(ENTRIES);

        assertThat(Await.value(schema).hasCommand("block-stream")).isTrue();
        assertThat(cache.read("key"))
                .hasValueSatisfying(lines -> assertThat(lines).contains("command block-stream {"));
    }

    @Test
    void the_answer_of_a_program_that_was_replaced_meanwhile_is_not_kept() {
        SchemaCache cache = new SchemaCache(folder, Clock.systemUTC());
        CompletableFuture<QmpSchema> schema = source(cache, "before", "after").get();
        questions.get(0).complete(ENTRIES);

        assertThat(Await.value(schema).hasCommand("block-stream")).isTrue();
        assertThat(cache.read("before")).isEmpty();
        assertThat(cache.read("after")).isEmpty();
    }
}
