package dev.qmp.transport;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One block of a PEM file. Text round the blocks is skipped: certtool writes a key's numbers out before it. */
final class Pem {

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s(.*?)-----END \\1-----", Pattern.DOTALL);

    private final String label;
    private final byte[] der;

    private Pem(String label, byte[] der) {
        this.label = label;
        this.der = der;
    }

    /** What stands between BEGIN and the dashes, with ENCRYPTED before it where that is told inside only. */
    String label() {
        return label;
    }

    byte[] der() {
        return der;
    }

    /**
     * All blocks, in order.
     *
     * @throws IllegalArgumentException where a block's contents are no Base64
     */
    static List<Pem> blocks(String text) {
        List<Pem> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text);
        while (matcher.find()) {
            // Headers, as in an encrypted PKCS#1 key, end with an empty line.
            String body = matcher.group(2);
            int headersEnd = body.indexOf(':') < 0 ? -1 : body.replace("\r", "").indexOf("\n\n");
            String base64 = headersEnd < 0 ? body : body.replace("\r", "").substring(headersEnd);
            String label = body.contains("ENCRYPTED") ? "ENCRYPTED " + matcher.group(1) : matcher.group(1);
            blocks.add(new Pem(label, Base64.getDecoder().decode(base64.replaceAll("\\s", ""))));
        }
        return blocks;
    }
}
