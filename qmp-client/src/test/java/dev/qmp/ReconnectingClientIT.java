package dev.qmp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qmp.ConnectionState.Connected;
import dev.qmp.ConnectionState.GaveUp;
import dev.qmp.ConnectionState.Lost;
import dev.qmp.error.DifferentPeerException;
import dev.qmp.error.OutcomeUnknownException;
import dev.qmp.fixtures.qemu.DiskSpec;
import dev.qmp.fixtures.qemu.QemuVm;
import dev.qmp.fixtures.qemu.RequiresQemu;
import dev.qmp.fixtures.qemu.RequiresStorageDaemon;
import dev.qmp.fixtures.qemu.StorageDaemon;
import dev.qmp.job.Job;
import dev.qmp.job.JobId;
import dev.qmp.job.JobInfo;
import dev.qmp.job.JobStatus;
import dev.qmp.job.Jobs;
import dev.qmp.qapi.BlockStream;
import dev.qmp.qapi.BlockdevSnapshotSyncCommand;
import dev.qmp.transport.QmpAddress;
import dev.qmp.transport.TransportKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Connections to a real QEMU that are cut, and QEMUs that take each other's place. */
@RequiresQemu
@Timeout(120)
class ReconnectingClientIT {

    private static final ReconnectPolicy SOON = ReconnectPolicy.builder()
            .initialDelay(Duration.ofMillis(10))
            .maximumDelay(Duration.ofMillis(100))
            .build();
    private static final long SLOW = 1 << 20;

    @TempDir
    Path folder;

    private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
    private ReconnectingClient client;
    private Relay relay;

    @AfterEach
    void end() {
        if (client != null) {
            client.close();
        }
        if (relay != null) {
            relay.close();
        }
    }

    private ReconnectingClient connect(Path socket) {
        client = Await.value(ReconnectingClient.connect(QmpAddress.unix(socket), QmpClientOptions.DEFAULT, SOON));
        client.subscribe(event -> true, event -> heard.add(event.name()), heard::add);
        return client;
    }

    private ReconnectingClient connectThroughRelay(Path monitor) {
        relay = new Relay(folder.resolve("r"), monitor);
        return connect(folder.resolve("r"));
    }

    private void await(Class<?> type) throws InterruptedException {
        Object next = "";
        while (!type.isInstance(next)) {
            next = heard.poll(30, TimeUnit.SECONDS);
            assertThat(next).as("a " + type.getSimpleName()).isNotNull();
        }
    }

    private void awaitEvent(String name) throws InterruptedException {
        Object next = "";
        while (!name.equals(next)) {
            next = heard.poll(30, TimeUnit.SECONDS);
            assertThat(next).as("the event " + name).isNotNull();
        }
    }

    private static QemuVm.Builder vm() {
        return QemuVm.builder()
                .disk(DiskSpec.blockdev("disk0").qdev("vda").format("qcow2").size("64M"));
    }

    /** A job that takes 16 s unless somebody lifts its limit. */
    private Job slowJob(QemuVm vm) {
        vm.io("disk0").write(0, 16 << 20, 0x5a);
        Await.value(client.execute(BlockdevSnapshotSyncCommand.builder()
                .nodeName("disk0")
                .snapshotFile(vm.folder().resolve("top.qcow2").toString())
                .snapshotNodeName("top")
                .build()));
        return Await.value(new Jobs(client)
                .start(BlockStream.builder()
                        .jobId("slow")
                        .device("top")
                        .speed(SLOW)
                        .build()));
    }

    private static void hurry(QemuVm vm) {
        vm.control().execute("block-job-set-speed", Map.of("device", "slow", "speed", 0));
    }

    private static void awaitConcluded(QemuVm vm) {
        vm.control()
                .awaitEvent(
                        "JOB_STATUS_CHANGE",
                        data -> data.path("status").asText().equals("concluded"),
                        Duration.ofSeconds(30));
    }

    @Test
    void events_and_commands_go_on_after_a_cut() throws Exception {
        try (QemuVm vm = vm().uuid(UUID.randomUUID()).start()) {
            connectThroughRelay(vm.monitor());
            for (int connection = 2; connection < 12; connection++) {
                relay.cut();
                await(Lost.class);
                relay.mend();
                await(Connected.class);
                assertThat(Await.value(client.execute("query-name"))
                                .path("name")
                                .asText())
                        .isEqualTo(vm.name());
                vm.control().execute("stop");
                awaitEvent("STOP");
                vm.control().execute("cont");
                awaitEvent("RESUME");
                assertThat(((Connected) client.state()).connection()).isEqualTo(connection);
            }
        }
    }

