package dev.qmp.block;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qmp.block.BlockNode.Child;
import dev.qmp.fixtures.recorded.Samples;
import dev.qmp.fixtures.recorded.Schemas;
import dev.qmp.qapi.BlockExportInfo;
import dev.qmp.qapi.BlockExportType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A storage daemon's answers to disks, also those that the one on this host does not give. */
class DaemonDrivesTest {

    private static final List<BlockExportInfo> EXPORTS =
            List.of(new BlockExportInfo("ex0", BlockExportType.NBD, "disk0", false, Map.of()));

    private static final List<BlockNode> NODES = List.of(
            node("disk0", "qcow2", false, "file", "f0"),
            node("f0", "file", false),
            node("spare", "raw", true, "file", "f1"),
            node("f1", "file", true),
            node("loose", "file", false));

    /** @param edges roles and the nodes that play them */
    private static BlockNode node(String name, String driver, boolean readOnly, String... edges) {
        List<Child> children = new ArrayList<>();
        for (int i = 0; i < edges.length; i += 2) {
            children.add(new Child(edges[i], new NodeName(edges[i + 1])));
        }
        return new BlockNode(
                new NodeName(name), driver, "/vm/" + name, "/vm/" + name, 0, null, null, null, readOnly, children);
    }

    private static BlockGraph graph(List<BlockExportInfo> exports, BlockNode... nodes) {
        return graph(exports, List.of(nodes), true);
    }

    private static BlockGraph graph(List<BlockExportInfo> exports, List<BlockNode> nodes, boolean edgesKnown) {
        List<Drive> drives = DaemonDrives.of(exports, nodes, edgesKnown);
        return new GraphParser(drives, nodes, null, List.of(), Map.of()).graph();
    }

    @Test
    void where_nodes_tell_their_children_the_debug_graph_is_not_needed() {
        BlockGraph graph = graph(EXPORTS, NODES, true);

        assertThat(graph.disks())
                .as("a file that nothing uses is no disk")
                .extracting(Disk::name)
                .containsExactly("ex0", "spare");
        assertThat(graph.disk("spare").readOnly()).isTrue();
        assertThat(graph.disk("ex0").readOnly()).isFalse();
    }

    @Test
    void where_nobody_tells_what_is_used_by_what_the_exports_alone_are_disks() {
        List<BlockNode> nodes = List.of(node("disk0", "qcow2", false), node("spare", "raw", true));

        assertThat(graph(EXPORTS, nodes, false).disks()).extracting(Disk::name).containsExactly("ex0");
    }

    @Test
    void an_exported_node_that_is_another_ones_backing_file_is_a_disk_all_the_same() {
        BlockGraph graph =
                graph(EXPORTS, node("top", "qcow2", false, "backing", "disk0"), node("disk0", "qcow2", false));

        assertThat(graph.disks()).extracting(Disk::name).containsExactly("ex0", "top");
    }

    @Test
    void a_node_by_itself_is_found_again_above_and_below() {
        BlockGraph before = graph(List.of(), node("a", "qcow2", false));
        BlockGraph after = graph(List.of(), node("b", "qcow2", false, "backing", "a"), node("a", "qcow2", false));

        assertThat(after.same(before.disks().get(0))).contains(after.disks().get(0));
        assertThat(before.same(after.disks().get(0))).contains(before.disks().get(0));
        assertThat(graph(List.of(), node("z", "qcow2", false))
                        .same(before.disks().get(0)))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("versions")
    void every_recorded_daemon_has_what_is_asked_and_lacks_what_tells_it_from_a_machine(String version) {
        List<String> commands = new ArrayList<>();
        for (JsonNode entry : Schemas.json(version, Schemas.STORAGE_DAEMON)) {
            if (entry.path("meta-type").asText().equals("command")) {
                commands.add(entry.path("name").asText());
            }
        }

        assertThat(commands)
                .contains(
                        "query-block",
                        "query-block-exports",
                        "query-named-block-nodes",
                        "query-jobs",
                        "query-block-jobs",
                        "block-stream",
                        "blockdev-snapshot-sync")
                .doesNotContain("query-status", "query-name", "human-monitor-command");
    }

    private static List<String> versions() {
        return Samples.VERSIONS;
    }
}
