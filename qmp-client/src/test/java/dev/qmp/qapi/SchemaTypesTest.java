package dev.qmp.qapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.fixtures.recorded.Samples;
import dev.qmp.fixtures.recorded.Schemas;
import dev.qmp.schema.QmpSchema;
import dev.qmp.schema.SchemaCommand;
import dev.qmp.schema.SchemaEvent;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a recorded schema allows, the types read without anything unknown, and write as it was. */
class SchemaTypesTest {

    static Stream<Arguments> schemas() {
        return Samples.VERSIONS.stream()
                .flatMap(version -> Stream.of(Schemas.SYSTEM, Schemas.STORAGE_DAEMON)
                        .map(program -> Arguments.of(version, program)));
    }

    @ParameterizedTest
    @MethodSource("schemas")
    void all_arguments_of_all_commands_are_typed(String version, String program) {
        QmpSchema schema = QmpSchema.of(Schemas.json(version, program));
        SchemaSamples samples = new SchemaSamples(schema);
        AtomicInteger values = new AtomicInteger();
        for (SchemaCommand command : schema.commands()) {
            samples.each(command.argumentType(), json -> {
                QmpCommand<?> typed = QmpCommands.fromJson(command.name(), (ObjectNode) json);
                assertThat(typed).as(command.name()).isNotInstanceOf(RawCommand.class);
                assertThat(typed.commandName()).isEqualTo(command.name());
                assertThat(SchemaSamples.unknown(typed))
                        .as(command.name() + " " + json)
                        .isEmpty();
                assertThat(Json.text(typed.encodeArguments()))
                        .as(command.name())
                        .isEqualTo(Json.text(json));
                values.incrementAndGet();
            });
        }
        assertThat(values).hasValueGreaterThan(1000);
    }

    @ParameterizedTest
    @MethodSource("schemas")
    void all_replies_of_all_commands_are_typed(String version, String program) {
        QmpSchema schema = QmpSchema.of(Schemas.json(version, program));
        SchemaSamples samples = new SchemaSamples(schema);
        for (SchemaCommand command : schema.commands()) {
            QmpCommand<?> typed = QmpCommands.fromJson(command.name(), SchemaSamples.arguments(schema, command));
            samples.each(command.returnType(), json -> {
                Object result = typed.decodeReturn(json);
                assertThat(SchemaSamples.unknown(result))
                        .as(command.name() + " " + json)
                        .isEmpty();
                assertThat(Json.text(Json.of(result))).as(command.name()).isEqualTo(Json.text(json));
            });
        }
    }

    @ParameterizedTest
    @MethodSource("schemas")
    void all_data_of_all_events_are_typed(String version, String program) {
        QmpSchema schema = QmpSchema.of(Schemas.json(version, program));
        SchemaSamples samples = new SchemaSamples(schema);
        for (SchemaEvent event : schema.events()) {
            samples.each(event.dataType(), json -> {
                QmpEvent typed = QmpEvents.fromJson(event.name(), json);
                assertThat(typed).as(event.name()).isNotInstanceOf(UnknownEvent.class);
                assertThat(typed.eventName()).isEqualTo(event.name());
                assertThat(SchemaSamples.unknown(typed))
                        .as(event.name() + " " + json)
                        .isEmpty();
                assertThat(Json.text(typed.toJson())).as(event.name()).isEqualTo(Json.text(json));
            });
        }
    }
}
