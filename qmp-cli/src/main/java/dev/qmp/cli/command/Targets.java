package dev.qmp.cli.command;

import dev.qmp.cli.host.HostQemu;
import dev.qmp.cli.host.Monitor;
import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.ConnectFailedException.Reason;
import dev.qmp.transport.QmpAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** From the word TARGET to an address. */
final class Targets {

    private Targets() {}

    static QmpAddress resolve(String word, CliContext context) {
        String target = word;
        if (word.equals("-")) {
            target = context.environment().getOrDefault("QMP_TARGET", "");
            if (target.isEmpty()) {
                throw new UsageException("- stands for $QMP_TARGET, which is not set", "set it, or name the TARGET");
            }
        }
        if (target.startsWith("tls:") || target.startsWith("ssh://")) {
            throw new UsageException(
                    "tls: and ssh: targets are not in this build", "forward the socket yourself and give its path");
        }
        if (target.contains("/") || target.startsWith("unix:") || target.startsWith("tcp:")) {
            return QmpAddress.parse(target);
        }
        return byName(target, context);
    }

    /** A file name as the user wrote it, absolute; a word without a slash may as well be a node's name and stays. */
    static String fileOrNode(String word, CliContext context) {
        return word.contains("/") ? file(word, context) : word;
    }

    static String file(String word, CliContext context) {
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

    private static QmpAddress byName(String name, CliContext context) {
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
        return addresses.get(0);
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
