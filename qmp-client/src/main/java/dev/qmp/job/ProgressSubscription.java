package dev.qmp.job;

/** A progress listener's hold on its job. */
public interface ProgressSubscription extends AutoCloseable {

    /** Ends the calls; one that is running goes on. Harmless when repeated. */
    @Override
    void close();
}
