package dev.qmp.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.qmp.Await;
import dev.qmp.QmpClient;
import dev.qmp.block.BlockOperations;
import dev.qmp.block.Disk;
import dev.qmp.block.Layer;
import dev.qmp.block.SnapshotRequest;
import dev.qmp.block.SnapshotRequest.Existing;
import dev.qmp.error.CommandFailedException;
import dev.qmp.error.UnsafeOperationException;
import dev.qmp.fixtures.qemu.DiskSpec;
import dev.qmp.fixtures.qemu.GuestDisk;
import dev.qmp.fixtures.qemu.QemuVm;
import dev.qmp.fixtures.qemu.RequiresQemu;
import dev.qmp.job.JobId;
import dev.qmp.plan.DiskChange;
import dev.qmp.plan.Effect;
import dev.qmp.plan.Plan;
import dev.qmp.plan.Step;
import dev.qmp.plan.Step.AwaitJob;
import dev.qmp.plan.Step.EndJob;
import dev.qmp.plan.Step.Ending;
import dev.qmp.plan.Step.Point;
import dev.qmp.plan.Step.RemoveFile;
import dev.qmp.plan.Step.Send;
import dev.qmp.plan.Step.StartJob;
import dev.qmp.plan.Step.Verify;
import dev.qmp.plan.Undo;
import dev.qmp.qapi.BlockCommit;
import dev.qmp.qapi.RawCommand;
import dev.qmp.transport.QmpAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Plans on a real QEMU whose guest writes: carried out, refused in the middle, cut short and gone on with. */
@RequiresQemu
@Timeout(120)
class OperationsIT {

    private static final JobId JOB = new JobId("commit-vda");

    @TempDir
    Path state;

    private QemuVm vm;
    private QmpClient client;

    @BeforeEach
    void start() {
        vm = QemuVm.builder()
                .guest()
                .disk(DiskSpec.blockdev("base").qdev("vda"))
                .start();
        client = Await.value(QmpClient.connect(QmpAddress.unix(vm.monitor())));
        vm.awaitGuestUp();
        snapshot("snap1");
        vm.awaitGuestWrites(20);
        snapshot("snap2");
        vm.awaitGuestWrites(20);
    }

    @AfterEach
    void stop() {
        client.close();
        vm.close();
    }

    private void snapshot(String name) {
        BlockOperations block = new BlockOperations(client);
        SnapshotRequest request = new SnapshotRequest(name, List.of(), Existing.REFUSE);
        Await.value(block.run(Await.value(block.plan(request))));
    }

    private Disk disk() {
        return Await.value(new BlockOperations(client).graph()).disk("vda");
    }

    /** snap1 goes down into the base, and its file away. */
    private Plan commit(Step... more) {
        Disk disk = disk();
        List<Layer> layers = disk.layers();
        List<String> files = layers.stream().map(Layer::file).toList();
        List<Step> steps = new ArrayList<>(List.of(
                StartJob.of(
                        BlockCommit.builder()
                                .jobId(JOB.value())
                                .device(layers.get(0).node().value())
                                .topNode(layers.get(1).node().value())
                                .baseNode(layers.get(2).node().value())
                                .autoFinalize(false)
                                .build(),
                        "vda"),
                new AwaitJob(JOB, Point.PENDING)));
        steps.addAll(List.of(more));
        steps.addAll(List.of(
                new EndJob(JOB, Ending.FINALIZE),
                new AwaitJob(JOB, Point.ENDED),
                new Verify(),
                new RemoveFile(files.get(1))));
        return new Plan(
                "commit",
                "vda",
                List.of(new DiskChange(
                        "vda", disk.backend(), disk.qomPath(), files, List.of(files.get(0), files.get(2)))),
                steps);
    }

    private RunningOperation begin(Operations operations, Plan plan) {
        return operations.start(plan, JsonNodeFactory.instance.objectNode(), false, OperationListener.NONE);
    }

    private void crash(int lastLine, Plan plan) {
        RunningOperation running;
        try {
            running = begin(new Operations(client, state, Killed.after(lastLine)), plan);
        } catch (Killed atOnce) {
            return;
        }
        Await.failure(running.done(), Killed.class);
    }

    private void contentIsWhole() throws Exception {
        vm.awaitGuestWrites(10);
        Path active = Path.of(disk().layers().get(0).file());
        vm.quit();
        GuestDisk.verify(active, "qcow2");
    }

