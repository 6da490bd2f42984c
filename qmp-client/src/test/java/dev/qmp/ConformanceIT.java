package dev.qmp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.qmp.error.CommandFailedException;
import dev.qmp.fixtures.qemu.QemuVm;
import dev.qmp.fixtures.qemu.RequiresQemu;
import dev.qmp.qapi.QueryStatus;
import dev.qmp.qapi.RunState;
import dev.qmp.transport.QmpAddress;
import dev.qmp.wire.Message;
import dev.qmp.wire.Message.Failure;
import dev.qmp.wire.Message.Greeting;
import dev.qmp.wire.Message.Reply;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What QMP's own rules say of a server, held against the QEMU at hand, as our framer and codec read it. */
@RequiresQemu
@Timeout(120)
class ConformanceIT {

    private static QemuVm vm;

    @BeforeAll
    static void start() {
        vm = QemuVm.builder().start();
    }

    @AfterAll
    static void stop() {
        vm.close();
    }

    private static Failure failure(Message message) {
        assertThat(message).isInstanceOf(Failure.class);
        return (Failure) message;
    }

    private static Reply reply(Message message) {
        assertThat(message).isInstanceOf(Reply.class);
        return (Reply) message;
    }

    @Test
    void it_greets_with_its_version_and_its_capabilities() {
        try (RawMonitor monitor = RawMonitor.connect(vm.monitor())) {
            Message first = monitor.answer();

            assertThat(first).isInstanceOf(Greeting.class);
            Greeting greeting = (Greeting) first;
            assertThat(greeting.version().major()).isGreaterThanOrEqualTo(7);
            assertThat(greeting.version().packageVersion()).isNotNull();
            assertThat(greeting.capabilities()).containsExactly("oob");
        }
    }

    @Test
    void a_command_before_the_handshake_is_refused_and_the_handshake_is_possible_still() {
        try (RawMonitor monitor = RawMonitor.connect(vm.monitor())) {
            monitor.answer();
            monitor.says("{\"execute\":\"query-status\",\"id\":\"early\"}");
            Failure early = failure(monitor.answer());
            assertThat(early.errorClass()).isEqualTo("CommandNotFound");
            assertThat(early.desc()).contains("Expecting capabilities negotiation");
            assertThat(early.id()).hasToString("\"early\"");

            monitor.says("{\"execute\":\"qmp_capabilities\",\"id\":1}");
            assertThat(reply(monitor.answer()).id()).hasToString("1");
        }
    }

    @Test
    void the_handshake_is_refused_when_it_comes_again_and_the_session_goes_on() {
        try (RawMonitor monitor = RawMonitor.negotiated(vm.monitor())) {
            monitor.says("{\"execute\":\"qmp_capabilities\",\"id\":2}");
            Failure again = failure(monitor.answer());

            assertThat(again.errorClass()).isEqualTo("CommandNotFound");
            assertThat(again.desc()).contains("already complete");
            assertThat(monitor.answersUpTo("on")).hasSize(1);
        }
    }

