package dev.qmp.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.junit.jupiter.api.Test;

/** Keys as openssl and certtool write them. */
class PrivateKeysTest {

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + label
                + "-----\n";
    }

    private static Pem block(String text) {
        return Pem.blocks(text).get(0);
    }

    private static KeyPair rsa() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return generator.generateKeyPair();
    }

    private static KeyPair elliptic() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    @Test
    void pkcs_8_of_either_algorithm_is_read() throws Exception {
        for (KeyPair pair : new KeyPair[] {rsa(), elliptic()}) {
            Pem block = block(pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
            assertThat(PrivateKeys.read(block)).isEqualTo(pair.getPrivate());
        }
    }

    @Test
    void pkcs_1_is_read_though_certtool_writes_the_numbers_out_before_it() throws Exception {
        KeyPair pair = rsa();
        byte[] pkcs1 = PrivateKeyInfo.getInstance(pair.getPrivate().getEncoded())
                .parsePrivateKey()
                .toASN1Primitive()
                .getEncoded();
        String text =
                "Public Key Info:\n\tPublic Key Algorithm: RSA\nmodulus:\n\t00:c4:\n\n" + pem("RSA PRIVATE KEY", pkcs1);
        assertThat(PrivateKeys.read(block(text))).isEqualTo(pair.getPrivate());
    }

    @Test
    void sec_1_is_read() throws Exception {
        KeyPair pair = elliptic();
        byte[] sec1 = new org.bouncycastle.asn1.sec.ECPrivateKey(
                        256, ((ECPrivateKey) pair.getPrivate()).getS(), SECObjectIdentifiers.secp256r1)
                .getEncoded();
        assertThat(((ECPrivateKey) PrivateKeys.read(block(pem("EC PRIVATE KEY", sec1)))).getS())
                .isEqualTo(((ECPrivateKey) pair.getPrivate()).getS());
    }

    @Test
    void an_encrypted_key_is_told_from_a_broken_one() {
        assertThatThrownBy(() -> PrivateKeys.read(block(pem("ENCRYPTED PRIVATE KEY", new byte[10]))))
                .hasMessageContaining("it is encrypted");
        String old = pem("RSA PRIVATE KEY", new byte[10])
                .replaceFirst("\n", "\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n");
        assertThatThrownBy(() -> PrivateKeys.read(block(old))).hasMessageContaining("it is encrypted");
        assertThatThrownBy(() -> PrivateKeys.read(block(pem("PRIVATE KEY", new byte[10]))))
                .hasMessageContaining("it is broken");
        assertThatThrownBy(() -> PrivateKeys.read(block(pem("EC PRIVATE KEY", new byte[10]))))
                .hasMessageContaining("it is broken");
    }
}