    @Test
    void a_plan_is_carried_out_and_leaves_no_journal() throws Exception {
        Plan plan = commit();

        OperationResult result =
                Await.value(begin(new Operations(client, state), plan).done());

        assertThat(result.end()).isEqualTo(OperationResult.End.DONE);
        assertThat(result.removed())
                .containsExactly(plan.disks().get(0).before().get(1));
        assertThat(Path.of(result.removed().get(0))).doesNotExist();
        assertThat(disk().layers())
                .extracting(Layer::file)
                .isEqualTo(plan.disks().get(0).after());
        assertThat(Operations.open(state)).isEmpty();
        contentIsWhole();
    }

    @Test
    void whatever_line_of_the_journal_is_the_last_resuming_ends_as_if_nothing_had_happened() throws Exception {
        Plan plan = commit();
        int lines = 1 + 2 * plan.steps().size();
        for (int last = 1; last <= lines; last++) {
            Plan again = last == 1 ? plan : recreated();
            crash(last, again);
            reconnect();
            assertThat(Operations.open(state)).as("after line %d", last).hasSize(1);

            OperationResult result = Await.value(new Operations(client, state)
                    .resume("commit-1", OperationListener.NONE)
                    .done());

            assertThat(result.end()).as("after line %d", last).isEqualTo(OperationResult.End.DONE);
            assertThat(disk().layers())
                    .extracting(Layer::file)
                    .isEqualTo(again.disks().get(0).after());
            assertThat(Path.of(again.disks().get(0).before().get(1))).doesNotExist();
            assertThat(Operations.open(state)).isEmpty();
        }
        contentIsWhole();
    }

    @Test
    void whatever_line_of_the_journal_is_the_last_undoing_restores_or_says_that_it_is_too_late() throws Exception {
        int lines = 1 + 2 * commit().steps().size();
        for (int last = 1; last <= lines; last++) {
            Plan plan = last == 1 ? commit() : recreated();
            crash(last, plan);
            reconnect();
            Operations operations = new Operations(client, state);
            boolean changed = disk().layers().size() == 2;

            RunningOperation undo = operations.undo("commit-1", OperationListener.NONE);

            if (changed) {
                UnsafeOperationException late = Await.failure(undo.done(), UnsafeOperationException.class);
                assertThat(late.check()).isEqualTo("not-undoable");
                Await.value(
                        operations.resume("commit-1", OperationListener.NONE).done());
            } else {
                assertThat(Await.value(undo.done()).end()).isEqualTo(OperationResult.End.UNDONE);
                assertThat(disk().layers())
                        .extracting(Layer::file)
                        .isEqualTo(plan.disks().get(0).before());
                Await.value(begin(operations, plan).done());
            }
            assertThat(Operations.open(state)).isEmpty();
        }
        contentIsWhole();
    }

    /** The chain has lost a layer: it gets a new one, for the next commit. */
    private Plan recreated() {
        snapshot("snap-" + System.nanoTime());
        vm.awaitGuestWrites(5);
        return commit();
    }

    private void reconnect() {
        client.close();
        client = Await.value(QmpClient.connect(QmpAddress.unix(vm.monitor())));
    }

    @Test
    void a_refused_step_takes_back_all_that_was_done_before_it() throws Exception {
        Path made = vm.folder().resolve("made.raw");
        Files.createFile(made);
        Plan plan = commit(
                new Send(
                        RawCommand.of("blockdev-add")
                                .with("driver", "file")
                                .with("node-name", "made")
                                .with("filename", made.toString()),
                        new Effect.NodesExist(List.of("made")),
                        List.of(
                                new Undo.Command(RawCommand.of("blockdev-del").with("node-name", "made")),
                                new Undo.Remove(made.toString()))),
                Send.of(RawCommand.of("blockdev-del").with("node-name", "nobody"), new Effect.NodeGone("nobody")));

        CommandFailedException refused =
                Await.failure(begin(new Operations(client, state), plan).done(), CommandFailedException.class);

        assertThat(refused.desc()).contains("nobody");
        assertThat(refused.hint()).hasValueSatisfying(hint -> assertThat(hint).contains("all was taken back"));
        assertThat(disk().layers())
                .extracting(Layer::file)
                .isEqualTo(plan.disks().get(0).before());
        assertThat(made).doesNotExist();
        assertThat(Await.value(new BlockOperations(client).graph()).jobs()).isEmpty();
        assertThat(Operations.open(state)).isEmpty();
        contentIsWhole();
    }

