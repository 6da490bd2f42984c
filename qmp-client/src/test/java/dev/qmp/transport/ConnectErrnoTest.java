package dev.qmp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import org.junit.jupiter.api.Test;

/** Texts are as Netty 4.2.18 and the JDK write them. */
class ConnectErrnoTest {

    @Test
    void nettys_number_counts_whatever_language_the_text_is_in() {
        assertThat(errno(new ConnectException("connect(..) failed with error(-111): Verbindungsaufbau abgelehnt: /s")))
                .isEqualTo(ConnectErrno.REFUSED);
        assertThat(errno(new ConnectException("connect(..) failed with error(-11): Resource temporarily unavailable")))
                .isEqualTo(ConnectErrno.TRY_AGAIN);
        assertThat(errno(new ConnectException("connect(..) failed with error(-91): Protocol wrong type for socket")))
                .isEqualTo(ConnectErrno.WRONG_TYPE);
        assertThat(errno(new ConnectException("connect(..) failed with error(-12): Cannot allocate memory")))
                .isEqualTo(ConnectErrno.OTHER);
    }

    @Test
    void the_jdks_text_counts_where_it_is_english() {
        assertThat(errno(new SocketException("No such file or directory"))).isEqualTo(ConnectErrno.NO_ENTRY);
        assertThat(errno(new SocketException("Resource temporarily unavailable")))
                .isEqualTo(ConnectErrno.TRY_AGAIN);
        assertThat(errno(new ConnectException("Connection timed out"))).isEqualTo(ConnectErrno.TIMED_OUT);
    }

    @Test
    void in_other_languages_the_exceptions_class_counts() {
        assertThat(errno(new ConnectException("Verbindungsaufbau abgelehnt"))).isEqualTo(ConnectErrno.REFUSED);
        assertThat(errno(new BindException("Keine Berechtigung"))).isEqualTo(ConnectErrno.ACCESS);
        assertThat(errno(new NoRouteToHostException("Keine Route"))).isEqualTo(ConnectErrno.HOST_UNREACHABLE);
        assertThat(errno(new FileNotFoundException())).isEqualTo(ConnectErrno.NO_ENTRY);
        assertThat(errno(new SocketException("Die Ressource ist zur Zeit nicht verfügbar")))
                .isEqualTo(ConnectErrno.OTHER);
    }

    @Test
    void an_unknown_failure_is_told_in_the_systems_words_without_nettys_frame() {
        assertThat(ConnectErrno.textOf(
                        new ConnectException("connect(..) failed with error(-12): Cannot allocate memory")))
                .isEqualTo("Cannot allocate memory");
        assertThat(ConnectErrno.textOf(new IOException("Too many open files"))).isEqualTo("Too many open files");
    }

    private static ConnectErrno errno(Throwable failure) {
        return ConnectErrno.of(failure);
    }
}
