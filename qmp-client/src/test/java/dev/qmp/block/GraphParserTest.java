package dev.qmp.block;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.fixtures.recorded.Samples;
import dev.qmp.job.JobId;
import dev.qmp.job.JobInfo;
import dev.qmp.job.JobStatus;
import dev.qmp.qapi.BlockInfo;
import dev.qmp.qapi.JobType;
import dev.qmp.qapi.QueryBlock;
import dev.qmp.qapi.QueryJobs;
import dev.qmp.qapi.QueryNamedBlockNodes;
import dev.qmp.qapi.XDbgBlockGraph;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What QEMUs have really answered, with a stream and a mirror running, becomes the same graph by every way to it. The
 * machine is described in {@link Samples}.
 */
class GraphParserTest {

    static final List<String> VERSIONS = Samples.VERSIONS;

    /** Where the edges come from. */
    enum Edges {
        /** The nodes' own {@code children}, which 11.1 has. */
        OF_THE_NODES,
        OF_THE_DEBUG_GRAPH,
        /** Without {@code query-named-block-nodes}. */
        OF_THE_CHAINS,
        /** File names in the headers. */
        BY_FILE_NAMES
    }

    static Stream<Arguments> everyWay() {
        return VERSIONS.stream()
                .flatMap(version -> Stream.of(Edges.values())
                        .filter(edges -> edges != Edges.OF_THE_NODES || version.equals("11.1"))
                        .map(edges -> Arguments.of(version, edges)));
    }

    private static JsonNode debug(String version) {
        return Samples.json(version, "x-debug-query-block-graph");
    }

    private static JsonNode named(String version) {
        return Samples.json(version, "query-named-block-nodes-flat");
    }

    private static JsonNode withoutChildren(JsonNode named) {
        JsonNode copy = named.deepCopy();
        copy.forEach(node -> ((ObjectNode) node).remove("children"));
        return copy;
    }

    private static BlockGraph graph(String version, Edges edges) {
        JsonNode block = Samples.json(version, "query-block");
        return switch (edges) {
            case OF_THE_NODES -> parser(version, block, named(version), null).graph();
            case OF_THE_DEBUG_GRAPH ->
                parser(version, block, withoutChildren(named(version)), debug(version))
                        .graph();
            case OF_THE_CHAINS -> chains(version, block, debug(version)).graph();
            case BY_FILE_NAMES ->
                parser(version, block, withoutChildren(named(version)), null).graph();
        };
    }

    private static final NodeReader READER = new NodeReader(UnaryOperator.identity());

    private static final Map<String, DeviceKind> KINDS =
            Map.of("/machine/peripheral/cd", DeviceKind.CDROM, "/machine/peripheral/cdempty", DeviceKind.CDROM);

    private static GraphParser parser(String version, JsonNode block, JsonNode named, @Nullable JsonNode debug) {
        DebugGraph edges = debug == null ? null : DebugGraph.of(XDbgBlockGraph.fromJson(debug));
        List<BlockNode> nodes = READER.nodes(new QueryNamedBlockNodes().decodeReturn(named), edges);
        return new GraphParser(drives(new QueryBlock().decodeReturn(block)), nodes, edges, jobs(version), KINDS);
    }

    private static GraphParser chains(String version, JsonNode block, JsonNode debug) {
        DebugGraph edges = DebugGraph.of(XDbgBlockGraph.fromJson(debug));
        List<BlockInfo> drives = new QueryBlock().decodeReturn(block);
        return new GraphParser(drives(drives), ChainNodes.of(drives, edges, READER), edges, jobs(version), KINDS);
    }

    private static List<Drive> drives(List<BlockInfo> block) {
        return block.stream().map(Drive::of).toList();
    }

    private static List<JobInfo> jobs(String version) {
        List<JobInfo> jobs = new ArrayList<>();
        for (dev.qmp.qapi.JobInfo job : new QueryJobs().decodeReturn(Samples.json(version, "query-jobs"))) {
            jobs.add(new JobInfo(
                    new JobId(job.id()), job.type(), JobStatus.of(job.status()), 0, 0, 0, false, false, null, null));
        }
        return jobs;
    }

