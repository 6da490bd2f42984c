package dev.qmp.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.qmp.block.CopyRequest.Ending;
import dev.qmp.error.UnsafeOperationException;
import dev.qmp.job.JobId;
import dev.qmp.job.JobStatus;
import dev.qmp.plan.Plan;
import dev.qmp.plan.PlanJson;
import dev.qmp.plan.Step;
import dev.qmp.qapi.BlockdevOnError;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a copy sends, to the letter, and what it refuses by the graph alone. */
class CopyPlannerTest {

    private static final Disk VDA = Graphs.disk("drive0", "vda", "/vm/b.qcow2", "/vm/a.qcow2", "/vm/base.raw");
    private static final Disk VDB = Graphs.disk(null, "vdb", "/vm/data.raw");

    private static CopyRequest.Builder copy(String disk, String destination, Ending ending) {
        return CopyRequest.builder(disk, destination, ending);
    }

    private static Plan plan(CopyRequest request) {
        return plan(Graphs.graph(VDA, VDB), request, false);
    }

    private static Plan plan(BlockGraph graph, CopyRequest request, boolean larger) {
        return new CopySteps(new CopyPlanner(graph, Graphs.BY_NAME).draft(request), larger, false).plan();
    }

    private static List<String> lines(Plan plan) {
        return plan.commands().stream().map(line -> line.toString()).toList();
    }

    private static String line(String command, String arguments) {
        return "{\"execute\":\"" + command + "\",\"arguments\":{" + arguments + "}}";
    }

    private static String refused(CopyRequest.Builder request) {
        return refused(Graphs.graph(VDA, VDB), request);
    }

    private static String refused(BlockGraph graph, CopyRequest.Builder request) {
        return catchThrowableOfType(UnsafeOperationException.class, () -> plan(graph, request.build(), false))
                .check();
    }

    @Test
    void a_copy_that_is_kept_makes_its_image_mirrors_all_of_the_chain_stops_and_closes_its_nodes() {
        Plan plan = plan(copy("vda", "/vm/c.qcow2", Ending.KEEP).build());

        assertThat(lines(plan))
                .containsExactly(
                        line(
                                "blockdev-create",
                                "\"job-id\":\"copy-vda-create\",\"options\":{\"driver\":\"file\","
                                        + "\"filename\":\"/vm/c.qcow2\",\"size\":0}"),
                        line("job-dismiss", "\"id\":\"copy-vda-create\""),
                        line(
                                "blockdev-add",
                                "\"driver\":\"file\",\"node-name\":\"vda-copy-file\",\"discard\":\"unmap\","
                                        + "\"filename\":\"/vm/c.qcow2\""),
                        line(
                                "blockdev-create",
                                "\"job-id\":\"copy-vda-format\",\"options\":{\"driver\":\"qcow2\","
                                        + "\"file\":\"vda-copy-file\",\"size\":1048576}"),
                        line("job-dismiss", "\"id\":\"copy-vda-format\""),
                        line(
                                "blockdev-add",
                                "\"driver\":\"qcow2\",\"node-name\":\"vda-copy\",\"discard\":\"unmap\","
                                        + "\"file\":\"vda-copy-file\",\"backing\":null"),
                        line(
                                "blockdev-mirror",
                                "\"job-id\":\"copy-vda\",\"device\":\"vda-0\",\"target\":\"vda-copy\",\"sync\":\"full\","
                                        + "\"copy-mode\":\"background\",\"auto-finalize\":false,\"auto-dismiss\":false"),
                        line("block-job-cancel", "\"device\":\"copy-vda\""),
                        line("job-finalize", "\"id\":\"copy-vda\""),
                        line("job-dismiss", "\"id\":\"copy-vda\""),
                        line("blockdev-del", "\"node-name\":\"vda-copy\""),
                        line("blockdev-del", "\"node-name\":\"vda-copy-file\""));
        assertThat(plan.disks().get(0).after()).isEqualTo(plan.disks().get(0).before());
    }

    @Test
    void a_shallow_copy_that_takes_over_names_the_layer_below_and_copies_the_top_alone() {
        Plan plan = plan(copy("vda", "/vm/c.qcow2", Ending.PIVOT).shallow(true).build());

        assertThat(lines(plan))
                .contains(
                        line(
                                "blockdev-create",
                                "\"job-id\":\"copy-vda-format\",\"options\":{\"driver\":\"qcow2\","
                                        + "\"file\":\"vda-copy-file\",\"size\":1048576,\"backing-file\":\"/vm/a.qcow2\","
                                        + "\"backing-fmt\":\"qcow2\"}"),
                        line(
                                "blockdev-add",
                                "\"driver\":\"qcow2\",\"node-name\":\"vda-copy\",\"discard\":\"unmap\","
                                        + "\"file\":\"vda-copy-file\",\"backing\":\"vda-1\""),
                        line("job-complete", "\"id\":\"copy-vda\""));
        assertThat(lines(plan).toString()).contains("\"sync\":\"top\"").doesNotContain("blockdev-del");
        assertThat(plan.disks().get(0).after()).containsExactly("/vm/c.qcow2", "/vm/a.qcow2", "/vm/base.raw");
        assertThat(plan.disks().get(0).movesActive()).isTrue();
    }

