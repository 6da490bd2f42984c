package dev.qmp.cli.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A proc folder of our own making: what real processes cannot be made to show. */
class HostScannerTest {

    @TempDir
    private Path temp;

    private final List<Path> links = new ArrayList<>();
    private Path proc;

    @BeforeEach
    void makeProc() throws IOException {
        proc = Files.createDirectory(temp.resolve("proc"));
    }

    private Path process(long pid, String... words) throws IOException {
        Path process = Files.createDirectories(proc.resolve(Long.toString(pid)));
        Files.write(process.resolve("cmdline"), (String.join("\0", words) + "\0").getBytes(StandardCharsets.UTF_8));
        link(process.resolve("cwd"), temp.resolve("cwd"));
        link(process.resolve("root"), Path.of("/"));
        Files.createDirectories(process.resolve("fd"));
        return process;
    }

    private void link(Path link, Path to) throws IOException {
        links.add(Files.createSymbolicLink(link, to));
    }

    /** They lead out of the folder, and what deletes it would warn of that. */
    @AfterEach
    void removeLinks() throws IOException {
        for (Path link : links) {
            Files.deleteIfExists(link);
        }
    }

    private List<HostQemu> scan() {
        return new HostScanner(proc).scan();
    }

    private Monitor onlyMonitor() {
        assertThat(scan()).hasSize(1);
        assertThat(scan().get(0).monitors()).hasSize(1);
        return scan().get(0).monitors().get(0);
    }

    @Test
    void qemus_are_found_among_other_processes_and_ordered_by_pid() throws IOException {
        process(30, "qemu-system-x86_64", "-name", "second");
        process(4, "/usr/bin/qemu-system-x86_64", "-name", "first");
        process(1, "/sbin/init");
        Files.createDirectories(proc.resolve("sys"));
        assertThat(scan()).extracting(HostQemu::pid).containsExactly(4L, 30L);
        assertThat(scan()).extracting(q -> q.name().orElse("-")).containsExactly("first", "second");
    }

    @Test
    void a_kernel_thread_without_words_is_passed_over() throws IOException {
        Path process = Files.createDirectories(proc.resolve("2"));
        Files.write(process.resolve("cmdline"), new byte[0]);
        assertThat(scan()).isEmpty();
    }

    @Test
    void a_process_that_vanishes_while_it_is_read_is_passed_over() throws IOException {
        Files.createDirectories(proc.resolve("77"));
        process(78, "qemu-system-x86_64");
        assertThat(scan()).extracting(HostQemu::pid).containsExactly(78L);
    }

    @Test
    void a_folder_whose_number_is_no_pid_is_passed_over() throws IOException {
        process(5, "qemu-system-x86_64");
        Files.createDirectories(proc.resolve("99999999999999999999"));
        Files.write(
                proc.resolve("99999999999999999999/cmdline"), "qemu-system-x86_64\0".getBytes(StandardCharsets.UTF_8));
        assertThat(scan()).extracting(HostQemu::pid).containsExactly(5L);
    }

    @Test
    void without_a_proc_nothing_is_found() {
        assertThat(new HostScanner(temp.resolve("none")).scan()).isEmpty();
    }

    @Test
    void a_relative_socket_lies_in_the_processs_working_folder() throws IOException {
        process(9, "qemu-system-x86_64", "-qmp", "unix:./run/../q.sock,server=on,wait=off");
        assertThat(onlyMonitor()).isEqualTo(new Monitor.UnixPath(temp.resolve("cwd/q.sock")));
    }

    @Test
    void a_socket_of_a_process_with_another_root_is_reached_through_that_root() throws IOException {
        Path root = Files.createDirectories(temp.resolve("container/run"));
        Path socket = Files.createFile(temp.resolve("q.sock"));
        Path process = process(9, "qemu-system-x86_64", "-qmp", "unix:" + socket + ",server=on,wait=off");
        Files.delete(process.resolve("root"));
        link(process.resolve("root"), root.getParent());
        assertThat(onlyMonitor())
                .as("a file of the same name under our own root is another one")
                .isEqualTo(new Monitor.UnixPath(
                        process.resolve("root").resolve(socket.toString().substring(1))));
    }

    @Test
    void a_process_of_another_user_shows_no_links_and_is_listed_all_the_same() throws IOException {
        Path process = process(9, "qemu-system-x86_64", "-qmp", "unix:/run/q,server=on", "-qmp", "unix:q,server=on");
        Files.delete(process.resolve("cwd"));
        Files.delete(process.resolve("root"));
        List<Monitor> monitors = scan().get(0).monitors();
        assertThat(monitors.get(0)).isEqualTo(new Monitor.UnixPath(Path.of("/run/q")));
        assertThat(monitors.get(1)).isInstanceOf(Monitor.Other.class);
    }

    @Test
    void a_descriptors_inode_is_read_from_the_processs_links() throws IOException {
        Path process = process(
                9, "qemu-system-x86_64", "-chardev", "socket,id=m,fd=7,server=on", "-mon", "chardev=m,mode=control");
        assertThat(onlyMonitor()).isEqualTo(new Monitor.Descriptor(7, OptionalLong.empty()));
        link(process.resolve("fd/7"), Path.of("socket:[123456]"));
        assertThat(onlyMonitor()).isEqualTo(new Monitor.Descriptor(7, OptionalLong.of(123456)));
    }

    @Test
    void a_descriptor_that_is_no_socket_has_no_inode() throws IOException {
        Path process =
                process(9, "qemu-system-x86_64", "-chardev", "socket,id=m,fd=7", "-mon", "chardev=m,mode=control");
        link(process.resolve("fd/7"), Path.of("/dev/null"));
        assertThat(onlyMonitor()).isEqualTo(new Monitor.Descriptor(7, OptionalLong.empty()));
    }

    @Test
    void an_empty_word_within_the_line_is_kept() throws IOException {
        process(9, "qemu-system-x86_64", "-append", "", "-name", "daisy");
        assertThat(scan().get(0).name()).contains("daisy");
    }

    @Test
    void bytes_that_are_no_utf_8_do_not_stop_the_scan() throws IOException {
        Path process = process(9, "qemu-system-x86_64");
        byte[] words = "qemu-system-x86_64\0-name\0d\u00ffisy\0".getBytes(StandardCharsets.ISO_8859_1);
        Files.write(process.resolve("cmdline"), words);
        assertThat(scan().get(0).name()).contains("d\ufffdisy");
    }
}
