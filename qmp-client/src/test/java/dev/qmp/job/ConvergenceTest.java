package dev.qmp.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qmp.job.Convergence.Stall;
import dev.qmp.qapi.JobType;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When a job is said not to catch up, and what is said of it. */
class ConvergenceTest {

    private long now;
    private final Convergence convergence = new Convergence(Duration.ofSeconds(10), () -> now);

    private Optional<Stall> at(int second, JobStatus status, long offset, long length) {
        now = Duration.ofSeconds(second).toNanos();
        return convergence.update(new JobInfo(
                new JobId("copy-vda"),
                new JobType("mirror"),
                status,
                offset,
                length,
                0,
                false,
                status == JobStatus.READY,
                null,
                null));
    }

    @Test
    void a_job_that_gets_nearer_is_left_alone_however_long_it_takes() {
        for (int i = 0; i < 100; i++) {
            assertThat(at(9 * i, JobStatus.RUNNING, 10 * i, 2000 + i)).isEmpty();
        }
    }

    @Test
    void a_job_that_is_as_far_away_after_the_patience_is_told_with_both_rates_and_once_per_patience() {
        at(0, JobStatus.RUNNING, 0, 1000);
        assertThat(at(9, JobStatus.RUNNING, 900, 1900)).isEmpty();

        assertThat(at(10, JobStatus.RUNNING, 1000, 2100)).contains(new Stall(1100, 110, 100));
        assertThat(at(11, JobStatus.RUNNING, 1100, 2300)).isEmpty();
        assertThat(at(20, JobStatus.RUNNING, 2000, 3100)).contains(new Stall(1100, 100, 100));
    }

    @Test
    void a_job_that_is_paused_or_ready_has_no_rate_to_be_judged_by() {
        at(0, JobStatus.RUNNING, 0, 1000);
        assertThat(at(20, JobStatus.PAUSED, 0, 1000)).isEmpty();
        assertThat(at(25, JobStatus.RUNNING, 0, 1000)).isEmpty();
        assertThat(at(40, JobStatus.READY, 900, 1000)).isEmpty();
    }
}
