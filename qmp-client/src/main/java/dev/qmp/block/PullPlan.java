package dev.qmp.block;

import dev.qmp.job.JobId;
import dev.qmp.qapi.BlockStream;
import dev.qmp.qapi.JobDismiss;
import dev.qmp.qapi.QmpCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A pull that has passed its checks.
 *
 * @param base the layer that stays below the active one; null where the chain is flattened
 * @param staleJob a job of the same id that ended unnoticed, and whose ending is to be dismissed first; null for none
 */
public record PullPlan(
        Disk disk,
        @Nullable Layer base,
        JobId jobId,
        @Nullable JobId staleJob,
        BlockStream command) {

    /** The layers whose data move into the active one, the highest first. Their files stay on disk, unused. */
    public List<Layer> merged() {
        int lowest = base == null ? disk.layers().size() : base.depth();
        return disk.layers().subList(1, Math.max(1, lowest));
    }

    /** The files that the chain is to have afterwards, active first. */
    public List<String> expectedChain() {
        List<String> files = new ArrayList<>(List.of(disk.layers().get(0).file()));
        Optional.ofNullable(base)
                .map(b -> disk.layers().subList(b.depth(), disk.layers().size()))
                .orElse(List.of())
                .forEach(layer -> files.add(layer.file()));
        return files;
    }

    /** What will be sent, in order. */
    public List<QmpCommand<?>> commands() {
        return staleJob == null ? List.of(command) : List.of(new JobDismiss(staleJob.value()), command);
    }
}
