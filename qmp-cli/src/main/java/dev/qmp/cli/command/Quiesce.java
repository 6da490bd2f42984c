package dev.qmp.cli.command;

/** The guest's file systems frozen through its agent, until this is closed; Ctrl-C thaws them as well. */
final class Quiesce implements AutoCloseable {

    private final GuestAgent agent;
    private final Thread hook;

    private Quiesce(GuestAgent agent) {
        this.agent = agent;
        this.hook = new Thread(agent::thaw, "qmp-thaw");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    static Quiesce freeze(Subcommand command, String socket) {
        GuestAgent agent =
                GuestAgent.connect(Targets.file(socket, command.context()), command.options().connectTimeout);
        Quiesce quiesce = new Quiesce(agent);
        try {
            command.note("froze " + agent.freeze() + " file systems");
            return quiesce;
        } catch (RuntimeException e) {
            // A freeze that failed half-way, or whose reply did not come, may have frozen some of them.
            quiesce.close();
            throw e;
        }
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is shutting down: the hook thaws.
            return;
        }
        try {
            agent.thaw();
        } finally {
            agent.close();
        }
    }
}
