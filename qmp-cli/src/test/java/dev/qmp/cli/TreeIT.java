package dev.qmp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qmp.fixtures.qemu.DiskSpec;
import dev.qmp.fixtures.qemu.QemuImg;
import dev.qmp.fixtures.qemu.QemuVm;
import dev.qmp.fixtures.qemu.RequiresQemu;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

/** The tree of a guest whose snapshots were taken here, by somebody else, and beside it. */
@RequiresQemu
class TreeIT {

    @TempDir
    private Path temp;

    private Cli cli;
    private QemuVm vm;
    private String target;
    private String stranger;
    private Path beside;

    @BeforeEach
    void start() {
        cli = Cli.in(temp);
        vm = QemuVm.builder().disk(DiskSpec.drive("d0").qdev("vda")).start();
        target = Machines.target(vm);
        cli.ok("snapshot", "create", target, "mine", "--disk", "vda=" + Machines.overlay(vm, "mine"));
        stranger = Machines.overlay(vm, "stranger");
        cli.ok("snapshot", "create", target, "x", "--disk", "vda=" + stranger, "--no-metadata");
        cli.ok("snapshot", "create", target, "top", "--disk", "vda=" + Machines.overlay(vm, "top"));
        beside = vm.folder().resolve("beside.qcow2");
        QemuImg.createOverlay(beside, vm.image("d0"), "qcow2");
    }

    @AfterEach
    void stop() {
        vm.close();
    }

    @Test
    void what_others_made_stands_in_the_tree_as_outside_the_record() {
        assertThat(Machines.tree(cli, target))
                .containsExactlyInAnyOrder(
                        "mine  in chain",
                        "└─ " + stranger + "  outside the record, on " + Machines.overlay(vm, "mine"),
                        "   └─ top  in chain, current",
                        beside + "  outside the record, on " + vm.image("d0") + ", not in use");
        JsonNode tree = cli.json("snapshot", "tree", target);
        assertThat(tree.path("outside")).hasSize(2);
        assertThat(tree.path("outside").get(0).path("file").asText()).isEqualTo(stranger);
        assertThat(tree.path("snapshots")).hasSize(2);
    }

    @Test
    void what_a_delete_would_free_is_what_is_allocated_to_the_image_that_would_go() {
        vm.io("d0").write(0, 1 << 20, 0x11);
        long before = cli.json("snapshot", "tree", target)
                .path("snapshots")
                .get(1)
                .path("frees")
                .asLong();
        vm.io("d0").write(4 << 20, 3 << 20, 0x22);

        JsonNode done = cli.json("snapshot", "delete", target, "top");

        assertThat(before).isPositive();
        assertThat(done.path("disks").get(0).path("how").asText()).isEqualTo("pull");
    }

    @Test
    void what_is_adopted_is_a_snapshot_like_any_other() {
        assertThat(cli.ok("snapshot", "adopt", target, "theirs=" + stranger).out())
                .isEqualTo("adopted theirs: " + stranger + " on " + Machines.overlay(vm, "mine") + "\n");

        assertThat(Machines.tree(cli, target))
                .startsWith("mine  in chain", "└─ theirs  in chain", "   └─ top  in chain, current");
        cli.ok("snapshot", "delete", target, "theirs", "--how", "pull");
        assertThat(Machines.files(cli.json("chain", target, "vda"))).hasSize(3);
        assertThat(cli.ok("snapshot", "adopt", target).err()).contains("every overlay of the live chains is recorded");
        assertThat(cli.run("snapshot", "adopt", target, "no=" + beside).status())
                .isEqualTo(2);
        assertThat(cli.run("snapshot", "adopt", target, "nonsense").status()).isEqualTo(2);
    }

    @Test
    void the_picture_is_one_sound_file_that_refers_to_nothing() throws Exception {
        String svg = cli.ok("snapshot", "tree", target, "--format", "svg").out();
        Files.writeString(temp.resolve("tree.svg"), svg);

        Document document =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));

        assertThat(document.getDocumentElement().getTagName()).isEqualTo("svg");
        assertThat(document.getElementsByTagName("text").getLength()).isEqualTo(8);
        assertThat(document.getElementsByTagName("path").getLength())
                .as("edges")
                .isEqualTo(2);
        assertThat(svg).doesNotContain("href").doesNotContain("<script");
        List<String> dot = cli.ok("snapshot", "tree", target, "--format", "dot").lines();
        assertThat(dot).first().isEqualTo("digraph snapshots {");
        assertThat(dot).contains("  \"mine\" -> \"" + stranger + "\";", "}");
    }
}
