package dev.qmp.cli.render;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Snapshots as a picture: an SVG that stands by itself, or a text for Graphviz. */
public final class SnapshotPicture {

    private static final int ROW = 56;
    private static final int INDENT = 48;
    private static final int BOX = 36;
    private static final int MARGIN = 16;
    private static final double CHARACTER = 7.3;
    private static final String FONT = "font-family=\"sans-serif\" font-size=\"13\"";

    private final List<SnapshotTree.Placed> placed;

    public SnapshotPicture(SnapshotTree tree) {
        this.placed = tree.placed();
    }

    /** One file, without a reference to another. */
    public List<String> svg() {
        List<String> lines = new ArrayList<>();
        double width = 2 * MARGIN;
        for (SnapshotTree.Placed node : placed) {
            width = Math.max(width, 2 * MARGIN + node.depth() * INDENT + boxWidth(node.node()));
        }
        int height = 2 * MARGIN + Math.max(1, placed.size()) * ROW;
        lines.add(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%d\" viewBox=\"0 0 %.0f %d\">",
                width,
                height,
                width,
                height));
        lines.add("<title>snapshots</title>");
        lines.add("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>");
        Map<String, Integer> rows = new HashMap<>();
        for (int row = 0; row < placed.size(); row++) {
            SnapshotTree.Placed node = placed.get(row);
            Integer parent = rows.get(node.node().parent());
            if (parent != null && node.depth() > 0) {
                int x = MARGIN + (node.depth() - 1) * INDENT + INDENT / 2;
                lines.add("<path d=\"M" + x + " " + (top(parent) + BOX) + " V" + (top(row) + BOX / 2) + " H"
                        + (x + INDENT / 2) + "\" fill=\"none\" stroke=\"#888888\" stroke-width=\"1.5\"/>");
            }
            rows.put(node.node().name(), row);
        }
        for (int row = 0; row < placed.size(); row++) {
            box(placed.get(row), top(row), lines);
        }
        lines.add("</svg>");
        return lines;
    }

    private static int top(int row) {
        return MARGIN + row * ROW;
    }

    private static double boxWidth(SnapshotTree.Node node) {
        return Math.max(name(node).length() * CHARACTER, node.remark().length() * CHARACTER * 0.85) + 20;
    }

    private static String name(SnapshotTree.Node node) {
        return Escapes.printable(node.name());
    }

    private static void box(SnapshotTree.Placed placed, int top, List<String> lines) {
        SnapshotTree.Node node = placed.node();
        int left = MARGIN + placed.depth() * INDENT;
        String fill = node.current() ? "#d7f5dd" : node.inUse() ? "#e8f0fe" : "#f3f3f3";
        String stroke = node.current() ? "#1a7f37" : node.inUse() ? "#3367d6" : "#999999";
        lines.add(String.format(
                Locale.ROOT,
                "<rect x=\"%d\" y=\"%d\" width=\"%.0f\" height=\"%d\" rx=\"6\" fill=\"%s\" stroke=\"%s\"%s/>",
                left,
                top,
                boxWidth(node),
                BOX,
                fill,
                stroke,
                node.current() ? " stroke-width=\"2\"" : node.inUse() ? "" : " stroke-dasharray=\"4 3\""));
        lines.add("<text x=\"" + (left + 10) + "\" y=\"" + (top + 15) + "\" " + FONT + " font-weight=\"bold\">"
                + xml(name(node)) + "</text>");
        lines.add("<text x=\"" + (left + 10) + "\" y=\"" + (top + 30)
                + "\" font-family=\"sans-serif\" font-size=\"11\" fill=\"#444444\">"
                + xml(Escapes.printable(node.remark())) + "</text>");
    }

    /** Text as XML has it; what {@link Escapes} leaves is printable. */
    private static String xml(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    /** For {@code dot}. */
    public List<String> dot() {
        List<String> lines = new ArrayList<>(List.of("digraph snapshots {", "  rankdir=LR;", "  node [shape=box];"));
        Set<String> names = new HashSet<>();
        for (SnapshotTree.Placed one : placed) {
            SnapshotTree.Node node = one.node();
            names.add(node.name());
            lines.add("  " + quoted(name(node)) + " [label="
                    + quoted(name(node) + "\n" + Escapes.printable(node.remark()))
                    + (node.current() ? ", penwidth=2, color=green" : node.inUse() ? "" : ", style=dashed") + "];");
        }
        for (SnapshotTree.Placed one : placed) {
            String parent = one.node().parent();
            if (parent != null && names.contains(parent)) {
                lines.add("  " + quoted(Escapes.printable(parent)) + " -> " + quoted(name(one.node())) + ";");
            }
        }
        lines.add("}");
        return lines;
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }
}
