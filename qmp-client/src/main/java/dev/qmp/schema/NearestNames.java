package dev.qmp.schema;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The names that somebody may have meant. Case and the choice of - or _ do not count, as QEMU has both styles of name. */
final class NearestNames {

    private static final int MOST = 3;
    /** A peer's names may be megabytes long; nobody mistypes such a name. */
    private static final int LONGEST = 200;

    private NearestNames() {}

    /** All the names, the nearest first, equally near ones in their own order. */
    static List<String> sorted(String typed, Collection<String> names) {
        String wanted = folded(typed);
        return names.stream()
                .sorted(Comparator.comparingInt(name -> distance(wanted, folded(name))))
                .toList();
    }

    /** Only those that a slip of the fingers explains, or that the typed text begins; the nearest first. */
    static List<String> close(String typed, Collection<String> names) {
        String wanted = folded(typed);
        int slips = Math.max(1, Math.min(3, wanted.length() / 3));
        return sorted(typed, names).stream()
                .filter(name -> distance(wanted, folded(name)) <= slips
                        || (wanted.length() >= 3 && folded(name).startsWith(wanted)))
                .limit(MOST)
                .toList();
    }

    private static String folded(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Insertions, deletions, substitutions and swaps of neighbours that lead from one text to the other. */
    static int distance(String from, String to) {
        if (from.length() > LONGEST || to.length() > LONGEST) {
            return Integer.MAX_VALUE;
        }
        int width = to.length() + 1;
        int[] beforeLast = new int[width];
        int[] last = new int[width];
        Arrays.setAll(last, j -> j);
        for (int i = 1; i <= from.length(); i++) {
            int[] row = new int[width];
            row[0] = i;
            for (int j = 1; j < width; j++) {
                boolean same = from.charAt(i - 1) == to.charAt(j - 1);
                row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + (same ? 0 : 1));
                if (i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            beforeLast = last;
            last = row;
        }
        return last[width - 1];
    }
}
