package dev.qmp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qmp.cli.Cli.Result;
import dev.qmp.fixtures.Eventually;
import dev.qmp.fixtures.fake.Answer;
import dev.qmp.fixtures.fake.FakeQmpServer;
import dev.qmp.fixtures.fake.Request;
import dev.qmp.fixtures.fake.Script;
import dev.qmp.fixtures.qemu.DiskSpec;
import dev.qmp.fixtures.qemu.QemuVm;
import dev.qmp.fixtures.qemu.RequiresQemu;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code snapshot create --quiesce} on a real QEMU with a fake guest agent, because a real one would freeze this host: the
 * guest is thawed on every path.
 */
@RequiresQemu
@Timeout(180)
class QuiesceIT {

    @TempDir
    private Path temp;

    private Cli cli;

    @BeforeEach
    void makeCli() {
        cli = Cli.in(temp);
    }

    private static QemuVm machine() {
        return QemuVm.builder().disk(DiskSpec.drive("vda")).start();
    }

    /** An agent that freezes two file systems and thaws them. */
    private static Script willing() {
        return Script.agent()
                .onCommand("guest-fsfreeze-status", "'thawed'")
                .onCommand("guest-fsfreeze-freeze", "2")
                .onCommand("guest-fsfreeze-thaw", "2");
    }

    private Result snapshot(QemuVm vm, FakeQmpServer agent, String... more) {
        return cli.run(line(vm, agent, more));
    }

    private static String[] line(QemuVm vm, FakeQmpServer agent, String... more) {
        List<String> words = new ArrayList<>(List.of("snapshot", "create", Machines.target(vm), "s1"));
        words.addAll(List.of("--disk", "vda=" + overlay(vm), "--quiesce"));
        words.addAll(List.of("--agent", agent.path().toString()));
        words.addAll(List.of(more));
        return words.toArray(String[]::new);
    }

    private static Path overlay(QemuVm vm) {
        return Path.of(Machines.overlay(vm, "s1"));
    }

    private static List<String> asked(FakeQmpServer agent) {
        return agent.requests().stream()
                .map(Request::command)
                .filter(command -> !command.equals("guest-sync-delimited"))
                .toList();
    }

    private static void signal(QemuVm vm, String signal) {
        try {
            assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(vm.pid()))
                            .inheritIO()
                            .start()
                            .waitFor())
                    .isZero();
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Test
    void the_snapshot_is_taken_between_the_freeze_and_the_thaw() {
        List<String> seen = new CopyOnWriteArrayList<>();
        try (QemuVm vm = machine()) {
            Script script = Script.agent()
                    .onCommand("guest-fsfreeze-status", "'thawed'")
                    .onCommand("guest-fsfreeze-freeze", request -> {
                        seen.add("frozen with the overlay " + Files.exists(overlay(vm)));
                        return Answer.of("2");
                    })
                    .onCommand("guest-fsfreeze-thaw", request -> {
                        seen.add("thawed with the overlay " + Files.exists(overlay(vm)));
                        return Answer.of("2");
                    });
            try (FakeQmpServer agent = FakeQmpServer.start(script)) {
                Result result = snapshot(vm, agent);

                assertThat(result.status()).as(result.toString()).isZero();
                assertThat(seen).containsExactly("frozen with the overlay false", "thawed with the overlay true");
                assertThat(result.err()).contains("froze 2 file systems").doesNotContain("warning");
                agent.awaitEnd(0);
            }
            assertThat(cli.json("snapshot", "list", Machines.target(vm))).hasSize(1);
        }
    }

    @Test
    void its_result_is_one_document_with_json_and_its_lines_are_shown_with_v() {
        try (QemuVm vm = machine();
                FakeQmpServer agent = FakeQmpServer.start(willing())) {
            Result result = snapshot(vm, agent, "-o", "json", "-v");

            assertThat(result.document().path("name").asText()).isEqualTo("s1");
            assertThat(result.err())
                    .contains("-> {\"execute\":\"guest-fsfreeze-freeze\"}", "-> {\"execute\":\"guest-fsfreeze-thaw\"}");
        }
    }

