package dev.qmp.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.qmp.block.SnapshotRequest.Existing;
import dev.qmp.error.UnsafeOperationException;
import dev.qmp.job.JobId;
import dev.qmp.job.JobStatus;
import dev.qmp.qapi.BlockdevOnError;
import dev.qmp.qapi.QmpCommand;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is sent, to the letter, and what a plan says beforehand of its effect. */
class PlannersTest {

    private static final Disk VDA =
            Graphs.disk("drive0", "vda", "/vm/c.qcow2", "/vm/b.qcow2", "/vm/a.qcow2", "/vm/base.raw");
    private static final Disk VDB = Graphs.disk(null, "vdb", "/vm/data.raw");

    private static List<String> commands(List<QmpCommand<?>> commands) {
        return commands.stream().map(command -> command.toRequest().toString()).toList();
    }

    private static SnapshotPlan snapshot(BlockGraph graph, SnapshotRequest request) {
        return new SnapshotPlanner(graph, Graphs.BY_NAME).plan(request);
    }

    private static UnsafeOperationException refusedPull(BlockGraph graph, PullRequest request) {
        return catchThrowableOfType(UnsafeOperationException.class, () -> new PullPlanner(graph).plan(request));
    }

    @Test
    void a_snapshot_of_one_disk_is_one_command_by_node_names() {
        SnapshotPlan plan = snapshot(Graphs.graph(VDA, VDB), Bench.request("s", Existing.REFUSE, "vdb=/vm/mine.qcow2"));

        assertThat(commands(plan.commands()))
                .containsExactly(
                        "{\"execute\":\"blockdev-snapshot-sync\",\"arguments\":{\"node-name\":\"vdb-0\","
                                + "\"snapshot-file\":\"/vm/mine.qcow2\",\"snapshot-node-name\":\"vdb-s\",\"format\":\"qcow2\"}}");
    }

    @Test
    void a_snapshot_of_several_disks_is_one_transaction() {
        SnapshotPlan plan = snapshot(Graphs.graph(VDA, VDB), Bench.request("s", Existing.REFUSE));

        assertThat(commands(plan.commands()))
                .containsExactly("{\"execute\":\"transaction\",\"arguments\":{\"actions\":["
                        + "{\"type\":\"blockdev-snapshot-sync\",\"data\":{\"node-name\":\"vda-0\","
                        + "\"snapshot-file\":\"/vm/c.s.qcow2\",\"snapshot-node-name\":\"vda-s\",\"format\":\"qcow2\"}},"
                        + "{\"type\":\"blockdev-snapshot-sync\",\"data\":{\"node-name\":\"vdb-0\","
                        + "\"snapshot-file\":\"/vm/data.s.qcow2\",\"snapshot-node-name\":\"vdb-s\",\"format\":\"qcow2\"}}"
                        + "]}}");
    }

    @Test
    void a_reused_overlay_is_asked_for_as_existing_and_an_overwritten_one_is_not() {
        BlockGraph graph = Graphs.graph(VDB);

        assertThat(snapshot(graph, Bench.request("s", Existing.REUSE, "vdb=/vm/o.qcow2"))
                        .command()
                        .toRequest()
                        .toString())
                .contains("\"mode\":\"existing\"");
        assertThat(snapshot(graph, Bench.request("s", Existing.OVERWRITE, "vdb=/vm/o.qcow2"))
                        .command()
                        .toRequest()
                        .toString())
                .doesNotContain("mode");
    }

    @Test
    void a_name_that_is_taken_by_a_node_is_not_given_again() {
        Disk disk = Graphs.disk(null, "vdb", "/vm/data.raw");
        BlockGraph graph = Graphs.graph(disk, Graphs.disk("vdb-s", null, "/vm/x.qcow2"));

        assertThat(snapshot(graph, Bench.request("0", Existing.REFUSE, "vdb"))
                        .disks()
                        .get(0)
                        .node())
                .isEqualTo(new NodeName("vdb-0-2"));
    }

