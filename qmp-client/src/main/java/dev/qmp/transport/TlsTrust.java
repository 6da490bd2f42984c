package dev.qmp.transport;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Decides whether the peer is who it should be, and says of one that is not what is wrong with it. */
final class TlsTrust extends X509ExtendedTrustManager {

    /** The peer's certificate will not do. */
    static final class Untrusted extends CertificateException {
        private static final long serialVersionUID = 1;

        private final String hint;

        Untrusted(String message, String hint, @Nullable Throwable cause) {
            super(message, cause);
            this.hint = hint;
        }

        String hint() {
            return hint;
        }
    }

    private static final String WHOSE = "Give the certificate of the CA that signed the peer's: its ca-cert.pem";

    private final Optional<String> fingerprint;
    private final String host;
    private final X509ExtendedTrustManager path;
    private final List<X509CRL> revocations;

    TlsTrust(TlsOptions options, String host, TlsFiles files) throws GeneralSecurityException {
        this.fingerprint = options.fingerprint();
        this.host = host;
        this.revocations = fingerprint.isPresent() ? List.of() : files.revocations();
        this.path = path(fingerprint.isPresent() ? Optional.of(List.of()) : files.authorities());
    }

    /** The JDK's own judge of a chain and, where the engine asks for it, of the host's name. */
    private static X509ExtendedTrustManager path(Optional<List<X509Certificate>> authorities)
            throws GeneralSecurityException {
        KeyStore anchors = null;
        if (authorities.isPresent()) {
            anchors = KeyStore.getInstance(KeyStore.getDefaultType());
            try {
                anchors.load(null, null);
            } catch (java.io.IOException e) {
                throw new GeneralSecurityException(e);
            }
            for (X509Certificate authority : authorities.get()) {
                anchors.setCertificateEntry("ca" + anchors.size(), authority);
            }
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(anchors);
        return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        if (fingerprint.isPresent()) {
            checkFingerprint(fingerprint.get(), chain[0]);
            return;
        }
        try {
            path.checkServerTrusted(chain, authType, engine);
        } catch (CertificateException e) {
            throw explained(chain[0], e);
        }
        for (X509CRL list : revocations) {
            for (X509Certificate certificate : chain) {
                if (list.getIssuerX500Principal().equals(certificate.getIssuerX500Principal())
                        && list.isRevoked(certificate)) {
                    throw new Untrusted(
                            "the certificate " + name(certificate) + " has been revoked",
                            "Its CA has withdrawn it (ca-crl.pem): the server needs a new one",
                            null);
                }
            }
        }
    }

    private static void checkFingerprint(String wanted, X509Certificate shown) throws CertificateException {
        try {
            String seen = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(shown.getEncoded()));
            if (!seen.equals(wanted)) {
                throw new Untrusted(
                        "its certificate has the fingerprint " + seen + " and not the one that was given",
                        "If its certificate was renewed, compare the new fingerprint on that host and give that one;"
                                + " else this is not the QEMU that you want",
                        null);
            }
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new CertificateException(e);
        }
    }

    private Untrusted explained(X509Certificate shown, CertificateException failure) {
        CertificateException dates = dates(shown);
        if (dates != null || has(failure, CertificateExpiredException.class)) {
            boolean early = dates instanceof CertificateNotYetValidException;
            return new Untrusted(
                    early
                            ? "its certificate " + name(shown) + " is valid only from "
                                    + shown.getNotBefore().toInstant()
                            : dates != null
                                    ? "its certificate " + name(shown) + " has expired on "
                                            + shown.getNotAfter().toInstant()
                                    : "a CA's certificate above its own has expired",
                    "Renew it, or set this host's clock if that is wrong",
                    failure);
        }
        if (has(failure, CertPathBuilderException.class)) {
            return new Untrusted(
                    "its certificate " + name(shown) + ", issued by "
                            + shown.getIssuerX500Principal().getName() + ", comes from no CA that is trusted here",
                    WHOSE,
                    failure);
        }
        if (has(failure, CertPathValidatorException.class)) {
            return new Untrusted(
                    "its certificate " + name(shown) + " does not stand the check: "
                            + root(failure).getMessage(),
                    WHOSE,
                    failure);
        }
        return new Untrusted(
                "its certificate is for " + TlsNames.of(shown) + " and not for " + host,
                "Use one of these names, or say which name to expect",
                failure);
    }

    private static @Nullable CertificateException dates(X509Certificate certificate) {
        try {
            certificate.checkValidity();
            return null;
        } catch (CertificateExpiredException | CertificateNotYetValidException e) {
            return e;
        }
    }

    private static boolean has(Throwable failure, Class<? extends Throwable> kind) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (kind.isInstance(at)) {
                return true;
            }
        }
        return false;
    }

    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    private static String name(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().getName();
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return path.getAcceptedIssuers();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("only engines are used here");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("only engines are used here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("this end is the client");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("this end is the client");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw new CertificateException("this end is the client");
    }
}
