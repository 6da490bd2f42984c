package dev.qmp.wire;

/**
 * What one peer may make us hold. A QEMU whose guest broke out is an attacker, so every size that it chooses has a cap.
 *
 * @param documentBytes the largest JSON document, in bytes; the largest real one that we have seen is
 *     {@code query-named-block-nodes} without {@code flat} on a chain of 200 layers: 14 MB on QEMU 11.1
 * @param nestingDepth the deepest nesting of objects and arrays; QEMU itself stops at 1024
 * @param stringLength the longest string, in characters
 * @param numberLength the longest number, in characters
 */
public record WireLimits(int documentBytes, int nestingDepth, int stringLength, int numberLength) {

    public static final WireLimits DEFAULT = new WireLimits(64 << 20, 1024, 64 << 20, 1000);

    public WireLimits {
        if (documentBytes < 1 || nestingDepth < 1 || stringLength < 1 || numberLength < 1) {
            throw new IllegalArgumentException("limits are positive: " + documentBytes + ", " + nestingDepth + ", "
                    + stringLength + ", " + numberLength);
        }
    }

    /** These limits with another cap on a document; strings may be as long as the document. */
    public WireLimits withDocumentBytes(int bytes) {
        return new WireLimits(bytes, nestingDepth, bytes, numberLength);
    }
}
