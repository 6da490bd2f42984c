package dev.qmp.qapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A command as a value whose type fixes its reply's.
 *
 * @param <R> what QEMU's {@code return} becomes
 */
public interface QmpCommand<R> {

    /** The name as QAPI spells it, for example {@code block-stream} or {@code block_resize}. */
    String commandName();

    /** The arguments as QMP has them, empty where there are none. The caller does not change what it gets. */
    ObjectNode encodeArguments();

    /** The command as a line that can be pasted into any QMP session. */
    default ObjectNode toRequest() {
        ObjectNode request = Scalars.object().put("execute", commandName());
        if (!encodeArguments().isEmpty()) {
            request.set("arguments", encodeArguments().deepCopy());
        }
        return request;
    }

    /** Whether QEMU takes it out of band as well, where that was negotiated. */
    default boolean allowsOutOfBand() {
        return false;
    }

    /**
     * Makes the reply's value of the member {@code return}.
     *
     * @throws dev.qmp.error.UnexpectedValueException where it is no such value
     */
    R decodeReturn(JsonNode result);
}
