package dev.qmp.transport;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** The hosts that a certificate is for, in words. */
final class TlsNames {

    private static final int DNS = 2;
    private static final int IP_ADDRESS = 7;
    private static final int MOST = 5;

    private TlsNames() {}

    static String of(X509Certificate certificate) {
        String subject = certificate.getSubjectX500Principal().getName();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            String names = alternatives == null
                    ? ""
                    : alternatives.stream()
                            .filter(entry -> Integer.valueOf(DNS).equals(entry.get(0))
                                    || Integer.valueOf(IP_ADDRESS).equals(entry.get(0)))
                            .limit(MOST)
                            .map(entry -> String.valueOf(entry.get(1)))
                            .collect(Collectors.joining(", "));
            return names.isEmpty() ? subject + " (it names no host)" : names;
        } catch (CertificateParsingException e) {
            return subject;
        }
    }
}
