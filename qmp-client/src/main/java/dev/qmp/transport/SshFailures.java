package dev.qmp.transport;

import static dev.qmp.transport.ConnectFailures.failure;

import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.ConnectFailedException.Reason;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Why there is no link through ssh, told by what ssh printed: its words are the same in every locale. */
final class SshFailures {

    private static final int LONGEST = 300;
    private static final Pattern FINGERPRINT = Pattern.compile("(SHA256:[A-Za-z0-9+/=]+)");

    private SshFailures() {}

    static ConnectFailedException cannotRun(QmpAddress.Ssh address, String program, IOException cause) {
        return failure(
                address,
                Reason.BAD_ADDRESS,
                "The ssh client '" + program + "' cannot be run: " + cause.getMessage(),
                "Install OpenSSH's client, or forward the socket in another way and give its path",
                cause);
    }

    /** Explains what ssh has said; its exit status is 0 for one that still runs. */
    static ConnectFailedException of(QmpAddress.Ssh address, String said, int exit) {
        String host = address.host();
        String last = last(said).orElse(exit == 0 ? "it said nothing" : "it ended with status " + exit);
        if (said.contains("REMOTE HOST IDENTIFICATION HAS CHANGED")) {
            Matcher seen = FINGERPRINT.matcher(said);
            return fail(
                    address,
                    Reason.UNTRUSTED,
                    "The host key of " + host + " is not the one that ssh knows"
                            + (seen.find() ? ", but " + seen.group() : ""),
                    "Either that host was set up anew, or another one answers in its place: compare the fingerprint on"
                            + " that host, then forget the old one with ssh-keygen -R");
        }
        if (said.contains("REVOKED HOST KEY DETECTED")) {
            return fail(
                    address,
                    Reason.UNTRUSTED,
                    "The host key of " + host + " is marked as revoked",
                    "Whoever answers with it may have stolen it: ask whoever revoked it for that host's new key");
        }
        if (said.contains("Host key verification failed") || said.contains("host key is known for")) {
            return fail(
                    address,
                    Reason.UNTRUSTED,
                    "ssh does not know the host key of " + host + ", and nobody can be asked",
                    "Connect once by hand (ssh " + host + ") and compare the fingerprint that it shows");
        }
        if (said.contains("open failed: administratively prohibited")) {
            return fail(
                    address,
                    Reason.PERMISSION_DENIED,
                    "The ssh server of " + host + " does not allow a connection to " + address.path(),
                    "Its sshd_config wants AllowStreamLocalForwarding yes, or local");
        }
        if (said.contains("open failed: unknown channel type")) {
            return fail(
                    address,
                    Reason.BAD_ADDRESS,
                    "The ssh server of " + host + " cannot connect to UNIX sockets",
                    "That needs OpenSSH 6.7 or later on that host");
        }
        if (said.contains("open failed:")) {
            return fail(
                    address,
                    Reason.NOT_FOUND,
                    "On " + host + " nothing can be reached at " + address.path()
                            + ": there is no such socket, nobody listens on it, or this user may not connect to it",
                    "ssh does not tell which: look with ls -l there; QEMU makes it with -qmp unix:" + address.path()
                            + ",server=on,wait=off. An sshd with AllowStreamLocalForwarding no looks like this, too");
        }
        if (said.contains("Permission denied (") || said.contains("Too many authentication failures")) {
            return fail(
                    address,
                    Reason.PERMISSION_DENIED,
                    "ssh was not let in on " + host + ": " + last,
                    "No password is asked for: add a key that this host knows to your agent (ssh-add), or name it in"
                            + " ~/.ssh/config");
        }
        if (said.contains("Could not resolve hostname")) {
            return fail(address, Reason.NOT_FOUND, "ssh knows no host " + host + ": " + last, null);
        }
        if (said.contains("Connection refused")) {
            return fail(
                    address,
                    Reason.NOBODY_LISTENING,
                    "No ssh server listens on " + host + ": " + last,
                    "Is that the port of its sshd?");
        }
        if (said.contains("timed out")) {
            return fail(address, Reason.TIMED_OUT, "The ssh server of " + host + " does not answer: " + last, null);
        }
        return fail(address, Reason.IO, "ssh found no way to " + host + ": " + last, null);
    }

    /** It goes on without the socket that we wait for; its words name that socket, and say why. */
    static Optional<ConnectFailedException> cannotListen(QmpAddress.Ssh address, String socket, String said) {
        return said.lines()
                .filter(line -> line.contains("unix_listener:") && line.contains(socket))
                .findFirst()
                .map(line -> fail(
                        address,
                        Reason.IO,
                        "ssh cannot listen for us: " + line.strip(),
                        "Our socket is made in the folder java.io.tmpdir, whose name must be short"));
    }

    static ConnectFailedException timedOut(QmpAddress.Ssh address, String within, boolean letIn, String said) {
        String told = last(said).map(line -> " (it said: " + line + ")").orElse("");
        return fail(
                address,
                Reason.TIMED_OUT,
                letIn
                        ? "ssh was let in on " + address.host() + ", but " + address.path() + " was not opened within "
                                + within
                        : "ssh was not let in on " + address.host() + " within " + within + told,
                "A longer connect timeout may do; a firewall that drops packets looks like this, too");
    }

    /** What ssh had to say last; empty where it said nothing. */
    static Optional<String> last(String said) {
        List<String> lines = said.lines()
                .map(line -> line.replaceAll("\\p{Cntrl}", "").strip())
                .filter(line -> !line.isEmpty() && !line.startsWith("debug") && !line.startsWith("Killed by signal"))
                .toList();
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        String last = lines.get(lines.size() - 1);
        return Optional.of(last.length() > LONGEST ? last.substring(0, LONGEST) + "…" : last);
    }

    private static ConnectFailedException fail(
            QmpAddress.Ssh address, Reason reason, String message, @Nullable String hint) {
        return failure(address, reason, message, hint, null);
    }
}
