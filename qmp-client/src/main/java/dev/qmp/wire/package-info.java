/**
 * JSON documents out of bytes, and QMP's messages out of documents.
 *
 * <p>Owns the framing ({@link dev.qmp.wire.DocumentFramer}), the limits that a hostile peer meets
 * ({@link dev.qmp.wire.WireLimits}), the sealed {@link dev.qmp.wire.Message} family and the names of QMP's own keys. It
 * knows no thread, no socket and no Netty: bytes go in, values come out, on the caller's thread.
 */
@NullMarked
package dev.qmp.wire;

import org.jspecify.annotations.NullMarked;
