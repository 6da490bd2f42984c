package dev.qmp.block;

import dev.qmp.error.UnsafeOperationException;
import dev.qmp.qapi.BlockdevOptions;
import dev.qmp.qapi.SocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An NBD export by its address (the NBD project's {@code doc/uri.md}).
 *
 * @param host null for a UNIX socket
 * @param socket null for TCP
 * @param export empty for the server's default one
 */
record NbdUri(@Nullable String host, int port, @Nullable String socket, String export) {

    private static final int DEFAULT_PORT = 10809;

    /** @throws UnsafeOperationException ({@code copy-destination}) */
    static NbdUri parse(URI uri) {
        String text = uri.toString();
        String path = uri.getPath() == null ? "" : uri.getPath();
        String export = path.startsWith("/") ? path.substring(1) : path;
        return switch (uri.getScheme()) {
            case "nbd", "nbd+tcp" -> {
                String host = uri.getHost();
                if (host == null) {
                    throw refused(text, "it names no host");
                }
                String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
                yield new NbdUri(bare, uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort(), null, export);
            }
            case "nbd+unix" -> {
                String socket = socket(uri.getRawQuery());
                if (socket == null || !Paths.absolute(socket)) {
                    throw refused(text, "it names no socket by its whole path");
                }
                yield new NbdUri(null, 0, socket, export);
            }
            case "nbds", "nbds+tcp", "nbds+unix" -> throw refused(text, "NBD over TLS is not done here");
            default -> throw refused(text, "a copy goes to a file, a device or an NBD export");
        };
    }

    private static @Nullable String socket(@Nullable String query) {
        return query == null
                ? null
                : Arrays.stream(query.split("&"))
                        .filter(pair -> pair.startsWith("socket="))
                        .map(pair -> URLDecoder.decode(
                                // A plus is a plus in an address; only forms make a blank of it.
                                pair.substring("socket=".length()).replace("+", "%2B"), StandardCharsets.UTF_8))
                        .findFirst()
                        .orElse(null);
    }

    static UnsafeOperationException refused(String text, String why) {
        return new UnsafeOperationException(
                "copy-destination",
                "the destination '" + text + "' cannot be used: " + why,
                "write nbd://HOST:PORT/EXPORT or nbd+unix:///EXPORT?socket=/PATH");
    }

    BlockdevOptions.Nbd.Builder options(@Nullable String node) {
        return BlockdevOptions.Nbd.builder()
                .nodeName(node)
                .server(
                        socket != null
                                ? SocketAddress.Unix.builder().path(socket).build()
                                : SocketAddress.Inet.builder()
                                        .host(String.valueOf(host))
                                        .port(Integer.toString(port))
                                        .build())
                .export(export.isEmpty() ? null : export);
    }

    /** As QEMU writes it in the chain (7.2 to 11.1). */
    String shown() {
        if (socket != null) {
            return "nbd+unix://" + (export.isEmpty() ? "" : "/" + export) + "?socket=" + socket;
        }
        return "nbd://" + host + ":" + port + (export.isEmpty() ? "" : "/" + export);
    }
}
