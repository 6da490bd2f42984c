package dev.qmp.operation;

import dev.qmp.error.CommandFailedException;
import dev.qmp.error.JobFailedException;
import dev.qmp.error.QmpException;

/** Adds to a failure's advice what became of the operation. */
final class Hints {

    private Hints() {}

    static QmpException with(QmpException failure, String fate) {
        String hint = failure.hint().map(known -> known + "; " + fate).orElse(fate);
        if (failure instanceof CommandFailedException refused) {
            return refused.withHint(hint);
        }
        if (failure instanceof JobFailedException job) {
            return new JobFailedException(job.jobId(), job.type(), job.error(), job.cancelled(), hint);
        }
        return failure;
    }
}
