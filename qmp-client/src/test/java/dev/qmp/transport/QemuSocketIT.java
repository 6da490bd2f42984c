package dev.qmp.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.ConnectFailedException.Reason;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A real QEMU's monitor socket, as the transport sees it. */
@Timeout(60)
class QemuSocketIT {

    @TempDir
    Path folder;

    private ProcessHandle daemon;
    private QmpAddress monitor;

    @BeforeEach
    void start_qemu() throws Exception {
        Optional<Path> binary = binary();
        if ("required".equals(System.getProperty("qmp.qemu"))) {
            assertThat(binary).as("a QEMU is required").isPresent();
        }
        assumeThat(binary).as("a QEMU to test with").isPresent();
        Path socket = folder.resolve("qmp");
        Path pidFile = folder.resolve("pid");
        monitor = QmpAddress.unix(socket);
        // QEMU daemonises once its sockets listen: its end is what we wait for.
        Process starter = new ProcessBuilder(
                        binary.get().toString(),
                        "-machine",
                        "none",
                        "-accel",
                        "tcg",
                        "-nodefaults",
                        "-display",
                        "none",
                        "-qmp",
                        monitor + ",server=on,wait=off",
                        "-pidfile",
                        pidFile.toString(),
                        "-daemonize")
                .inheritIO()
                .start();
        assertThat(starter.waitFor(20, TimeUnit.SECONDS) && starter.exitValue() == 0)
                .isTrue();
        daemon = ProcessHandle.of(Long.parseLong(Files.readString(pidFile).strip()))
                .orElseThrow();
    }

    @AfterEach
    void kill_qemu() throws Exception {
        if (daemon != null) {
            daemon.destroyForcibly();
            daemon.onExit().get(20, TimeUnit.SECONDS);
        }
        Transports.shutdown();
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO", "JNR"})
    void the_first_client_is_greeted_and_the_next_ones_learn_who_holds_the_monitor(TransportKind kind)
            throws Exception {
        RecordingListener first = new RecordingListener();
        Link link = open(kind, first);
        first.await(bytes -> new String(bytes, StandardCharsets.UTF_8).contains("\r\n"));
        assertThat(first.text()).startsWith("{\"QMP\":");
        if (kind != TransportKind.NIO) {
            assertThat(TransportContract.onLoop(link, link::peer))
                    .hasValueSatisfying(peer -> assertThat(peer.uid()).isEqualTo(uid()));
        }

        RecordingListener second = new RecordingListener();
        open(kind, second);
        int self = (int) ProcessHandle.current().pid();
        assertThat(UnixSocketOwners.clientsOf(folder.resolve("qmp")))
                .containsExactly(
                        new SocketHolder(self, ProcSockets.command(self), true),
                        new SocketHolder(self, ProcSockets.command(self), false));
        assertThat(second.text()).isEmpty();

        open(kind, new RecordingListener());
        assertThat(TransportContract.failureOf(opening(kind, new RecordingListener()))
                        .reason())
                .isEqualTo(Reason.BUSY);

        daemon.destroyForcibly();
        first.awaitEnd();
        second.awaitEnd();
        ConnectFailedException failure = TransportContract.failureOf(opening(kind, new RecordingListener()));
        assertThat(failure.reason()).isEqualTo(Reason.NOBODY_LISTENING);
    }

    private Link open(TransportKind kind, RecordingListener listener) throws Exception {
        return opening(kind, listener).get(10, TimeUnit.SECONDS);
    }

    private CompletableFuture<Link> opening(TransportKind kind, RecordingListener listener) {
        return Transports.open(monitor, TransportContract.options(kind), listener);
    }

    private static int uid() {
        try {
            return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Optional<Path> binary() {
        String given = System.getProperty("qmp.qemu.binary", "");
        Stream<Path> candidates = given.isEmpty()
                ? Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                        .map(folder -> Path.of(folder, "qemu-system-x86_64"))
                : Stream.of(Path.of(given));
        return candidates.filter(Files::isExecutable).findFirst();
    }
}
