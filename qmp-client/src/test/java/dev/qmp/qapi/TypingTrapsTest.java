package dev.qmp.qapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.error.UnexpectedValueException;
import dev.qmp.wire.Message.Event;
import dev.qmp.wire.MessageCodec;
import dev.qmp.wire.WireLimits;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What other clients trip over. */
class TypingTrapsTest {

    private static JsonNode json(String text) {
        try {
            return new JsonMapper().readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    @Test
    void an_unknown_event_is_data() {
        JsonNode data = json("{'qom-path': '/machine', 'level': 3}");
        QmpEvent event = QmpEvents.fromJson("GUEST_HAS_SNEEZED", data);
        assertThat(event.eventName()).isEqualTo("GUEST_HAS_SNEEZED");
        assertThat(event.unknownMembers()).containsEntry("level", JsonValue.of(3));
        assertThat((JsonNode) event.toJson()).isEqualTo(data);
    }

    @Test
    void an_unknown_value_of_an_enumeration_is_readable_and_goes_back_as_it_came() {
        JobStatusChange change = JobStatusChange.fromJson(json("{'id': 'j', 'status': 'dreaming'}"));
        assertThat(change.status().isKnown()).isFalse();
        assertThat(change.status().value()).isEqualTo("dreaming");
        assertThat(change.status()).isNotEqualTo(JobStatus.RUNNING).hasToString("dreaming");
        assertThat(change.toJson().path("status").textValue()).isEqualTo("dreaming");
    }

    @Test
    void a_known_value_equals_its_constant() {
        JobStatusChange change = JobStatusChange.fromJson(json("{'id': 'j', 'status': 'running'}"));
        assertThat(change.status()).isEqualTo(JobStatus.RUNNING).hasSameHashCodeAs(JobStatus.RUNNING);
        assertThat(JobStatus.known()).contains(JobStatus.RUNNING).doesNotContain(new JobStatus("dreaming"));
    }

    @Test
    void an_unknown_member_is_readable_and_goes_back_as_it_came() {
        JsonNode data = json("{'id': 'j', 'status': 'running', 'mood': {'now': [1, null, 18446744073709551615]}}");
        JobStatusChange change = JobStatusChange.fromJson(data);
        assertThat(change.unknownMembers()).containsOnlyKeys("mood");
        assertThat(change.unknownMembers()
                        .get("mood")
                        .toJson()
                        .path("now")
                        .get(2)
                        .bigIntegerValue())
                .isEqualTo("18446744073709551615");
        assertThat((JsonNode) change.toJson()).isEqualTo(data);
    }

    @Test
    void an_unknown_branch_of_a_union_is_data() {
        JsonNode options = json("{'driver': 'telepathy', 'node-name': 'n', 'medium': 'aunt'}");
        BlockdevOptions read = BlockdevOptions.fromJson(options);
        assertThat(read).isInstanceOf(BlockdevOptions.Other.class);
        assertThat(read.driver().isKnown()).isFalse();
        assertThat(read.nodeName()).isEqualTo("n");
        assertThat(read.unknownMembers()).containsEntry("medium", JsonValue.of("aunt"));
        assertThat((JsonNode) read.toJson()).isEqualTo(options);
    }

    @Test
    void a_branch_that_has_a_type_cannot_be_had_without_it() {
        assertThatThrownBy(() -> new BlockdevOptions.Other(BlockdevDriver.QCOW2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'qcow2' has a type of its own");
    }

    @Test
    void numbers_of_64_bits_keep_their_value() {
        MemoryInfo most = MemoryInfo.fromJson(json("{'base-memory': 18446744073709551615, 'plugged-memory': 0}"));
        assertThat(most.baseMemory())
                .hasToString("18446744073709551615")
                .isEqualTo(Uint64.ofBits(-1))
                .isGreaterThan(Uint64.of(Long.MAX_VALUE));
        assertThat(most.toJson().get("base-memory").bigIntegerValue())
                .isEqualTo(BigInteger.TWO.pow(64).subtract(BigInteger.ONE));
        assertThatThrownBy(() -> most.baseMemory().longValueExact()).isInstanceOf(ArithmeticException.class);

        assertThat(new BlockJobSetSpeed("j", Long.MIN_VALUE)
                        .toJson()
                        .get("speed")
                        .longValue())
                .isEqualTo(Long.MIN_VALUE);
        // 2^53 + 1 is where clients that keep numbers as doubles begin to lie.
        assertThat(new BlockResize(9007199254740993L).toJson().get("size").longValue())
                .isEqualTo(9007199254740993L);
    }

    @Test
    void a_number_that_is_none_of_the_type_is_said_to_be_so() {
        assertThatThrownBy(() -> MemoryInfo.fromJson(json("{'base-memory': 18446744073709551616}")))
                .isInstanceOf(UnexpectedValueException.class)
                .hasMessage("'base-memory' of MemoryInfo is a whole number of 64 bits without sign, "
                        + "and QEMU sent the number 18446744073709551616");
        assertThatThrownBy(() -> MemoryInfo.fromJson(json("{'base-memory': -1}")))
                .isInstanceOf(UnexpectedValueException.class);
        assertThatThrownBy(() -> MemoryInfo.fromJson(json("{'base-memory': 1.5}")))
                .isInstanceOf(UnexpectedValueException.class);
        assertThatThrownBy(() -> MemoryInfo.fromJson(json("{'base-memory': '4'}")))
                .isInstanceOf(UnexpectedValueException.class)
                .hasMessageEndingWith("and QEMU sent a string");
    }

    @Test
    void a_member_that_must_be_there_and_is_not_is_named() {
        assertThatThrownBy(() -> JobStatusChange.fromJson(json("{'id': 'j'}")))
                .isInstanceOf(UnexpectedValueException.class)
                .hasMessage("JOB_STATUS_CHANGE always has 'status', and QEMU left it out");
        assertThatThrownBy(() -> BlockJobReady.builder().device("j").build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("BLOCK_JOB_READY needs 'type'");
    }

    @Test
    void absent_and_null_are_two_things() {
        MigrateSetParameters absent = MigrateSetParameters.builder().build();
        MigrateSetParameters none =
                MigrateSetParameters.builder().tlsCreds(new StrOrNull.N()).build();
        assertThat(absent.toJson().has("tls-creds")).isFalse();
        assertThat(none.toJson().get("tls-creds").isNull()).isTrue();
        assertThat(MigrateSetParameters.fromJson(none.toJson())).isEqualTo(none).isNotEqualTo(absent);
        assertThat(MigrateSetParameters.fromJson(absent.toJson())).isEqualTo(absent);
    }

    @Test
    void an_alternative_is_told_by_its_json() {
        assertThat(BlockdevRef.fromJson(json("'node'"))).isEqualTo(BlockdevRef.of("node"));
        assertThat(BlockdevRef.fromJson(json("{'driver': 'null-co'}"))).isInstanceOf(BlockdevRef.Definition.class);
        BlockdevRef strange = BlockdevRef.fromJson(json("[7]"));
        assertThat(strange).isInstanceOf(BlockdevRef.Other.class);
        assertThat(strange.toJson()).isEqualTo(json("[7]"));
    }

    @Test
    void a_type_that_recurs_goes_as_deep_as_it_must() {
        BlockdevOptions chain = BlockdevOptions.File.builder().filename("/base").build();
        for (int i = 0; i < 200; i++) {
            chain = BlockdevOptions.Qcow2.builder()
                    .file(BlockdevRef.of("file" + i))
                    .backing(BlockdevRefOrNull.of(chain))
                    .build();
        }
        assertThat(BlockdevOptions.fromJson(chain.toJson())).isEqualTo(chain);
    }

    @Test
    void a_value_does_not_change_with_what_it_was_made_of() {
        ObjectNode given = (ObjectNode) json("{'a': {'b': 1}}");
        JsonValue value = JsonValue.of(given);
        ((ObjectNode) given.get("a")).put("b", 2);
        ((ObjectNode) value.toJson().get("a")).put("b", 3);
        assertThat(value).hasToString("{\"a\":{\"b\":1}}");
    }

    @Test
    void a_timestamp_of_minus_one_is_no_time() {
        byte[] line = ("{\"event\": \"STOP\", \"timestamp\": {\"seconds\": -1, \"microseconds\": -1}}")
                .getBytes(StandardCharsets.UTF_8);
        Event event = (Event) new MessageCodec(WireLimits.DEFAULT).decode(line, 0, line.length);
        assertThat(event.timestamp()).isNull();
        assertThat(StopEvent.EVENT.decode(event)).isEqualTo(new StopEvent());
    }

    @Test
    void an_event_is_decoded_by_its_own_type_only() {
        Event event = new Event("STOP", json("{}"), null);
        assertThat(JobStatusChange.EVENT.matches(event)).isFalse();
        assertThatThrownBy(() -> JobStatusChange.EVENT.decode(event)).isInstanceOf(IllegalArgumentException.class);
    }
}
