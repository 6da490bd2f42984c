package dev.qmp.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qmp.Await;
import dev.qmp.QmpClientOptions;
import dev.qmp.error.CommandFailedException;
import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.ConnectFailedException.Reason;
import dev.qmp.error.OutcomeUnknownException;
import dev.qmp.error.ProtocolViolationException;
import dev.qmp.error.UnexpectedValueException;
import dev.qmp.fixtures.fake.FakeQmpServer;
import dev.qmp.fixtures.fake.Request;
import dev.qmp.fixtures.fake.Script;
import dev.qmp.qapi.JsonValue;
import dev.qmp.transport.QmpAddress;
import dev.qmp.wire.WireLimits;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Freeze, thaw and all that a real agent on this host must not or cannot be made to do, over a real socket. */
@Timeout(60)
class GuestAgentTest {

    private static final Duration SHORT = Duration.ofMillis(150);
    private static final Duration LONG = Duration.ofSeconds(20);

    private static QemuGuestAgent connect(FakeQmpServer server, QmpClientOptions options) {
        return Await.value(QemuGuestAgent.connect(QmpAddress.parse(server.target()), options));
    }

    private static QemuGuestAgent connect(FakeQmpServer server) {
        return connect(server, QmpClientOptions.DEFAULT);
    }

    private static List<String> commands(FakeQmpServer server) {
        return server.requests().stream().map(Request::command).toList();
    }

    /** Asks one thing of an agent that answers it so. */
    private static CompletableFuture<List<GuestFileSystem>> fsInfo(String json) {
        try (FakeQmpServer server = FakeQmpServer.start(Script.agent().onCommand("guest-get-fsinfo", json));
                QemuGuestAgent agent = connect(server)) {
            CompletableFuture<List<GuestFileSystem>> all = agent.fsInfo();
            assertThat(all.handle((value, failure) -> true)).succeedsWithin(LONG);
            return all;
        }
    }

    @Test
    void a_freeze_says_how_many_file_systems_stand_still_and_a_thaw_how_many_go_on() {
        Script script = Script.agent()
                .expect("guest-fsfreeze-freeze")
                .reply("3")
                .expect("guest-fsfreeze-status")
                .reply("'frozen'")
                .expect("guest-fsfreeze-thaw")
                .reply("2")
                .expect("guest-fsfreeze-status")
                .reply("'thawed'");
        try (FakeQmpServer server = FakeQmpServer.start(script);
                QemuGuestAgent agent = connect(server)) {
            assertThat(Await.value(agent.freeze())).isEqualTo(3);
            assertThat(Await.value(agent.freezeStatus())).isEqualTo(FreezeStatus.FROZEN);
            assertThat(Await.value(agent.thaw())).isEqualTo(2);
            assertThat(Await.value(agent.freezeStatus())).isEqualTo(FreezeStatus.THAWED);
            server.assertFinished();
        }
    }

    @Test
    void a_freeze_of_some_names_their_mount_points() {
        Script script = Script.agent()
                .expect(
                        "guest-fsfreeze-freeze-list",
                        given -> given.toString().equals("{\"mountpoints\":[\"/\",\"/srv\"]}"))
                .reply("1");
        try (FakeQmpServer server = FakeQmpServer.start(script);
                QemuGuestAgent agent = connect(server)) {
            assertThat(Await.value(agent.freeze(List.of("/", "/srv"), LONG))).isEqualTo(1);
            assertThatThrownBy(() -> agent.freeze(List.of(), LONG))
                    .as("an empty list is a mistake, not all of them")
                    .isInstanceOf(IllegalArgumentException.class);
            server.assertFinished();
        }
    }

    @Test
    void a_status_that_is_newer_than_this_library_is_unknown() {
        try (FakeQmpServer server =
                        FakeQmpServer.start(Script.agent().onCommand("guest-fsfreeze-status", "'melting'"));
                QemuGuestAgent agent = connect(server)) {
            assertThat(Await.value(agent.freezeStatus())).isEqualTo(FreezeStatus.UNKNOWN);
        }
    }

    @Test
    void a_freeze_whose_deadline_passed_may_have_frozen_and_the_thaw_is_in_the_agents_queue_at_once() {
        Script script = Script.agent()
                .expect("guest-fsfreeze-freeze")
                .expectSync("again")
                .expect("guest-fsfreeze-thaw")
                .hold("both are there")
                .replyTo("guest-fsfreeze-freeze", "3")
                .answerSync("again")
                .replyTo("guest-fsfreeze-thaw", "3");
        try (FakeQmpServer server = FakeQmpServer.start(script);
                QemuGuestAgent agent = connect(server)) {
            OutcomeUnknownException unknown = Await.failure(agent.freeze(SHORT), OutcomeUnknownException.class);
            assertThat(unknown.reason()).isEqualTo(OutcomeUnknownException.Reason.DEADLINE_PASSED);
            assertThat(unknown.hint().orElseThrow()).contains("thaw");
            CompletableFuture<Integer> thaw = agent.thaw();
            server.awaitHold("both are there");
            assertThat(thaw).isNotDone();
            server.release("both are there");

            assertThat(Await.value(thaw)).isEqualTo(3);
            assertThat(agent.statistics().lateReplies()).isEqualTo(1);
            server.assertFinished();
        }
    }

