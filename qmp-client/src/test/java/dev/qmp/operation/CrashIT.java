package dev.qmp.operation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qmp.Await;
import dev.qmp.block.CommitRequest;
import dev.qmp.error.UnsafeOperationException;
import dev.qmp.fixtures.qemu.GuestDisk;
import dev.qmp.fixtures.qemu.RequiresQemu;
import dev.qmp.plan.DiskChange;
import dev.qmp.plan.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The crash matrix of commits; copies have one of their own. Each is cut short after each line of its journal, by the end of our process or by the end of
 * QEMU, while the guest writes. Afterwards it is finished or undone, no write that the guest was told is done is lost, every
 * image is sound, and no file is gone that a chain needs.
 */
@RequiresQemu
@Timeout(600)
class CrashIT {

    @TempDir
    Path folder;

    /** An operation, as its plan for a machine with two snapshots or more. */
    private enum Kind {
        COMMIT_INTERMEDIATE {
            @Override
            Plan plan(Machine machine) {
                List<String> files = machine.files();
                return Await.value(machine.block()
                                .plan(CommitRequest.of("vda", files.get(1), files.get(2))
                                        .deleting()))
                        .plan();
            }
        },
        COMMIT_ACTIVE {
            @Override
            Plan plan(Machine machine) {
                return Await.value(machine.block()
                                .plan(CommitRequest.of(
                                                "vda", null, machine.files().get(1))
                                        .deleting()))
                        .plan();
            }
        },
        COMMIT_KEEPING_THE_OVERLAY {
            @Override
            Plan plan(Machine machine) {
                return Await.value(machine.block()
                                .plan(CommitRequest.of(
                                                "vda", null, machine.files().get(1))
                                        .keepingOverlay()))
                        .plan();
            }
        };

        abstract Plan plan(Machine machine);
    }

    private static int lines(Plan plan) {
        return 1 + 2 * plan.steps().size();
    }

