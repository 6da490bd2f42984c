package dev.qmp.qapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.lang.reflect.InvocationTargetException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every type that the build writes goes into QMP's bytes and comes back as it was. */
class RoundTripTest {

    private static final JsonMapper JSON = new JsonMapper();

    @TestFactory
    Stream<DynamicTest> a_value_of_every_type_comes_back_equal() {
        return GeneratedTypes.topLevel().stream()
                .flatMap(type -> GeneratedTypes.records(type).stream()
                        .map(record -> DynamicTest.dynamicTest(name(record), () -> comesBack(type, record))));
    }

    @Test
    void there_are_as_many_types_as_the_schemas_have() {
        assertThat(GeneratedTypes.topLevel()).hasSizeGreaterThan(700);
    }

    private static void comesBack(Class<?> type, Class<?> record) throws Exception {
        Object full = Values.full(record);
        assertThat(read(type, write(full))).isEqualTo(full);
        if (!record.getSimpleName().equals("Other")) {
            Object least = Values.least(record);
            assertThat(read(type, write(least))).isEqualTo(least);
        }
    }

    private static String write(Object value) throws Exception {
        JsonNode json = (JsonNode) value.getClass().getMethod("toJson").invoke(value);
        return JSON.writeValueAsString(json);
    }

    private static Object read(Class<?> type, String json)
            throws JsonProcessingException, ReflectiveOperationException {
        try {
            return type.getMethod("fromJson", JsonNode.class).invoke(null, JSON.readTree(json));
        } catch (InvocationTargetException e) {
            throw new AssertionError(type + " cannot read " + json, e.getCause());
        }
    }

    private static String name(Class<?> record) {
        return record.getName().replace("dev.qmp.qapi.", "").replace('$', '.');
    }
}
