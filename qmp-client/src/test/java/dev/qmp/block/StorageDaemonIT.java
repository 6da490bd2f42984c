package dev.qmp.block;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.Await;
import dev.qmp.PeerKind;
import dev.qmp.QmpClient;
import dev.qmp.block.SnapshotRequest.Existing;
import dev.qmp.block.SnapshotRequest.Target;
import dev.qmp.error.CommandFailedException;
import dev.qmp.error.UnsafeOperationException;
import dev.qmp.fixtures.qemu.DiskSpec;
import dev.qmp.fixtures.qemu.QemuImg;
import dev.qmp.fixtures.qemu.QemuVm;
import dev.qmp.fixtures.qemu.RequiresQemu;
import dev.qmp.fixtures.qemu.RequiresStorageDaemon;
import dev.qmp.fixtures.qemu.StorageDaemon;
import dev.qmp.job.Job;
import dev.qmp.job.JobId;
import dev.qmp.job.JobInfo;
import dev.qmp.job.JobStatus;
import dev.qmp.job.Jobs;
import dev.qmp.qapi.BlockCommit;
import dev.qmp.qapi.BlockStream;
import dev.qmp.qapi.BlockdevCreate;
import dev.qmp.qapi.BlockdevCreateOptions;
import dev.qmp.qapi.JobType;
import dev.qmp.qapi.RawCommand;
import dev.qmp.transport.QmpAddress;
import dev.qmp.wire.Message.Event;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The block layer without a machine: the same session, jobs and operations on a real {@code qemu-storage-daemon}. */
@RequiresStorageDaemon
@Timeout(120)
class StorageDaemonIT {

    private static final int MEBI = 1 << 20;

    private static QmpClient connect(StorageDaemon daemon) {
        return Await.value(QmpClient.connect(QmpAddress.unix(daemon.monitor())));
    }

    private static SnapshotResult snapshot(BlockOperations operations, String name, Target... targets) {
        SnapshotRequest request = new SnapshotRequest(name, List.of(targets), Existing.REFUSE);
        return Await.value(operations.plan(request).thenCompose(operations::run));
    }

    private static PullRequest pull(String disk) {
        return PullRequest.of(disk, null);
    }

    private static List<String> names(Disk disk) {
        return disk.layers().stream()
                .map(layer -> String.valueOf(Path.of(layer.file()).getFileName()))
                .toList();
    }

    /** Each MiB of the disk was written at another layer: the first one below the first snapshot, and so on. */
    private static void assertData(StorageDaemon daemon, int layers) {
        for (int i = 0; i < layers; i++) {
            assertThat(daemon.holds("disk0", (long) i * MEBI, MEBI, i + 1))
                    .as("MiB %d is as written", i)
                    .isTrue();
        }
    }

    @Test
    void its_kind_is_told_by_what_it_can_do() {
        try (StorageDaemon daemon = StorageDaemon.builder().start();
                QmpClient client = connect(daemon)) {
            assertThat(Await.value(PeerKind.of(client))).isEqualTo(PeerKind.STORAGE_DAEMON);
            assertThat(client.greeting().capabilities()).contains("oob");
            assertThat(Await.failure(client.execute("query-name"), CommandFailedException.class)
                            .errorClass())
                    .isEqualTo("CommandNotFound");
            assertThat(Await.value(new BlockOperations(client).graph()).disks()).isEmpty();
        }
    }

    @Test
    @RequiresQemu
    void a_machine_without_drives_is_a_machine_all_the_same() {
        try (QemuVm vm = QemuVm.builder().start();
                QmpClient client = Await.value(QmpClient.connect(QmpAddress.unix(vm.monitor())))) {
            assertThat(Await.value(PeerKind.of(client))).isEqualTo(PeerKind.MACHINE);
            assertThat(Await.value(new BlockOperations(client).graph()).disks()).isEmpty();
        }
        try (QemuVm vm = QemuVm.builder().disk(DiskSpec.drive("vda")).start();
                QmpClient client = Await.value(QmpClient.connect(QmpAddress.unix(vm.monitor())))) {
            BlockGraph graph = Await.value(new BlockOperations(client).graph());
            assertThat(graph.disks()).singleElement().matches(Disk::attached);
        }
    }

    @Test
    void its_disks_are_its_exports_and_the_nodes_that_nothing_uses() {
        try (StorageDaemon daemon = StorageDaemon.builder()
                        .exported("disk0", "8M")
                        .disk("spare", "16M")
                        .start();
                QmpClient client = connect(daemon)) {
            BlockGraph graph = Await.value(new BlockOperations(client).graph());

            assertThat(graph.disks()).extracting(Disk::name).containsExactlyInAnyOrder("ex-disk0", "spare");
            Disk exported = graph.disk("ex-disk0");
            assertThat(graph.disk("disk0")).as("by its node").isEqualTo(exported);
            assertThat(graph.disk(daemon.image("disk0").toString()))
                    .as("by its file")
                    .isEqualTo(exported);
            assertThat(exported.attached()).isTrue();
            assertThat(exported.active().orElseThrow().virtualSize()).isEqualTo(8L * MEBI);
            assertThat(graph.disk("spare").attached()).isFalse();
            assertThat(graph.disk("spare").active().orElseThrow().file())
                    .isEqualTo(daemon.image("spare").toString());
        }
    }

