package dev.qmp.job;

/**
 * A job's name within one QEMU, unique among the jobs that exist at a time and free again after the dismissal.
 *
 * @param value what whoever started the job chose; for a {@code -drive} whose user chose nothing, the drive's name
 */
public record JobId(String value) {

    public JobId {
        if (value.isBlank()) {
            throw new IllegalArgumentException("a job id is not blank");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