    @TestFactory
    Stream<DynamicTest> our_process_ends_and_the_operation_is_resumed() {
        return Stream.of(Kind.values())
                .map(kind -> DynamicTest.dynamicTest(kind.name(), () -> {
                    try (Machine machine = Machine.writing(images(kind, "resume"), state(kind, "resume"))) {
                        for (int mark : Marks.upTo(lines(kind.plan(machine))).toArray()) {
                            Plan plan = kind.plan(machine);
                            machine.crashAfter(mark, plan);

                            OperationResult result = Await.value(machine.operations()
                                    .resume(
                                            Operations.open(machine.state)
                                                    .get(0)
                                                    .id(),
                                            OperationListener.NONE)
                                    .done());

                            assertThat(result.end()).as("line %d", mark).isEqualTo(OperationResult.End.DONE);
                            assertThat(machine.files())
                                    .as("line %d", mark)
                                    .isEqualTo(change(plan).after());
                            assertThat(machine.graph().jobs())
                                    .as("line %d", mark)
                                    .isEmpty();
                            machine.nothingIsOpen();
                            while (machine.files().size() < 3) {
                                machine.snapshot();
                            }
                        }
                        machine.contentIsWhole();
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> our_process_ends_and_the_operation_is_undone_or_too_late_for_that() {
        return Stream.of(Kind.values())
                .map(kind -> DynamicTest.dynamicTest(kind.name(), () -> {
                    try (Machine machine = Machine.writing(images(kind, "undo"), state(kind, "undo"))) {
                        for (int mark : Marks.upTo(lines(kind.plan(machine))).toArray()) {
                            Set<Path> before = listed(machine.images);
                            Plan plan = kind.plan(machine);
                            machine.crashAfter(mark, plan);
                            String id = Operations.open(machine.state).get(0).id();
                            boolean changed =
                                    !change(plan).before().equals(change(plan).after())
                                            && machine.files()
                                                    .equals(change(plan).after());

                            RunningOperation undo = machine.operations().undo(id, OperationListener.NONE);

                            if (changed) {
                                assertThat(Await.failure(undo.done(), UnsafeOperationException.class)
                                                .check())
                                        .as("line %d", mark)
                                        .isEqualTo("not-undoable");
                                Await.value(machine.operations()
                                        .resume(id, OperationListener.NONE)
                                        .done());
                            } else {
                                assertThat(Await.value(undo.done()).end())
                                        .as("line %d", mark)
                                        .isEqualTo(OperationResult.End.UNDONE);
                                assertThat(machine.files())
                                        .as("line %d", mark)
                                        .isEqualTo(change(plan).before());
                                assertThat(listed(machine.images))
                                        .as("line %d", mark)
                                        .isEqualTo(before);
                            }
                            assertThat(machine.graph().jobs())
                                    .as("line %d", mark)
                                    .isEmpty();
                            machine.nothingIsOpen();
                            while (machine.files().size() < 3) {
                                machine.snapshot();
                            }
                        }
                        machine.contentIsWhole();
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> qemu_ends_and_is_started_with_the_file_that_the_journal_names() {
        return Stream.of(Kind.values())
                .map(kind -> DynamicTest.dynamicTest(kind.name(), () -> {
                    int lines = 1;
                    for (int mark = 1; mark <= lines; mark++) {
                        if (mark > 1 && !Marks.tried(mark, lines)) {
                            continue;
                        }
                        Path images = images(kind, "qemu-" + mark);
                        Path state = state(kind, "qemu-" + mark);
                        long written;
                        DiskChange change;
                        try (Machine machine = Machine.writing(images, state)) {
                            Plan plan = kind.plan(machine);
                            change = change(plan);
                            lines = lines(plan);
                            written = killAfter(mark, machine, plan);
                        }
                        OpenOperation open = Operations.open(state).get(0);
                        Path active = Path.of(open.startWith(change).orElseThrow());
                        assertThat(GuestDisk.verify(active, "qcow2"))
                                .as("line %d: %s", mark, active)
                                .isGreaterThanOrEqualTo(written);
                        try (Machine machine = Machine.again(images, state, active)) {
                            Operations operations = machine.operations();
                            boolean finish =
                                    Await.value(operations.standing(open)).situation() == Standing.Situation.CHANGED;
                            RunningOperation ending = finish
                                    ? operations.resume(open.id(), OperationListener.NONE)
                                    : operations.undo(open.id(), OperationListener.NONE);
                            assertThat(Await.value(ending.done()).end())
                                    .as("line %d", mark)
                                    .isEqualTo(finish ? OperationResult.End.DONE : OperationResult.End.UNDONE);
                            machine.nothingIsOpen();
                            machine.vm.quit();
                        }
                        assertThat(GuestDisk.verify(active, "qcow2"))
                                .as("line %d", mark)
                                .isGreaterThanOrEqualTo(written);
                    }
                }));
    }

    /** Kills QEMU when so many lines are in the journal; returns how many writes the guest had been told are done. */
    private static long killAfter(int lines, Machine machine, Plan plan) {
        long[] written = new long[1];
        int[] count = new int[1];
        Runnable kill = () -> {
            if (++count[0] == lines) {
                // It counts before it writes.
                written[0] = machine.vm.guestCounter() - 1;
                machine.vm.kill();
            }
        };
        RunningOperation running = machine.begin(new Operations(machine.client, machine.state, kill), plan);
        Await.value(running.done().handle((result, failure) -> {
            assertThat(failure).as("line %d: QEMU is gone", lines).isNotNull();
            return true;
        }));
        return written[0];
    }

    private static DiskChange change(Plan plan) {
        return plan.disks().get(0);
    }

    private static Set<Path> listed(Path images) throws IOException {
        try (Stream<Path> files = Files.list(images)) {
            return files.collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private Path images(Kind kind, String what) throws IOException {
        return Files.createDirectories(folder.resolve(kind.name()).resolve(what).resolve("images"));
    }

    private Path state(Kind kind, String what) {
        return folder.resolve(kind.name()).resolve(what).resolve("state");
    }
}
