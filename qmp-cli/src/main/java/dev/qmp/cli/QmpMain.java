package dev.qmp.cli;

import dev.qmp.cli.command.CliContext;
import dev.qmp.cli.command.QmpRoot;
import dev.qmp.cli.host.HostScanner;
import dev.qmp.cli.render.Console;
import dev.qmp.cli.state.StateStore;
import dev.qmp.transport.Transports;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/** The program: the real world put into a context, one command line run, an exit status. */
public final class QmpMain {

    private QmpMain() {}

    public static void main(String[] words) {
        // Registering Netty's flight recorder events costs 65 ms of every start.
        System.setProperty("io.netty.jfr.enabled", "false");
        Map<String, String> environment = System.getenv();
        Path home = Path.of(System.getProperty("user.home", "/"));
        CliContext context = new CliContext(
                Console.system(),
                new HostScanner(),
                StateStore.of(environment, System.getProperty("user.name", ""), home),
                environment,
                Path.of("").toAbsolutePath(),
                Clock.systemUTC());
        int status = QmpRoot.execute(context, words);
        Transports.shutdown();
        System.exit(status);
    }
}
