package dev.qmp.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.qmp.qapi.BlockDeviceIoStatus;
import dev.qmp.qapi.JobType;
import org.junit.jupiter.api.Test;

class JobQueriesTest extends JobTestBase {

    @Test
    void the_two_queries_make_one_value_of_a_block_job() {
        qemu.jobs(job("mirror", "ready", 60, 64));
        qemu.blockJobs("{'device': 'j', 'type': 'mirror', 'offset': 50, 'len': 64, 'speed': 1024, 'ready': true,"
                + " 'paused': true, 'io-status': 'ok', 'status': 'running', 'auto-dismiss': true, 'new-in-12': {}}");

        assertThat(jobs.list().join())
                .containsExactly(new JobInfo(
                        ID, JobType.MIRROR, JobStatus.READY, 60, 64, 1024, true, true, BlockDeviceIoStatus.OK, null));
    }

    @Test
    void other_jobs_have_defaults_for_what_only_block_jobs_have() {
        qemu.jobs(
                "{'id': 's', 'type': 'snapshot-save', 'status': 'running', 'current-progress': 1, 'total-progress': 1}");

        assertThat(jobs.find(new JobId("s")).join())
                .contains(new JobInfo(
                        new JobId("s"), JobType.SNAPSHOT_SAVE, JobStatus.RUNNING, 1, 1, 0, false, false, null, null));
    }

    @Test
    void a_job_that_is_not_there_is_not_found() {
        qemu.jobs(job("running", 0, 1));

        assertThat(jobs.find(new JobId("k")).join()).isEmpty();
    }

    @Test
    void a_qemu_without_block_jobs_has_jobs_all_the_same() {
        qemu.jobs(job("running", 0, 1));
        qemu.refuse("query-block-jobs", "The command query-block-jobs has not been found");

        assertThat(jobs.list().join()).hasSize(1);
    }

    @Test
    void statuses_have_qapis_names_and_an_unknown_one_is_data() {
        assertThat(status("standby")).isEqualTo(JobStatus.STANDBY);
        assertThat(status("STANDBY")).isEqualTo(JobStatus.UNKNOWN);
        assertThat(status("unknown")).isEqualTo(JobStatus.UNKNOWN);
        assertThat(status("")).isEqualTo(JobStatus.UNKNOWN);
    }

    private static JobStatus status(String name) {
        return JobStatus.of(new dev.qmp.qapi.JobStatus(name));
    }

    @Test
    void an_id_reads_as_it_is_and_is_not_blank() {
        assertThat(ID).hasToString("j");
        assertThatIllegalArgumentException().isThrownBy(() -> new JobId(" "));
    }
}