    @Test
    void a_snapshot_that_fails_thaws_the_guest() {
        try (QemuVm vm = QemuVm.builder()
                        .disk(DiskSpec.drive("vda"))
                        .runAs("nobody", "nogroup")
                        .start();
                FakeQmpServer agent = FakeQmpServer.start(willing())) {
            Result result = snapshot(vm, agent);

            assertThat(result.status()).as(result.toString()).isEqualTo(1);
            assertThat(result.err()).contains("Permission denied");
            assertThat(asked(agent))
                    .containsExactly("guest-fsfreeze-status", "guest-fsfreeze-freeze", "guest-fsfreeze-thaw");
        }
    }

    @Test
    void an_agent_that_refuses_to_freeze_is_thawed_and_no_snapshot_is_taken() {
        Script script = Script.agent()
                .onCommand("guest-fsfreeze-status", "'thawed'")
                .onCommand("guest-fsfreeze-freeze", request -> Answer.refusal("GenericError", "/srv is busy"))
                .onCommand("guest-fsfreeze-thaw", "0");
        try (QemuVm vm = machine();
                FakeQmpServer agent = FakeQmpServer.start(script)) {
            Result result = snapshot(vm, agent, "-o", "json");

            assertThat(result.status()).as(result.toString()).isEqualTo(1);
            assertThat(result.document().at("/error/kind").asText()).isEqualTo("not-frozen");
            assertThat(result.err()).contains("refused to freeze: /srv is busy", "no snapshot was taken");
            assertThat(asked(agent)).endsWith("guest-fsfreeze-thaw");
            assertThat(overlay(vm)).doesNotExist();
        }
    }

    @Test
    void a_guest_that_somebody_else_has_frozen_is_left_alone() {
        Script script = Script.agent().onCommand("guest-fsfreeze-status", "'frozen'");
        try (QemuVm vm = machine();
                FakeQmpServer agent = FakeQmpServer.start(script)) {
            Result result = snapshot(vm, agent);

            assertThat(result.status()).as(result.toString()).isEqualTo(5);
            assertThat(result.err()).contains("somebody else has frozen");
            assertThat(asked(agent)).containsExactly("guest-fsfreeze-status");
            assertThat(overlay(vm)).doesNotExist();
        }
    }

    @Test
    void an_agent_that_may_not_tell_its_status_freezes_all_the_same() {
        Script script = Script.agent()
                .onCommand("guest-fsfreeze-status", request -> Answer.commandNotFound("guest-fsfreeze-status"))
                .onCommand("guest-fsfreeze-freeze", "1")
                .onCommand("guest-fsfreeze-thaw", "1");
        try (QemuVm vm = machine();
                FakeQmpServer agent = FakeQmpServer.start(script)) {
            Result result = snapshot(vm, agent);

            assertThat(result.status()).as(result.toString()).isZero();
            assertThat(result.err()).contains("froze 1 file system\n");
        }
    }

    @Test
    void without_an_agent_that_answers_no_snapshot_is_taken() {
        try (QemuVm vm = machine();
                FakeQmpServer agent = FakeQmpServer.start(Script.agent().stall())) {
            Result result = snapshot(vm, agent, "--connect-timeout", "500ms");

            assertThat(result.status()).as(result.toString()).isEqualTo(3);
            assertThat(result.err()).contains("no guest agent answers", "leave --quiesce out");
            assertThat(overlay(vm)).doesNotExist();
        }
    }

    @Test
    void a_connection_that_ends_in_mid_freeze_is_made_anew_to_thaw() {
        Script breaking = Script.agent()
                .onCommand("guest-fsfreeze-status", "'thawed'")
                .expect("guest-fsfreeze-freeze")
                .close();
        Script thawing = Script.agent().expect("guest-fsfreeze-thaw").reply("2");
        try (QemuVm vm = machine();
                FakeQmpServer agent = FakeQmpServer.start(breaking, thawing)) {
            Result result = snapshot(vm, agent);

            assertThat(result.status()).as(result.toString()).isEqualTo(1);
            assertThat(result.err()).contains("did not freeze", "nothing is frozen");
            assertThat(overlay(vm)).doesNotExist();
            agent.assertFinished();
        }
    }

