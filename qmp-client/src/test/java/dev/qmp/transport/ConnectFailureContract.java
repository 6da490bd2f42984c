package dev.qmp.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.ConnectFailedException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Each way to fail on a UNIX socket has its own reason, and words that a user can act on. */
abstract class ConnectFailureContract extends TransportContract {

    abstract int pathLimit();

    @Test
    void a_missing_socket_is_not_found() throws Exception {
        ConnectFailedException failure = failureOf(QmpAddress.unix(folder.resolve("none")));
        assertThat(failure.reason()).isEqualTo(Reason.NOT_FOUND);
        assertThat(failure).hasMessage("There is no socket " + folder.resolve("none"));
        assertThat(failure.hint()).hasValueSatisfying(hint -> assertThat(hint).contains("-qmp unix:"));
    }

    @Test
    void a_missing_folder_is_named() throws Exception {
        ConnectFailedException failure = failureOf(QmpAddress.unix(folder.resolve("vm/run/none")));
        assertThat(failure.reason()).isEqualTo(Reason.NOT_FOUND);
        assertThat(failure).hasMessageEndingWith(": the folder " + folder.resolve("vm") + " does not exist either");
    }

    @Test
    void a_symbolic_link_into_nowhere_is_named_as_one() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("gone"));
        ConnectFailedException failure = failureOf(QmpAddress.unix(link));
        assertThat(failure.reason()).isEqualTo(Reason.NOT_FOUND);
        assertThat(failure).hasMessageEndingWith(": it is a symbolic link to gone, which does not exist");
    }

    @Test
    void symbolic_links_in_a_circle_are_not_found() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("link"));
        ConnectFailedException failure = failureOf(QmpAddress.unix(link));
        assertThat(failure.reason()).isEqualTo(Reason.NOT_FOUND);
        assertThat(failure).hasMessageContaining("circle");
    }

    @Test
    void a_file_or_folder_is_not_a_socket() throws Exception {
        Path image = Files.createFile(folder.resolve("disk.qcow2"));
        ConnectFailedException file = failureOf(QmpAddress.unix(image));
        assertThat(file.reason()).isEqualTo(Reason.NOT_FOUND);
        assertThat(file).hasMessage(image + " is a regular file, not a socket");
        assertThat(failureOf(QmpAddress.unix(folder))).hasMessage(folder + " is a folder, not a socket");
        assertThat(failureOf(QmpAddress.unix(image.resolve("s")))).hasMessageContaining("not a folder");
        assertThat(failureOf(QmpAddress.unix(Path.of("/dev/null")))).hasMessage("/dev/null is a device, not a socket");
    }

    @Test
    void a_socket_file_left_behind_has_nobody_listening() throws Exception {
        Path left = folder.resolve("left");
        Peer.unix(left).close();
        ConnectFailedException failure = failureOf(QmpAddress.unix(left));
        assertThat(failure.reason()).isEqualTo(Reason.NOBODY_LISTENING);
        assertThat(failure).hasMessage("Nobody listens on the socket " + left);
        assertThat(failure.hint()).hasValueSatisfying(hint -> assertThat(hint).contains("killed"));
    }

    @Test
    void a_full_queue_is_busy() throws Exception {
        try (Peer peer = Peer.unix(folder.resolve("s"), 1)) {
            open(peer.address(), new RecordingListener());
            open(peer.address(), new RecordingListener()); // QEMU's backlog is 1 as well: two wait, the third may not
            ConnectFailedException failure = failureOf(peer.address());
            assertThat(failure.reason()).isEqualTo(Reason.BUSY);
            assertThat(failure).hasMessageContaining("busy");
        }
    }

    @Test
    void a_path_of_the_limits_length_is_tried_and_one_byte_more_is_refused_with_the_numbers() throws Exception {
        String name = folder + "/" + "x".repeat(pathLimit() - folder.toString().length() - 1);
        assertThat(failureOf(new QmpAddress.Unix(name)).reason()).isEqualTo(Reason.NOT_FOUND);
        ConnectFailedException failure = failureOf(new QmpAddress.Unix(name + "x"));
        assertThat(failure.reason()).isEqualTo(Reason.BAD_ADDRESS);
        assertThat(failure)
                .hasMessageContaining((pathLimit() + 1) + " bytes")
                .hasMessageContaining("at most " + pathLimit());
        assertThat(failure.hint())
                .hasValueSatisfying(hint -> assertThat(hint).contains("relative", "symbolic link", "shorter"));
    }

    @Test
    void a_socket_with_a_path_of_the_limits_length_is_opened() throws Exception {
        String name = folder + "/" + "x".repeat(pathLimit() - folder.toString().length() - 1);
        assertOpens(name);
    }

    @Test
    void a_socket_whose_name_has_more_bytes_than_characters_is_opened() throws Exception {
        assertOpens(folder + "/\u00fc\u20ac.sock");
    }

    /** The JDK's server takes no path that long: it listens on a short one, and a hard link leads to the same socket. */
    private void assertOpens(String name) throws Exception {
        try (Peer peer = Peer.unix(folder.resolve("s"))) {
            Files.createLink(Path.of(name), folder.resolve("s"));
            RecordingListener listener = new RecordingListener();
            open(new QmpAddress.Unix(name), listener);
            peer.accept().close();
            assertThat(listener.awaitEnd().cause()).isNull();
        }
    }

    @Test
    void the_limit_counts_bytes_and_not_characters() throws Exception {
        String name = folder + "/" + "ü".repeat((pathLimit() - folder.toString().length()) / 2 + 1);
        assertThat(name.length()).isLessThan(pathLimit());
        assertThat(failureOf(new QmpAddress.Unix(name)).reason()).isEqualTo(Reason.BAD_ADDRESS);
    }

    @Test
    void a_symbolic_link_to_the_folder_gets_round_the_limit() throws Exception {
        Path deep = Files.createDirectory(folder.resolve("d".repeat(60)));
        try (Peer peer = Peer.unix(folder.resolve("s"))) {
            Files.createLink(deep.resolve("s".repeat(60)), folder.resolve("s"));
            Files.createSymbolicLink(folder.resolve("short"), deep);
            assertThat(failureOf(QmpAddress.unix(deep.resolve("s".repeat(60)))).reason())
                    .isEqualTo(Reason.BAD_ADDRESS);
            RecordingListener listener = new RecordingListener();
            Path viaLink = folder.resolve("short").resolve("s".repeat(60));
            if (viaLink.toString().length() <= pathLimit()) {
                open(QmpAddress.unix(viaLink), listener);
                peer.accept().close();
                listener.awaitEnd();
            } else {
                throw new AssertionError("the test's folder is too deep: " + folder);
            }
        }
    }

    @Test
    void a_socket_or_folder_without_permission_is_told_apart_and_says_who_may() throws Exception {
        Path closed = Files.createDirectory(folder.resolve("closed"));
        try (Peer open = Peer.unix(folder.resolve("s"));
                Peer hidden = Peer.unix(closed.resolve("s"))) {
            Files.setPosixFilePermissions(folder.resolve("s"), Set.of());
            Files.setPosixFilePermissions(closed, Set.of());
            String owner = Files.getOwner(closed).getName();

            List<String> lines = ConnectProbe.run(
                    Map.of(),
                    List.of(),
                    kind(),
                    open.address().toString(),
                    hidden.address().toString());

            assertThat(lines)
                    .containsExactly(
                            "PERMISSION_DENIED|No permission to connect to " + folder.resolve("s") + " (user " + owner
                                    + ", ---------): that needs write permission on it|Run this as user " + owner
                                    + ", or with sudo",
                            "PERMISSION_DENIED|No permission to reach " + closed.resolve("s") + ": the folder " + closed
                                    + " (user " + owner + ", ---------) may not be searched|Run this as user " + owner
                                    + ", or with sudo");
            Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void a_connect_timeout_must_be_positive() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TransportOptions.builder().connectTimeout(Duration.ZERO));
    }
}
