package dev.qmp.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.qmp.error.CommandFailedException;
import dev.qmp.error.QmpException;
import dev.qmp.wire.Message.Failure;
import java.util.List;

/** How the end of a command reaches its caller or, where that one has given up, who looks at its late reply. */
final class Endings {

    static final String QUIT = "quit";

    private final PeerProfile profile;
    private final Callbacks callbacks;

    Endings(PeerProfile profile, Callbacks callbacks) {
        this.profile = profile;
        this.callbacks = callbacks;
    }

    void replied(PendingCommand command, JsonNode result) {
        command.settled = true;
        callbacks.run(() -> command.reply().complete(result));
    }

    void refused(PendingCommand command, Failure refusal) {
        noReply(
                command,
                CommandFailedException.by(profile.called(), command.command(), refusal.errorClass(), refusal.desc()));
    }

    /** The caller's wait is over; the reply may come yet. */
    void failed(PendingCommand command, QmpException error) {
        command.settled = true;
        callbacks.run(() -> command.future.completeExceptionally(error));
    }

    /** The connection has ended. That is the answer to {@code quit}, and leaves the outcome of everything else unknown. */
    void lost(List<PendingCommand> unanswered, QmpException why) {
        for (PendingCommand command : unanswered) {
            if (command.command().equals(QUIT)) {
                replied(command, JsonNodeFactory.instance.objectNode());
            } else {
                noReply(command, command.givenUp() ? why : profile.connectionLost(command.command(), why));
            }
        }
    }

    /** A guest agent will not answer it any more. */
    void forgotten(PendingCommand command) {
        String why = "it was synchronized with anew, and will not answer what came before";
        noReply(command, profile.deadlinePassed(command.command(), why, null));
    }

    private void noReply(PendingCommand command, QmpException error) {
        command.settled = true;
        callbacks.run(() -> command.reply().completeExceptionally(error));
    }
}