    @Test
    void a_raw_disk_is_copied_to_a_raw_file_of_its_size_and_the_job_takes_what_was_asked_for() {
        Plan plan = plan(copy("vdb", "/vm/c", Ending.PIVOT)
                .speed(4096)
                .jobId(new JobId("mine"))
                .onError(BlockdevOnError.STOP)
                .writeBlocking(true)
                .build());

        assertThat(lines(plan))
                .startsWith(line(
                        "blockdev-create",
                        "\"job-id\":\"mine-create\",\"options\":{\"driver\":\"file\",\"filename\":\"/vm/c\","
                                + "\"size\":1048576}"))
                .contains(
                        line(
                                "blockdev-add",
                                "\"driver\":\"raw\",\"node-name\":\"vdb-copy\",\"discard\":\"unmap\","
                                        + "\"file\":\"vdb-copy-file\""),
                        line(
                                "blockdev-mirror",
                                "\"job-id\":\"mine\",\"device\":\"vdb-0\",\"target\":\"vdb-copy\",\"sync\":\"full\","
                                        + "\"speed\":4096,\"on-source-error\":\"stop\",\"on-target-error\":\"stop\","
                                        + "\"copy-mode\":\"write-blocking\",\"auto-finalize\":false,"
                                        + "\"auto-dismiss\":false"));
    }

    @ParameterizedTest
    @CsvSource({
        "vda,/vm/c,qcow2",
        "vda,/vm/c.img,qcow2",
        "vda,/vm/c.raw,raw",
        "vdb,/vm/c.img,raw",
        "vdb,/vm/c.qcow2,qcow2",
        "vda,/dev/sdx,raw",
        "vda,/dev/shm/c,qcow2",
        "vda,nbd://h/x,raw"
    })
    void a_format_that_is_not_given_is_the_names_or_the_active_layers(String disk, String to, String format) {
        assertThat(new CopyPlanner(Graphs.graph(VDA, VDB), Graphs.BY_NAME)
                        .draft(copy(disk, to, Ending.KEEP).build())
                        .format())
                .isEqualTo(format);
    }

    @Test
    void a_larger_export_is_held_to_the_disks_size_and_shown_in_the_chain_as_qemu_names_it() {
        Plan unix = plan(
                Graphs.graph(VDB),
                copy("vdb", "nbd+unix:///disk%201?socket=/run/nbd.sock", Ending.PIVOT)
                        .build(),
                true);
        Plan tcp = plan(copy("vdb", "nbd://[::1]/x", Ending.PIVOT).build());

        assertThat(lines(unix))
                .startsWith(
                        line(
                                "blockdev-add",
                                "\"driver\":\"nbd\",\"node-name\":\"vdb-copy-file\",\"discard\":\"unmap\","
                                        + "\"server\":{\"type\":\"unix\",\"path\":\"/run/nbd.sock\"},"
                                        + "\"export\":\"disk 1\""),
                        line(
                                "blockdev-add",
                                "\"driver\":\"raw\",\"node-name\":\"vdb-copy\",\"discard\":\"unmap\","
                                        + "\"file\":\"vdb-copy-file\",\"size\":1048576"));
        assertThat(unix.disks().get(0).after()).containsExactly("nbd+unix:///disk 1?socket=/run/nbd.sock");
        assertThat(lines(tcp).get(0))
                .contains("\"server\":{\"type\":\"inet\",\"host\":\"::1\",\"port\":\"10809\"},\"export\":\"x\"");
        assertThat(tcp.disks().get(0).after()).containsExactly("nbd://::1:10809/x");
    }

    @Test
    void filters_above_the_image_stay_where_they_are_at_a_pivot() {
        NodeName throttle = new NodeName("throttle0");
        Disk filtered = new Disk(null, VDB.qomPath(), VDB.kind(), false, throttle, VDB.layers());
        Map<NodeName, BlockNode> nodes = new LinkedHashMap<>(Graphs.graph(VDB).nodes());
        nodes.put(
                throttle,
                new BlockNode(
                        throttle,
                        "throttle",
                        "json:{}",
                        "json:{}",
                        1 << 20,
                        null,
                        null,
                        null,
                        false,
                        List.of(new BlockNode.Child("file", new NodeName("vdb-0")))));
        BlockGraph graph = new BlockGraph(List.of(filtered), nodes, List.of(), Map.of());

        Plan plan = plan(graph, copy("vdb", "/vm/c", Ending.PIVOT).build(), false);

        assertThat(lines(plan).toString()).contains("\"device\":\"throttle0\"").contains("\"replaces\":\"vdb-0\"");
    }

    @Test
    void an_image_that_is_reused_is_opened_and_not_made() {
        Plan plan = plan(copy("vda", "/vm/c.qcow2", Ending.KEEP).reuse(true).build());

        assertThat(lines(plan).toString()).doesNotContain("blockdev-create");
        assertThat(plan.steps().stream()
                        .filter(Step.StartJob.class::isInstance)
                        .map(Step.StartJob.class::cast)
                        .flatMap(start -> start.undo().stream()))
                .as("what the user made is not ours to remove")
                .isEmpty();
    }