    @Test
    void the_handshake_by_hand_on_a_client_is_refused_and_the_client_goes_on() {
        try (QmpClient client = Await.value(QmpClient.connect(QmpAddress.unix(vm.monitor())))) {
            assertThat(Await.failure(client.execute("qmp_capabilities"), CommandFailedException.class)
                            .errorClass())
                    .isEqualTo("CommandNotFound");
            Await.value(client.execute("query-status"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"enable\":[\"telepathy\"]}", "{\"enable\":[\"oob\",\"telepathy\"]}", "{\"enable\":\"oob\"}"})
    void an_unknown_capability_or_one_that_is_no_list_is_refused_and_enables_nothing(String arguments) {
        try (RawMonitor monitor = RawMonitor.connect(vm.monitor())) {
            monitor.answer();
            monitor.says("{\"execute\":\"qmp_capabilities\",\"arguments\":" + arguments + ",\"id\":1}");
            assertThat(failure(monitor.answer()).errorClass()).isEqualTo("GenericError");
            monitor.says("{\"execute\":\"query-status\",\"id\":2}");
            assertThat(failure(monitor.answer()).errorClass()).isEqualTo("CommandNotFound");

            monitor.says("{\"execute\":\"qmp_capabilities\",\"id\":3}");
            reply(monitor.answer());
            monitor.says("{\"exec-oob\":\"query-yank\",\"id\":4}");
            assertThat(failure(monitor.answer()).desc()).contains("'exec-oob' is unexpected");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"execute\": }\n",
                "hello world\n",
                "[1,2]\n",
                "\"text\"\n",
                "123\n",
                "null\n",
                "{}\n",
                "{\"foo\":1}\n",
                "}\n",
                "{\"execute\":\"query-status\"]}\n",
                "{\"execute\":\"query-status\" \"id\":1}\n",
                "{\"execute\":\"query-status\",\"foo\":1}\n",
                "{\"execute\":\"query-status\",\"arguments\":[]}\n",
                "{\"execute\":17}\n",
                "{\"execute\":\"query-status\",\"execute\":\"query-name\"}\n",
                "{\"execute\":\"a\u0001b\"}\n",
                "{\"execute\":\"\u00ff\"}\n",
                "{\"execute\":\"\\uD800\"}\n",
                "\u00ff\n",
                "\u0000\n"
            })
    void a_malformed_request_is_answered_with_errors_without_id_and_the_next_command_works(String malformed) {
        try (RawMonitor monitor = RawMonitor.negotiated(vm.monitor())) {
            monitor.says(malformed.getBytes(StandardCharsets.ISO_8859_1));
            List<Message> answers = monitor.answersUpTo("after");

            assertThat(answers).hasSizeGreaterThan(1);
            for (Message answer : answers.subList(0, answers.size() - 1)) {
                assertThat(failure(answer).id()).isNull();
                assertThat(failure(answer).errorClass()).isEqualTo("GenericError");
                assertThat(failure(answer).desc()).isNotEmpty();
            }
        }
    }

    @Test
    void nesting_without_end_and_half_a_request_that_a_stray_byte_ends_are_answered_and_forgotten() {
        for (String malformed :
                List.of("{\"a\":".repeat(1_100) + "1" + "}".repeat(1_100), "{\"execute\":\"stop\"\u00ff")) {
            try (RawMonitor monitor = RawMonitor.negotiated(vm.monitor())) {
                monitor.says(malformed.getBytes(StandardCharsets.ISO_8859_1));

                assertThat(failure(monitor.answer()).id()).isNull();
                assertThat(monitor.answersUpTo("after")).isNotEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-1",
                "1.5",
                "9223372036854775807",
                "18446744073709551615",
                "true",
                "false",
                "null",
                "\"text\"",
                "\"\"",
                "\"\u20ac \ud83d\ude00 \\u0000\"",
                "[]",
                "[1,[\"two\"]]",
                "{}",
                "{\"a\":{\"b\":null}}"
            })
    void an_id_of_any_json_type_comes_back_as_it_was_on_a_reply_and_on_an_error(String id)
            throws JsonProcessingException {
        JsonNode expected = new ObjectMapper().readTree(id);
        try (RawMonitor monitor = RawMonitor.negotiated(vm.monitor())) {
            monitor.says("{\"execute\":\"query-name\",\"id\":" + id + "}");
            assertThat(reply(monitor.answer()).id()).isEqualTo(expected);
            monitor.says("{\"execute\":\"no-such-command\",\"id\":" + id + "}");
            assertThat(failure(monitor.answer()).id()).isEqualTo(expected);
        }
    }

    @Test
    void a_command_without_id_is_answered_without_one() {
        try (RawMonitor monitor = RawMonitor.negotiated(vm.monitor())) {
            monitor.says("{\"execute\":\"query-name\"}");

            assertThat(reply(monitor.answer()).id()).isNull();
        }
    }

    @Test
    void before_the_machine_is_made_a_client_gets_what_is_permitted_then_and_can_end_that_state() {
        try (QemuVm waiting = QemuVm.builder().args("-preconfig").start();
                QmpClient client = Await.value(QmpClient.connect(QmpAddress.unix(waiting.monitor())))) {
            assertThat(Await.value(client.execute(new QueryStatus())).status()).isEqualTo(RunState.PRELAUNCH);
            assertThat(Await.failure(client.execute("stop"), CommandFailedException.class)
                            .desc())
                    .contains("permitted only after machine initialization");

            Await.value(client.execute("x-exit-preconfig"));
            assertThat(Await.failure(client.execute("x-exit-preconfig"), CommandFailedException.class)
                            .desc())
                    .contains("permitted only before machine initialization");
            assertThat(Await.value(client.execute(new QueryStatus())).status()).isEqualTo(RunState.RUNNING);
        }
    }
}
