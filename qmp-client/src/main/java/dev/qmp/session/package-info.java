/**
 * Messages become a conversation.
 *
 * <p>Owns the greeting and the negotiation, a guest agent's sync, ids, the in-flight window, pending commands and their four
 * ends, the fan-out of events, and the cause of the end. Its state is confined to the link's loop; user code never runs
 * there. It does not know what any command means, but for {@code qmp_capabilities}, the agent's sync, {@code quit}, which
 * ends the session in order, and the thaw of a guest's file systems, which waits for nobody.
 */
@NullMarked
package dev.qmp.session;

import org.jspecify.annotations.NullMarked;