    @ParameterizedTest
    @MethodSource("everyWay")
    void a_chain_is_its_images_without_the_filters_of_the_jobs_on_it(String version, Edges edges) {
        BlockGraph graph = graph(version, edges);

        Disk streamed = graph.disk("vda");
        assertThat(Bench.names(streamed))
                .containsExactly("snap4.qcow2", "snap3.qcow2", "snap2.qcow2", "snap1.qcow2", "base.qcow2");
        assertThat(streamed.layers().subList(0, 4))
                .extracting(layer -> layer.node().value())
                .containsExactly("vda-snap4", "vda-snap3", "vda-snap2", "vda-snap1");
        assertThat(streamed.layers().get(4).node().generated()).isTrue();
        assertThat(streamed.layers()).extracting(Layer::depth).containsExactly(0, 1, 2, 3, 4);
        assertThat(streamed.layers()).extracting(Layer::active).containsExactly(true, false, false, false, false);

        Disk mirrored = graph.disk("sda");
        assertThat(Bench.names(mirrored)).containsExactly("data-snap1.qcow2", "data.raw");
        assertThat(mirrored.layers()).extracting(layer -> layer.node().value()).containsExactly("data-snap1", "data");
        assertThat(mirrored.layers()).extracting(Layer::format).containsExactly("qcow2", "raw");
        assertThat(mirrored.layers()).extracting(Layer::type).containsOnly(SourceType.FILE);
    }

    @ParameterizedTest
    @MethodSource("everyWay")
    void a_layer_has_its_sizes_and_its_header(String version, Edges edges) {
        List<Layer> layers = graph(version, edges).disk("vda").layers();

        assertThat(layers.get(0).file()).isEqualTo("/vm/vm1/snap4.qcow2");
        assertThat(layers.get(0).backingFile()).isEqualTo("/vm/vm1/snap3.qcow2");
        assertThat(layers.get(4).backingFile()).isNull();
        assertThat(layers).allSatisfy(layer -> {
            assertThat(layer.virtualSize()).isEqualTo(64 << 20);
            assertThat(layer.clusterSize()).isEqualTo(64 << 10);
            assertThat(layer.actualSize()).isPositive();
        });
        assertThat(graph(version, edges).disk("sda").layers().get(1).clusterSize())
                .as("raw has no clusters")
                .isNull();
    }

    @ParameterizedTest
    @FieldSource("VERSIONS")
    void disks_are_known_by_device_backend_and_medium(String version) {
        BlockGraph graph = graph(version, Edges.OF_THE_DEBUG_GRAPH);

        assertThat(graph.disks()).extracting(Disk::name).containsExactly("vda", "cd", "sda", "cdempty");
        assertThat(graph.disks()).extracting(Disk::backend).containsExactly("drive0", "cd0", null, null);
        assertThat(graph.disks())
                .extracting(Disk::kind)
                .containsExactly(DeviceKind.DISK, DeviceKind.CDROM, DeviceKind.DISK, DeviceKind.CDROM);
        assertThat(graph.disks()).extracting(Disk::readOnly).containsExactly(false, true, false, false);
        assertThat(graph.disks()).extracting(Disk::inserted).containsExactly(true, true, true, false);
        assertThat(graph.disk("cdempty").layers()).isEmpty();
        assertThat(graph.disk("cd").layers()).extracting(Layer::file).containsExactly("/vm/vm1/cd.iso");
    }

    @ParameterizedTest
    @MethodSource("everyWay")
    void a_bare_device_id_and_a_path_both_give_the_qom_path(String version, Edges edges) {
        BlockGraph graph = graph(version, edges);

        assertThat(graph.disk("/machine/peripheral/vda/virtio-backend").backend())
                .isEqualTo("drive0");
        assertThat(graph.disk("/machine/peripheral/sda").name()).isEqualTo("sda");
    }

