package dev.qmp.cli.host;

import java.util.List;
import java.util.Optional;

/**
 * A QEMU that runs on this host.
 *
 * @param name its {@code -name}
 * @param monitors its QMP monitors, in the order of the command line
 */
public record HostQemu(long pid, Optional<String> name, List<Monitor> monitors) {

    public HostQemu {
        monitors = List.copyOf(monitors);
    }
}
