package dev.qmp.transport;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.NetUtil;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** All that one attempt to open a TLS link needs to know: read before connecting, off the loop. */
final class TlsLayer {

    private static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};
    private static final long CLOSE_MILLIS = 1_000;

    private final QmpAddress.Tls address;
    private final SSLContext context;
    private final TlsIdentity identity;
    private final String expected;
    private final boolean verifyName;

    private TlsLayer(
            QmpAddress.Tls address, SSLContext context, TlsIdentity identity, String expected, boolean verifyName) {
        this.address = address;
        this.context = context;
        this.identity = identity;
        this.expected = expected;
        this.verifyName = verifyName;
    }

    /**
     * Reads the files that the options name; blocks.
     *
     * @throws dev.qmp.error.ConnectFailedException where one of them cannot be used
     */
    static TlsLayer prepare(QmpAddress.Tls address, TlsOptions options) {
        String expected = options.hostName().orElse(address.host().replaceFirst("%.*", ""));
        TlsFiles files = new TlsFiles(address, options);
        TlsIdentity identity = new TlsIdentity(files.own());
        try {
            TrustManager trust = new TlsTrust(options, expected, files);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {identity}, new TrustManager[] {trust}, null);
            return new TlsLayer(
                    address,
                    context,
                    identity,
                    expected,
                    options.verifyHostName() && options.fingerprint().isEmpty());
        } catch (GeneralSecurityException e) {
            throw ConnectFailures.other(address, e);
        }
    }

    /** Puts the layer under what is to come; {@code refused} hears why there will be no link. */
    void addTo(Channel channel, TlsGate.Refused refused) {
        SslHandler handler = new SslHandler(engine());
        handler.setHandshakeTimeoutMillis(0); // the connect timeout spans it
        handler.setCloseNotifyFlushTimeoutMillis(CLOSE_MILLIS);
        TlsGate.Below below = new TlsGate.Below();
        channel.pipeline().addLast(below, handler, new TlsGate(address, identity, refused, below));
    }

    private SSLEngine engine() {
        SSLEngine engine = context.createSSLEngine(expected, address.port());
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(VERSIONS);
        if (verifyName) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        SNIHostName name = serverName(expected);
        if (name != null) {
            parameters.setServerNames(List.of(name));
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** A server with several certificates chooses by it; an address is not allowed there (RFC 6066). */
    private static @Nullable SNIHostName serverName(String host) {
        if (NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host)) {
            return null;
        }
        try {
            return new SNIHostName(host);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
