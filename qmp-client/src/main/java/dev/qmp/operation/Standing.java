package dev.qmp.operation;

import dev.qmp.block.BlockGraph;
import dev.qmp.job.JobInfo;
import dev.qmp.plan.DiskChange;
import dev.qmp.plan.Step;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How an unfinished operation stands now.
 *
 * @param text what is true, for people
 * @param advice what to do about it
 */
public record Standing(Situation situation, String text, String advice) {

    /** How far an operation got. */
    public enum Situation {
        /** It was begun on this QEMU, and can go on there. */
        UNDER_WAY,
        /** The chains are as they are to be: what is left is to tidy up. */
        CHANGED,
        /** QEMU was started again since, with the chains as before: nothing of it is in effect. */
        FORGOTTEN,
        /** QEMU was started again since, with a file that the guest had left behind when it ended. */
        OVERTAKEN,
        /** QEMU was started again since, and the chains are neither as before nor as they were to be. */
        ELSEWHERE,
        /** There is no QEMU to ask. */
        NO_QEMU
    }

    static Standing live(OpenOperation open, BlockGraph graph) {
        List<DiskChange> disks = open.plan().disks();
        String jobs = open.plan().steps().stream()
                .flatMap(step -> step instanceof Step.StartJob start
                        ? graph.jobs().stream().filter(job -> job.id().equals(start.job()))
                        : Stream.<JobInfo>empty())
                .map(job -> "the job " + job.id() + " is " + job.status().name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
        String at = open.at().map(step -> "it stands at: " + step.text()).orElse("all of its steps are done");
        if (changes(open) && disks.stream().allMatch(disk -> LiveState.changed(graph, disk))) {
            return new Standing(
                    Situation.CHANGED,
                    "the chains are as they are to be; " + at + (jobs.isEmpty() ? "" : "; " + jobs),
                    "resume it");
        }
        return new Standing(
                Situation.UNDER_WAY,
                (open.undoing() ? "it is half undone; " : "") + at + (jobs.isEmpty() ? "" : "; " + jobs) + "; "
                        + LiveState.text(graph, disks)
                        + (open.failure() == null ? "" : "; it failed: " + open.failure()),
                open.undoing() ? "undo it" : "resume it or undo it");
    }

    static Standing afterRestart(OpenOperation open, BlockGraph graph) {
        List<DiskChange> disks = open.plan().disks();
        if (changes(open) && disks.stream().allMatch(disk -> LiveState.changed(graph, disk))) {
            return new Standing(
                    Situation.CHANGED,
                    "QEMU was started again since, with the chains as they are to be: " + LiveState.text(graph, disks),
                    "resume it: what is left to do is to tidy up");
        }
        List<DiskChange> stale = disks.stream()
                .filter(disk -> open.pivoted() && disk.movesActive() && LiveState.unchanged(graph, disk))
                .toList();
        if (!stale.isEmpty()) {
            String files = stale.stream()
                    .map(disk -> disk.disk() + " with " + disk.after().get(0))
                    .collect(Collectors.joining(", "));
            return new Standing(
                    Situation.OVERTAKEN,
                    "QEMU was started again with files that the guest may have left behind: the disks were being switched"
                            + " when it ended, and what the guest wrote from then on is not in "
                            + stale.stream().map(disk -> disk.before().get(0)).collect(Collectors.joining(", ")),
                    "stop this guest before it writes more, and start it " + files);
        }
        if (disks.stream().allMatch(disk -> LiveState.unchanged(graph, disk))) {
            return new Standing(
                    Situation.FORGOTTEN,
                    "QEMU was started again since and has forgotten it; the chains are as before: "
                            + LiveState.text(graph, disks),
                    "undo it, which removes what it has made; then give the command again");
        }
        return new Standing(
                Situation.ELSEWHERE,
                "QEMU was started again since, and " + LiveState.text(graph, disks),
                "undo it, which removes what it has made and nothing uses; then give the command again");
    }

    /** Without a QEMU: with what it has to be started. */
    public static Standing withoutQemu(OpenOperation open) {
        String files = open.plan().disks().stream()
                .flatMap(disk -> open.startWith(disk).map(file -> disk.disk() + " with " + file).stream())
                .collect(Collectors.joining(", "));
        return new Standing(
                Situation.NO_QEMU, "QEMU does not run", "start it again, " + files + "; then resume it or undo it");
    }

    private static boolean changes(OpenOperation open) {
        return open.plan().disks().stream().anyMatch(disk -> !disk.before().equals(disk.after()));
    }
}
