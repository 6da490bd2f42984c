package dev.qmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qmp.error.CommandNotSentException;
import dev.qmp.error.OutcomeUnknownException;
import dev.qmp.fixtures.Eventually;
import dev.qmp.fixtures.fake.FakeQmpServer;
import dev.qmp.fixtures.fake.Script;
import dev.qmp.qapi.AddFd;
import dev.qmp.transport.DescriptorSet;
import dev.qmp.transport.OwnedDescriptor;
import dev.qmp.transport.OwnedDescriptor.Access;
import dev.qmp.transport.QmpAddress;
import dev.qmp.transport.TransportKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands that descriptors travel with: their turn, and who closes the descriptors, whatever becomes of the command. */
@Timeout(60)
class DescriptorTravelTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final QmpClientOptions MANY =
            QmpClientOptions.builder().inFlight(8).build();

    @TempDir
    Path folder;

    @AfterEach
    void no_descriptor_is_left_open() {
        Eventually.holds(PATIENCE, () -> openImages() + " are open", () -> openImages() == 0);
    }

    @Test
    void one_such_command_is_in_flight_and_nothing_else_is_while_it_is() {
        Script script = Script.empty()
                .greet()
                .negotiate()
                .expect("query-status")
                .hold("first")
                .reply()
                .expect("add-fd")
                .hold("second")
                .reply()
                .expect("add-fd")
                .hold("third")
                .reply()
                .expect("query-name")
                .reply();
        try (FakeQmpServer server = FakeQmpServer.start(script);
                QmpClient client = connect(server, MANY)) {
            CompletableFuture<JsonNode> first = client.execute("query-status");
            CompletableFuture<JsonNode> second = client.execute("add-fd", null, image());
            CompletableFuture<JsonNode> third = client.execute("add-fd", null, image());
            CompletableFuture<JsonNode> fourth = client.execute("query-name");
            server.awaitHold("first");
            assertNoMoreIsSent(client, 1);
            server.release("first");
            Await.value(first);
            server.awaitHold("second");
            assertNoMoreIsSent(client, 2);
            server.release("second");
            Await.value(second);
            server.awaitHold("third");
            assertNoMoreIsSent(client, 3);
            server.release("third");
            Await.value(third);
            Await.value(fourth);
            server.assertFinished();
        }
    }

    @Test
    void one_that_was_given_up_still_has_the_line_to_itself_until_it_is_answered() {
        Script script = Script.empty()
                .greet()
                .negotiate()
                .expect("add-fd")
                .hold("late")
                .reply()
                .expect("add-fd")
                .reply();
        try (FakeQmpServer server = FakeQmpServer.start(script);
                QmpClient client = connect(server, MANY)) {
            CompletableFuture<JsonNode> first = client.execute("add-fd", null, image());
            server.awaitHold("late");
            first.cancel(false);
            CompletableFuture<JsonNode> second = client.execute("add-fd", null, image());
            assertNoMoreIsSent(client, 1);
            server.release("late");
            Await.value(second);
            assertThat(client.statistics().lateReplies()).isOne();
        }
    }

    /** The last in the queue fails as not sent: then all before it has been looked at, and the counter is final. */
    private static void assertNoMoreIsSent(QmpClient client, long sent) {
        Await.failure(client.execute("query-version", null, SHORT), CommandNotSentException.class);
        assertThat(client.statistics().commandsSent()).isEqualTo(sent);
    }

    @Test
    void descriptors_are_closed_when_the_deadline_passes_while_the_command_waits() {
        QmpClientOptions impatient =
                QmpClientOptions.builder().commandDeadline(SHORT).build();
        try (FakeQmpServer server = FakeQmpServer.start(stuck());
                QmpClient client = connect(server, impatient)) {
            CompletableFuture<JsonNode> stuck = client.execute("query-status", null, Duration.ZERO);
            Await.failure(client.execute("add-fd", null, image()), CommandNotSentException.class);
            Eventually.holds(PATIENCE, () -> openImages() + " are open", () -> openImages() == 0);
            assertThat(stuck).isNotDone();
        }
    }

    @Test
    void descriptors_are_closed_when_the_command_is_cancelled_before_it_is_sent() {
        try (FakeQmpServer server = FakeQmpServer.start(stuck());
                QmpClient client = connect(server, QmpClientOptions.DEFAULT)) {
            client.execute("query-status");
            server.awaitHold("stuck");
            client.execute(new AddFd(), image()).cancel(false);
            Eventually.holds(PATIENCE, () -> openImages() + " are open", () -> openImages() == 0);
            assertThat(client.statistics().commandsSent()).isOne();
        }
    }

    @Test
    void descriptors_are_closed_when_qemu_goes_before_and_while() {
        Script dying = Script.empty().greet().negotiate().expect("add-fd").close();
        try (FakeQmpServer server = FakeQmpServer.start(dying);
                QmpClient client = connect(server, QmpClientOptions.DEFAULT)) {
            CompletableFuture<JsonNode> sent = client.execute("add-fd", null, image());
            CompletableFuture<JsonNode> waiting = client.execute("add-fd", null, image());
            Await.failure(sent, OutcomeUnknownException.class);
            Await.failure(waiting, CommandNotSentException.class);
            Await.failure(client.execute("add-fd", null, image()), CommandNotSentException.class);
        }
    }

    @Test
    void descriptors_are_closed_when_the_transport_cannot_carry_them_and_the_session_goes_on() {
        Script script =
                Script.empty().greet().negotiate().expect("query-status").reply();
        QmpClientOptions nio =
                QmpClientOptions.builder().transport(TransportKind.NIO).build();
        try (FakeQmpServer server = FakeQmpServer.start(script);
                QmpClient client = connect(server, nio)) {
            CommandNotSentException refused =
                    Await.failure(client.execute(new AddFd(), image()), CommandNotSentException.class);
            assertThat(refused).hasMessage("add-fd was not sent: this connection cannot carry file descriptors");
            assertThat(refused.hint())
                    .hasValueSatisfying(hint -> assertThat(hint).contains("epoll", "jnr"));
            Await.value(client.execute("query-status"));
        }
        try (FakeQmpServer server = FakeQmpServer.startTcp(script);
                QmpClient client = connect(server, QmpClientOptions.DEFAULT)) {
            Await.failure(client.execute(new AddFd(), image()), CommandNotSentException.class);
            Await.value(client.execute("query-status"));
        }
    }

    @Test
    void a_set_goes_with_one_command_only() {
        Script script = Script.empty().greet().negotiate().expect("add-fd").reply();
        try (FakeQmpServer server = FakeQmpServer.start(script);
                QmpClient client = connect(server, QmpClientOptions.DEFAULT)) {
            DescriptorSet set = image();
            Await.value(client.execute("add-fd", null, set));
            assertThatIllegalStateException().isThrownBy(() -> client.execute("add-fd", null, set));
        }
    }

    private static Script stuck() {
        return Script.empty().greet().negotiate().expect("query-status").hold("stuck");
    }

    private static QmpClient connect(FakeQmpServer server, QmpClientOptions options) {
        return Await.value(QmpClient.connect(QmpAddress.parse(server.target()), options));
    }

    private DescriptorSet image() {
        try {
            Path image = folder.resolve("image");
            if (Files.notExists(image)) {
                Files.createFile(image);
            }
            return DescriptorSet.of(OwnedDescriptor.open(image, Access.READ_WRITE));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long openImages() {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.filter(this::isImage).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean isImage(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).startsWith(folder.toRealPath());
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }
}
