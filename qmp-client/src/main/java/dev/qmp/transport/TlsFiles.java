package dev.qmp.transport;

import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.ConnectFailedException.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the files that {@link TlsOptions} name, and says of the one that cannot be used why. */
final class TlsFiles {

    /** What we show of ourselves. */
    record Own(List<X509Certificate> chain, PrivateKey key) {}

    private final QmpAddress address;
    private final TlsOptions options;

    TlsFiles(QmpAddress address, TlsOptions options) {
        this.address = address;
        this.options = options;
    }

    /** The CAs to trust; empty for the JDK's own. */
    Optional<List<X509Certificate>> authorities() {
        return options.caFile().or(() -> inFolder("ca-cert.pem")).map(this::certificates);
    }

    List<X509CRL> revocations() {
        Optional<Path> file = inFolder("ca-crl.pem").filter(Files::exists);
        List<X509CRL> lists = new ArrayList<>();
        if (file.isPresent()) {
            for (Pem block : blocks(file.get())) {
                try {
                    lists.add((X509CRL) factory().generateCRL(new ByteArrayInputStream(block.der())));
                } catch (GeneralSecurityException e) {
                    throw unusable(file.get(), "it holds no revocation list that can be read", e);
                }
            }
            if (lists.isEmpty()) {
                throw unusable(file.get(), "there is no revocation list in PEM form in it", null);
            }
        }
        return lists;
    }

    Optional<Own> own() {
        Optional<Path> certificate = options.certificateFile();
        Optional<Path> key = options.keyFile();
        if (certificate.isEmpty()) {
            certificate = inFolder("client-cert.pem").filter(Files::exists);
            key = inFolder("client-key.pem").filter(Files::exists);
        }
        if (certificate.isEmpty() || key.isEmpty()) {
            return Optional.empty(); // as QEMU's own clients take such a folder
        }
        List<X509Certificate> chain = certificates(certificate.get());
        PrivateKey secret = key(key.get());
        if (!PrivateKeys.belongs(secret, chain.get(0).getPublicKey())) {
            throw unusable(key.get(), "it is not the key of " + certificate.get(), null);
        }
        return Optional.of(new Own(chain, secret));
    }

    private Optional<Path> inFolder(String name) {
        return options.folder().map(folder -> folder.resolve(name));
    }

    private List<X509Certificate> certificates(Path file) {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Pem block : blocks(file)) {
            if (block.label().endsWith("CERTIFICATE")) {
                try {
                    certificates.add(
                            (X509Certificate) factory().generateCertificate(new ByteArrayInputStream(block.der())));
                } catch (GeneralSecurityException e) {
                    throw unusable(file, "a certificate in it is broken", e);
                }
            }
        }
        if (certificates.isEmpty()) {
            throw unusable(file, "there is no certificate in PEM form in it", null);
        }
        return certificates;
    }

    private PrivateKey key(Path file) {
        for (Pem block : blocks(file)) {
            if (PrivateKeys.isKey(block)) {
                try {
                    return PrivateKeys.read(block);
                } catch (GeneralSecurityException e) {
                    throw unusable(file, String.valueOf(e.getMessage()), e);
                }
            }
        }
        throw unusable(file, "there is no private key in PEM form in it", null);
    }

    private List<Pem> blocks(Path file) {
        try {
            return Pem.blocks(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (NoSuchFileException e) {
            throw unusable(file, "there is no such file", e);
        } catch (AccessDeniedException e) {
            throw unusable(file, "no permission to read it", e);
        } catch (IOException | IllegalArgumentException e) {
            throw unusable(file, String.valueOf(e.getMessage()), e);
        }
    }

    private static CertificateFactory factory() throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509");
    }

    private ConnectFailedException unusable(Path file, String why, @Nullable Throwable cause) {
        return ConnectFailures.failure(
                address, Reason.BAD_ADDRESS, "The file " + file + " cannot be used for TLS: " + why, null, cause);
    }
}
