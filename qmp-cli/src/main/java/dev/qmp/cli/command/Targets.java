package dev.qmp.cli.command;

import dev.qmp.QmpClient;
import dev.qmp.cli.host.HostQemu;
import dev.qmp.cli.host.Monitor;
import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.ConnectFailedException.Reason;
import dev.qmp.transport.QmpAddress;
import dev.qmp.transport.SshOptions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** From the word TARGET to an address. */
final class Targets {

    /**
     * Where a TARGET is.
     *
     * @param named the QEMU that was meant by its name; empty where an address was given
     * @param others the process ids of all other QEMUs of this host, where a name was given
     */
    record Place(QmpAddress address, Optional<HostQemu> named, Set<Long> others) {

        /**
         * A second QEMU that is given the same socket path takes it from the first one without a word (7.2 to 11.1): what was
         * said of the one must not be done to the other.
         */
        void check(QmpClient client) {
            long listener = client.peer().map(p -> (long) p.pid()).orElse(-1L);
            if (named.isPresent() && others.contains(listener)) {
                throw failed(
                        address.toString(),
                        "the socket " + address + " of '" + named.get().name().orElse("") + "' (PID "
                                + named.get().pid() + ") was taken over by the QEMU with PID " + listener,
                        "if that one is meant, name the socket; the first one can be reached only by another monitor");
            }
        }
    }

    private Targets() {}

    static QmpAddress resolve(String word, CliContext context) {
        return find(word, context).address();
    }

    static Place find(String word, CliContext context) {
        String target = word;
        if (word.equals("-")) {
            target = context.environment().getOrDefault("QMP_TARGET", "");
            if (target.isEmpty()) {
                throw new UsageException("- stands for $QMP_TARGET, which is not set", "set it, or name the TARGET");
            }
        }
        if (isAddress(target) || target.contains("/")) {
            return new Place(QmpAddress.parse(target), Optional.empty(), Set.of());
        }
        return byName(target, context);
    }

    /** Whether a word says by its beginning how to connect, and is no path. */
    static boolean isAddress(String word) {
        return word.startsWith("unix:")
                || word.startsWith("tcp:")
                || word.matches("fd:\\d+")
                || word.startsWith("tls:")
                || word.startsWith("ssh://");
    }

    /** Another ssh than the one of the PATH, as git has it with GIT_SSH. */
    static SshOptions ssh(CliContext context) {
        String program = context.environment().getOrDefault("QMP_SSH", "");
        return program.isEmpty()
                ? SshOptions.DEFAULT
                : SshOptions.builder().program(program).build();
    }

    /** A file name as the user wrote it, absolute; a word without a slash may as well be a node's name and stays. */
    static String fileOrNode(String word, CliContext context, QmpAddress qemu) {
        return word.contains("/") ? file(word, context, qemu) : word;
    }

    /** The name of a file of QEMU's; relative to the working folder where QEMU runs on this host, and else refused. */
    static String file(String word, CliContext context, QmpAddress qemu) {
        Host.requireAbsolute(word, qemu);
        return localFile(word, context);
    }

    static String localFile(String word, CliContext context) {
        return context.workingFolder().resolve(word).normalize().toString();
    }

    /** Addresses of the monitors that can be connected to, in the order of the command line. */
    static List<QmpAddress> addresses(HostQemu qemu) {
        return qemu.monitors().stream()
                .map(Targets::address)
                .flatMap(Optional::stream)
                .toList();
    }

    static Optional<QmpAddress> address(Monitor monitor) {
        if (monitor instanceof Monitor.UnixPath unix) {
            return Optional.of(QmpAddress.unix(unix.path()));
        } else if (monitor instanceof Monitor.UnixAbstract named) {
            return Optional.of(new QmpAddress.UnixAbstract(named.name()));
        } else if (monitor instanceof Monitor.Tcp tcp) {
            return Optional.of(QmpAddress.tcp(tcp.host(), tcp.port()));
        }
        return Optional.empty();
    }

    private static Place byName(String name, CliContext context) {
        List<HostQemu> all = context.host().scan();
        List<HostQemu> named = all.stream()
                .filter(q -> q.name().filter(name::equals).isPresent())
                .toList();
        if (named.isEmpty()) {
            String names = all.stream()
                    .map(q -> q.name().orElse("(no name, PID " + q.pid() + ")"))
                    .collect(Collectors.joining(", "));
            throw failed(
                    name,
                    "no QEMU with the name '" + name + "' runs on this host",
                    names.isEmpty()
                            ? "no QEMU runs here at all; a socket's path needs a / in it: ./" + name
                            : "these run: " + names + "; a socket's path needs a / in it: ./" + name);
        }
        if (named.size() > 1) {
            throw failed(
                    name,
                    named.size() + " QEMUs on this host have the name '" + name + "': PIDs "
                            + named.stream().map(q -> Long.toString(q.pid())).collect(Collectors.joining(", ")),
                    "name its monitor's socket instead: `qmp list` shows them");
        }
        List<QmpAddress> addresses = addresses(named.get(0));
        if (addresses.isEmpty()) {
            throw failed(
                    name,
                    "the QEMU '" + name + "' (PID " + named.get(0).pid() + ") has no QMP socket that can be"
                            + " connected to" + why(named.get(0)),
                    "start it with -qmp unix:PATH,server=on,wait=off");
        }
        Set<Long> others = all.stream()
                .map(HostQemu::pid)
                .filter(pid -> pid != named.get(0).pid())
                .collect(Collectors.toSet());
        return new Place(addresses.get(0), Optional.of(named.get(0)), others);
    }

    private static String why(HostQemu qemu) {
        return qemu.monitors().stream().anyMatch(Monitor.Descriptor.class::isInstance)
                ? ": its monitor was handed to it as a descriptor by whoever started it, libvirt for one"
                : "";
    }

    private static ConnectFailedException failed(String target, String message, @Nullable String hint) {
        return new ConnectFailedException(target, Reason.NOT_FOUND, message, hint, null);
    }
}
