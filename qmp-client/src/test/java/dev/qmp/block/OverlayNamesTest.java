package dev.qmp.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The names of overlays and of their nodes where the user gives none. */
class OverlayNamesTest {

    @ParameterizedTest
    @CsvSource({
        // active, below, name, overlay
        "/vm/base.img,                 ,               s1,  /vm/base.s1.qcow2",
        "/vm/base,                     ,               s1,  /vm/base.s1.qcow2",
        "/vm/.hidden,                  ,               s1,  /vm/.hidden.s1.qcow2",
        "/vm/my.disk.qcow2,            ,               s1,  /vm/my.disk.s1.qcow2",
        "/vm/base.mon.qcow2,           /vm/base.img,   tue, /vm/base.tue.qcow2",
        "/vm/web1.qcow2,               /img/debian.qcow2, s1, /vm/web1.s1.qcow2",
        "/new/base.mon.qcow2,          /old/base.img,  tue, /new/base.tue.qcow2",
        "/vm/basement.qcow2,           /vm/base.img,   s1,  /vm/basement.s1.qcow2",
        "/vm.d/base.img,               ,               2026-01-01, /vm.d/base.2026-01-01.qcow2"
    })
    void an_overlay_is_named_after_its_base_and_lies_beside_the_active_layer(
            String active, String below, String name, String overlay) {
        Disk disk = below == null ? Graphs.disk("d", "vda", active) : Graphs.disk("d", "vda", active, below);

        assertThat(OverlayNames.file(disk, name)).isEqualTo(overlay);
    }

    @ParameterizedTest
    @CsvSource({
        "vda,     snap1,        vda-snap1",
        "vda,     über morgen,  vda-_ber_morgen",
        "0disk,   s,            n0disk-s",
        "vda,     2026-11-23T15:30:00.000001Z, vda-2026-11-23T15_30_00.000001Z"
    })
    void a_node_name_is_one_that_qemu_takes(String qdev, String name, String node) {
        String given = OverlayNames.node(Graphs.disk("d", qdev, "/vm/a"), name, Set.of())
                .value();

        assertThat(given).isEqualTo(node).matches("[A-Za-z][-._A-Za-z0-9]{0,30}");
    }

    @Test
    void a_taken_node_name_is_counted_up_and_a_long_one_cut_for_it() {
        Disk disk = Graphs.disk("d", "vda", "/vm/a");
        NodeName first = OverlayNames.node(disk, "x".repeat(50), Set.of());
        NodeName second = OverlayNames.node(disk, "x".repeat(50), Set.of(first));

        assertThat(first.value()).hasSize(31);
        assertThat(second.value()).hasSize(31).endsWith("x-2");
    }
}
