package dev.qmp.cli.render;

import java.io.StringWriter;
import java.util.List;
import java.util.Map;

/** A console on strings, and what stands on it. */
final class Screen {

    final StringWriter out = new StringWriter();
    final StringWriter err = new StringWriter();
    final Console console;

    private Screen(boolean outTerminal, boolean errTerminal, Map<String, String> environment) {
        console = new Console(out, err, outTerminal, errTerminal, environment);
    }

    static Screen terminal() {
        return terminal(Map.of());
    }

    static Screen terminal(Map<String, String> environment) {
        return new Screen(true, true, environment);
    }

    static Screen pipe() {
        return new Screen(false, false, Map.of());
    }

    List<String> outLines() {
        return out.toString().lines().toList();
    }

    List<String> errLines() {
        return err.toString().lines().toList();
    }
}
