package dev.qmp.cli.render;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Snapshots as a tree: ours, with what is true of each beside it, and virsh's. */
public final class SnapshotTree {

    /**
     * A snapshot.
     *
     * @param parent the one it was taken on
     * @param remark what to say of it
     * @param current whether the guest writes on top of it now
     * @param inUse whether a live chain has it
     */
    public record Node(String name, @Nullable String parent, String remark, boolean current, boolean inUse) {

        /** One of which no more is shown than its place. */
        public Node(String name, @Nullable String parent, String remark) {
            this(name, parent, remark, false, true);
        }
    }

    /** A snapshot and how deep in the tree it stands; 0 is a root. */
    record Placed(Node node, int depth) {}

    /** All in the order of the lines. */
    List<Placed> placed() {
        List<Placed> placed = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        roots().forEach(root -> place(root, 0, placed, seen));
        return placed;
    }

    private void place(Node node, int depth, List<Placed> placed, Set<String> seen) {
        if (seen.add(node.name())) {
            placed.add(new Placed(node, depth));
            children(node).forEach(child -> place(child, depth + 1, placed, seen));
        }
    }

    private final List<Node> nodes;

    public SnapshotTree(List<Node> nodes) {
        this.nodes = List.copyOf(nodes);
    }

    /** With {@code ├─} and {@code └─}. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (Node root : roots()) {
            branch(root, "", "", lines, new HashSet<>());
        }
        return lines;
    }

    private void branch(Node node, String first, String rest, List<String> lines, Set<String> seen) {
        if (!seen.add(node.name())) {
            return;
        }
        lines.add(first
                + Escapes.printable(node.name())
                + (node.remark().isEmpty() ? "" : "  " + Escapes.printable(node.remark())));
        List<Node> children = children(node);
        for (int i = 0; i < children.size(); i++) {
            boolean last = i == children.size() - 1;
            branch(children.get(i), rest + (last ? "└─ " : "├─ "), rest + (last ? "   " : "│  "), lines, seen);
        }
    }

    /**
     * As {@code virsh snapshot-list --tree} draws it: siblings by name, and a line of blanks under the last of them if nothing
     * stands on it.
     */
    public List<String> virsh() {
        List<String> lines = new ArrayList<>();
        for (Node root : sorted(roots())) {
            lines.add(Escapes.printable(root.name()));
            virshChildren(root, "  ", "", lines, new HashSet<>(Set.of(root.name())));
        }
        return lines;
    }

    private void virshChildren(Node of, String indent, String blank, List<String> lines, Set<String> seen) {
        List<Node> children = sorted(children(of)).stream()
                .filter(child -> seen.add(child.name()))
                .toList();
        if (children.isEmpty()) {
            lines.add(blank);
            return;
        }
        lines.add(indent + "|");
        for (int i = 0; i < children.size(); i++) {
            Node child = children.get(i);
            boolean last = i == children.size() - 1;
            lines.add(indent + "+- " + Escapes.printable(child.name()));
            if (last || !children(child).isEmpty()) {
                String below = indent + (last ? "  " : "| ");
                virshChildren(child, below + "  ", below, lines, seen);
            }
        }
    }

    private static List<Node> sorted(List<Node> siblings) {
        return siblings.stream()
                .sorted(Comparator.comparing(Node::name, String.CASE_INSENSITIVE_ORDER))
                .toList();
    }

    private List<Node> roots() {
        return nodes.stream()
                .filter(n -> n.parent() == null
                        || nodes.stream().noneMatch(p -> p.name().equals(n.parent()))
                        || n.parent().equals(n.name()))
                .toList();
    }

    private List<Node> children(Node of) {
        return nodes.stream()
                .filter(n -> of.name().equals(n.parent()) && !n.name().equals(of.name()))
                .toList();
    }
}
