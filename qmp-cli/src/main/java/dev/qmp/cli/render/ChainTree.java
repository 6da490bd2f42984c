package dev.qmp.cli.render;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A disk's chain as a tree: the active layer on top, each below it what backs it. */
public final class ChainTree {

    /** One layer. Sizes are in bytes; {@code actualSize} is null where nobody knows it. */
    public record Row(
            String file,
            String format,
            long virtualSize,
            @Nullable Long actualSize,
            String node,
            boolean active) {}

    private ChainTree() {}

    public static List<String> render(String disk, List<Row> layers, boolean color) {
        List<String> lines = new ArrayList<>();
        lines.add(color ? "\u001b[1m" + Escapes.printable(disk) + "\u001b[0m" : Escapes.printable(disk));
        for (int i = 0; i < layers.size(); i++) {
            Row layer = layers.get(i);
            lines.add("   ".repeat(i) + "└─ " + Escapes.printable(layer.file()) + "  ["
                    + (layer.active() ? "active, " : "") + Escapes.printable(layer.format()) + ", "
                    + Sizes.human(layer.virtualSize())
                    + (layer.actualSize() == null ? "" : ", " + Sizes.human(layer.actualSize()) + " on disk")
                    + ", node " + Escapes.printable(layer.node()) + "]");
        }
        return lines;
    }
}
