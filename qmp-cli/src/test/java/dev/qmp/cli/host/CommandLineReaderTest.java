package dev.qmp.cli.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineReaderTest {

    private static final String QEMU = "/usr/bin/qemu-system-x86_64";

    private static CommandLineReader reader(String... words) {
        List<String> line = new ArrayList<>(List.of(QEMU));
        line.addAll(List.of(words));
        return new CommandLineReader(
                line,
                file -> file.startsWith("/") ? Optional.of(Path.of(file)) : Optional.of(Path.of("/cwd/" + file)),
                fd -> fd == 13 ? OptionalLong.of(4711) : OptionalLong.empty());
    }

    private static Monitor only(String... words) {
        List<Monitor> monitors = reader(words).monitors();
        assertThat(monitors).hasSize(1);
        return monitors.get(0);
    }

    private static Monitor at(String path) {
        return new Monitor.UnixPath(Path.of(path));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "qemu-system-x86_64",
                "/usr/bin/qemu-system-aarch64",
                "/usr/libexec/qemu-kvm",
                "/usr/bin/kvm",
                "./qemu-system-s390x",
                "/opt/qemu-11.1/bin/qemu-system-riscv64"
            })
    void a_qemu_is_known_by_its_programs_name(String program) {
        assertThat(CommandLineReader.isQemu(List.of(program, "-name", "x"))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"vi", "/usr/bin/qemu-img", "qemu-system-x86_64.log", "/usr/bin/less", ""})
    void a_program_that_only_mentions_qemu_is_none(String program) {
        assertThat(CommandLineReader.isQemu(List.of(program, "qemu-system-x86_64")))
                .isFalse();
    }

    @Test
    void a_process_without_words_is_none() {
        assertThat(CommandLineReader.isQemu(List.of())).isFalse();
    }

    @Test
    void a_qemu_that_was_started_by_a_dynamic_loader_is_one() {
        List<String> words =
                List.of("/opt/q/ld-linux-x86-64.so.2", "--library-path", "/opt/q/lib", "/opt/q/qemu-system-x86_64");
        assertThat(CommandLineReader.isQemu(words)).isTrue();
    }

    @Test
    void a_loader_of_something_else_is_none() {
        assertThat(CommandLineReader.isQemu(List.of("/lib64/ld-linux-x86-64.so.2", "/bin/ls")))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "daisy|daisy",
                "guest=daisy,debug-threads=on|daisy",
                "daisy,process=vm|daisy",
                "debug-threads=on,guest=daisy|daisy",
                "a,,b|a,b",
                "guest=two words|two words"
            })
    void the_name_is_read_in_each_form(String value, String name) {
        assertThat(reader("-name", value).name()).contains(name);
    }

    @Test
    void options_take_two_dashes_as_well() {
        CommandLineReader reader = reader("--name", "daisy", "--qmp", "unix:/run/q,server=on,wait=off");
        assertThat(reader.name()).contains("daisy");
        assertThat(reader.monitors()).containsExactly(at("/run/q"));
    }

    @Test
    void the_last_name_counts_as_for_qemu() {
        assertThat(reader("-name", "first", "-name", "second").name()).contains("second");
    }

    @Test
    void a_name_option_that_names_nobody_leaves_the_guest_without_one() {
        assertThat(reader("-name", "debug-threads=on").name()).isEmpty();
        assertThat(reader("-m", "8").name()).isEmpty();
        assertThat(reader("-name").name()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "unix:/run/q,server=on,wait=off",
                "unix:/run/q,server,nowait",
                "unix:/run/q,server",
                "unix:/run/q,wait=off,server=yes",
                "unix:path=/run/q,server=on"
            })
    void a_unix_monitor_is_read_in_each_form(String value) {
        assertThat(only("-qmp", value)).isEqualTo(at("/run/q"));
        assertThat(only("-qmp-pretty", value)).isEqualTo(at("/run/q"));
    }

    @Test
    void a_path_with_commas_is_read() {
        assertThat(only("-qmp", "unix:/run/a,,b,,,server=on")).isEqualTo(at("/run/a,b,"));
    }

    @Test
    void a_relative_path_starts_from_the_processs_folder() {
        assertThat(only("-qmp", "unix:q.sock,server=on,wait=off")).isEqualTo(at("/cwd/q.sock"));
    }

    @Test
    void a_relative_path_of_a_process_whose_folder_may_not_be_seen_is_told() {
        CommandLineReader reader = new CommandLineReader(
                List.of(QEMU, "-qmp", "unix:q.sock,server=on"), file -> Optional.empty(), fd -> OptionalLong.empty());
        assertThat(reader.monitors()).singleElement().isInstanceOf(Monitor.Other.class);
        assertThat(reader.monitors().toString()).contains("q.sock, relative to a folder");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "socket,id=m,path=/run/q,server=on,wait=off",
                "socket,path=/run/q,server=on,id=m",
                "backend=socket,server=on,wait=off,path=/run/q,id=m",
                "id=m,server,nowait,path=/run/q,backend=socket",
                "socket,id=m,path=/run/q,server,nowait"
            })
    void a_monitor_on_a_chardev_is_read_with_its_keys_in_any_order(String chardev) {
        assertThat(only("-chardev", chardev, "-mon", "chardev=m,mode=control")).isEqualTo(at("/run/q"));
        assertThat(only("-mon", "mode=control,pretty=on,chardev=m", "-chardev", chardev))
                .isEqualTo(at("/run/q"));
        assertThat(only("-chardev", chardev, "-mon", "m,mode=control")).isEqualTo(at("/run/q"));
        assertThat(only("-chardev", chardev, "-qmp", "chardev:m")).isEqualTo(at("/run/q"));
    }

    @Test
    void a_monitor_for_people_is_passed_over() {
        assertThat(reader(
                                "-monitor",
                                "unix:/run/hmp,server=on,wait=off",
                                "-chardev",
                                "socket,id=h,path=/run/hmp2,server=on",
                                "-mon",
                                "chardev=h,mode=readline",
                                "-mon",
                                "chardev=h")
                        .monitors())
                .isEmpty();
    }

    @Test
    void several_monitors_come_in_the_order_of_the_command_line() {
        assertThat(reader(
                                "-qmp",
                                "unix:/run/1,server=on",
                                "-chardev",
                                "socket,id=m,path=/run/2,server=on",
                                "-mon",
                                "chardev=m,mode=control",
                                "-qmp-pretty",
                                "unix:/run/3,server=on")
                        .monitors())
                .containsExactly(at("/run/1"), at("/run/2"), at("/run/3"));
    }

    @Test
    void an_abstract_socket_is_one() {
        assertThat(only("-chardev", "socket,id=m,path=daisy,abstract=on,server=on", "-mon", "chardev=m,mode=control"))
                .isEqualTo(new Monitor.UnixAbstract("daisy"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tcp:127.0.0.1:4444,server=on,wait=off|127.0.0.1|4444",
                "tcp:0.0.0.0:4444,server,nowait|localhost|4444",
                "tcp::4444,server=on|localhost|4444",
                "tcp:[::1]:4444,server=on|[::1]|4444"
            })
    void a_tcp_monitor_is_read(String value, String host, int port) {
        assertThat(only("-qmp", value)).isEqualTo(new Monitor.Tcp(host, port));
    }

    @Test
    void a_tcp_monitor_on_a_chardev_is_read() {
        assertThat(only("-chardev", "socket,id=m,port=4444,host=::,server=on", "-mon", "chardev=m,mode=control"))
                .isEqualTo(new Monitor.Tcp("localhost", 4444));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp:127.0.0.1:0,server=on", "tcp:127.0.0.1:99999,server=on", "tcp:nonsense,server=on"})
    void a_tcp_port_that_cannot_be_known_is_told(String value) {
        assertThat(only("-qmp", value)).isInstanceOf(Monitor.Other.class);
    }

    @Test
    void a_socket_that_was_handed_over_is_a_descriptor_with_its_inode() {
        assertThat(only("-chardev", "socket,id=m,fd=13,server=on,wait=off", "-mon", "chardev=m,mode=control"))
                .isEqualTo(new Monitor.Descriptor(13, OptionalLong.of(4711)));
        assertThat(only("-chardev", "socket,id=m,fd=14,server=on", "-mon", "chardev=m,mode=control"))
                .isEqualTo(new Monitor.Descriptor(14, OptionalLong.empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"stdio", "pty", "unix:/run/q", "chardev:nobody", "unix:/run/q,server=off"})
    void a_monitor_that_cannot_be_connected_to_is_told(String value) {
        assertThat(only("-qmp", value)).isInstanceOf(Monitor.Other.class);
    }

    @Test
    void a_monitor_on_a_chardev_that_is_not_there_is_told() {
        assertThat(only("-mon", "chardev=gone,mode=control")).isInstanceOf(Monitor.Other.class);
    }

    @Test
    void an_option_without_its_value_at_the_end_is_passed_over() {
        assertThat(reader("-qmp").monitors()).isEmpty();
    }

    @Test
    void control_characters_are_read_as_they_stand_and_do_no_harm() {
        CommandLineReader reader = reader("-name", "da\u001b[31misy\n", "-qmp", "unix:/run/\u001b]0;x\u0007,server=on");
        assertThat(reader.name()).contains("da\u001b[31misy\n");
        assertThat(reader.monitors()).containsExactly(at("/run/\u001b]0;x\u0007"));
    }
}
