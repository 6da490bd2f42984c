package dev.qmp.block;

import java.util.List;
import java.util.Set;

/** The names that overlays get when the user gives none. */
final class OverlayNames {

    private OverlayNames() {}

    /**
     * {@code <base without extension>.<name>.qcow2} in the active layer's folder. The base is the image that our own earlier
     * names were derived from, so that nightly snapshots do not make a name that grows: of {@code base.mon.qcow2} on
     * {@code base.img} it is {@code base}, of {@code web1.qcow2} on {@code debian.qcow2} it is {@code web1}.
     */
    static String file(Disk disk, String name) {
        List<Layer> layers = disk.layers();
        String stem = Paths.stem(layers.get(0).file());
        for (Layer below : layers.subList(1, layers.size())) {
            String lower = Paths.stem(below.file());
            if (stem.startsWith(lower + ".")) {
                stem = lower;
            }
        }
        return Paths.folder(layers.get(0).file()) + stem + "." + name + ".qcow2";
    }

    /** A node name that QEMU takes ({@code [A-Za-z][-._A-Za-z0-9]*}, 31 characters) and that is free. */
    static NodeName node(Disk disk, String name, Set<NodeName> taken) {
        String valid = wished(disk, name);
        for (int i = 1; ; i++) {
            String suffix = i == 1 ? "" : "-" + i;
            int room = NodeName.MAX_LENGTH - suffix.length();
            NodeName node = new NodeName(valid.substring(0, Math.min(valid.length(), room)) + suffix);
            if (!taken.contains(node)) {
                return node;
            }
        }
    }

    /** The name that a node has unless it is too long, or taken. */
    static String wished(Disk disk, String name) {
        String wished = (disk.name() + "-" + name).replaceAll("[^-._A-Za-z0-9]", "_");
        return wished.matches("[A-Za-z].*") ? wished : "n" + wished;
    }
}
