package dev.qmp.plan;

import dev.qmp.qapi.RawCommand;
import java.util.List;

/**
 * An operation that has passed its checks, in steps. Immutable; nothing in it refers to a connection.
 *
 * @param operation its kind in a word, for example {@code commit}
 * @param subject what it is done to, for people: {@code vda}, {@code snapshot snap1}
 * @param disks the disks whose chains it changes
 * @param steps in order
 */
public record Plan(String operation, String subject, List<DiskChange> disks, List<Step> steps) {

    public Plan {
        disks = List.copyOf(disks);
        steps = List.copyOf(steps);
    }

    /** The QMP lines that will be sent if all goes well, in order; what is waited for between them is not among them. */
    public List<RawCommand> commands() {
        return steps.stream().flatMap(step -> step.command().stream()).toList();
    }
}
