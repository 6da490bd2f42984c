package dev.qmp.transport;

import static dev.qmp.transport.TransportContract.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.ConnectFailedException.Reason;
import dev.qmp.fixtures.Eventually;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The steps from a process to a link and back, each of them held still. */
@Timeout(60)
@DisabledOnOs(OS.WINDOWS)
class SshStepsTest {

    private static final Duration NEVER = Duration.ofHours(1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final QmpAddress.Ssh ADDRESS =
            new QmpAddress.Ssh(Optional.empty(), "vmhost", OptionalInt.empty(), "/run/qmp");
    private static final String OPEN =
            "debug2: channels.c:channel_input_open_confirmation():1 (pid=1): channel 1: open confirm rwindow 1 rmax 1\r\n";

    @TempDir
    Path folder;

    private final RecordingListener listener = new RecordingListener();
    private final AtomicInteger attempts = new AtomicInteger();

    private FakeSsh fake(String body) throws IOException {
        return new FakeSsh(folder.resolve("fake"), body);
    }

    private CompletableFuture<Link> opening(FakeSsh fake, TransportKind kind) {
        TransportOptions options = TransportOptions.builder()
                .kind(kind)
                .connectTimeout(NEVER)
                .ssh(fake.options())
                .build();
        CompletableFuture<Link> opened = new CompletableFuture<>();
        new Connecting(ADDRESS, counting(Channels.of(kind, ADDRESS)), options, listener, opened).start();
        return opened;
    }

    /** The transport's own channels, and how many UNIX ones were made of them. */
    private Channels counting(Channels real) {
        return (Channels) Proxy.newProxyInstance(
                Channels.class.getClassLoader(), new Class<?>[] {Channels.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("newUnixChannel")) {
                        attempts.incrementAndGet();
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static ServerSocketChannel bound(Path socket) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        return server;
    }

    /** ssh's socket as it is between its bind and its listen: there, and refusing. */
    private void refuses(Path socket, int times) throws IOException {
        bound(socket).close();
        Eventually.holds(PATIENCE, () -> times + " attempts, not " + attempts, () -> attempts.get() >= times);
    }

    @ParameterizedTest
    @EnumSource(
            value = TransportKind.class,
            names = {"EPOLL", "NIO"})
    void a_socket_that_refuses_is_tried_again_until_ssh_listens(TransportKind kind) throws Exception {
        FakeSsh fake = fake(FakeSsh.LIVES);
        CompletableFuture<Link> opening = opening(fake, kind);
        refuses(fake.socket(), 3);
        assertThat(opening).isNotDone();
        Files.delete(fake.socket());
        try (ServerSocketChannel server = bound(fake.socket());
                PeerEnd end = new PeerEnd.OfSocket(server.accept())) {
            end.write("hello");
            Link link = opening.get(20, TimeUnit.SECONDS);
            assertThat(listener.awaitCount(5)).asString().isEqualTo("hello");
            link.loop().execute(link::close);
        }
        assertThat(listener.awaitEnd().cause()).isNull();
        FakeSsh.awaitDeleted(fake.socket().getParent());
    }

    @ParameterizedTest
    @EnumSource(
            value = TransportKind.class,
            names = {"EPOLL", "NIO"})
    void an_ssh_that_dies_while_its_socket_refuses_is_told_at_once_by_its_own_words(TransportKind kind)
            throws Exception {
        FakeSsh fake = fake(FakeSsh.LIVES);
        CompletableFuture<Link> opening = opening(fake, kind);
        refuses(fake.socket(), 2);
        fake.die("Connection to vmhost closed by remote host.\n");
        assertThat(failureOf(opening))
                .hasMessage("ssh found no way to vmhost: Connection to vmhost closed by remote host.");
        FakeSsh.awaitDeleted(fake.socket().getParent());
    }

    @ParameterizedTest
    @EnumSource(
            value = TransportKind.class,
            names = {"EPOLL", "NIO"})
    void giving_up_while_the_socket_refuses_ends_ssh_and_its_folder(TransportKind kind) throws Exception {
        FakeSsh fake = fake(FakeSsh.LIVES);
        CompletableFuture<Link> opening = opening(fake, kind);
        refuses(fake.socket(), 2);
        ProcessHandle process = fake.process();
        opening.cancel(false);
        FakeSsh.awaitEnd(process);
        FakeSsh.awaitDeleted(fake.socket().getParent());
    }

    @ParameterizedTest
    @EnumSource(
            value = TransportKind.class,
            names = {"EPOLL", "NIO"})
    void a_far_end_that_opens_and_closes_at_once_was_open(TransportKind kind) throws Exception {
        FakeSsh fake = fake(FakeSsh.LIVES);
        CompletableFuture<Link> opening = opening(fake, kind);
        try (ServerSocketChannel server = bound(fake.socket())) {
            PeerEnd end = new PeerEnd.OfSocket(server.accept());
            fake.says(OPEN);
            end.close();
            opening.get(20, TimeUnit.SECONDS);
        }
        assertThat(listener.awaitEnd().cause()).isNull();
        assertThat(listener.calls).containsExactly("opened", "closed");
    }

    @ParameterizedTest
    @EnumSource(
            value = TransportKind.class,
            names = {"EPOLL", "NIO"})
    void what_ssh_says_right_after_the_far_end_has_opened_is_why_the_link_ends(TransportKind kind) throws Exception {
        FakeSsh fake = fake(FakeSsh.LIVES);
        CompletableFuture<Link> opening = opening(fake, kind);
        try (ServerSocketChannel server = bound(fake.socket())) {
            PeerEnd end = new PeerEnd.OfSocket(server.accept());
            fake.says("Welcome.\r\n" + OPEN + "Connection reset by peer\r\n");
            end.close();
            opening.get(20, TimeUnit.SECONDS);
        }
        assertThat(listener.awaitEnd().cause()).hasMessage("ssh: Connection reset by peer");
    }

    @Test
    void an_ssh_that_cannot_listen_on_our_socket_is_told_at_once() throws Exception {
        FakeSsh fake = fake(
                "echo \"unix_listener: path \\\"$(cat \"$here/forward\")\\\" too long for Unix domain socket\" >&2\n"
                        + "echo Could not request local forwarding. >&2\n" + FakeSsh.LIVES);
        ConnectFailedException failure = failureOf(opening(fake, TransportKind.AUTO));
        assertThat(failure.reason()).isEqualTo(Reason.IO);
        assertThat(failure).hasMessageEndingWith("too long for Unix domain socket");
    }

    @Test
    void an_ssh_that_heeds_no_request_to_end_is_ended_by_force_though_the_loop_is_gone() throws Exception {
        FakeSsh fake = fake("trap '' TERM\necho $$ > \"$here/deaf\"\nwhile :; do sleep 0.2; done\n");
        CompletableFuture<Link> opening = opening(fake, TransportKind.AUTO);
        ProcessHandle deaf = fake.process("deaf");
        opening.cancel(false);
        Eventually.holds(PATIENCE, () -> "the end of the loop", () -> {
            Transports.shutdown();
            return TransportContract.threads().isEmpty();
        });
        FakeSsh.awaitEnd(deaf);
        FakeSsh.awaitDeleted(fake.socket().getParent());
    }

    @Test
    void the_ssh_that_a_script_runs_as_its_child_ends_with_the_script() throws Exception {
        FakeSsh fake = fake("sh -c 'echo $$ > \"$0/child\"; exec sleep 600' \"$here\"\n");
        CompletableFuture<Link> opening = opening(fake, TransportKind.AUTO);
        ProcessHandle child = fake.process("child");
        try {
            opening.cancel(false);
            FakeSsh.awaitEnd(child);
        } finally {
            child.destroyForcibly();
        }
    }

    @Test
    void nothing_that_ssh_runs_asks_at_the_terminal() throws Exception {
        FakeSsh fake = fake(FakeSsh.LIVES);
        CompletableFuture<Link> opening = opening(fake, TransportKind.AUTO);
        assertThat(fake.environment().lines()).contains("SSH_ASKPASS_REQUIRE=force", "SSH_ASKPASS=/usr/bin/false");
        ProcessHandle process = fake.process();
        opening.cancel(false);
        FakeSsh.awaitEnd(process);
    }

    @Test
    void the_end_of_our_own_process_ends_an_ssh_that_heeds_no_request_and_the_child_of_a_script() throws Exception {
        FakeSsh fake = fake("sh -c 'echo $$ > \"$0/child\"; exec sleep 600' \"$here\" &\n"
                + "trap '' TERM\necho $$ > \"$here/deaf\"\nwhile :; do sleep 0.2; done\n");
        Process ours = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Opens.class.getName(),
                        fake.options().program())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .start();
        ProcessHandle child = fake.process("child");
        ProcessHandle deaf = fake.process("deaf");
        try {
            ours.destroy();
            assertThat(ours.waitFor(20, TimeUnit.SECONDS)).isTrue();
            FakeSsh.awaitEnd(deaf);
            FakeSsh.awaitEnd(child);
            FakeSsh.awaitDeleted(fake.socket().getParent());
        } finally {
            ours.destroyForcibly();
            deaf.destroyForcibly();
            child.destroyForcibly();
        }
    }

    /** A program that waits for a link through this ssh, and is ended meanwhile. */
    static final class Opens {
        private Opens() {}

        public static void main(String[] arguments) throws Exception {
            Transports.open(
                            ADDRESS,
                            TransportOptions.builder()
                                    .connectTimeout(NEVER)
                                    .ssh(SshOptions.builder()
                                            .program(arguments[0])
                                            .build())
                                    .build(),
                            new RecordingListener())
                    .get();
        }
    }
}