    @Test
    void a_job_of_the_same_id_that_is_in_the_way_is_somebody_elses_and_stays() throws Exception {
        Plan plan = commit();
        Path other = vm.folder().resolve("other.raw");
        Await.value(client.execute(RawCommand.of("blockdev-create")
                .with("job-id", JOB.value())
                .with(
                        "options",
                        JsonNodeFactory.instance
                                .objectNode()
                                .put("driver", "file")
                                .put("filename", other.toString())
                                .put("size", 65536))));

        CommandFailedException refused =
                Await.failure(begin(new Operations(client, state), plan).done(), CommandFailedException.class);

        assertThat(refused.desc()).contains(JOB.value());
        assertThat(Await.value(new BlockOperations(client).graph()).jobs())
                .extracting(job -> job.id())
                .containsExactly(JOB);
        assertThat(Operations.open(state)).isEmpty();
    }

    @Test
    void one_client_at_a_time_works_on_a_guest_and_the_other_is_told_who() throws Exception {
        try (OperationLock lock = OperationLock.take(state, "commit of vda")) {
            assertThat(lock).isNotNull();
            assertThatExceptionOfType(UnsafeOperationException.class)
                    .isThrownBy(() -> begin(new Operations(client, state), commit()))
                    .satisfies(refused -> assertThat(refused.check()).isEqualTo("guest-locked"))
                    .withMessageContaining("PID " + ProcessHandle.current().pid())
                    .withMessageContaining("commit of vda");
        }
        Await.value(begin(new Operations(client, state), commit()).done());
    }

    @Test
    void a_disk_with_an_open_operation_takes_no_other_one() {
        Await.failure(
                begin(new Operations(client, state, Killed.after(4)), commit()).done(), Killed.class);

        assertThatExceptionOfType(UnsafeOperationException.class)
                .isThrownBy(() -> begin(new Operations(client, state), commit()))
                .satisfies(refused -> assertThat(refused.check()).isEqualTo("operation-open"))
                .withMessageContaining("commit-1");
    }

    @Test
    void left_running_the_operation_is_open_and_resuming_finishes_it() throws Exception {
        Operations operations = new Operations(client, state);
        OperationResult left = Await.value(operations
                .start(commit(), JsonNodeFactory.instance.objectNode(), true, OperationListener.NONE)
                .done());

        assertThat(left.end()).isEqualTo(OperationResult.End.LEFT_RUNNING);
        OpenOperation open = Operations.open(state).get(0);
        assertThat(Await.value(operations.standing(open)).situation()).isEqualTo(Standing.Situation.UNDER_WAY);
        assertThat(Await.value(operations
                                .resume(open.id(), OperationListener.NONE)
                                .done())
                        .end())
                .isEqualTo(OperationResult.End.DONE);
        contentIsWhole();
    }

    @Test
    void what_was_done_besides_is_taken_back_at_the_end() {
        RunningOperation running = besides(new Operations(client, state));

        Await.value(running.done());

        assertThat(objects()).doesNotContain("besides");
        Await.failure(running.also(besides()), IllegalStateException.class);
    }

    @Test
    void what_was_done_besides_is_taken_back_after_a_crash() {
        for (boolean finish : List.of(true, false)) {
            Await.failure(
                    besides(new Operations(client, state, Killed.after(6))).done(), Killed.class);
            assertThat(objects()).contains("besides");
            Operations operations = new Operations(client, state);

            Await.value(
                    finish
                            ? operations
                                    .resume("commit-1", OperationListener.NONE)
                                    .done()
                            : operations
                                    .undo("commit-1", OperationListener.NONE)
                                    .done());

            assertThat(objects()).doesNotContain("besides");
            snapshot("snap-" + finish);
        }
    }

    /** Adds an object to QEMU when the job is waited for. */
    private RunningOperation besides(Operations operations) {
        CompletableFuture<RunningOperation> running = new CompletableFuture<>();
        running.complete(operations.start(
                commit(), JsonNodeFactory.instance.objectNode(), false, new OperationListener() {
                    @Override
                    public void step(int number, Step step) {
                        if (number == 1) {
                            Await.value(Await.value(running).also(besides()));
                        }
                    }
                }));
        return Await.value(running);
    }

    private static Send besides() {
        return new Send(
                RawCommand.of("object-add").with("qom-type", "iothread").with("id", "besides"),
                new Effect.Repeatable(),
                List.of(new Undo.Command(RawCommand.of("object-del").with("id", "besides"))));
    }

    private String objects() {
        return Await.value(client.execute(RawCommand.of("qom-list").with("path", "/objects")))
                .toString();
    }
}
