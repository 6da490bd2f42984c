package dev.qmp.transport;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The words that ssh is run with; no shell is between us and it. Of an option that is given twice ssh takes the first. */
final class SshCommand {

    /**
     * What makes a link of it, whatever the user's configuration says: it asks nothing, runs nothing, stays in the
     * foreground, and is no client of another ssh, which would keep the forwarding when it ends. Forwardings of the user's
     * are made too, since ssh can only clear them together with ours; that one fails, as it does beside another session
     * that has its port, is not our failure. {@code -W} would need no socket of ours but takes paths only from OpenSSH 9.4
     * on, and two threads of ours to copy its bytes.
     */
    private static final List<String> FIXED = List.of(
            "BatchMode=yes",
            "ExitOnForwardFailure=no",
            "ClearAllForwardings=no",
            "ControlMaster=no",
            "ControlPath=none",
            "PermitLocalCommand=no",
            "Tunnel=no",
            "StreamLocalBindMask=0177",
            "LogLevel=INFO");

    /**
     * What an OpenSSH before 8.7 refuses to know. The first one tells when the far end has opened the socket, by the one
     * line of its debugging that says so.
     */
    private static final List<String> RECENT =
            List.of("LogVerbose=channels.c:channel_input_open_confirmation():*", "ForkAfterAuthentication=no");

    private SshCommand() {}

    static List<String> words(QmpAddress.Ssh address, SshOptions options, Path local, boolean recent) {
        List<String> words = new ArrayList<>();
        words.add(options.program());
        options.configFile().ifPresent(file -> words.addAll(List.of("-F", file.toString())));
        FIXED.forEach(option -> words.addAll(List.of("-o", option)));
        if (recent) {
            RECENT.forEach(option -> words.addAll(List.of("-o", option)));
        }
        options.options().forEach(option -> words.addAll(List.of("-o", option)));
        words.addAll(List.of("-N", "-T", "-a", "-x"));
        words.addAll(
                List.of("-L", SshWords.forwardSide(local.toString()) + ":" + SshWords.forwardSide(address.path())));
        address.user().ifPresent(user -> words.addAll(List.of("-l", user)));
        address.port().ifPresent(port -> words.addAll(List.of("-p", Integer.toString(port))));
        words.addAll(List.of("--", address.host()));
        return words;
    }
}
