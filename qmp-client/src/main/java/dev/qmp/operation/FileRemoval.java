package dev.qmp.operation;

import java.util.Optional;

/** Removes images that nothing uses any more. */
interface FileRemoval {

    /** Removes a file if it is proved that nothing uses it; else says why it stays. A file that is gone already is no reason. */
    Optional<String> remove(String file) throws InterruptedException;
}
