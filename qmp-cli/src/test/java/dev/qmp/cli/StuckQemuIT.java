package dev.qmp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qmp.cli.Cli.Result;
import dev.qmp.fixtures.Eventually;
import dev.qmp.fixtures.fake.FakeQmpServer;
import dev.qmp.fixtures.fake.Script;
import dev.qmp.fixtures.qemu.QemuVm;
import dev.qmp.fixtures.qemu.RequiresQemu;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A QEMU that is stuck, dies, does not read, or stops in mid-sentence: what a user reads, and the exit status. */
@RequiresQemu
@Timeout(120)
class StuckQemuIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MUCH = 8 << 20;

    @TempDir
    Path temp;

    private static void signal(String signal, QemuVm vm) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", signal, Long.toString(vm.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    private static void assertProblem(Result result, int status, String... words) {
        assertThat(result.status()).as("%s", result).isEqualTo(status);
        assertThat(result.err()).contains(words);
        assertThat(result.err().lines().filter(line -> !line.startsWith("-> ") && !line.startsWith("<- ")))
                .as("%s", result)
                .hasSizeLessThanOrEqualTo(3);
    }

    /** A command that QEMU, which reads its monitor byte by byte, takes many seconds to read. */
    private Program longCommand(QemuVm vm, String... more) throws IOException {
        Path file = Files.writeString(
                temp.resolve("long.json"), "{\"command-line\":\"info status" + " ".repeat(MUCH) + "\"}");
        String[] words = new String[6 + more.length];
        System.arraycopy(
                new String[] {"exec", Machines.target(vm), "human-monitor-command", "@" + file, "-v", "--no-validate"},
                0,
                words,
                0,
                6);
        System.arraycopy(more, 0, words, 6, more.length);
        Program program = Program.start(temp, words);
        Eventually.holds(PATIENCE, program::err, () -> program.errBytes() > MUCH);
        return program;
    }

    @Test
    void a_stopped_qemu_is_told_with_its_pid_and_how_it_goes_on() throws Exception {
        try (QemuVm vm = QemuVm.builder().start()) {
            signal("-STOP", vm);
            try {
                assertProblem(
                        Cli.in(temp).run("status", Machines.target(vm), "--connect-timeout", "300ms"),
                        3,
                        "is stopped",
                        "kill -CONT " + vm.pid());
            } finally {
                signal("-CONT", vm);
            }
            assertThat(Cli.in(temp)
                            .json("status", Machines.target(vm))
                            .path("pid")
                            .asLong())
                    .isEqualTo(vm.pid());
        }
    }

    @Test
    void a_qemu_that_is_stopped_while_it_reads_leaves_the_outcome_unknown() throws Exception {
        try (QemuVm vm = QemuVm.builder().start();
                Program program = longCommand(vm, "--timeout", "6s")) {
            signal("-STOP", vm);
            try {
                assertProblem(
                        program.await(),
                        4,
                        "the outcome of human-monitor-command is unknown",
                        "no reply within 6 s",
                        "QEMU (PID " + vm.pid() + ") is stopped",
                        "kill -CONT " + vm.pid());
            } finally {
                signal("-CONT", vm);
            }
        }
    }

    @Test
    void a_qemu_that_is_killed_while_it_reads_leaves_the_outcome_unknown() throws Exception {
        try (QemuVm vm = QemuVm.builder().start();
                Program program = longCommand(vm)) {
            long pid = vm.pid();
            vm.kill();
            assertProblem(
                    program.await(),
                    4,
                    "the outcome of human-monitor-command is unknown",
                    "QEMU (PID " + pid + ") has died");
        }
    }

    @Test
    void a_reply_that_stops_in_the_middle_is_told_as_that() {
        Script script = Script.greeting()
                .negotiate()
                .expect("query-status")
                .cutShort(half -> half.reply("{'status':'running','running':true}"));
        try (FakeQmpServer server = FakeQmpServer.start(script)) {
            assertProblem(
                    Cli.in(temp).run("exec", server.target(), "query-status", "--no-validate"),
                    4,
                    "the outcome of query-status is unknown",
                    "in the middle of a document",
                    "before trying again");
        }
    }

    @Test
    void a_greeting_that_stops_in_the_middle_is_told_as_that() {
        try (FakeQmpServer server = FakeQmpServer.start(Script.empty().cutShort(Script::greet))) {
            assertProblem(
                    Cli.in(temp).run("status", server.target()),
                    3,
                    "ended the connection before its greeting",
                    "in the middle of a document");
        }
    }

    @Test
    void a_reply_that_is_no_json_is_shown_without_its_escapes() {
        Script script = Script.greeting().negotiate().expect("query-status").raw("garbage \u001b[2J");
        try (FakeQmpServer server = FakeQmpServer.start(script)) {
            Result result = Cli.in(temp).run("exec", server.target(), "query-status", "--no-validate");
            assertProblem(result, 4, "expected a JSON object, but the peer sent: \"garbage .[2J\"");
            assertThat(result.err()).doesNotContain("\u001b");
        }
    }
}
