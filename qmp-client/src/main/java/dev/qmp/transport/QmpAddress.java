package dev.qmp.transport;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/** Where a monitor is. The text form is the one that {@link #parse} reads and that {@code toString} gives. */
public sealed interface QmpAddress {

    /** A UNIX socket in the file system. The path is kept as it was given: a leading {@code ./} may keep it short enough. */
    record Unix(String path) implements QmpAddress {
        public Unix {
            if (path.isEmpty() || path.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("not a socket path: '" + path.replace('\0', '?') + "'");
            }
        }

        @Override
        public String toString() {
            return "unix:" + path;
        }
    }

    /** A UNIX socket in Linux's abstract namespace; the name without the {@code @}. */
    record UnixAbstract(String name) implements QmpAddress {
        public UnixAbstract {
            if (name.isEmpty()) {
                throw new IllegalArgumentException("an abstract socket needs a name after the @");
            }
        }

        @Override
        public String toString() {
            return "unix:@" + name;
        }
    }

    /** A TCP port. IPv6 literals are kept without brackets. */
    record Tcp(String host, int port) implements QmpAddress {
        public Tcp {
            if (host.isEmpty() || port < 1 || port > 65_535) {
                throw new IllegalArgumentException("not a host and a port: '" + host + "', " + port);
            }
        }

        @Override
        public String toString() {
            return "tcp:" + HostAndPort.text(host, port);
        }
    }

    /** A TCP port that speaks TLS from the first byte, as QEMU's {@code tls-creds} have it. IPv6 literals without brackets. */
    record Tls(String host, int port) implements QmpAddress {
        public Tls {
            if (host.isEmpty() || port < 1 || port > 65_535) {
                throw new IllegalArgumentException("not a host and a port: '" + host + "', " + port);
            }
        }

        @Override
        public String toString() {
            return "tls:" + HostAndPort.text(host, port);
        }
    }

    /**
     * A UNIX socket on another host, reached through the user's own OpenSSH client. Host and user are held to characters that
     * no shell takes for its own, since the user's ssh configuration may hand them to one. The path is taken as it stands.
     *
     * @param user empty for ssh's own choice
     * @param host a name, an alias of the user's ssh configuration, or an address; IPv6 literals without brackets
     * @param port empty for ssh's own choice
     * @param path absolute, on that host
     */
    record Ssh(Optional<String> user, String host, OptionalInt port, String path) implements QmpAddress {
        public Ssh {
            SshWords.check(user, host, port, path);
        }

        @Override
        public String toString() {
            return "ssh://" + user.map(name -> name + "@").orElse("")
                    + (host.indexOf(':') >= 0 ? "[" + host + "]" : host)
                    + (port.isPresent() ? ":" + port.getAsInt() : "") + path;
        }
    }

    /**
     * A connected socket that this process has already, such as one that its parent left open for it (Linux, by the
     * transports {@code EPOLL} and {@code JNR}). Opening it takes the descriptor over: its number is free afterwards, and the
     * socket is closed with the link. Where opening fails, the descriptor stays as it is.
     */
    record Inherited(int descriptor) implements QmpAddress {
        public Inherited {
            if (descriptor < 0) {
                throw new IllegalArgumentException("not a descriptor's number: " + descriptor);
            }
        }

        @Override
        public String toString() {
            return "fd:" + descriptor;
        }
    }

    static QmpAddress unix(Path path) {
        return new Unix(path.toString());
    }

    static QmpAddress tcp(String host, int port) {
        return new Tcp(host, port);
    }

    static QmpAddress tls(String host, int port) {
        return new Tls(host, port);
    }

    /**
     * Reads {@code unix:PATH}, {@code unix:@NAME}, {@code tcp:HOST:PORT}, {@code tls:HOST:PORT}, {@code
     * ssh://[USER@]HOST[:PORT]/PATH}, {@code fd:N}, or a text with a {@code /} in it, which is a path.
     *
     * @throws IllegalArgumentException where the text is none of these; its message says which form is wanted
     */
    static QmpAddress parse(String text) {
        if (text.startsWith("unix:@")) {
            return new UnixAbstract(text.substring("unix:@".length()));
        }
        if (text.startsWith("unix:")) {
            return new Unix(text.substring("unix:".length()));
        }
        if (text.startsWith("tcp:")) {
            HostAndPort parsed = HostAndPort.parse(text, "tcp:");
            return new Tcp(parsed.host(), parsed.port());
        }
        if (text.startsWith("tls:")) {
            HostAndPort parsed = HostAndPort.parse(text, "tls:");
            return new Tls(parsed.host(), parsed.port());
        }
        if (text.startsWith("ssh://")) {
            return SshWords.parse(text);
        }
        if (text.startsWith("fd:")) {
            return parseInherited(text);
        }
        if (text.indexOf('/') >= 0) {
            return new Unix(text);
        }
        throw new IllegalArgumentException("not a monitor's address: '" + text
                + "'; write a path with a /, unix:PATH, unix:@NAME, tcp:HOST:PORT, tls:HOST:PORT,"
                + " ssh://[USER@]HOST[:PORT]/PATH or fd:N");
    }

    private static Inherited parseInherited(String text) {
        try {
            return new Inherited(Integer.parseInt(text.substring("fd:".length())));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a descriptor's number in '" + text + "'; write fd:N", e);
        }
    }
}
