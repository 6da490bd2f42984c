package dev.qmp.plan;

import java.util.List;

/** What shows in a running QEMU that a command was done, whoever asks and however much later. */
public sealed interface Effect {

    /** Nodes of these names exist. */
    record NodesExist(List<String> nodes) implements Effect {
        public NodesExist {
            nodes = List.copyOf(nodes);
        }
    }

    /** No node of this name exists. */
    record NodeGone(String node) implements Effect {}

    /** The device uses this node. */
    record RootNode(String qomPath, String node) implements Effect {}

    /** The guest runs, or does not. */
    record Running(boolean running) implements Effect {}

    /** Every disk of the plan has the chain that it is to have. */
    record ChainsChanged() implements Effect {}

    /** Nothing shows it, and to do it twice does no harm. */
    record Repeatable() implements Effect {}

    /**
     * Nothing shows it, to do it twice does no harm, and with it the guest has left what was before: nothing that was done
     * until then is taken back any more.
     */
    record PointOfNoReturn() implements Effect {}
}
