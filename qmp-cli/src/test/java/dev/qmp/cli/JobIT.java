package dev.qmp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.qmp.cli.Cli.Result;
import dev.qmp.fixtures.Eventually;
import dev.qmp.fixtures.qemu.DiskSpec;
import dev.qmp.fixtures.qemu.QemuImg;
import dev.qmp.fixtures.qemu.QemuVm;
import dev.qmp.fixtures.qemu.RequiresQemu;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pull of 32 MiB at 1 MiB a second: long enough for everything that can happen to it and to us meanwhile. */
@RequiresQemu
class JobIT {

    private static final int BYTES = 32 << 20;

    @TempDir
    private Path temp;

    private Cli cli;
    private QemuVm vm;
    private String target;
    private String base;
    private String overlay;

    @BeforeEach
    void makeAChainWithMuchBelow() {
        cli = Cli.in(temp);
        vm = QemuVm.builder().disk(DiskSpec.drive("vda")).start();
        target = Machines.target(vm);
        vm.io("vda").write(0, BYTES, 0x42);
        base = vm.image("vda").toString();
        overlay = Machines.overlay(vm, "s1");
        cli.ok("snapshot", "create", target, "s1", "--disk", "vda=" + overlay);
    }

    @AfterEach
    void endMachine() {
        vm.close();
    }

    private Program slowPull() {
        Program pull = Program.start(temp, "pull", target, "vda", "--speed", "1M");
        Machines.awaitJob(vm, "pull-vda", "running");
        return pull;
    }

