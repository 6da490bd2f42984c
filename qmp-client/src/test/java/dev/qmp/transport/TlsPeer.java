package dev.qmp.transport;

import dev.qmp.fixtures.tls.TestAuthority;
import dev.qmp.fixtures.tls.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** The other end of a TLS link under test: a listening socket of the JDK's, which shakes hands when it is read. */
final class TlsPeer implements AutoCloseable {

    static final TestAuthority AUTHORITY = TestAuthority.named("link tests");

    private final SSLServerSocket server;

    /** Lets in the clients of an authority; null for a server that does not ask. */
    TlsPeer(TestCertificate certificate, TestAuthority trusts, java.nio.file.Path scratch, String... versions)
            throws IOException, GeneralSecurityException {
        char[] password = {};
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry("server", certificate.key(), password, new X509Certificate[] {certificate.certificate()});
        KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
        own.init(keys, password);
        SSLContext context = SSLContext.getInstance("TLS");
        TrustManagerFactory trust = null;
        if (trusts != null) {
            KeyStore anchors = KeyStore.getInstance("PKCS12");
            anchors.load(null, null);
            List<X509Certificate> found = new TlsFiles(
                            QmpAddress.tls("test", 1),
                            TlsOptions.builder().caFile(trusts.writeTo(scratch)).build())
                    .authorities()
                    .orElseThrow();
            anchors.setCertificateEntry("ca", found.get(0));
            trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(anchors);
        }
        context.init(own.getKeyManagers(), trust == null ? null : trust.getTrustManagers(), null);
        server = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 64, InetAddress.getByName("127.0.0.1"));
        server.setNeedClientAuth(trusts != null);
        if (versions.length > 0) {
            server.setEnabledProtocols(versions);
        }
    }

    QmpAddress.Tls address(String host) {
        return new QmpAddress.Tls(host, server.getLocalPort());
    }

    SSLSocket accept() throws IOException {
        return (SSLSocket) server.accept();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
