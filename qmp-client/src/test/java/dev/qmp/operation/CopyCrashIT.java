package dev.qmp.operation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.qmp.Await;
import dev.qmp.QmpClient;
import dev.qmp.block.BlockGraph;
import dev.qmp.block.BlockOperations;
import dev.qmp.block.CopyRequest;
import dev.qmp.block.CopyRequest.Ending;
import dev.qmp.block.Disk;
import dev.qmp.block.Layer;
import dev.qmp.error.QmpException;
import dev.qmp.error.UnsafeOperationException;
import dev.qmp.fixtures.qemu.DiskSpec;
import dev.qmp.fixtures.qemu.GuestDisk;
import dev.qmp.fixtures.qemu.QemuImg;
import dev.qmp.fixtures.qemu.QemuVm;
import dev.qmp.fixtures.qemu.RequiresQemu;
import dev.qmp.operation.OperationResult.End;
import dev.qmp.operation.Standing.Situation;
import dev.qmp.plan.Plan;
import dev.qmp.plan.Step;
import dev.qmp.transport.QmpAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A copy of a writing guest's disk that is cut short after each line of its journal, and by QEMU's death at each step. */
@RequiresQemu
@Timeout(300)
class CopyCrashIT {

    @TempDir
    Path state;

    @TempDir
    Path images;

    private QemuVm vm;
    private QmpClient client;
    private int copies;

    @BeforeEach
    void start() {
        Path base = images.resolve("base.qcow2");
        QemuImg.create(base, "qcow2", "16M");
        boot(QemuVm.builder().guest().disk(DiskSpec.blockdev("base").qdev("vda").existing(base)));
        vm.awaitGuestUp();
        vm.awaitGuestWrites(8);
    }

    private void boot(QemuVm.Builder builder) {
        vm = builder.start();
        client = Await.value(QmpClient.connect(QmpAddress.unix(vm.monitor())));
    }

    @AfterEach
    void stop() {
        client.close();
        vm.close();
    }

    private void reconnect() {
        client.close();
        client = Await.value(QmpClient.connect(QmpAddress.unix(vm.monitor())));
    }

    private BlockGraph graph() {
        return Await.value(new BlockOperations(client).graph());
    }

    private List<String> chain() {
        Disk disk = graph().disk("vda");
        return disk.layers().stream().map(Layer::file).toList();
    }

    private Path next() {
        return images.resolve("copy-" + copies++ + ".qcow2");
    }

    private Plan plan(Path to, Ending ending) {
        CopyRequest request = CopyRequest.builder("vda", to.toString(), ending).build();
        return Await.value(new BlockOperations(client).plan(request)).plan();
    }

    private static int lines(Plan plan) {
        return 1 + 2 * plan.steps().size();
    }

    private void crash(int lastLine, Plan plan) {
        try {
            RunningOperation running = new Operations(client, state, Killed.after(lastLine))
                    .start(plan, JsonNodeFactory.instance.objectNode(), false, OperationListener.NONE);
            Await.failure(running.done(), Killed.class);
        } catch (Killed atOnce) {
            // The first line is written by the caller's thread.
        }
        reconnect();
    }

    private static boolean open(BlockGraph graph) {
        return graph.nodes().keySet().stream().anyMatch(node -> node.value().contains("-copy"));
    }

