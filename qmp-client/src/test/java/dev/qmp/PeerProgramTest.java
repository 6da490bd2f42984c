package dev.qmp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qmp.transport.PeerCredentials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerProgramTest {

    private static final int ALICE = 1000;
    private static final int BOB = 1001;

    @TempDir
    private Path temp;

    private Path program(String name) throws IOException {
        return Files.writeString(temp.resolve(name), "a program");
    }

    /** A folder as {@code /proc} has it. */
    private Optional<PeerProgram> running(Path program, int uid, String... words) throws IOException {
        Path process = Files.createTempDirectory(temp, "proc");
        Files.createSymbolicLink(process.resolve("exe"), program);
        Files.writeString(process.resolve("cmdline"), String.join("\0", words) + "\0");
        return PeerProgram.read(process, uid);
    }

    @Test
    void two_processes_of_one_program_are_the_same_kind_of_peer() throws IOException {
        Path system = program("qemu-system-x86_64");

        assertThat(running(system, ALICE, "qemu", "-name", "daisy"))
                .isPresent()
                .isEqualTo(running(system, ALICE, "qemu", "-name", "donald", "-m", "64"));
    }

    @Test
    void another_program_another_user_and_another_policy_are_other_kinds() throws IOException {
        Path system = program("qemu-system-x86_64");
        Optional<PeerProgram> daisy = running(system, ALICE, "qemu");

        assertThat(running(program("qemu-storage-daemon"), ALICE, "qemu"))
                .isPresent()
                .isNotEqualTo(daisy);
        assertThat(running(system, BOB, "qemu")).isPresent().isNotEqualTo(daisy);
        assertThat(running(system, ALICE, "qemu", "-compat", "deprecated-output=hide"))
                .isPresent()
                .isNotEqualTo(daisy);
        assertThat(running(system, ALICE, "qemu", "--compat", "deprecated-output=hide"))
                .isEqualTo(running(system, ALICE, "qemu", "-compat", "deprecated-output=hide"));
    }

    @Test
    void a_program_replaced_by_one_of_the_same_name_and_size_is_another_kind() throws IOException {
        Path system = program("qemu-system-x86_64");
        Optional<PeerProgram> before = running(system, ALICE, "qemu");
        Files.move(program("upgrade"), system, StandardCopyOption.REPLACE_EXISTING);

        assertThat(running(system, ALICE, "qemu")).isPresent().isNotEqualTo(before);
    }

    @Test
    void whoever_made_the_socket_for_qemu_or_runs_it_by_a_loader_is_not_taken_for_it() throws IOException {
        assertThat(running(program("libvirtd"), ALICE, "libvirtd")).isEmpty();
        assertThat(running(program("ld-linux-x86-64.so.2"), ALICE, "ld.so", "/usr/bin/qemu-system-x86_64"))
                .isEmpty();
    }

    @Test
    void a_peer_that_cannot_be_looked_at_is_of_no_kind() throws IOException {
        assertThat(PeerProgram.of(Optional.empty())).isEmpty();
        assertThat(PeerProgram.of(Optional.of(new PeerCredentials(-1, ALICE, ALICE))))
                .isEmpty();
        assertThat(PeerProgram.read(temp.resolve("gone"), ALICE)).isEmpty();
        assertThat(running(temp.resolve("qemu-gone"), ALICE, "qemu")).isEmpty();
    }
}