    @Test
    void a_pull_of_everything_names_no_base_and_is_kept_until_it_is_dismissed() {
        PullPlan plan = new PullPlanner(Graphs.graph(VDA)).plan(PullRequest.of("vda", null));

        assertThat(commands(plan.commands()))
                .containsExactly("{\"execute\":\"block-stream\",\"arguments\":{\"job-id\":\"pull-vda\","
                        + "\"device\":\"vda-0\",\"auto-dismiss\":false}}");
        assertThat(plan.merged()).extracting(Layer::file).containsExactly("/vm/b.qcow2", "/vm/a.qcow2", "/vm/base.raw");
        assertThat(plan.expectedChain()).containsExactly("/vm/c.qcow2");
    }

    @Test
    void a_pull_down_to_a_base_names_its_node_whether_the_user_named_the_file_or_the_node() {
        for (String base : List.of("/vm/a.qcow2", "vda-2", "/vm/./a.qcow2")) {
            PullPlan plan = new PullPlanner(Graphs.graph(VDA))
                    .plan(new PullRequest("drive0", base, 1 << 20, new JobId("mine"), BlockdevOnError.STOP));

            assertThat(commands(plan.commands()))
                    .containsExactly("{\"execute\":\"block-stream\",\"arguments\":{\"job-id\":\"mine\","
                            + "\"device\":\"vda-0\",\"base-node\":\"vda-2\",\"speed\":1048576,\"on-error\":\"stop\","
                            + "\"auto-dismiss\":false}}");
            assertThat(plan.merged()).extracting(Layer::file).containsExactly("/vm/b.qcow2");
            assertThat(plan.expectedChain()).containsExactly("/vm/c.qcow2", "/vm/a.qcow2", "/vm/base.raw");
        }
    }

    @Test
    void a_base_that_qemu_knows_by_another_name_is_written_into_the_header_by_its_own() {
        BlockGraph relative = Graphs.given(Graphs.graph(VDA), VDA.layers().get(3), "sub/base.raw");
        BlockGraph special = Graphs.given(
                Graphs.graph(VDA), VDA.layers().get(3), "json:{\"driver\":\"raw\",\"file\":\"/vm/base.raw\"}");

        for (BlockGraph graph : List.of(relative, special)) {
            assertThat(new PullPlanner(graph)
                            .plan(PullRequest.of("vda", "vda-3"))
                            .command()
                            .toRequest()
                            .toString())
                    .contains("\"backing-file\":\"/vm/base.raw\"");
        }
    }

    @Test
    void an_ended_job_of_the_same_id_is_dismissed_first_and_a_live_one_refuses() {
        Map<JobId, Set<NodeName>> nodes = Map.of(new JobId("pull-vdb"), Set.of(new NodeName("elsewhere")));
        BlockGraph ended =
                Graphs.graph(List.of(Graphs.job("pull-vdb", "stream", JobStatus.CONCLUDED)), nodes, VDA, VDB);
        BlockGraph live = Graphs.graph(List.of(Graphs.job("pull-vdb", "stream", JobStatus.RUNNING)), nodes, VDA, VDB);

        assertThat(commands(
                        new PullPlanner(ended).plan(PullRequest.of("vdb", null)).commands()))
                .first()
                .isEqualTo("{\"execute\":\"job-dismiss\",\"arguments\":{\"id\":\"pull-vdb\"}}");
        assertThat(refusedPull(live, PullRequest.of("vdb", null)).check()).isEqualTo("job-id-taken");
    }

    @Test
    void a_job_that_nobody_dismissed_is_left_alone_if_it_is_not_the_pulls_own() {
        BlockGraph graph = Graphs.graph(
                List.of(Graphs.job("theirs", "stream", JobStatus.CONCLUDED)),
                Map.of(new JobId("theirs"), Set.of(new NodeName("vda-0"))),
                VDA,
                VDB);

        assertThat(refusedPull(graph, PullRequest.of("vda", null)).check()).isEqualTo("job-not-dismissed");
        assertThat(new PullPlanner(graph).plan(PullRequest.of("vdb", null)).commands())
                .as("another disk is free")
                .hasSize(1);
    }

    @Test
    void an_overlay_is_not_looked_at_while_there_is_a_stream_job() {
        BlockGraph graph = Graphs.graph(List.of(Graphs.job("j", "stream", JobStatus.CONCLUDED)), Map.of(), VDB);

        UnsafeOperationException refusal = catchThrowableOfType(
                UnsafeOperationException.class,
                () -> snapshot(graph, Bench.request("s", Existing.REUSE, "vdb=/vm/o.qcow2")));

        assertThat(refusal.check()).isEqualTo("stream-job");
    }
}
