package dev.qmp.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.qmp.error.UnsafeOperationException;
import dev.qmp.job.JobId;
import dev.qmp.job.JobStatus;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which disk a user means, which is the same one later, and which jobs are its. */
class BlockGraphTest {

    private static UnsafeOperationException refusal(BlockGraph graph, String text) {
        return catchThrowableOfType(UnsafeOperationException.class, () -> graph.disk(text));
    }

    @Test
    void a_disk_is_found_by_device_backend_qom_path_node_and_file() {
        Disk disk = Graphs.disk("drive0", "vda", "/vm/a.qcow2");
        BlockGraph graph = Graphs.graph(Graphs.disk("drive1", "vdb", "/vm/b.qcow2"), disk);

        for (String name : List.of(
                "vda",
                "drive0",
                "/machine/peripheral/vda/virtio-backend",
                "vda-0",
                "/vm/a.qcow2",
                "/vm/../vm/./a.qcow2")) {
            assertThat(graph.disk(name)).as(name).isEqualTo(disk);
        }
    }

    @Test
    void a_device_goes_before_a_backend_and_a_backend_before_a_node_of_the_same_name() {
        Disk byDevice = Graphs.disk("one", "x", "/vm/a.qcow2");
        Disk byBackend = Graphs.disk("x", "two", "/vm/b.qcow2");
        Disk byNode = new Disk(
                "three",
                null,
                DeviceKind.DISK,
                false,
                new NodeName("x"),
                Graphs.disk("three", null, "/vm/c.qcow2").layers());

        assertThat(Graphs.graph(byNode, byBackend, byDevice).disk("x")).isEqualTo(byDevice);
        assertThat(Graphs.graph(byNode, byBackend).disk("x")).isEqualTo(byBackend);
        assertThat(Graphs.graph(byNode).disk("x")).isEqualTo(byNode);
    }

    @Test
    void a_file_below_the_active_layer_and_a_relative_one_mean_no_disk() {
        BlockGraph graph = Graphs.graph(Graphs.disk("drive0", "vda", "/vm/top.qcow2", "/vm/base.qcow2"));

        assertThat(refusal(graph, "/vm/base.qcow2").check()).isEqualTo("disk-not-found");
        assertThat(refusal(graph, "top.qcow2").check()).isEqualTo("disk-not-found");
    }

    @Test
    void two_disks_of_one_name_are_refused_and_both_are_listed() {
        BlockGraph graph =
                Graphs.graph(Graphs.disk("d0", "vda", "/vm/same.raw"), Graphs.disk("d1", "vdb", "/vm/same.raw"));

        UnsafeOperationException refusal = refusal(graph, "/vm/same.raw");

        assertThat(refusal.check()).isEqualTo("disk-ambiguous");
        assertThat(refusal).hasMessageContaining("vda").hasMessageContaining("vdb");
    }

    @Test
    void an_unknown_disk_is_refused_with_all_that_could_be_meant() {
        BlockGraph graph = Graphs.graph(Graphs.disk("drive0", "vda", "/vm/a.qcow2"));

        assertThat(refusal(graph, "sda").hint().orElseThrow()).contains("vda", "drive0", "/vm/a.qcow2");
        assertThat(refusal(Graphs.graph(), "sda").hint().orElseThrow()).contains("no disks");
    }

    @Test
    void a_disks_name_is_the_one_that_its_user_most_likely_wrote() {
        assertThat(Graphs.disk("drive0", "vda", "/a").name()).isEqualTo("vda");
        assertThat(Graphs.disk("drive0", null, "/a").name()).isEqualTo("drive0");
        assertThat(new Disk(null, "/machine/unattached/device[3]", DeviceKind.DISK, false, new NodeName("n"), List.of())
                        .name())
                .isEqualTo("n");
        assertThat(new Disk(
                                null,
                                "/machine/unattached/device[3]",
                                DeviceKind.DISK,
                                false,
                                new NodeName("#block12"),
                                List.of())
                        .name())
                .isEqualTo("/machine/unattached/device[3]");
    }

    @Test
    void a_disk_is_the_same_by_its_device_whatever_its_medium() {
        Disk before = Graphs.disk("drive0", "vda", "/vm/a.qcow2");
        Disk after = Graphs.disk("drive0", "vda", "/vm/b.qcow2", "/vm/a.qcow2");

        assertThat(Graphs.graph(Graphs.disk("drive0", "vdb", "/vm/a.qcow2"), after)
                        .same(before))
                .contains(after);
        assertThat(Graphs.graph(Graphs.disk("x", "vdb", "/vm/a.qcow2")).same(before))
                .isEmpty();
    }

    @Test
    void a_job_is_on_the_disk_whose_nodes_it_uses_until_it_has_concluded_and_then_holds_it() {
        Disk disk = Graphs.disk("drive0", "vda", "/vm/top.qcow2", "/vm/base.qcow2");
        Map<JobId, Set<NodeName>> nodes = Map.of(new JobId("j"), Set.of(new NodeName("vda-1")));
        BlockGraph running = Graphs.graph(List.of(Graphs.job("j", "stream", JobStatus.RUNNING)), nodes, disk);
        BlockGraph concluded = Graphs.graph(List.of(Graphs.job("j", "stream", JobStatus.CONCLUDED)), nodes, disk);

        assertThat(running.jobOn(disk).orElseThrow().id()).isEqualTo(new JobId("j"));
        assertThat(running.heldBy(disk)).isEmpty();
        assertThat(concluded.jobOn(disk)).isEmpty();
        assertThat(concluded.heldBy(disk).orElseThrow().id()).isEqualTo(new JobId("j"));
    }

    @Test
    void a_concluded_job_whose_nodes_are_not_told_holds_nothing() {
        Disk disk = Graphs.disk("drive0", "vda", "/vm/top.qcow2");

        assertThat(Graphs.graph(List.of(Graphs.job("drive0", "mirror", JobStatus.CONCLUDED)), Map.of(), disk)
                        .heldBy(disk))
                .isEmpty();
    }
}
