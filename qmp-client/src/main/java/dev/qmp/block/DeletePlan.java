package dev.qmp.block;

import dev.qmp.plan.Plan;
import java.util.List;

/** A deletion that has passed its checks. */
public record DeletePlan(List<Choice> choices, Plan plan) {

    /**
     * What is done to one disk.
     *
     * @param bytes how many move at most, by what is allocated
     * @param merged the layers whose data move, the highest first; their files leave the chain
     * @param into the layer that has them afterwards
     */
    public record Choice(Disk disk, DeleteRequest.How how, long bytes, List<Layer> merged, Layer into) {
        public Choice {
            merged = List.copyOf(merged);
        }

        /** Whether the guest writes to another file afterwards. */
        public boolean movesActive() {
            return merged.stream().anyMatch(Layer::active);
        }
    }

    public DeletePlan {
        choices = List.copyOf(choices);
    }
}
