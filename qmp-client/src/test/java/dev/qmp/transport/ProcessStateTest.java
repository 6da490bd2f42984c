package dev.qmp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qmp.fixtures.Eventually;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class ProcessStateTest {

    private static void signal(String signal, Process process) throws Exception {
        assertThat(new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    @Test
    void a_process_is_alive_stopped_alive_again_and_gone() throws Exception {
        Process process = new ProcessBuilder("sleep", "600").start();
        int pid = (int) process.pid();
        try {
            assertThat(ProcessState.of(pid)).isEqualTo(ProcessState.ALIVE);
            signal("-STOP", process);
            Eventually.holds(
                    Duration.ofSeconds(10),
                    () -> ProcessState.of(pid).name(),
                    () -> ProcessState.of(pid) == ProcessState.STOPPED);
            signal("-CONT", process);
            Eventually.holds(
                    Duration.ofSeconds(10),
                    () -> ProcessState.of(pid).name(),
                    () -> ProcessState.of(pid) == ProcessState.ALIVE);
        } finally {
            process.destroyForcibly().waitFor();
        }
        Eventually.holds(
                Duration.ofSeconds(10),
                () -> ProcessState.of(pid).name(),
                () -> ProcessState.of(pid) == ProcessState.GONE);
    }

    @Test
    void of_no_process_nothing_is_known() {
        assertThat(ProcessState.of(0)).isEqualTo(ProcessState.UNKNOWN);
        assertThat(ProcessState.of(-1)).isEqualTo(ProcessState.UNKNOWN);
    }
}
