package dev.qmp.operation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.plan.DiskChange;
import dev.qmp.plan.Effect;
import dev.qmp.plan.Plan;
import dev.qmp.plan.Step;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An operation that was begun and has not ended, as its journal has it.
 *
 * @param id what it is called, for example {@code commit-1}
 * @param since when it was begun
 * @param plan all that it was to do
 * @param begun how many of the plan's steps were begun
 * @param done how many of them were done: the same, or one less
 * @param failure what ended it, in QEMU's words; null where nothing says
 * @param undoing whether it was being undone
 * @param extras steps besides the plan's that are to be taken back
 * @param attachment what its caller gave along
 */
public record OpenOperation(
        String id,
        Instant since,
        Plan plan,
        int begun,
        int done,
        @Nullable String failure,
        boolean undoing,
        List<Step.Send> extras,
        ObjectNode attachment,
        int qemuPid,
        long qemuStarted,
        String qemuBoot) {

    public OpenOperation {
        extras = List.copyOf(extras);
    }

    QemuIdentity qemu() {
        return new QemuIdentity(qemuPid, qemuStarted, qemuBoot);
    }

    /** The step at which it stands: the first that is not known to be done; empty where all are. */
    public Optional<Step> at() {
        return done < plan.steps().size() ? Optional.of(plan.steps().get(done)) : Optional.empty();
    }

    /** Whether the guest may write to the files that come after by now: both are equal before this point, not after it. */
    public boolean pivoted() {
        List<Step> all = plan.steps();
        boolean marked = all.stream().anyMatch(OpenOperation::noReturn);
        return all.subList(0, begun).stream().anyMatch(marked ? OpenOperation::noReturn : OpenOperation::pivots);
    }

    /** Where the files differ in what they hold, a plan says when the guest leaves the old ones for good. */
    private static boolean noReturn(Step step) {
        return step instanceof Step.Send send && send.effect() instanceof Effect.PointOfNoReturn;
    }

    private static boolean pivots(Step step) {
        return (step instanceof Step.EndJob end && end.ending() == Step.Ending.FINALIZE)
                || (step instanceof Step.Send send
                        && (send.effect() instanceof Effect.RootNode || send.effect() instanceof Effect.ChainsChanged));
    }

    /** The file that QEMU has to be started with for a disk, if it has ended since; empty for a disk of no file. */
    public Optional<String> startWith(DiskChange disk) {
        List<String> chain = pivoted() ? disk.after() : disk.before();
        return chain.stream().findFirst();
    }

    /** The files that the guest may have written to when its QEMU ended, though it did not before. */
    Set<String> writtenLast() {
        return pivoted()
                ? plan.disks().stream()
                        .filter(DiskChange::movesActive)
                        .map(disk -> disk.after().get(0))
                        .collect(Collectors.toSet())
                : Set.of();
    }
}
