package dev.qmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.error.CommandFailedException;
import dev.qmp.error.OutOfBandUnavailableException;
import dev.qmp.error.OutOfBandUnavailableException.Reason;
import dev.qmp.error.OutcomeUnknownException;
import dev.qmp.fixtures.qemu.MonitorSpec;
import dev.qmp.fixtures.qemu.QemuVm;
import dev.qmp.fixtures.qemu.RequiresQemu;
import dev.qmp.qapi.MigratePause;
import dev.qmp.qapi.QueryStatus;
import dev.qmp.qapi.QueryYank;
import dev.qmp.schema.SchemaCommand;
import dev.qmp.session.OutstandingCommand;
import dev.qmp.transport.QmpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commands that overtake, on a QEMU that is stuck for as long as the test wants: it opens a FIFO as the configuration of a
 * {@code blkdebug} node, and opening that to read waits for somebody who writes.
 */
@RequiresQemu
@Timeout(120)
class OutOfBandIT {

    private static final QmpClientOptions OPTIONS = QmpClientOptions.builder()
            .outOfBand(true)
            .closeGrace(Duration.ofMillis(200))
            .build();

    @TempDir
    private Path folder;

    private Path fifo;
    private QemuVm vm;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        fifo = folder.resolve("config");
        Process mkfifo = new ProcessBuilder("mkfifo", fifo.toString()).start();
        assertThat(mkfifo.waitFor(10, TimeUnit.SECONDS)).isTrue();
        vm = QemuVm.builder()
                .monitor(MonitorSpec.of(MonitorSpec.Style.QMP, "a"))
                .monitor(MonitorSpec.of(MonitorSpec.Style.QMP, "b"))
                .start();
    }

    @AfterEach
    void stop() {
        vm.kill();
        vm.close();
    }

    private QmpClient connect(int monitor) {
        return Await.value(QmpClient.connect(QmpAddress.unix(vm.monitor(monitor)), OPTIONS));
    }

    private ObjectNode stuckNode() {
        ObjectNode arguments = JsonNodeFactory.instance.objectNode();
        arguments.put("driver", "blkdebug").put("node-name", "stuck").put("config", fifo.toString());
        arguments.putObject("image").put("driver", "null-co");
        return arguments;
    }

    /** Somebody opens the FIFO to write, and writes nothing: an empty configuration. */
    private void unblock() throws IOException {
        Files.newOutputStream(fifo).close();
    }

    @Test
    void a_command_gets_through_past_one_that_blocks_and_six_that_wait_behind_it() throws IOException {
        try (QmpClient client = connect(0)) {
            CompletableFuture<JsonNode> blocked = client.execute("blockdev-add", stuckNode());
            List<CompletableFuture<JsonNode>> behind = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                behind.add(client.execute("query-status"));
            }

            assertThat(Await.value(client.executeOutOfBand(new QueryYank()))).isNotEmpty();
            assertThat(Await.failure(client.executeOutOfBand(new MigratePause()), CommandFailedException.class)
                            .command())
                    .isEqualTo("migrate-pause");
            assertThat(blocked).isNotDone();
            assertThat(behind).noneMatch(CompletableFuture::isDone);
            assertThat(client.outstanding()).hasSize(7);

            unblock();
            Await.value(blocked);
            behind.forEach(Await::value);
            assertThat(client.statistics().unknownReplies()).isZero();
        }
    }

    @Test
    void a_full_window_leaves_the_way_open_while_another_monitors_command_blocks() throws IOException {
        try (QmpClient blocker = connect(0);
                QmpClient client = connect(1)) {
            CompletableFuture<JsonNode> blocked = blocker.execute("blockdev-add", stuckNode());
            // The out-of-band reply says that the other monitor has handed its command over.
            Await.value(blocker.executeOutOfBand(new QueryYank()));
            List<CompletableFuture<JsonNode>> inBand = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                inBand.add(client.execute("query-status"));
            }

            assertThat(Await.value(client.executeOutOfBand(new QueryYank()))).isNotEmpty();
            unblock();
            Await.value(blocked);
            inBand.forEach(Await::value);
        }
    }

    @Test
    void yank_itself_gets_through() throws IOException {
        try (QmpClient client = connect(0)) {
            CompletableFuture<JsonNode> blocked = client.execute("blockdev-add", stuckNode());
            ObjectNode nothing = JsonNodeFactory.instance.objectNode();
            nothing.putArray("instances");

            assertThat(Await.value(client.executeOutOfBand("yank", nothing, Deadline.DEFAULT)))
                    .isEmpty();
            assertThat(blocked).isNotDone();
            unblock();
            Await.value(blocked);
        }
    }

    @Test
    void what_blocks_past_its_deadline_stays_known_and_its_late_reply_tells_that_it_was_done() throws IOException {
        try (QmpClient client = connect(0)) {
            OutcomeUnknownException passed = Await.failure(
                    client.execute("blockdev-add", stuckNode(), Deadline.of(Duration.ofMillis(100))),
                    OutcomeUnknownException.class);

            assertThat(client.outstanding())
                    .extracting(OutstandingCommand::command, OutstandingCommand::givenUp)
                    .containsExactly(tuple("blockdev-add", true));
            unblock();
            Await.value(passed.lateReply().orElseThrow());
            assertThat(client.outstanding()).isEmpty();
            assertThat(Await.failure(client.execute("blockdev-add", stuckNode()), CommandFailedException.class)
                            .desc())
                    .containsIgnoringCase("duplicate");
        }
    }

    @Test
    void a_command_that_cannot_overtake_is_refused_by_its_type_by_the_schema_or_by_qemu() throws Exception {
        try (QmpClient client = connect(0)) {
            assertThat(Await.failure(client.executeOutOfBand(new QueryStatus()), OutOfBandUnavailableException.class)
                            .reason())
                    .isEqualTo(Reason.NOT_ALLOWED);
            assertThat(Await.failure(
                                    client.executeOutOfBand("query-status", null, Deadline.DEFAULT),
                                    CommandFailedException.class)
                            .desc())
                    .contains("does not support OOB");

            Await.value(client.schema());
            long sent = client.statistics().commandsSent();
            Await.failure(
                    client.executeOutOfBand("query-status", null, Deadline.DEFAULT),
                    OutOfBandUnavailableException.class);
            assertThat(client.statistics().commandsSent()).isEqualTo(sent);
            assertThat(Await.value(client.executeOutOfBand("query-yank", null, Deadline.DEFAULT)))
                    .isEqualTo(new ObjectMapper()
                            .readTree(vm.control().execute("query-yank").toString()));
        }
    }

    @Test
    void four_commands_can_overtake_and_their_types_say_so() {
        try (QmpClient client = connect(0)) {
            assertThat(Await.value(client.schema()).commands())
                    .filteredOn(SchemaCommand::allowOob)
                    .extracting(SchemaCommand::name)
                    .containsExactlyInAnyOrder("migrate-pause", "migrate-recover", "query-yank", "yank");
            assertThat(new MigratePause().allowsOutOfBand()).isTrue();
        }
    }

    @Test
    void without_the_option_nothing_overtakes_and_a_new_client_of_the_same_monitor_negotiates_anew() {
        Await.value(connect(0).closeAsync());
        try (QmpClient plain = Await.value(QmpClient.connect(QmpAddress.unix(vm.monitor(0))))) {
            assertThat(Await.failure(plain.executeOutOfBand(new QueryYank()), OutOfBandUnavailableException.class)
                            .reason())
                    .isEqualTo(Reason.NOT_ASKED_FOR);
            Await.value(plain.execute(new QueryYank()));
        }
    }
}