    @ParameterizedTest
    @FieldSource("VERSIONS")
    void jobs_are_found_on_the_disks_whose_nodes_they_work_on(String version) {
        for (Edges edges : List.of(Edges.OF_THE_DEBUG_GRAPH, Edges.OF_THE_CHAINS)) {
            BlockGraph graph = graph(version, edges);

            assertThat(graph.jobOn(graph.disk("vda")).orElseThrow().type()).isEqualTo(JobType.STREAM);
            assertThat(graph.jobOn(graph.disk("sda")).orElseThrow().id()).isEqualTo(new JobId("mir0"));
            assertThat(graph.jobOn(graph.disk("cd"))).isEmpty();
            assertThat(graph.diskOf(new JobId("mir0")).orElseThrow().name()).isEqualTo("sda");
            assertThat(graph.diskOf(new JobId("drive0")).orElseThrow().name()).isEqualTo("vda");
            assertThat(graph.diskOf(new JobId("nobodys"))).isEmpty();
        }
    }

    @ParameterizedTest
    @FieldSource("VERSIONS")
    void without_knowing_its_nodes_a_job_is_taken_for_that_of_the_backend_of_its_name(String version) {
        BlockGraph graph = graph(version, Edges.BY_FILE_NAMES);

        assertThat(graph.diskOf(new JobId("drive0")).orElseThrow().name()).isEqualTo("vda");
        assertThat(graph.diskOf(new JobId("mir0"))).isEmpty();
    }

    @ParameterizedTest
    @FieldSource("VERSIONS")
    void the_chains_alone_know_the_name_of_every_node(String version) {
        assertThat(graph(version, Edges.OF_THE_CHAINS).nodes().keySet())
                .isEqualTo(graph(version, Edges.OF_THE_DEBUG_GRAPH).nodes().keySet());
    }

    @ParameterizedTest
    @FieldSource("VERSIONS")
    void answers_between_which_the_graph_has_moved_are_told(String version) {
        JsonNode block = Samples.json(version, "query-block");
        JsonNode earlier = named(version).deepCopy();
        for (int i = earlier.size() - 1; i >= 0; i--) {
            if (earlier.get(i).path("node-name").asText().equals("vda-snap4")) {
                ((ArrayNode) earlier).remove(i);
            }
        }

        assertThat(parser(version, block, named(version), null).consistent()).isTrue();
        assertThat(parser(version, block, earlier, null).consistent()).isFalse();

        JsonNode later = debug(version).deepCopy();
        ObjectNode bypass =
                (ObjectNode) StreamSupport.stream(later.path("edges").spliterator(), false)
                        .filter(edge -> edge.path("parent").asLong() == id(later, "vda-snap4")
                                && edge.path("name").asText().equals("backing"))
                        .findFirst()
                        .orElseThrow();
        bypass.put("child", id(later, "vda-snap1"));
        assertThat(chains(version, block, later).consistent())
                .as("the stream has ended in between")
                .isFalse();
    }

    private static long id(JsonNode debugGraph, String name) {
        return StreamSupport.stream(debugGraph.path("nodes").spliterator(), false)
                .filter(node -> node.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow()
                .path("id")
                .asLong();
    }

    @Test
    void an_image_that_was_opened_in_a_special_way_is_known_by_its_file() {
        String name = "json:{\"driver\": \"qcow2\", \"file\": {\"driver\": \"file\", \"filename\": \"/vm/top.qcow2\"}}";

        assertThat(PseudoName.file(name)).isEqualTo("/vm/top.qcow2");
        assertThat(PseudoName.protocol(name)).isEqualTo("file");
    }

    @Test
    void a_plain_name_is_itself_and_tells_its_protocol() {
        assertThat(PseudoName.file("/vm/a:b.qcow2")).isEqualTo("/vm/a:b.qcow2");
        assertThat(PseudoName.protocol("/vm/a:b.qcow2")).isEqualTo("file");
        assertThat(PseudoName.protocol("/dev/sda")).isEqualTo("host_device");
        assertThat(PseudoName.protocol("nbd+unix:///x?socket=/s")).isEqualTo("nbd");
        assertThat(PseudoName.file("json:{broken")).isEqualTo("json:{broken");
    }
}