    @Test
    void two_exports_of_one_node_are_one_disk() {
        try (StorageDaemon daemon =
                        StorageDaemon.builder().exported("disk0", "8M").start();
                QmpClient client = connect(daemon)) {
            Await.value(client.execute(RawCommand.of("block-export-add")
                    .with("type", "nbd")
                    .with("id", "second")
                    .with("node-name", "disk0")
                    .with("name", "again")));

            assertThat(Await.value(new BlockOperations(client).graph()).disks()).hasSize(1);
        }
    }

    @Test
    void a_disk_is_snapshotted_and_pulled_flat_and_its_data_is_kept() {
        try (StorageDaemon daemon =
                        StorageDaemon.builder().exported("disk0", "8M").start();
                QmpClient client = connect(daemon)) {
            BlockOperations operations = new BlockOperations(client);
            daemon.write("disk0", 0, MEBI, 1);
            snapshot(operations, "s1");
            daemon.write("disk0", MEBI, MEBI, 2);
            SnapshotResult second = snapshot(operations, "s2", new Target("ex-disk0", null));
            daemon.write("disk0", 2L * MEBI, MEBI, 3);

            assertThat(names(second.graph().disk("ex-disk0")))
                    .containsExactly("disk0.s2.qcow2", "disk0.s1.qcow2", "disk0.qcow2");
            assertThat(daemon.control()
                            .execute("query-block-exports")
                            .at("/0/node-name")
                            .asText())
                    .as("the export has followed")
                    .isEqualTo(second.graph()
                            .disk("ex-disk0")
                            .layers()
                            .get(0)
                            .node()
                            .value());
            assertData(daemon, 3);

            RunningPull running = Await.value(operations.plan(pull("ex-disk0")).thenCompose(operations::start));
            PullResult flat = Await.value(running.done());

            assertThat(names(flat.disk())).containsExactly("disk0.s2.qcow2");
            assertThat(flat.job().status()).isEqualTo(JobStatus.CONCLUDED);
            assertThat(Await.value(new Jobs(client).list())).as("dismissed").isEmpty();
            assertData(daemon, 3);
            assertThat(daemon.quit()).isZero();
            Path active = daemon.folder().resolve("disk0.s2.qcow2");
            QemuImg.check(active, "qcow2");
            assertThat(QemuImg.chain(active)).hasSize(1);
        }
    }

    @Test
    void a_node_that_nothing_uses_is_pulled_flat_and_not_snapshotted() {
        try (StorageDaemon daemon = StorageDaemon.builder().disk("disk0", "8M").start();
                QmpClient client = connect(daemon)) {
            BlockOperations operations = new BlockOperations(client);
            assertThat(refused(operations)).as("all disks that somebody uses").isEqualTo("no-disk");
            assertThat(refused(operations, new Target("disk0", null))).isEqualTo("node-unused");

            Path overlay = daemon.folder().resolve("top.qcow2");
            QemuImg.createOverlay(overlay, daemon.image("disk0"), "qcow2");
            Await.value(client.execute(RawCommand.of("blockdev-add", node("top", overlay))));
            Await.value(client.execute(
                    RawCommand.of("blockdev-snapshot").with("node", "disk0").with("overlay", "top")));
            RunningPull running = Await.value(operations.plan(pull("top")).thenCompose(operations::start));

            assertThat(names(Await.value(running.done()).disk())).containsExactly("top.qcow2");
        }
    }

    private static String refused(BlockOperations operations, Target... targets) {
        return Await.failure(
                        operations.plan(new SnapshotRequest("s1", List.of(targets), Existing.REFUSE)),
                        UnsafeOperationException.class)
                .check();
    }

