package dev.qmp.cli.command;

import dev.qmp.transport.QmpAddress;

/**
 * Which host a QEMU runs on, as far as its address tells. Files and processes of this host are none of another's, though
 * they may have the same names.
 */
final class Host {

    private static final String ABSOLUTE = "write the absolute name that it has there";

    private Host() {}

    /** Whether it may be another host: a port of this one can be the end of somebody's tunnel, too. */
    static boolean mayBeAnother(QmpAddress address) {
        return address instanceof QmpAddress.Tcp
                || address instanceof QmpAddress.Tls
                || address instanceof QmpAddress.Ssh;
    }

    /** What to put before a guest's name so that guests of several hosts are not mixed up; empty for this host. */
    static String prefix(QmpAddress address) {
        String host = address instanceof QmpAddress.Tcp tcp
                ? tcp.host()
                : address instanceof QmpAddress.Tls tls
                        ? tls.host()
                        : address instanceof QmpAddress.Ssh ssh ? ssh.host() : "";
        boolean loopback = host.isEmpty() || host.equals("localhost") || host.equals("::1") || host.startsWith("127.");
        return loopback ? "" : host + "/";
    }

    /** Refuses a name that only this host's working folder makes whole. */
    static void requireAbsolute(String file, QmpAddress address) {
        if (mayBeAnother(address) && !file.startsWith("/")) {
            throw new UsageException(
                    "'" + file + "' is a name relative to a folder of this host, and QEMU at " + address
                            + " may run on another",
                    ABSOLUTE);
        }
    }
}