    private static List<String> fields(JsonNode document) {
        List<String> names = new ArrayList<>();
        document.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private List<String> chain() {
        return Machines.files(cli.json("chain", target));
    }

    @Test
    void a_pull_whose_program_is_killed_goes_on_and_is_adopted_by_the_next_one() {
        try (Program pull = slowPull()) {
            pull.kill();
            JsonNode jobs = cli.json("job", "list", target);
            assertThat(jobs).hasSize(1);
            assertThat(jobs.at("/0/id").asText()).isEqualTo("pull-vda");
            assertThat(jobs.at("/0/type").asText()).isEqualTo("stream");
            assertThat(jobs.at("/0/status").asText()).isEqualTo("running");
            assertThat(jobs.at("/0/disk").asText()).isEqualTo("vda");
            assertThat(jobs.at("/0/length").asLong()).isGreaterThanOrEqualTo(BYTES);
            assertThat(cli.ok("job", "list", target).lines())
                    .singleElement()
                    .asString()
                    .startsWith("pull-vda\tstream\trunning\tvda\t");

            cli.ok("job", "speed", target, "pull-vda", "0");
            JsonNode end = cli.json("job", "wait", target, "vda");
            assertThat(end.path("id").asText()).isEqualTo("pull-vda");
            assertThat(end.path("status").asText()).isEqualTo("concluded");
            assertThat(end.path("disk").asText()).isEqualTo("vda");
            assertThat(end.fieldNames()).toIterable().isEqualTo(fields(jobs.path(0)));
            assertThat(end.path("error").isNull()).isTrue();
            assertThat(chain()).containsExactly(overlay);
            assertThat(cli.json("job", "list", target)).isEmpty();
        }
    }

    @Test
    void a_job_that_ended_while_nobody_looked_still_tells_its_end() {
        try (Program pull = slowPull()) {
            pull.kill();
        }
        cli.ok("job", "speed", target, "pull-vda", "0");
        Machines.awaitJob(vm, "pull-vda", "concluded");
        assertThat(cli.json("job", "show", target, "pull-vda").path("status").asText())
                .isEqualTo("concluded");
        assertThat(cli.ok("job", "wait", target, "vda").out()).isEqualTo("job pull-vda (stream) is done\n");
        assertThat(cli.json("job", "list", target)).isEmpty();
    }

    @Test
    void ctrl_c_leaves_the_job_running_and_says_how_to_come_back() {
        try (Program pull = slowPull()) {
            awaitOutput(pull, "stream ");
            pull.interrupt();
            Result result = pull.await();
            assertThat(result.status()).as(result.toString()).isEqualTo(130);
            assertThat(result.err())
                    .contains("qmp: interrupted; the job goes on in QEMU")
                    .contains("`qmp job wait " + target + " pull-vda`");
            assertThat(result.out()).isEmpty();
        }
        assertThat(cli.json("job", "list", target).at("/0/status").asText()).isEqualTo("running");
        try (Program wait = Program.start(temp, "job", "wait", target, "pull-vda")) {
            awaitOutput(wait, "stream ");
            wait.interrupt();
            assertThat(wait.await().status()).isEqualTo(130);
        }
        assertThat(cli.json("job", "list", target)).hasSize(1);
    }

    private static void awaitOutput(Program program, String text) {
        Eventually.holds(
                Machines.PATIENCE,
                () -> text + " in " + program.err(),
                () -> program.err().contains(text));
    }

    @Test
    void ctrl_c_cancels_the_job_where_that_was_asked_for() {
        try (Program pull = Program.start(temp, "pull", target, "vda", "--speed", "1M", "--cancel-on-interrupt")) {
            Machines.awaitJob(vm, "pull-vda", "running");
            awaitOutput(pull, "stream ");
            pull.interrupt();
            Result result = pull.await();
            assertThat(result.status()).as(result.toString()).isEqualTo(130);
            assertThat(result.err()).contains("the job is cancelled");
        }
        assertThat(cli.json("job", "list", target))
                .allMatch(job -> job.path("status").asText().equals("concluded"));
        assertThat(chain()).containsExactly(overlay, base);
    }

    @Test
    void a_qemu_that_dies_during_a_pull_is_an_unknown_outcome_and_leaves_a_valid_chain() {
        try (Program pull = slowPull()) {
            vm.kill();
            Result result = pull.await();
            assertThat(result.status()).as(result.toString()).isEqualTo(4);
            assertThat(result.err())
                    .contains("QEMU (PID " + vm.pid() + ") died while the job pull-vda ran")
                    .contains("the chain on disk is as before")
                    .contains(base + " <- " + overlay);
        }
        assertThat(QemuImg.chain(Path.of(overlay)))
                .extracting(layer -> layer.path("filename").asText())
                .containsExactly(overlay, base);
        // Clusters that were claimed and not yet used are leaks, which harm nothing; anything else would fail here.
        QemuImg.run("check", "-q", "-r", "leaks", overlay);
        QemuImg.check(Path.of(overlay), "qcow2");
        Path reference = temp.resolve("reference.raw");
        QemuImg.convert(Path.of(base), "qcow2", reference, "raw");
        assertThat(QemuImg.identical(Path.of(overlay), "qcow2", reference, "raw"))
                .isTrue();
    }

    @Test
    void a_job_is_paused_resumed_and_given_another_speed() {
        assertThat(cli.ok("pull", target, "vda", "--speed", "1M", "--no-wait").out())
                .isEqualTo("pull-vda\n");
        assertThat(cli.ok("job", "pause", target, "vda").err()).contains("job pull-vda is paused");
        Machines.awaitJob(vm, "pull-vda", "paused");
        assertThat(cli.json("job", "show", target, "pull-vda").path("paused").asBoolean())
                .isTrue();
        assertThat(cli.json("job", "speed", target, "pull-vda", "2M"))
                .isEqualTo(cli.json("job", "resume", target, "vda"));
        Machines.awaitJob(vm, "pull-vda", "running");
        assertThat(cli.json("job", "show", target, "pull-vda").path("speed").asLong())
                .isEqualTo(2 << 20);
    }

    private void cancelFromOutside() {
        vm.control().execute("job-cancel", Map.of("id", "pull-vda"));
    }

    @Test
    void after_a_cancel_the_chain_is_as_before_and_a_new_pull_works() {
        try (Program pull = slowPull()) {
            cancelFromOutside();
            Result result = pull.await();
            assertThat(result.status()).as(result.toString()).isEqualTo(1);
            assertThat(result.err()).contains("the job pull-vda was cancelled").doesNotContain("100 %");
        }
        assertThat(chain()).containsExactly(overlay, base);
        cli.ok("pull", target, "vda", "--speed", "1M", "--no-wait");
        assertThat(cli.ok("job", "cancel", target, "vda").err()).contains("job pull-vda is cancelled");
        assertThat(cli.json("job", "list", target)).as("its ending was read").isEmpty();
        assertThat(chain()).containsExactly(overlay, base);
        cli.ok("pull", target, "vda");
        assertThat(chain()).containsExactly(overlay);
    }

    @Test
    void a_pull_that_ended_unread_does_not_stand_in_the_way_of_the_next_one() {
        cli.ok("pull", target, "vda", "--speed", "1M", "--no-wait");
        cancelFromOutside();
        Machines.awaitJob(vm, "pull-vda", "concluded");
        Result again = cli.ok("pull", target, "vda");
        assertThat(again.err()).contains("an earlier job pull-vda had ended");
        assertThat(chain()).containsExactly(overlay);
        Machines.awaitNoJobs(vm);
    }

    @Test
    void a_job_that_was_cancelled_by_somebody_ends_a_wait_with_1() {
        cli.ok("pull", target, "vda", "--speed", "1M", "--no-wait");
        cancelFromOutside();
        Machines.awaitJob(vm, "pull-vda", "concluded");
        Result result = cli.run("job", "wait", target, "pull-vda", "-o", "json");
        assertThat(result.status()).as(result.toString()).isEqualTo(1);
        assertThat(result.document().at("/error/kind").asText()).isEqualTo("job-cancelled");
    }

    @Test
    void a_concluded_job_is_dismissed_by_hand() {
        cli.ok("pull", target, "vda", "--no-wait");
        Machines.awaitJob(vm, "pull-vda", "concluded");
        cli.ok("job", "dismiss", target, "pull-vda");
        Machines.awaitNoJobs(vm);
        Result result = cli.run("job", "dismiss", target, "pull-vda");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).contains("no job 'pull-vda'");
    }

