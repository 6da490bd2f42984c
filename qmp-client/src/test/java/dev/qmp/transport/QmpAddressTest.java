package dev.qmp.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QmpAddressTest {

    @Test
    void a_text_with_a_slash_is_a_path() {
        assertThat(QmpAddress.parse("/run/vm/qmp.sock")).isEqualTo(new QmpAddress.Unix("/run/vm/qmp.sock"));
        assertThat(QmpAddress.parse("./qmp.sock")).isEqualTo(new QmpAddress.Unix("./qmp.sock"));
    }

    @Test
    void unix_names_a_path_even_without_a_slash() {
        assertThat(QmpAddress.parse("unix:qmp.sock")).isEqualTo(new QmpAddress.Unix("qmp.sock"));
        assertThat(QmpAddress.parse("unix:/a:b")).isEqualTo(new QmpAddress.Unix("/a:b"));
    }

    @Test
    void an_at_sign_after_unix_names_an_abstract_socket() {
        assertThat(QmpAddress.parse("unix:@vm1")).isEqualTo(new QmpAddress.UnixAbstract("vm1"));
    }

    @Test
    void tcp_takes_names_and_both_kinds_of_literals() {
        assertThat(QmpAddress.parse("tcp:localhost:4444")).isEqualTo(new QmpAddress.Tcp("localhost", 4444));
        assertThat(QmpAddress.parse("tcp:10.0.0.1:1")).isEqualTo(new QmpAddress.Tcp("10.0.0.1", 1));
        assertThat(QmpAddress.parse("tcp:[::1]:65535")).isEqualTo(new QmpAddress.Tcp("::1", 65_535));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "unix:/run/vm/qmp.sock",
                "unix:@vm1",
                "fd:7",
                "tcp:localhost:4444",
                "tcp:[fe80::1%eth0]:4444",
                "tls:vmhost:16509",
                "tls:[::1]:1",
                "ssh://vmhost/run/qmp.sock",
                "ssh://root@vmhost:2222/run/a:b",
                "ssh://me@[fe80::1%eth0]:22/run/s",
                "ssh://[::1]/s"
            })
    void the_text_of_an_address_reads_back_as_the_same_address(String text) {
        assertThat(QmpAddress.parse(text).toString()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "vm1",
                "unix:",
                "unix:@",
                "tcp:",
                "tcp:host",
                "tcp::1",
                "tcp:host:0",
                "tcp:host:65536",
                "tcp:host:x",
                "fd:",
                "fd:x",
                "fd:-1",
                "tls:host",
                "tls::1",
                "ssh://host",
                "ssh://host/",
                "ssh:///run/s",
                "ssh://host:0/s",
                "ssh://host:x/s",
                "ssh://::1/s",
                "ssh://me@fe80::1:22/s",
                "ssh://@host/s"
            })
    void anything_else_is_refused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> QmpAddress.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ssh://-oProxyCommand=x/s",
                "ssh://-l@host/s",
                "ssh://$(touch x)/s",
                "ssh://`id`@host/s",
                "ssh://a b/s",
                "ssh://host;id/s",
                "ssh://host/${HOME}/s"
            })
    void what_ssh_or_a_shell_of_its_configuration_would_take_for_more_than_a_word_is_refused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> QmpAddress.parse(text))
                .withMessageContaining("ssh");
    }

    @Test
    void the_parts_of_an_ssh_address_are_optional_but_host_and_path() {
        assertThat(QmpAddress.parse("ssh://vmhost/run/s"))
                .isEqualTo(new QmpAddress.Ssh(Optional.empty(), "vmhost", OptionalInt.empty(), "/run/s"));
        assertThat(QmpAddress.parse("ssh://me@vmhost:2222/run/s"))
                .isEqualTo(new QmpAddress.Ssh(Optional.of("me"), "vmhost", OptionalInt.of(2222), "/run/s"));
    }

    @Test
    void a_refusal_says_which_forms_there_are() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> QmpAddress.parse("vm1"))
                .withMessageContainingAll("vm1", "unix:PATH", "unix:@NAME", "tcp:HOST:PORT");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> QmpAddress.parse("tcp:vm1"))
                .withMessageContaining("tcp:HOST:PORT");
    }

    @Test
    void a_path_is_kept_as_it_was_given() {
        assertThat(QmpAddress.unix(Path.of("./vm/../qmp.sock"))).isEqualTo(new QmpAddress.Unix("./vm/../qmp.sock"));
    }
}
