package dev.qmp.transport;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** The parts of an ssh address, as text and as words of ssh's command line. */
final class SshWords {

    private static final String FORM = "; write ssh://[USER@]HOST[:PORT]/path/to/socket";
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9_.:%-]+");
    private static final Pattern USER = Pattern.compile("[A-Za-z0-9_.@+-]+\\$?");

    private SshWords() {}

    static QmpAddress.Ssh parse(String text) {
        String rest = text.substring("ssh://".length());
        int slash = rest.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("no socket's path in '" + text + "'" + FORM);
        }
        String authority = rest.substring(0, slash);
        int at = authority.lastIndexOf('@');
        Optional<String> user = at < 0 ? Optional.empty() : Optional.of(authority.substring(0, at));
        String hostAndPort = authority.substring(at + 1);
        int colon = hostAndPort.lastIndexOf(':');
        if (!hostAndPort.startsWith("[") && hostAndPort.indexOf(':') != colon) {
            throw new IllegalArgumentException(
                    "an IPv6 address has brackets in ssh://, not as in '" + text + "'" + FORM);
        }
        boolean port = colon > hostAndPort.lastIndexOf(']') && hostAndPort.indexOf(':') >= 0;
        String host = port ? hostAndPort.substring(0, colon) : hostAndPort;
        try {
            return new QmpAddress.Ssh(
                    user,
                    host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host,
                    port ? OptionalInt.of(Integer.parseInt(hostAndPort.substring(colon + 1))) : OptionalInt.empty(),
                    rest.substring(slash));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a port number in '" + text + "'" + FORM, e);
        }
    }

    static void check(Optional<String> user, String host, OptionalInt port, String path) {
        if (!HOST.matcher(host).matches() || host.startsWith("-")) {
            throw new IllegalArgumentException("not a host's name for ssh: '" + host + "'" + FORM);
        }
        if (user.isPresent()
                && (!USER.matcher(user.get()).matches() || user.get().startsWith("-"))) {
            throw new IllegalArgumentException("not a user's name for ssh: '" + user.get() + "'" + FORM);
        }
        if (port.isPresent() && (port.getAsInt() < 1 || port.getAsInt() > 65_535)) {
            throw new IllegalArgumentException("not a port: " + port.getAsInt() + FORM);
        }
        if (!path.startsWith("/") || path.length() < 2 || path.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("not an absolute path: '" + path.replace('\0', '?') + "'" + FORM);
        }
        // ssh would put an environment variable there, and knows no way to write the two characters themselves.
        if (path.contains("${")) {
            throw new IllegalArgumentException("ssh cannot be given a path with ${ in it: " + path);
        }
    }

    /** One side of {@code -L}: ssh's own escapes against its colons, and against its percent signs. */
    static String forwardSide(String path) {
        return path.replace("\\", "\\\\").replace(":", "\\:").replace("%", "%%");
    }
}
