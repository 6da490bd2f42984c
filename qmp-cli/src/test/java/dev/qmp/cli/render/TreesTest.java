package dev.qmp.cli.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qmp.cli.render.ChainTree.Row;
import dev.qmp.cli.render.SnapshotTree.Node;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A chain, and snapshots, as trees: ours and virsh's. */
class TreesTest {

    private static Node node(String name, @Nullable String parent) {
        return new Node(name, parent, "");
    }

    private static final SnapshotTree BRANCHED = new SnapshotTree(
            List.of(node("s1", null), node("s2", "s1"), node("s3", "s2"), node("s4", "s2"), node("s5", "s1")));

    @Test
    void a_chain_has_its_active_layer_on_top_and_what_backs_it_below() {
        assertThat(ChainTree.render(
                        "vda",
                        List.of(
                                new Row("/i/snap1.qcow2", "qcow2", 64 << 20, 196L << 10, "snap1", true),
                                new Row("/i/base.img", "raw", 64 << 20, null, "#block123", false)),
                        false))
                .containsExactly(
                        "vda",
                        "└─ /i/snap1.qcow2  [active, qcow2, 64 MiB, 196 KiB on disk, node snap1]",
                        "   └─ /i/base.img  [raw, 64 MiB, node #block123]");
    }

    @Test
    void names_in_a_chain_cannot_drive_the_terminal() {
        List<String> lines =
                ChainTree.render("v\u001b[2J", List.of(new Row("/i/\u001b[2J", "qcow2", 1, 1L, "n\u202e", true)), true);
        assertThat(String.join("", lines).replace("\u001b[1m", "").replace("\u001b[0m", ""))
                .doesNotContain("\u001b")
                .doesNotContain("\u202e");
    }

    @Test
    void our_tree_says_of_each_snapshot_what_is_true_of_it() {
        SnapshotTree tree = new SnapshotTree(List.of(
                new Node("s1", null, "in chain"),
                new Node("s2", "s1", "merged: its data are in /i/s3.qcow2"),
                new Node("s3", "s2", "in chain, current"),
                new Node("t", "s1", "")));
        assertThat(tree.lines())
                .containsExactly(
                        "s1  in chain",
                        "├─ s2  merged: its data are in /i/s3.qcow2",
                        "│  └─ s3  in chain, current",
                        "└─ t");
    }

    @Test
    void virshs_tree_of_the_walk_is_drawn_as_virsh_draws_it() {
        SnapshotTree tree =
                new SnapshotTree(List.of(node("snap1", null), node("snap2", "snap1"), node("snap3", "snap2")));
        assertThat(tree.virsh()).containsExactly("snap1", "  |", "  +- snap2", "      |", "      +- snap3", "        ");
    }

    @Test
    void virshs_tree_of_branches_is_drawn_as_virsh_draws_it() {
        assertThat(BRANCHED.virsh())
                .containsExactly(
                        "s1", "  |", "  +- s2", "  |   |", "  |   +- s3", "  |   +- s4", "  |     ", "  +- s5", "    ");
    }

    @Test
    void several_roots_are_several_trees() {
        SnapshotTree tree = new SnapshotTree(List.of(node("a", null), node("b", "gone")));
        assertThat(tree.lines()).containsExactly("a", "b");
        assertThat(tree.virsh()).containsExactly("a", "", "b", "");
    }

    @Test
    void virsh_orders_siblings_by_name_and_we_by_age() {
        SnapshotTree tree =
                new SnapshotTree(List.of(node("root", null), node("z", "root"), node("B", "root"), node("a", "root")));
        assertThat(tree.virsh()).containsExactly("root", "  |", "  +- a", "  +- B", "  +- z", "    ");
        assertThat(tree.lines()).containsExactly("root", "├─ z", "├─ B", "└─ a");
    }

    @Test
    void a_snapshot_that_is_its_own_parent_is_shown_once() {
        assertThat(new SnapshotTree(List.of(node("a", "a"))).lines()).containsExactly("a");
    }

    @Test
    void no_snapshots_are_no_lines() {
        assertThat(new SnapshotTree(List.of()).lines()).isEmpty();
        assertThat(new SnapshotTree(List.of()).virsh()).isEmpty();
    }
}
