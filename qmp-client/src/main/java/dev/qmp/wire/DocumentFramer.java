package dev.qmp.wire;

import dev.qmp.error.ProtocolViolationException;
import dev.qmp.error.ProtocolViolationException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Cuts a byte stream into JSON objects by counting brackets, so that neither line ends nor their absence matter: one
 * document per line, a pretty-printing monitor's many lines, several in one read and one in a thousand reads are all the
 * same to it. Every byte is looked at once, however it arrives; a document that lies whole in one read is not copied.
 *
 * <p>Not thread-safe: one framer belongs to one connection's loop. After it has thrown it is not to be used again.
 */
public final class DocumentFramer {

    /** Takes one document: {@code length} bytes of {@code bytes} from {@code offset}, valid during the call only. */
    @FunctionalInterface
    public interface DocumentConsumer {
        void document(byte[] bytes, int offset, int length);
    }

    /** A buffer that grew beyond this for one large reply is given back instead of being kept for ever. */
    private static final int KEEP_AT_MOST = 256 << 10;

    private final int maxBytes;
    private final int maxDepth;
    private byte[] partial = new byte[0];
    private int partialLength;
    private int depth;
    private boolean inString;
    private boolean escaped;

    public DocumentFramer(WireLimits limits) {
        this.maxBytes = limits.documentBytes();
        this.maxDepth = limits.nestingDepth();
    }

    /** Whether the stream stands inside a document: an end of it now would be an end in mid-document. */
    public boolean insideDocument() {
        return depth > 0;
    }

    /**
     * Takes the next bytes of the stream and hands over each document that they complete, in order.
     *
     * @throws ProtocolViolationException where the bytes between two documents are not white space, or a document grows
     *     over the cap or is nested too deep; documents before that point have been handed over
     */
    public void feed(byte[] bytes, int offset, int length, DocumentConsumer consumer) {
        int end = offset + length;
        int position = offset;
        while (position < end) {
            if (depth == 0) {
                position = skipBetweenDocuments(bytes, position, end);
                if (position == end) {
                    return;
                }
            }
            int stop = scan(bytes, position, end);
            if (depth > 0) {
                keep(bytes, position, end - position);
                return;
            }
            emit(bytes, position, stop - position, consumer);
            position = stop;
        }
    }

    private static int skipBetweenDocuments(byte[] bytes, int from, int end) {
        for (int i = from; i < end; i++) {
            byte b = bytes[i];
            if (b == '{') {
                return i;
            }
            if (b != '\n' && b != '\r' && b != ' ' && b != '\t') {
                throw new ProtocolViolationException(
                        Kind.MALFORMED, "expected a JSON object, but the peer sent: " + excerpt(bytes, i, end), null);
            }
        }
        return end;
    }

    /** Returns the position after the byte that closes the document, or {@code end} with {@link #depth} above 0. */
    private int scan(byte[] bytes, int from, int end) {
        int level = depth;
        boolean string = inString;
        boolean escape = escaped;
        int i = from;
        while (i < end) {
            byte b = bytes[i++];
            if (string) {
                if (escape) {
                    escape = false;
                } else if (b == '\\') {
                    escape = true;
                } else if (b == '"') {
                    string = false;
                }
            } else if (b == '"') {
                string = true;
            } else if (b == '{' || b == '[') {
                if (++level > maxDepth) {
                    throw new ProtocolViolationException(
                            Kind.LIMIT_EXCEEDED, "a document of the peer's is nested deeper than " + maxDepth, null);
                }
            } else if ((b == '}' || b == ']') && --level == 0) {
                break;
            }
        }
        depth = level;
        inString = string;
        escaped = escape;
        return i;
    }

    private void emit(byte[] bytes, int offset, int length, DocumentConsumer consumer) {
        if (partialLength == 0) {
            checkSize(length);
            consumer.document(bytes, offset, length);
            return;
        }
        keep(bytes, offset, length);
        byte[] whole = partial;
        int wholeLength = partialLength;
        partialLength = 0;
        if (whole.length > KEEP_AT_MOST) {
            partial = new byte[0];
        }
        consumer.document(whole, 0, wholeLength);
    }

    private void keep(byte[] bytes, int offset, int length) {
        int needed = checkSize((long) partialLength + length);
        if (needed > partial.length) {
            long grown = Math.max(needed, Math.min(2L * partial.length, maxBytes));
            partial = Arrays.copyOf(partial, (int) Math.max(grown, 512));
        }
        System.arraycopy(bytes, offset, partial, partialLength, length);
        partialLength = needed;
    }

    private int checkSize(long size) {
        if (size > maxBytes) {
            throw new ProtocolViolationException(
                    Kind.LIMIT_EXCEEDED, "a document of the peer's is over the cap of " + maxBytes + " bytes", null);
        }
        return (int) size;
    }

    static String excerpt(byte[] bytes, int from, int end) {
        int shown = Math.min(end - from, 60);
        String text = new String(bytes, from, shown, StandardCharsets.UTF_8);
        StringBuilder safe = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (Character.isISOControl(c) || c == 0xFFFD) {
                safe.append('.');
            } else {
                safe.appendCodePoint(c);
            }
        });
        return "\"" + safe + (shown < end - from ? "…\"" : "\"");
    }
}
