package dev.qmp.transport;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Who we are to a peer that asks, and whether it has asked. Our certificate is shown whichever CAs the peer lists: its
 * refusal says more than our silence would. Confined to the link's loop.
 */
final class TlsIdentity extends X509ExtendedKeyManager {

    private static final String ALIAS = "ours";

    private final Optional<TlsFiles.Own> own;
    private boolean asked;

    TlsIdentity(Optional<TlsFiles.Own> own) {
        this.own = own;
    }

    /** Whether the peer wanted to know who we are. */
    boolean asked() {
        return asked;
    }

    /** Our certificate's subject, where there is one to show. */
    Optional<String> subject() {
        return own.map(ours -> ours.chain().get(0).getSubjectX500Principal().getName());
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String @Nullable [] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        asked = true;
        if (own.isEmpty() || keyTypes == null) {
            return null;
        }
        String algorithm = own.get().key().getAlgorithm();
        for (String type : keyTypes) {
            if (type.equals(algorithm)) {
                return ALIAS;
            }
        }
        return null;
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(@Nullable String alias) {
        return own.map(ours -> ours.chain().toArray(new X509Certificate[0])).orElse(null);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(@Nullable String alias) {
        return own.map(TlsFiles.Own::key).orElse(null);
    }

    @Override
    public @Nullable String chooseClientAlias(
            String @Nullable [] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }

    @Override
    public String @Nullable [] getClientAliases(@Nullable String keyType, Principal @Nullable [] issuers) {
        return own.isPresent() ? new String[] {ALIAS} : null;
    }

    @Override
    public @Nullable String chooseServerAlias(
            @Nullable String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }

    @Override
    public String @Nullable [] getServerAliases(@Nullable String keyType, Principal @Nullable [] issuers) {
        return null;
    }
}