    @Test
    void a_verb_that_qemu_refuses_tells_its_words() {
        cli.ok("pull", target, "vda", "--speed", "1M", "--no-wait");
        Result result = cli.run("job", "complete", target, "pull-vda", "-o", "json");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.document().at("/error/class").asText()).isEqualTo("GenericError");
        assertThat(result.err()).contains("QEMU says: ").contains("(GenericError)");
    }

    @Test
    void a_job_of_another_id_is_found_by_its_disk() {
        assertThat(cli.ok("pull", target, "vda", "--speed", "1M", "--no-wait", "--job-id", "mine")
                        .out())
                .isEqualTo("mine\n");
        assertThat(cli.json("job", "show", target, "vda").path("id").asText()).isEqualTo("mine");
    }

    @Test
    void progress_as_documents_ends_with_the_result() throws IOException {
        cli.ok("pull", target, "vda", "--speed", "16M", "--no-wait");
        List<String> lines =
                cli.ok("job", "wait", target, "vda", "--progress", "-o", "json").lines();
        JsonNode last = new ObjectMapper().readTree(lines.get(lines.size() - 1));
        assertThat(last.path("status").asText()).isEqualTo("concluded");
        assertThat(last.path("offset").asLong()).isEqualTo(last.path("length").asLong());
    }

    @Test
    void a_dry_run_sends_nothing_and_prints_lines_that_work_when_pasted() throws IOException {
        Result dry = cli.ok("pull", target, "vda", "--dry-run", "-v");
        assertThat(dry.err()).contains("-> ").doesNotContain("block-stream");
        assertThat(Machines.jobs(vm)).isEmpty();
        paste(dry);
        Machines.awaitJob(vm, "pull-vda", "concluded");
        assertThat(chain()).containsExactly(overlay);
        // The job above has not been dismissed: a second plan begins with that.
        Result second = cli.ok("pull", target, "vda", "--dry-run");
        assertThat(second.lines()).hasSize(2);
        paste(second);
        cli.ok("job", "wait", target, "pull-vda");
        Result snapshot = cli.ok("snapshot", "create", target, "s2", "--dry-run");
        assertThat(chain()).containsExactly(overlay);
        paste(snapshot);
        assertThat(chain()).hasSize(2);
    }

    private void paste(Result dry) throws IOException {
        for (String line : dry.lines()) {
            JsonNode request = new ObjectMapper().readTree(line);
            Map<String, Object> arguments =
                    new ObjectMapper().convertValue(request.path("arguments"), new TypeReference<>() {});
            vm.control().execute(request.path("execute").asText(), arguments);
        }
    }
}