    @Test
    void a_thaw_reaches_the_agent_also_when_nobody_waits_for_it_any_more() {
        Script script = Script.agent()
                .expect("guest-fsfreeze-freeze")
                .expectSync("again")
                .expect("guest-fsfreeze-thaw")
                .expectEnd();
        QmpClientOptions hasty = QmpClientOptions.builder()
                .commandDeadline(SHORT)
                .closeGrace(SHORT)
                .build();
        try (FakeQmpServer server = FakeQmpServer.start(script)) {
            QemuGuestAgent agent = connect(server, hasty);
            Await.failure(agent.freeze(SHORT), OutcomeUnknownException.class);
            Await.failure(agent.thaw(), OutcomeUnknownException.class);
            agent.close();
            server.assertFinished();
        }
    }

    @Test
    void a_freeze_that_is_cancelled_leaves_the_agent_to_the_thaw() {
        Script script = Script.agent()
                .expect("guest-fsfreeze-freeze")
                .hold("cancelled")
                .expectSync("again")
                .expect("guest-fsfreeze-thaw")
                .replyTo("guest-fsfreeze-freeze", "3")
                .answerSync("again")
                .replyTo("guest-fsfreeze-thaw", "3");
        try (FakeQmpServer server = FakeQmpServer.start(script);
                QemuGuestAgent agent = connect(server)) {
            CompletableFuture<Integer> freeze = agent.freeze();
            server.awaitHold("cancelled");
            freeze.cancel(false);
            CompletableFuture<Integer> thaw = agent.thaw();
            server.release("cancelled");

            assertThat(Await.value(thaw)).isEqualTo(3);
            server.assertFinished();
        }
    }

    @Test
    void a_refused_freeze_is_told_in_the_agents_words() {
        Script script = Script.agent()
                .expect("guest-fsfreeze-freeze")
                .fail("GenericError", "failed to freeze /srv: Device or resource busy");
        try (FakeQmpServer server = FakeQmpServer.start(script);
                QemuGuestAgent agent = connect(server)) {
            CommandFailedException refused = Await.failure(agent.freeze(), CommandFailedException.class);

            assertThat(refused)
                    .hasMessage("guest-fsfreeze-freeze refused by the guest agent: failed to freeze /srv:"
                            + " Device or resource busy (GenericError)");
        }
    }

    @Test
    void a_connection_that_ends_in_mid_freeze_leaves_its_outcome_unknown() {
        Script script = Script.agent().expect("guest-fsfreeze-freeze").close();
        try (FakeQmpServer server = FakeQmpServer.start(script);
                QemuGuestAgent agent = connect(server)) {
            OutcomeUnknownException unknown = Await.failure(agent.freeze(), OutcomeUnknownException.class);

            assertThat(unknown.reason()).isEqualTo(OutcomeUnknownException.Reason.CONNECTION_LOST);
        }
    }

    @Test
    void the_stale_replies_of_an_earlier_client_are_dropped_and_counted() {
        Script script = Script.agent()
                .expectSync("sync")
                .raw("tal-bytes\": 7}]}\n")
                .answerSync("sync")
                .onCommand("guest-ping", "{}");
        Script whole = Script.agent()
                .raw("{\"return\": 1790000000}\n{\"return\": {}}\n")
                .expectSync("sync")
                .answerSync("sync")
                .onCommand("guest-get-time", "5");
        try (FakeQmpServer server = FakeQmpServer.start(script, whole);
                QemuGuestAgent cut = connect(server);
                QemuGuestAgent agent = connect(server)) {
            assertThat(cut.ping()).succeedsWithin(LONG);
            assertThat(Await.value(agent.execute("guest-get-time", null)).asInt())
                    .isEqualTo(5);
            assertThat(agent.statistics().unknownReplies()).isEqualTo(2);
        }
    }

    @Test
    void file_systems_come_with_the_disks_that_they_lie_on() {
        List<GuestFileSystem> all = Await.value(fsInfo("[{'name':'dm-0','mountpoint':'/','type':'ext4',"
                + "'used-bytes':9223372036854775807,'total-bytes':10,'disk':[{'pci-controller':"
                + "{'domain':0,'bus':0,'slot':4,'function':0},'bus-type':'virtio','bus':0,'target':0,'unit':1,"
                + "'serial':'S1','dev':'/dev/vda'}]},"
                + "{'name':'sr0','mountpoint':'/media','type':'iso9660','disk':[]}]"));

        assertThat(all).hasSize(2);
        GuestFileSystem root = all.get(0);
        assertThat(root.usedBytes()).hasValue(Long.MAX_VALUE);
        assertThat(root.disks())
                .containsExactly(new GuestDiskAddress(
                        new GuestDiskAddress.PciAddress(0, 0, 4, 0),
                        "virtio",
                        0,
                        0,
                        1,
                        Optional.of("S1"),
                        Optional.of("/dev/vda"),
                        Map.of()));
        assertThat(all.get(1).totalBytes()).isEmpty();
    }