    private void contentIsWhole() {
        vm.awaitGuestWrites(8);
        long counted = vm.guestCounter();
        Path active = Path.of(chain().get(0));
        vm.quit();
        QemuImg.check(active, "qcow2");
        assertThat(GuestDisk.verify(active, "qcow2")).isGreaterThanOrEqualTo(counted - 1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Ending.class,
            names = {"KEEP", "PIVOT"})
    void whatever_line_of_the_journal_is_the_last_resuming_ends_as_if_nothing_had_happened(Ending ending)
            throws Exception {
        int lines = lines(plan(images.resolve("none.qcow2"), ending));
        for (int last = 1; last <= lines; last++) {
            Path copy = next();
            Plan plan = plan(copy, ending);
            crash(last, plan);
            assertThat(Operations.open(state)).as("after line %d", last).hasSize(1);

            OperationResult result = Await.value(new Operations(client, state)
                    .resume("copy-1", OperationListener.NONE)
                    .done());

            assertThat(result.end()).as("after line %d", last).isEqualTo(End.DONE);
            assertThat(chain())
                    .as("after line %d", last)
                    .isEqualTo(plan.disks().get(0).after());
            assertThat(graph().jobs()).isEmpty();
            assertThat(Operations.open(state)).isEmpty();
            if (ending == Ending.KEEP) {
                assertThat(open(graph())).as("after line %d", last).isFalse();
                QemuImg.check(copy, "qcow2");
                GuestDisk.verify(copy, "qcow2");
            }
        }
        contentIsWhole();
    }

    @ParameterizedTest
    @EnumSource(
            value = Ending.class,
            names = {"KEEP", "PIVOT"})
    void whatever_line_of_the_journal_is_the_last_undoing_leaves_nothing_or_says_that_it_is_too_late(Ending ending)
            throws Exception {
        int lines = lines(plan(images.resolve("none.qcow2"), ending));
        for (int last = 1; last <= lines; last++) {
            Path copy = next();
            Plan plan = plan(copy, ending);
            crash(last, plan);
            Operations operations = new Operations(client, state);
            boolean changed =
                    ending == Ending.PIVOT && chain().equals(plan.disks().get(0).after());

            RunningOperation undo = operations.undo("copy-1", OperationListener.NONE);

            if (changed) {
                UnsafeOperationException late = Await.failure(undo.done(), UnsafeOperationException.class);
                assertThat(late.check()).isEqualTo("not-undoable");
                Await.value(operations.resume("copy-1", OperationListener.NONE).done());
            } else {
                assertThat(Await.value(undo.done()).end())
                        .as("after line %d", last)
                        .isEqualTo(End.UNDONE);
                assertThat(chain()).isEqualTo(plan.disks().get(0).before());
                assertThat(copy).as("after line %d", last).doesNotExist();
                assertThat(graph().nodes().keySet())
                        .as("after line %d", last)
                        .noneMatch(node -> plan.commands().toString().contains("\"node-name\":\"" + node + "\""));
            }
            assertThat(graph().jobs()).as("after line %d", last).isEmpty();
            assertThat(Operations.open(state)).isEmpty();
        }
        contentIsWhole();
    }

    /** Each time QEMU is started again with the file that the journal names, and once with the other one. */
    @ParameterizedTest
    @EnumSource(
            value = Ending.class,
            names = {"KEEP", "PIVOT"})
    void whenever_qemu_dies_the_journal_names_the_file_that_has_every_write(Ending ending) throws Exception {
        int steps = plan(images.resolve("none.qcow2"), ending).steps().size();
        for (int step = 0; step < steps; step++) {
            Path copy = next();
            Plan plan = plan(copy, ending);
            long counted = die(step, plan);
            OpenOperation open = Operations.open(state).get(0);
            Path active = Path.of(open.startWith(plan.disks().get(0)).orElseThrow());
            boolean moved = active.equals(copy);
            // A job that was pending when QEMU died lets the next step begin, and both files are equal.
            if (step != finalizing(plan) - 1) {
                assertThat(moved).as("at step %d", step).isEqualTo(ending == Ending.PIVOT && step >= finalizing(plan));
            }
            QemuImg.check(active, "qcow2");
            assertThat(GuestDisk.verify(active, "qcow2")).as("at step %d", step).isGreaterThanOrEqualTo(counted - 1);

            boot(QemuVm.builder().disk(DiskSpec.blockdev("base").qdev("vda").existing(active)));
            Operations operations = new Operations(client, state);
            Standing standing = Await.value(operations.standing(open));
            assertThat(standing.situation())
                    .as("at step %d: %s", step, standing)
                    .isEqualTo(moved ? Situation.CHANGED : Situation.FORGOTTEN);
            RunningOperation way = moved
                    ? operations.resume("copy-1", OperationListener.NONE)
                    : operations.undo("copy-1", OperationListener.NONE);
            Await.value(way.done());

            assertThat(Operations.open(state)).isEmpty();
            assertThat(active).exists();
            assertThat(Files.exists(copy)).as("at step %d", step).isEqualTo(moved);
            stop();
            start();
        }
        contentIsWhole();
    }

    @Test
    void started_with_the_old_file_the_copy_that_has_the_last_writes_is_not_removed() throws Exception {
        Path copy = next();
        Plan plan = plan(copy, Ending.PIVOT);
        die(finalizing(plan) + 1, plan);
        OpenOperation open = Operations.open(state).get(0);

        boot(QemuVm.builder().disk(DiskSpec.blockdev("base").qdev("vda").existing(images.resolve("base.qcow2"))));
        Operations operations = new Operations(client, state);
        assertThat(Await.value(operations.standing(open)).situation()).isEqualTo(Situation.OVERTAKEN);
        Await.value(operations.undo("copy-1", OperationListener.NONE).done());

        assertThat(copy).exists();
        GuestDisk.verify(copy, "qcow2");
        assertThat(Operations.open(state)).isEmpty();
    }

    private static int finalizing(Plan plan) {
        for (int i = 0; i < plan.steps().size(); i++) {
            if (plan.steps().get(i) instanceof Step.EndJob end && end.ending() == Step.Ending.FINALIZE) {
                return i;
            }
        }
        return plan.steps().size();
    }

    /** Kills QEMU when a step has been written down, and returns how far its guest had counted. */
    private long die(int at, Plan plan) {
        AtomicLong counted = new AtomicLong();
        RunningOperation running = new Operations(client, state)
                .start(plan, JsonNodeFactory.instance.objectNode(), false, new OperationListener() {
                    @Override
                    public void step(int number, Step step) {
                        if (number == at) {
                            counted.set(vm.guestCounter());
                            vm.kill();
                        }
                    }
                });
        Await.failure(running.done(), QmpException.class);
        client.close();
        vm.close();
        return counted.get();
    }
}
