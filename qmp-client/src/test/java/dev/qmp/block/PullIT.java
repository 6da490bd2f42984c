package dev.qmp.block;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qmp.Await;
import dev.qmp.block.SnapshotRequest.Existing;
import dev.qmp.error.JobFailedException;
import dev.qmp.error.UnsafeOperationException;
import dev.qmp.fixtures.qemu.DiskSpec;
import dev.qmp.fixtures.qemu.GuestDisk;
import dev.qmp.fixtures.qemu.QemuImg;
import dev.qmp.fixtures.qemu.QemuVm;
import dev.qmp.fixtures.qemu.RequiresQemu;
import dev.qmp.job.JobId;
import dev.qmp.job.JobStatus;
import dev.qmp.job.Jobs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Pulls on a real QEMU: what becomes of the chain, of the files, of the guest's data, and what is refused beforehand. */
@RequiresQemu
@Timeout(120)
class PullIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @ParameterizedTest
    @MethodSource("dev.qmp.block.DiskShapes#all")
    void a_pull_takes_layers_out_of_the_middle_under_a_guest_that_writes(DiskSpec spec) {
        String base = "base." + spec.format();
        try (Bench bench = Bench.start(QemuVm.builder().guest().disk(spec))) {
            bench.vm.awaitGuestUp();
            for (String name : List.of("snap1", "snap2", "snap3")) {
                bench.vm.awaitGuestWrites(4);
                bench.snapshot(name, "vda");
            }
            bench.vm.awaitGuestWrites(4);

            // by file
            Path snap1 = bench.file("base.snap1.qcow2");
            PullResult toSnap1 = bench.pull("vda", snap1.toString());
            assertThat(Bench.names(toSnap1.disk())).containsExactly("base.snap3.qcow2", "base.snap1.qcow2", base);
            assertThat(toSnap1.plan().merged())
                    .extracting(layer -> layer.node().value())
                    .containsExactly("vda-snap2");
            assertThat(toSnap1.job().status()).isEqualTo(JobStatus.CONCLUDED);
            assertThat(bench.chainOnDisk("vda")).containsExactly("base.snap3.qcow2", "base.snap1.qcow2", base);
            bench.vm.awaitGuestWrites(4);

            // by node
            String node = bench.disk("vda").layers().get(2).node().value();
            bench.pull("vda", node);
            assertThat(bench.chain("vda")).containsExactly("base.snap3.qcow2", base);
            Path active = bench.file("base.snap3.qcow2");
            JsonNode header = QemuImg.info(active);
            assertThat(header.path("backing-filename").asText())
                    .isEqualTo(bench.vm.image("base").toString());
            assertThat(header.path("backing-filename-format").asText()).isEqualTo(spec.format());
            bench.vm.awaitGuestWrites(4);

            // all of it
            PullResult flat = bench.pull("vda", null);
            assertThat(Bench.names(flat.disk())).containsExactly("base.snap3.qcow2");
            bench.vm.awaitGuestWrites(4);

            assertThat(bench.graph().jobs()).as("dismissed").isEmpty();
            assertThat(List.of(snap1, bench.file("base.snap2.qcow2"), bench.vm.image("base")))
                    .as("files are the user's to delete")
                    .allSatisfy(file -> assertThat(file).exists());
            long counted = bench.vm.guestCounter();
            bench.vm.quit();
            QemuImg.check(active, "qcow2");
            assertThat(QemuImg.chain(active)).hasSize(1);
            assertThat(GuestDisk.verify(active, "qcow2")).isGreaterThanOrEqualTo(counted - 1);
        }
    }

    @Test
    void one_disk_is_pulled_while_another_one_stays_as_it_is() {
        try (Bench bench = Bench.start(
                DiskSpec.drive("d0").qdev("vda"), DiskSpec.blockdev("d1").qdev("vdb"))) {
            bench.snapshot("s");
            bench.pull("vdb", null);

            assertThat(bench.chain("vda")).containsExactly("d0.s.qcow2", "d0.qcow2");
            assertThat(bench.chain("vdb")).containsExactly("d1.s.qcow2");
        }
    }

    @Test
    void a_slow_pull_shows_its_chain_unchanged_its_job_and_no_filter_until_it_is_through() {
        try (Bench bench = withTwoSnapshots()) {
            RunningPull pull = bench.startSlow("vda", bench.vm.image("d0").toString());

            BlockGraph during = bench.graph();
            assertThat(Bench.names(during.disk("vda"))).containsExactly("d0.two.qcow2", "d0.one.qcow2", "d0.qcow2");
            assertThat(during.jobOn(during.disk("vda")).orElseThrow().id()).isEqualTo(new JobId("pull-vda"));
            assertThat(during.diskOf(pull.job().id()).orElseThrow().name()).isEqualTo("vda");
            assertThat(pull.done()).isNotDone();

            Await.value(pull.job().setSpeed(0));
            Await.value(pull.done());
            assertThat(bench.chain("vda")).containsExactly("d0.two.qcow2", "d0.qcow2");
        }
    }

    @Test
    void a_cancelled_pull_fails_as_cancelled_and_leaves_the_chain_as_it_was() {
        try (Bench bench = withTwoSnapshots()) {
            RunningPull pull = bench.startSlow("vda", null);
            Await.value(pull.job().cancel());

            JobFailedException failure = Await.failure(pull.done(), JobFailedException.class);

            assertThat(failure.cancelled()).isTrue();
            assertThat(failure.hint().orElseThrow()).contains("the chain is as before");
            assertThat(bench.chain("vda")).containsExactly("d0.two.qcow2", "d0.one.qcow2", "d0.qcow2");
            assertThat(bench.graph().jobs()).isEmpty();
        }
    }

    @Test
    void a_pull_whose_ending_nobody_read_is_dismissed_before_the_next_of_its_name() {
        try (Bench bench = withTwoSnapshots()) {
            bench.vm
                    .control()
                    .execute(
                            "block-stream",
                            Map.of(
                                    "job-id", "pull-vda",
                                    "device", "vda-two",
                                    "base-node", "vda-one",
                                    "auto-dismiss", false));
            bench.vm.control().awaitEvent("JOB_STATUS_CHANGE", status("concluded"), PATIENCE);

            PullPlan plan = bench.plan(PullRequest.of("vda", null));
            assertThat(plan.staleJob()).isEqualTo(new JobId("pull-vda"));
            assertThat(plan.commands()).hasSize(2);
            Await.value(Await.value(bench.block.start(plan)).done());

            assertThat(bench.chain("vda")).containsExactly("d0.two.qcow2");
            assertThat(bench.graph().jobs()).isEmpty();
        }
    }

    /** Up to 10.0 the obvious question for the nodes ends QEMU while such a job is there. */
    @Test
    void the_graph_can_be_read_and_the_guest_lives_while_a_stream_has_concluded_and_nobody_dismissed_it() {
        try (Bench bench = withTwoSnapshots()) {
            bench.vm
                    .control()
                    .execute("block-stream", Map.of("job-id", "left", "device", "vda-two", "auto-dismiss", false));
            bench.vm.control().awaitEvent("JOB_STATUS_CHANGE", status("concluded"), PATIENCE);

            BlockGraph graph = bench.graph();

            assertThat(Bench.names(graph.disk("vda"))).containsExactly("d0.two.qcow2");
            assertThat(graph.jobOn(graph.disk("vda"))).isEmpty();
            bench.snapshot("three", "vdb");
            assertThat(bench.chain("vdb")).containsExactly("d1.three.qcow2", "d1.qcow2");
            assertThat(bench.vm.isAlive()).isTrue();
        }
    }

    @Test
    void a_disk_that_an_ended_job_holds_until_its_dismissal_is_refused_with_the_way_out() {
        try (Bench bench = withTwoSnapshots()) {
            bench.vm
                    .control()
                    .execute("block-stream", Map.of("job-id", "left", "device", "vda-two", "auto-dismiss", false));
            bench.vm.control().awaitEvent("JOB_STATUS_CHANGE", status("concluded"), PATIENCE);

            UnsafeOperationException snapshot = bench.refused("three", "vda");
            assertThat(snapshot.check()).isEqualTo("job-not-dismissed");
            assertThat(snapshot.hint().orElseThrow()).contains("read its ending");
            assertThat(bench.refused(PullRequest.of("vda", null)).check()).isEqualTo("job-not-dismissed");

            Await.value(
                    Await.value(new Jobs(bench.client).adopt(new JobId("left"))).done());
            bench.snapshot("three", "vda");
            assertThat(bench.chain("vda")).containsExactly("d0.two.three.qcow2", "d0.two.qcow2");
        }
    }

    @Test
    void an_overlay_is_not_reused_while_a_stream_job_keeps_qemu_from_being_asked_about_it() {
        try (Bench bench = withTwoSnapshots()) {
            bench.startSlow("vda", null);
            Path overlay = bench.file("mine.qcow2");
            QemuImg.createOverlay(overlay, bench.vm.image("d1"), "qcow2");

            assertThat(bench.refused(Bench.request("s", Existing.REUSE, "vdb=" + overlay))
                            .check())
                    .isEqualTo("stream-job");
        }
    }

    @Test
    void a_base_outside_the_chain_is_refused_and_the_chain_is_listed() {
        try (Bench bench = withTwoSnapshots()) {
            UnsafeOperationException refusal = bench.refused(PullRequest.of("vda", "/somewhere/else.qcow2"));

            assertThat(refusal.check()).isEqualTo("base-not-in-chain");
            assertThat(refusal.hint().orElseThrow())
                    .contains(bench.vm.image("d0") + " <- " + bench.file("d0.one.qcow2") + " <- "
                            + bench.file("d0.two.qcow2"));
        }
    }

    @Test
    void the_active_layer_is_no_base() {
        try (Bench bench = withTwoSnapshots()) {
            assertThat(bench.refused(PullRequest.of("vda", "vda-two")).check()).isEqualTo("base-is-active");
            assertThat(bench.refused(PullRequest.of("vda", bench.file("d0.two.qcow2") + ""))
                            .check())
                    .isEqualTo("base-is-active");
        }
    }

    @Test
    void a_second_pull_of_a_disk_is_refused_by_the_job_that_works_on_it() {
        try (Bench bench = withTwoSnapshots()) {
            bench.startSlow("vda", null);

            UnsafeOperationException refusal = bench.refused(PullRequest.of("vda", "vda-one"));

            assertThat(refusal.check()).isEqualTo("job-running");
            assertThat(refusal).hasMessageContaining("pull-vda");
        }
    }

    @Test
    void a_job_of_somebody_elses_on_a_layer_below_is_seen_as_well() {
        try (Bench bench = withTwoSnapshots()) {
            bench.vm
                    .control()
                    .execute("block-stream", Map.of("job-id", "theirs", "device", "vda-one", "speed", 64 * 1024));

            UnsafeOperationException refusal = bench.refused(PullRequest.of("vda", null));

            assertThat(refusal.check()).isEqualTo("job-running");
            assertThat(refusal).hasMessageContaining("theirs");
        }
    }

    @Test
    void an_id_that_another_job_has_is_refused() {
        try (Bench bench = withTwoSnapshots()) {
            bench.snapshot("s", "vdb");
            bench.startSlow("vda", null);

            UnsafeOperationException refusal =
                    bench.refused(new PullRequest("vdb", null, 0, new JobId("pull-vda"), null));

            assertThat(refusal.check()).isEqualTo("job-id-taken");
        }
    }

    @Test
    void a_disk_without_a_backing_file_has_nothing_to_pull_and_stays_as_it_is() {
        try (Bench bench = withTwoSnapshots()) {
            PullResult result = bench.pull("vdb", null);

            assertThat(result.plan().merged()).isEmpty();
            assertThat(bench.chain("vdb")).containsExactly("d1.qcow2");
        }
    }

    /** {@code vda} with 8 MiB in its base and two layers on it, and {@code vdb} with none. */
    private static Bench withTwoSnapshots() {
        Bench bench = Bench.start(
                DiskSpec.drive("d0").qdev("vda"), DiskSpec.blockdev("d1").qdev("vdb"));
        bench.vm.io("d0").write(0, 8 << 20, 0x11);
        bench.snapshot("one", "vda");
        bench.vm.io("d0").write(1 << 20, 1 << 20, 0x22);
        bench.snapshot("two", "vda");
        return bench;
    }

    private static Predicate<JsonNode> status(String status) {
        return data -> data.path("status").asText().equals(status);
    }
}
