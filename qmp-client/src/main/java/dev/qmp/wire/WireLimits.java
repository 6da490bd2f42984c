package dev.qmp.wire;

/**
 * What one peer may make us hold. A QEMU whose guest broke out is an attacker, so every size that it chooses has a cap.
 *
 * @param documentBytes the largest JSON document, in bytes; the largest real one that we have seen is
 *     {@code query-named-block-nodes} without {@code flat} on a chain of 200 layers: 14 MB on QEMU 11.1
 * @param nestingDepth the deepest nesting of objects and arrays; a chain of 200 layers has 205. Jackson prints a tree, and
 *     reads it again, down to 1000 and no deeper
 * @param stringLength the longest string, in characters
 * @param numberLength the longest number, in characters; QEMU's own have 24 at most
 * @param documentTokens the most that one document may consist of: each name, each value and each bracket counts as one.
 *     Bytes do not bound what a document costs as a tree: 40 MB of empty arrays take 720 MB. The document of 14 MB has
 *     about a million
 * @param noticeBytes the largest document that is no command's result: a greeting, an event, a refusal. These are kept and
 *     queued many at a time
 * @param pendingCommands commands of one connection that wait for their turn or, given up by their caller or not, for their
 *     reply: a QEMU that is stuck must not fill our memory with what it has not answered
 */
public record WireLimits(
        int documentBytes,
        int nestingDepth,
        int stringLength,
        int numberLength,
        int documentTokens,
        int noticeBytes,
        int pendingCommands) {

    public static final WireLimits DEFAULT = new WireLimits(64 << 20, 500, 64 << 20, 100, 4_000_000, 256 << 10, 10_000);

    public WireLimits {
        int least = Math.min(
                Math.min(Math.min(documentBytes, nestingDepth), Math.min(stringLength, numberLength)),
                Math.min(documentTokens, Math.min(noticeBytes, pendingCommands)));
        if (least < 1) {
            throw new IllegalArgumentException("limits are positive, and not " + least);
        }
    }

    /** These limits with another cap on a document; strings may be as long as the document. */
    public WireLimits withDocumentBytes(int bytes) {
        return new WireLimits(bytes, nestingDepth, bytes, numberLength, documentTokens, noticeBytes, pendingCommands);
    }

    public WireLimits withNestingDepth(int depth) {
        return new WireLimits(
                documentBytes, depth, stringLength, numberLength, documentTokens, noticeBytes, pendingCommands);
    }

    public WireLimits withStringLength(int characters) {
        return new WireLimits(
                documentBytes, nestingDepth, characters, numberLength, documentTokens, noticeBytes, pendingCommands);
    }

    public WireLimits withNumberLength(int characters) {
        return new WireLimits(
                documentBytes, nestingDepth, stringLength, characters, documentTokens, noticeBytes, pendingCommands);
    }

    public WireLimits withDocumentTokens(int tokens) {
        return new WireLimits(
                documentBytes, nestingDepth, stringLength, numberLength, tokens, noticeBytes, pendingCommands);
    }

    public WireLimits withNoticeBytes(int bytes) {
        return new WireLimits(
                documentBytes, nestingDepth, stringLength, numberLength, documentTokens, bytes, pendingCommands);
    }

    public WireLimits withPendingCommands(int commands) {
        return new WireLimits(
                documentBytes, nestingDepth, stringLength, numberLength, documentTokens, noticeBytes, commands);
    }
}
