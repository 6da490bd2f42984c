package dev.qmp.block;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qmp.Await;
import dev.qmp.error.CommandFailedException;
import dev.qmp.error.OutcomeUnknownException;
import dev.qmp.fixtures.qemu.DiskSpec;
import dev.qmp.fixtures.qemu.QemuImg;
import dev.qmp.fixtures.qemu.QemuVm;
import dev.qmp.fixtures.qemu.ReferenceImage;
import dev.qmp.fixtures.qemu.RequiresQemu;
import dev.qmp.job.Job;
import dev.qmp.job.JobId;
import dev.qmp.job.Jobs;
import dev.qmp.qapi.JobType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a pull whose client, or whose QEMU, is gone in the middle of it. */
@RequiresQemu
@Timeout(120)
class PullLossIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final JobId ID = new JobId("pull-vda");

    @TempDir
    Path folder;

    private QemuVm vm;
    private ReferenceImage reference;

    @BeforeEach
    void start() {
        vm = QemuVm.builder().disk(DiskSpec.drive("d0").qdev("vda")).start();
        reference = ReferenceImage.create(folder.resolve("reference"), 64 << 20);
        vm.io("d0").alsoTo(reference).write(0, 8 << 20, 0x11);
    }

    private void snapshots(Bench bench) {
        bench.snapshot("one", "vda");
        vm.io("d0").alsoTo(reference).write(1 << 20, 1 << 20, 0x22);
        bench.snapshot("two", "vda");
    }

    @Test
    void a_qemu_killed_in_the_middle_leaves_the_outcome_unknown_and_the_chain_whole() {
        try (Bench bench = Bench.on(vm)) {
            snapshots(bench);
            RunningPull pull = bench.startSlow("vda", null);
            vm.kill();

            OutcomeUnknownException unknown = Await.failure(pull.done(), OutcomeUnknownException.class);

            assertThat(unknown.reason()).isEqualTo(OutcomeUnknownException.Reason.CONNECTION_LOST);
            Path active = vm.folder().resolve("d0.two.qcow2");
            assertThat(QemuImg.chain(active))
                    .extracting(layer -> Paths.base(layer.path("filename").asText()))
                    .containsExactly("d0.two.qcow2", "d0.one.qcow2", "d0.qcow2");
            // Clusters that were allocated and not yet linked are leaks, which are no damage; a repair takes them away.
            QemuImg.run("check", "-q", "-r", "leaks", "-f", "qcow2", active.toString());
            QemuImg.check(active, "qcow2");
            assertThat(reference.sameAs(active, "qcow2")).isTrue();
        }
    }

    @Test
    void a_pull_goes_on_without_its_client_and_the_next_one_adopts_it() {
        try (QemuVm used = vm) {
            try (Bench gone = Bench.sharing(used)) {
                snapshots(gone);
                gone.startSlow("vda", used.image("d0").toString());
            }
            try (Bench next = Bench.on(used)) {
                BlockGraph graph = next.graph();
                assertThat(graph.jobOn(graph.disk("vda")).orElseThrow().id()).isEqualTo(ID);

                Job job = Await.value(new Jobs(next.client).adopt(ID));
                assertThat(job.type()).isEqualTo(JobType.STREAM);
                Await.value(job.setSpeed(0));
                assertThat(Await.value(job.done()).error()).isNull();

                assertThat(next.chain("vda")).containsExactly("d0.two.qcow2", "d0.qcow2");
                assertThat(next.graph().jobs()).isEmpty();
            }
        }
    }

    @Test
    void a_pull_that_ended_while_nobody_looked_gives_its_result_to_whoever_adopts_it() {
        try (QemuVm used = vm) {
            try (Bench gone = Bench.sharing(used)) {
                snapshots(gone);
                gone.startSlow("vda", null);
            }
            used.control().execute("block-job-set-speed", Map.of("device", ID.value(), "speed", 0));
            used.control()
                    .awaitEvent(
                            "JOB_STATUS_CHANGE",
                            data -> data.path("status").asText().equals("concluded"),
                            PATIENCE);
            try (Bench next = Bench.on(used)) {
                assertThat(next.chain("vda")).as("can be read meanwhile").containsExactly("d0.two.qcow2");

                Job job = Await.value(new Jobs(next.client).adopt(ID));
                assertThat(Await.value(job.done()).error()).isNull();

                assertThat(next.graph().jobs()).isEmpty();
                assertThat(Await.failure(new Jobs(next.client).adopt(ID), CommandFailedException.class))
                        .hasMessageContaining("Job not found");
                next.vm.quit();
                assertThat(reference.sameAs(used.folder().resolve("d0.two.qcow2"), "qcow2"))
                        .isTrue();
            }
        }
    }

    @Test
    void the_pull_of_a_client_that_closes_is_told_as_lost_and_not_as_failed() {
        try (QemuVm used = vm;
                Bench bench = Bench.sharing(used)) {
            snapshots(bench);
            RunningPull pull = bench.startSlow("vda", null);
            Await.value(bench.client.closeAsync());

            OutcomeUnknownException unknown = Await.failure(pull.done(), OutcomeUnknownException.class);
            assertThat(unknown.reason()).isEqualTo(OutcomeUnknownException.Reason.CONNECTION_LOST);
            assertThat(used.control().execute("query-jobs").findValuesAsText("id"))
                    .isEqualTo(List.of(ID.value()));
        }
    }
}
