package dev.qmp.transport;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;

/**
 * Private keys in the forms that QEMU's manual leads to: openssl writes PKCS#8, certtool PKCS#1 and SEC1. The JDK reads
 * the first only, so that the others get its envelope (RFC 5208) round them here.
 */
final class PrivateKeys {

    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 0x04;
    private static final int PARAMETERS = 0xA0;
    private static final byte[] VERSION_0 = {2, 1, 0};
    /** OBJECT IDENTIFIER 1.2.840.113549.1.1.1, NULL. */
    private static final byte[] RSA = {6, 9, 42, (byte) 134, 72, (byte) 134, (byte) 247, 13, 1, 1, 1, 5, 0};
    /** OBJECT IDENTIFIER 1.2.840.10045.2.1; the curve follows. */
    private static final byte[] EC = {6, 7, 42, (byte) 134, 72, (byte) 206, 61, 2, 1};

    private PrivateKeys() {}

    static boolean isKey(Pem block) {
        return block.label().endsWith("PRIVATE KEY");
    }

    static PrivateKey read(Pem block) throws GeneralSecurityException {
        return switch (block.label()) {
            case "PRIVATE KEY" -> pkcs8(block.der(), List.of("RSA", "EC", "EdDSA"));
            case "RSA PRIVATE KEY" -> pkcs8(envelope(RSA, block.der()), List.of("RSA"));
            case "EC PRIVATE KEY" -> pkcs8(envelope(join(EC, curve(block.der())), block.der()), List.of("EC"));
            default ->
                throw new InvalidKeySpecException(
                        block.label().startsWith("ENCRYPTED")
                                ? "it is encrypted, and nobody can be asked for its password"
                                : "a key in the form '" + block.label() + "' is not supported");
        };
    }

    /** Whether one half of a key is the other's; a peer says of a key that is not only that the handshake failed. */
    static boolean belongs(PrivateKey secret, PublicKey shown) {
        String algorithm = secret.getAlgorithm();
        if (!algorithm.equals(shown.getAlgorithm())) {
            return false;
        }
        try {
            Signature signature = Signature.getInstance(
                    algorithm.equals("RSA") ? "SHA256withRSA" : algorithm.equals("EC") ? "SHA256withECDSA" : algorithm);
            signature.initSign(secret);
            signature.update(EC);
            byte[] signed = signature.sign();
            signature.initVerify(shown);
            signature.update(EC);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false; // a signature on another curve, or of another length
        }
    }

    private static PrivateKey pkcs8(byte[] der, List<String> algorithms) throws GeneralSecurityException {
        for (String algorithm : algorithms) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (InvalidKeySpecException e) {
                // of another algorithm, or broken: told below
            }
        }
        throw new InvalidKeySpecException("it is broken, or neither an RSA nor an EC key");
    }

    private static byte[] envelope(byte[] algorithm, byte[] key) {
        return value(SEQUENCE, join(VERSION_0, value(SEQUENCE, algorithm), value(OCTETS, key)));
    }

    /** The curve's identifier out of SEC1's ECPrivateKey (RFC 5915), where it may be left out but never is. */
    private static byte[] curve(byte[] sec1) throws InvalidKeySpecException {
        try {
            ByteBuffer members = contents(ByteBuffer.wrap(sec1), SEQUENCE);
            while (members.hasRemaining()) {
                int tag = Byte.toUnsignedInt(members.get(members.position()));
                ByteBuffer member = contents(members, tag);
                if (tag == PARAMETERS) {
                    byte[] curve = new byte[member.remaining()];
                    member.get(curve);
                    return curve;
                }
            }
        } catch (RuntimeException e) {
            throw new InvalidKeySpecException("it is broken", e);
        }
        throw new InvalidKeySpecException("it does not say which curve it is on");
    }

    /** Takes one DER value off {@code from}. */
    private static ByteBuffer contents(ByteBuffer from, int tag) {
        if (Byte.toUnsignedInt(from.get()) != tag) {
            throw new IllegalArgumentException("another tag");
        }
        int length = Byte.toUnsignedInt(from.get());
        if (length > 0x80) {
            int bytes = length - 0x80;
            length = 0;
            for (int i = 0; i < bytes; i++) {
                length = (length << 8) | Byte.toUnsignedInt(from.get());
            }
        }
        ByteBuffer contents = from.slice(from.position(), length);
        from.position(from.position() + length);
        return contents;
    }

    private static byte[] value(int tag, byte[] contents) {
        ByteArrayOutputStream der = new ByteArrayOutputStream();
        der.write(tag);
        int length = contents.length;
        if (length < 0x80) {
            der.write(length);
        } else {
            int bytes = length < 0x100 ? 1 : length < 0x10000 ? 2 : 3;
            der.write(0x80 + bytes);
            for (int i = bytes - 1; i >= 0; i--) {
                der.write(length >> (8 * i));
            }
        }
        der.writeBytes(contents);
        return der.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
