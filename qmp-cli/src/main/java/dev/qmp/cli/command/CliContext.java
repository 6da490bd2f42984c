package dev.qmp.cli.command;

import dev.qmp.cli.host.HostScanner;
import dev.qmp.cli.render.Console;
import dev.qmp.cli.state.StateStore;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/**
 * What commands get from outside, so that tests can give them another world.
 *
 * @param environment the process's environment variables
 * @param workingFolder what relative file names start from
 */
public record CliContext(
        Console console,
        HostScanner host,
        StateStore state,
        Map<String, String> environment,
        Path workingFolder,
        Clock clock) {}
