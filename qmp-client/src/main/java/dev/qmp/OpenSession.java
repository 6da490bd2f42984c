package dev.qmp;

import dev.qmp.error.QmpException;
import dev.qmp.session.PeerProfile;
import dev.qmp.session.Session;
import dev.qmp.session.SessionOptions;
import dev.qmp.transport.Link;
import dev.qmp.transport.LinkListener;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/** A session as a member of a runtime: from the first attempt to connect until nothing is left of it. */
final class OpenSession implements QmpRuntime.Member {

    final CompletableFuture<Void> ended = new CompletableFuture<>();

    private final Supplier<QmpException> closedFailure;
    private final CompletableFuture<Session> result = new CompletableFuture<>();

    OpenSession(Supplier<QmpException> closedFailure) {
        this.closedFailure = closedFailure;
    }

    CompletableFuture<Session> open(
            PeerProfile profile,
            String address,
            Function<LinkListener, CompletableFuture<Link>> connector,
            SessionOptions options) {
        Session.open(profile, address, listener -> abandonable(connector.apply(listener)), options)
                .whenComplete((session, failure) -> {
                    if (failure != null) {
                        ended.complete(null);
                        result.completeExceptionally(failure);
                        return;
                    }
                    session.ended().whenComplete((end, cause) -> ended.complete(null));
                    if (!result.complete(session)) {
                        // Given up: a session that nobody knows of would hold a monitor's only line.
                        session.closeAsync();
                    }
                });
        return result;
    }

    /** A link, or an attempt at one, that ends when nobody wants the session any more and there is none yet. */
    private CompletableFuture<Link> abandonable(CompletableFuture<Link> opening) {
        result.whenComplete((session, failure) -> {
            boolean givenUp = failure != null && !ended.isDone();
            if (givenUp && !opening.cancel(false) && !opening.isCompletedExceptionally()) {
                Link link = opening.join();
                link.loop().execute(link::close);
            }
        });
        return opening;
    }

    @Override
    public CompletableFuture<Void> closeAsync() {
        if (!result.completeExceptionally(closedFailure.get()) && !result.isCompletedExceptionally()) {
            result.join().closeAsync();
        }
        return ended;
    }
}