    @Test
    void members_and_values_that_are_newer_than_this_library_are_kept() {
        GuestFileSystem one = Await.value(fsInfo("[{'name':'a','mountpoint':'/','type':'futurefs','disk':"
                        + "[{'pci-controller':{'domain':-1,'bus':-1,'slot':-1,'function':-1},'bus-type':'telepathy',"
                        + "'bus':0,'target':0,'unit':0,'aura':'blue'}],'total-bytes-privileged':12}]"))
                .get(0);

        assertThat(one.unknownMembers()).containsOnlyKeys("total-bytes-privileged");
        assertThat(one.unknownMembers().get("total-bytes-privileged").toJson().asLong())
                .isEqualTo(12);
        assertThat(one.disks().get(0).busType()).isEqualTo("telepathy");
        assertThat(one.disks().get(0).unknownMembers()).containsExactly(Map.entry("aura", JsonValue.of("blue")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[7]",
                "[{'name':'a','type':'ext4','disk':[]}]",
                "[{'name':'a','mountpoint':7,'type':'ext4','disk':[]}]",
                "[{'name':'a','mountpoint':'/','type':'ext4','disk':{}}]",
                "[{'name':'a','mountpoint':'/','type':'ext4','disk':[],'used-bytes':18446744073709551616}]"
            })
    void an_answer_that_no_agent_gives_fails_that_command_alone(String json) {
        assertThat(Await.failure(fsInfo(json), UnexpectedValueException.class))
                .hasMessageContaining("guest-get-fsinfo");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "'three'", "3000000000", "1.5"})
    void a_count_that_is_none_is_no_count_of_frozen_file_systems(String json) {
        try (FakeQmpServer server = FakeQmpServer.start(Script.agent().onCommand("guest-fsfreeze-freeze", json));
                QemuGuestAgent agent = connect(server)) {
            Await.failure(agent.freeze(), UnexpectedValueException.class);
        }
    }

    @Test
    void a_guest_that_sends_without_end_meets_the_limit() {
        Script script = Script.agent()
                .expect("guest-get-fsinfo")
                .raw("{\"return\": \"" + "x".repeat(20_000))
                .expectEnd();
        QmpClientOptions small = QmpClientOptions.builder()
                .limits(WireLimits.DEFAULT.withDocumentBytes(10_000))
                .build();
        try (FakeQmpServer server = FakeQmpServer.start(script);
                QemuGuestAgent agent = connect(server, small)) {
            Await.failure(agent.fsInfo(), OutcomeUnknownException.class);
            assertThat(Await.failure(agent.closed(), ProtocolViolationException.class)
                            .kind())
                    .isEqualTo(ProtocolViolationException.Kind.LIMIT_EXCEEDED);
        }
    }

    @Test
    void nobody_answering_is_a_typed_failure_and_leaves_nothing_open() {
        QmpClientOptions impatient =
                QmpClientOptions.builder().greetingTimeout(SHORT).build();
        try (FakeQmpServer server = FakeQmpServer.start(Script.agent().stall())) {
            ConnectFailedException silent = Await.failure(
                    QemuGuestAgent.connect(QmpAddress.parse(server.target()), impatient), ConnectFailedException.class);

            assertThat(silent.reason()).isEqualTo(Reason.AGENT_SILENT);
            server.awaitEnd(0);
        }
    }

    @Test
    void an_attempt_that_its_caller_cancelled_leaves_the_line_free() {
        Script script = Script.agent()
                .expectSync("sync")
                .hold("cancelled")
                .answerSync("sync")
                .expectEnd();
        try (FakeQmpServer server = FakeQmpServer.start(script)) {
            CompletableFuture<QemuGuestAgent> attempt = QemuGuestAgent.connect(QmpAddress.parse(server.target()));
            server.awaitHold("cancelled");
            attempt.cancel(false);
            server.release("cancelled");
            server.awaitEnd(0);
            server.assertFinished();
        }
    }

    @Test
    void a_close_sends_nothing_more() {
        try (FakeQmpServer server = FakeQmpServer.start(Script.agent().onCommand("guest-ping", "{}"))) {
            QemuGuestAgent agent = connect(server);
            Await.value(agent.ping().thenApply(done -> true));
            agent.close();
            server.awaitEnd(0);

            assertThat(commands(server)).containsExactly("guest-sync-delimited", "guest-ping");
            assertThatThrownBy(() -> agent.execute("guest-sync-delimited", null))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
