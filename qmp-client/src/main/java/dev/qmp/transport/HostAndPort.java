package dev.qmp.transport;

/** {@code HOST:PORT} as it stands in an address; an IPv6 literal has brackets there. */
record HostAndPort(String host, int port) {

    static String text(String host, int port) {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    /** Reads what follows {@code scheme} in {@code text}. */
    static HostAndPort parse(String text, String scheme) {
        String hostAndPort = text.substring(scheme.length());
        int colon = hostAndPort.lastIndexOf(':');
        if (colon <= 0) {
            throw new IllegalArgumentException("no port in '" + text + "'; write " + scheme + "HOST:PORT");
        }
        String host = hostAndPort.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        try {
            return new HostAndPort(host, Integer.parseInt(hostAndPort.substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a port number in '" + text + "'; write " + scheme + "HOST:PORT", e);
        }
    }
}