    @Test
    void a_mirror_that_is_left_to_itself_ends_the_plan_when_it_is_ready_and_finalizes_by_itself() {
        Plan plan = plan(copy("vdb", "/vm/c", Ending.MIRROR).build());

        assertThat(plan.steps()).last().isEqualTo(new Step.AwaitJob(new JobId("copy-vdb"), Step.Point.READY));
        assertThat(lines(plan).toString()).doesNotContain("auto-finalize");
    }

    @Test
    void the_plan_survives_the_journal() {
        Plan plan = plan(copy("vda", "/vm/c.qcow2", Ending.PIVOT).shallow(true).build());

        assertThat(PlanJson.read(PlanJson.write(plan))).isEqualTo(plan);
    }

    @Test
    void names_that_are_taken_are_not_given_again() {
        BlockGraph graph = Graphs.graph(VDB, Graphs.disk("vdb-copy", null, "/vm/x.qcow2"));
        Map<NodeName, BlockNode> nodes = new LinkedHashMap<>(graph.nodes());
        nodes.put(new NodeName("vdb-copy"), Graphs.graph(VDB).nodes().get(new NodeName("vdb-0")));
        BlockGraph taken = new BlockGraph(graph.disks(), nodes, List.of(), Map.of());

        assertThat(lines(plan(taken, copy("vdb", "/vm/c", Ending.KEEP).build(), false))
                        .toString())
                .contains("\"node-name\":\"vdb-copy-2\"");
    }

    @Test
    void a_layer_of_any_disk_is_no_destination() {
        for (String file : List.of("/vm/base.raw", "/vm/../vm/a.qcow2", "/vm/data.raw")) {
            assertThat(refused(copy("vda", file, Ending.KEEP))).isEqualTo("copy-in-use");
            assertThat(refused(copy("vda", file, Ending.KEEP).reuse(true))).isEqualTo("copy-in-use");
        }
    }

    @Test
    void a_format_that_the_destination_cannot_have_is_refused() {
        assertThat(refused(copy("vda", "/vm/c.raw", Ending.KEEP).format("raw").shallow(true)))
                .isEqualTo("copy-shallow");
        assertThat(refused(copy("vda", "nbd://localhost/x", Ending.KEEP).shallow(true)))
                .isEqualTo("copy-shallow");
        assertThat(refused(copy("vda", "nbd://localhost/x", Ending.KEEP).format("qcow2")))
                .isEqualTo("copy-format");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "copy.qcow2",
                "nbd:///x",
                "nbds://host/x",
                "nbd+unix:///x",
                "nbd+unix:///x?socket=run/nbd.sock",
                "ssh://host/file",
                "nbd://a b/x"
            })
    void a_destination_that_is_no_file_device_or_export_is_refused(String text) {
        assertThat(refused(copy("vda", text, Ending.KEEP))).isEqualTo("copy-destination");
    }

    @Test
    void a_disk_with_a_job_and_an_id_that_is_taken_are_refused() {
        JobId job = new JobId("theirs");
        BlockGraph busy = Graphs.graph(
                List.of(Graphs.job("theirs", "commit", JobStatus.RUNNING)),
                Map.of(job, java.util.Set.of(new NodeName("vda-0"))),
                VDA,
                VDB);

        assertThat(refused(busy, copy("vda", "/vm/c", Ending.KEEP))).isEqualTo("job-running");
        assertThat(refused(busy, copy("vdb", "/vm/c", Ending.KEEP).jobId(job))).isEqualTo("job-id-taken");
    }

    @Test
    void a_destination_cannot_be_looked_at_while_an_image_is_being_created_but_when_it_is() {
        BlockGraph during = Graphs.graph(List.of(Graphs.job("j", "create", JobStatus.RUNNING)), Map.of(), VDB);
        BlockGraph after = Graphs.graph(List.of(Graphs.job("j", "create", JobStatus.CONCLUDED)), Map.of(), VDB);

        assertThat(refused(during, copy("vdb", "/vm/c", Ending.KEEP).reuse(true)))
                .isEqualTo("stream-job");
        assertThat(plan(after, copy("vdb", "/vm/c", Ending.KEEP).reuse(true).build(), false)
                        .steps())
                .isNotEmpty();
    }

    @Test
    void a_destination_cannot_be_looked_at_while_there_is_a_stream_job_but_a_new_file_need_not_be() {
        BlockGraph graph = Graphs.graph(List.of(Graphs.job("j", "stream", JobStatus.CONCLUDED)), Map.of(), VDB);

        assertThat(refused(graph, copy("vdb", "/vm/c", Ending.KEEP).reuse(true)))
                .isEqualTo("stream-job");
        assertThat(plan(graph, copy("vdb", "/vm/c", Ending.KEEP).build(), false).steps())
                .isNotEmpty();
    }
}