    @Test
    void a_thaw_that_failed_is_told_and_the_snapshot_is_recorded() {
        Script script = Script.agent()
                .onCommand("guest-fsfreeze-status", "'thawed'")
                .onCommand("guest-fsfreeze-freeze", "2")
                .onCommand("guest-fsfreeze-thaw", request -> Answer.refusal("GenericError", "no such thing"));
        try (QemuVm vm = machine();
                FakeQmpServer agent = FakeQmpServer.start(script)) {
            Result result = snapshot(vm, agent);

            assertThat(result.status()).as(result.toString()).isEqualTo(4);
            assertThat(result.err())
                    .contains("snapshot s1 taken", "the guest may be frozen still", "no such thing", "fsfreeze");
            assertThat(cli.json("snapshot", "list", Machines.target(vm))).hasSize(1);
        }
    }

    @Test
    void a_thaw_that_failed_is_told_beside_the_failure_of_the_snapshot() {
        Script script = Script.agent()
                .onCommand("guest-fsfreeze-status", "'thawed'")
                .onCommand("guest-fsfreeze-freeze", "2")
                .onCommand("guest-fsfreeze-thaw", request -> Answer.refusal("GenericError", "no such thing"));
        try (QemuVm vm = QemuVm.builder()
                        .disk(DiskSpec.drive("vda"))
                        .runAs("nobody", "nogroup")
                        .start();
                FakeQmpServer agent = FakeQmpServer.start(script)) {
            Result result = snapshot(vm, agent);

            assertThat(result.status()).as(result.toString()).isEqualTo(1);
            assertThat(result.err()).contains("Permission denied", "the guest may be frozen still");
        }
    }

    @Test
    void a_guest_that_did_not_stand_still_to_the_end_is_warned_of() {
        Script script = Script.agent()
                .onCommand("guest-fsfreeze-status", "'thawed'")
                .onCommand("guest-fsfreeze-freeze", "2")
                .onCommand("guest-fsfreeze-thaw", "0");
        try (QemuVm vm = machine();
                FakeQmpServer agent = FakeQmpServer.start(script)) {
            Result result = snapshot(vm, agent);

            assertThat(result.status()).as(result.toString()).isZero();
            assertThat(result.err()).contains("warning: of 2 file systems only 0 stood still");
        }
    }

    @Test
    void ctrl_c_during_the_freeze_thaws() {
        Script script = Script.agent()
                .onCommand("guest-fsfreeze-status", "'thawed'")
                .expect("guest-fsfreeze-freeze")
                .hold("interrupted")
                .expectSync("again")
                .expect("guest-fsfreeze-thaw")
                .replyTo("guest-fsfreeze-freeze", "2")
                .answerSync("again")
                .replyTo("guest-fsfreeze-thaw", "2");
        try (QemuVm vm = machine();
                FakeQmpServer agent = FakeQmpServer.start(script);
                Program program = Program.start(temp, line(vm, agent))) {
            agent.awaitHold("interrupted");
            program.interrupt();
            agent.release("interrupted");
            Result result = program.await();

            assertThat(result.status()).as(result.toString()).isEqualTo(130);
            assertThat(result.err())
                    .contains("interrupted; the guest is thawed")
                    .doesNotContain("Exception");
            assertThat(overlay(vm)).doesNotExist();
            agent.assertFinished();
        }
    }

    @Test
    void ctrl_c_while_qemu_takes_its_time_thaws() {
        try (QemuVm vm = machine()) {
            Script script = Script.agent()
                    .onCommand("guest-fsfreeze-status", "'thawed'")
                    .onCommand("guest-fsfreeze-freeze", request -> {
                        signal(vm, "STOP");
                        return Answer.of("2");
                    })
                    .expect("guest-fsfreeze-thaw")
                    .reply("2");
            try (FakeQmpServer agent = FakeQmpServer.start(script);
                    Program program = Program.start(temp, line(vm, agent))) {
                Eventually.holds(
                        Machines.PATIENCE, program::err, () -> program.err().contains("froze 2 file systems"));
                program.interrupt();
                Result result = program.await();

                assertThat(result.status()).as(result.toString()).isEqualTo(130);
                assertThat(result.err()).contains("interrupted; the guest is thawed", "qmp chain");
                agent.assertFinished();
            } finally {
                signal(vm, "CONT");
            }
        }
    }
}
