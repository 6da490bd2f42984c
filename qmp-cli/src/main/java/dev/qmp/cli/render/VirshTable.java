package dev.qmp.cli.render;

import java.util.ArrayList;
import java.util.List;

/** A table as virsh prints it: a space before each line, three between columns, a rule under the header, a blank line. */
public final class VirshTable {

    private final List<String> header;
    private final List<List<String>> rows = new ArrayList<>();

    public VirshTable(String... header) {
        this.header = List.of(header);
    }

    public void row(String... cells) {
        List<String> row = new ArrayList<>();
        for (String cell : cells) {
            row.add(Escapes.printable(cell));
        }
        rows.add(row);
    }

    public List<String> lines() {
        int[] widths = new int[header.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = header.get(i).length();
            for (List<String> row : rows) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        List<String> lines = new ArrayList<>();
        lines.add(line(header, widths));
        int total = 0;
        for (int width : widths) {
            total += width + 3;
        }
        lines.add("-".repeat(total));
        rows.forEach(row -> lines.add(line(row, widths)));
        lines.add("");
        return lines;
    }

    private static String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder(" ");
        for (int i = 0; i < cells.size(); i++) {
            boolean last = i == cells.size() - 1;
            line.append(cells.get(i))
                    .append(last ? "" : " ".repeat(widths[i] - cells.get(i).length() + 3));
        }
        return line.toString();
    }
}