    @Test
    void a_job_that_runs_across_the_cut_is_watched_to_its_end() throws Exception {
        try (QemuVm vm = vm().start()) {
            connectThroughRelay(vm.monitor());
            Job job = slowJob(vm);
            relay.cut();
            await(Lost.class);
            relay.mend();
            await(Connected.class);
            assertThat(job.done()).isNotDone();
            hurry(vm);
            JobInfo last = Await.value(job.done());
            assertThat(last.status()).isEqualTo(JobStatus.CONCLUDED);
            assertThat(Await.value(new Jobs(client).list())).as("dismissed").isEmpty();
        }
    }

    @Test
    void a_job_that_ended_without_a_connection_is_found_to_have_ended() throws Exception {
        try (QemuVm vm = vm().start()) {
            connectThroughRelay(vm.monitor());
            Job job = slowJob(vm);
            relay.cut();
            await(Lost.class);
            hurry(vm);
            awaitConcluded(vm);
            assertThat(job.done()).isNotDone();
            relay.mend();
            assertThat(Await.value(job.done()).error()).isNull();
            assertThat(Await.value(new Jobs(client).find(new JobId("slow")))).isEmpty();
        }
    }

    @Test
    void a_job_that_ended_unseen_and_was_dismissed_by_another_has_an_unknown_outcome() throws Exception {
        try (QemuVm vm = vm().start()) {
            connectThroughRelay(vm.monitor());
            Job job = slowJob(vm);
            relay.cut();
            await(Lost.class);
            hurry(vm);
            awaitConcluded(vm);
            vm.control().execute("job-dismiss", Map.of("id", "slow"));
            relay.mend();
            assertThat(Await.failure(job.done(), OutcomeUnknownException.class).reason())
                    .isEqualTo(OutcomeUnknownException.Reason.VANISHED);
        }
    }

    @Test
    void a_qemu_that_was_killed_and_replaced_by_its_like_is_noticed_by_its_process() throws Exception {
        Path socket = folder.resolve("q");
        UUID uuid = UUID.randomUUID();
        QemuVm.Builder same = vm().uuid(uuid).args("-qmp", "unix:" + socket + ",server=on,wait=off");
        Job job;
        int pid;
        try (QemuVm vm = same.start()) {
            connect(socket);
            pid = client.peer().orElseThrow().pid();
            assertThat(pid).isEqualTo((int) vm.pid());
            job = slowJob(vm);
            vm.kill();
            await(Lost.class);
        }
        try (QemuVm vm = same.start()) {
            DifferentPeerException cause = Await.failure(client.closed(), DifferentPeerException.class);
            assertThat(cause).hasMessageContaining("process " + vm.pid() + " instead of " + pid);
            await(GaveUp.class);
            assertThat(Await.failure(job.done(), OutcomeUnknownException.class).reason())
                    .isEqualTo(OutcomeUnknownException.Reason.CONNECTION_LOST);
            // The newcomer's monitor is free again.
            try (QmpClient next = Await.value(QmpClient.connect(QmpAddress.unix(socket)))) {
                assertThat(next.peer().orElseThrow().pid()).isEqualTo((int) vm.pid());
            }
        }
    }

    @Test
    void another_machine_is_noticed_by_its_uuid_where_processes_cannot_be_told() throws Exception {
        try (QemuVm one = vm().uuid(UUID.randomUUID()).start();
                QemuVm other = vm().uuid(UUID.randomUUID()).start()) {
            connectThroughRelay(one.monitor());
            relay.cut();
            await(Lost.class);
            relay.mendTo(other.monitor());
            assertThat(Await.failure(client.closed(), DifferentPeerException.class))
                    .hasMessageContaining("the machine ");
        }
    }

    @Test
    void a_guests_own_end_is_not_followed_by_attempts() throws Exception {
        try (QemuVm vm = vm().start()) {
            connect(vm.monitor());
            vm.quit();
            await(GaveUp.class);
            assertThat(heard).noneMatch(ConnectionState.Reconnecting.class::isInstance);
        }
    }

    @Test
    @RequiresStorageDaemon
    void a_storage_daemon_is_connected_to_again() throws Exception {
        try (StorageDaemon daemon = StorageDaemon.builder().start()) {
            relay = new Relay(folder.resolve("r"), daemon.monitor());
            client = Await.value(ReconnectingClient.connect(
                    QmpAddress.unix(folder.resolve("r")),
                    QmpClientOptions.builder().transport(TransportKind.NIO).build(),
                    SOON));
            client.onState(heard::add);
            relay.cut();
            await(Lost.class);
            relay.mend();
            await(Connected.class);
            Await.value(client.execute("query-block-exports"));
        }
    }
}