    @Test
    void an_overlay_made_by_hand_is_put_on_top_and_committed_into_its_base() throws InterruptedException {
        try (StorageDaemon daemon =
                        StorageDaemon.builder().exported("disk0", "8M").start();
                QmpClient client = connect(daemon)) {
            Jobs jobs = new Jobs(client);
            daemon.write("disk0", 0, MEBI, 1);
            Path overlay = daemon.folder().resolve("top.qcow2");
            QemuImg.createOverlay(overlay, daemon.image("disk0"), "qcow2");
            Await.value(client.execute(RawCommand.of("blockdev-add", node("top", overlay))));
            Await.value(client.execute(
                    RawCommand.of("blockdev-snapshot").with("node", "disk0").with("overlay", "top")));
            daemon.write("disk0", MEBI, MEBI, 2);
            assertThat(names(Await.value(new BlockOperations(client).graph()).disk("ex-disk0")))
                    .containsExactly("top.qcow2", "disk0.qcow2");

            List<String> events = new CopyOnWriteArrayList<>();
            CountDownLatch gone = new CountDownLatch(1);
            client.subscribe(event -> true, event -> {
                events.add(text(event));
                if (text(event).equals("JOB_STATUS_CHANGE null")) {
                    gone.countDown();
                }
            });
            Job commit = Await.value(jobs.start(
                    BlockCommit.builder().jobId("merge").device("top").build()));
            Await.value(commit.ready());
            Await.value(commit.complete().thenApply(done -> true));
            JobInfo last = Await.value(commit.done());

            assertThat(last.error()).isNull();
            assertThat(gone.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(events)
                    .containsSubsequence(
                            "JOB_STATUS_CHANGE running",
                            "BLOCK_JOB_READY",
                            "BLOCK_JOB_COMPLETED",
                            "JOB_STATUS_CHANGE concluded",
                            "JOB_STATUS_CHANGE null");
            assertThat(names(Await.value(new BlockOperations(client).graph()).disk("ex-disk0")))
                    .containsExactly("disk0.qcow2");
            assertData(daemon, 2);
        }
    }

    @Test
    void an_image_is_created_by_a_job_of_the_daemons() {
        try (StorageDaemon daemon = StorageDaemon.builder().start();
                QmpClient client = connect(daemon)) {
            Path image = daemon.folder().resolve("new.img");
            Job create = Await.value(new Jobs(client)
                    .start(new BlockdevCreate(
                            "make",
                            BlockdevCreateOptions.File.builder()
                                    .filename(image.toString())
                                    .size(4L * MEBI)
                                    .build())));

            assertThat(Await.value(create.done()).type()).isEqualTo(JobType.CREATE);
            assertThat(image).hasSize(4L * MEBI);
        }
    }

    @Test
    void while_it_streams_its_jobs_are_told_and_its_files_are_not_asked_for() {
        try (StorageDaemon daemon = StorageDaemon.builder()
                        .exported("disk0", "64M")
                        .exported("disk1", "8M")
                        .start();
                QmpClient client = connect(daemon)) {
            BlockOperations operations = new BlockOperations(client);
            daemon.write("disk0", 0, 8 * MEBI, 1);
            snapshot(operations, "s1", new Target("ex-disk0", null));
            BlockStream stream = Await.value(operations.plan(pull("ex-disk0"))).command().toBuilder()
                    .speed(1L << 20)
                    .build();
            // By the other monitor and without a client of ours behind it: it concludes, and nobody dismisses it.
            JsonNode arguments = stream.encodeArguments();
            daemon.control().execute("block-stream", asMap(arguments));

            BlockGraph running = Await.value(operations.graph());
            JobId id = new JobId("pull-ex-disk0");
            assertThat(running.diskOf(id).map(Disk::name)).contains("ex-disk0");
            assertThat(running.jobOn(running.disk("ex-disk0"))).isPresent();
            assertThat(refused(operations, new Target("ex-disk1", null))).isEqualTo("stream-job");

            daemon.control().execute("block-job-set-speed", Map.of("device", id.value(), "speed", 0));
            daemon.control()
                    .awaitEvent(
                            "JOB_STATUS_CHANGE",
                            data -> data.path("status").asText().equals("concluded"),
                            Duration.ofSeconds(60));
            assertThat(Await.value(operations.graph()).jobs())
                    .singleElement()
                    .satisfies(job -> assertThat(job.status()).isEqualTo(JobStatus.CONCLUDED));
            assertThat(daemon.isAlive())
                    .as("the question that 7.2 dies of was not asked")
                    .isTrue();
            Await.value(new Jobs(client).dismiss(id).thenApply(done -> true));
            assertThat(names(Await.value(operations.graph()).disk("ex-disk0"))).containsExactly("disk0.s1.qcow2");
        }
    }

    private static Map<String, JsonNode> asMap(JsonNode object) {
        Map<String, JsonNode> map = new LinkedHashMap<>();
        object.properties().forEach(member -> map.put(member.getKey(), member.getValue()));
        return map;
    }

    private static ObjectNode node(String name, Path image) {
        ObjectNode node =
                JsonNodeFactory.instance.objectNode().put("driver", "qcow2").put("node-name", name);
        node.putNull("backing");
        node.putObject("file").put("driver", "file").put("filename", image.toString());
        return node;
    }

    private static String text(Event event) {
        return event.text("status").map(status -> event.name() + " " + status).orElse(event.name());
    }
}
