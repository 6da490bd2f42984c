package dev.qmp.cli.render;

import java.util.ArrayList;
import java.util.List;

/** Rows of text under a header. */
public final class Table {

    private final List<String> header;
    private final List<List<String>> rows = new ArrayList<>();

    public Table(String... header) {
        this.header = List.of(header);
    }

    /** One row; as many cells as the header has. */
    public Table row(String... cells) {
        if (cells.length != header.size()) {
            throw new IllegalArgumentException(cells.length + " cells under " + header.size() + " headings");
        }
        List<String> row = new ArrayList<>();
        for (String cell : cells) {
            row.add(Escapes.printable(cell));
        }
        rows.add(row);
        return this;
    }

    public boolean isEmpty() {
        return rows.isEmpty();
    }

    /** For people: aligned, under its header. */
    List<String> aligned(boolean color) {
        int[] widths = new int[header.size()];
        measure(widths, header);
        rows.forEach(row -> measure(widths, row));
        List<String> lines = new ArrayList<>();
        String head = line(header, widths);
        lines.add(color ? "\u001b[1m" + head + "\u001b[0m" : head);
        rows.forEach(row -> lines.add(line(row, widths)));
        return lines;
    }

    /** For programs: tab-separated, no header. */
    List<String> separated() {
        return rows.stream().map(row -> String.join("\t", row)).toList();
    }

    private static void measure(int[] widths, List<String> cells) {
        for (int i = 0; i < cells.size(); i++) {
            widths[i] = Math.max(
                    widths[i], cells.get(i).codePointCount(0, cells.get(i).length()));
        }
    }

    private static String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            String cell = cells.get(i);
            line.append(cell);
            if (i < cells.size() - 1) {
                line.append(" ".repeat(widths[i] - cell.codePointCount(0, cell.length()) + 2));
            }
        }
        return line.toString();
    }
}
