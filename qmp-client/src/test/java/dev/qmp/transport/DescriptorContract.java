package dev.qmp.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.qmp.transport.OwnedDescriptor.Access;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a link promises that hands descriptors on. */
abstract class DescriptorContract extends TransportContract {

    private static final int BIG = 4 * 1024 * 1024;

    private final RecordingListener listener = new RecordingListener();

    @Override
    DescriptorPeer peer() {
        return new DescriptorPeer(folder.resolve("s"));
    }

    @Test
    void descriptors_arrive_with_the_first_byte_of_their_command_and_with_no_other() throws Exception {
        try (DescriptorPeer peer = peer()) {
            Link link = open(peer.address(), listener);
            try (DescriptorPeer.End their = peer.accept()) {
                onLoop(link, () -> {
                    link.send(bytes("before "));
                    link.send(bytes("with "), DescriptorSet.of(file("image")));
                    link.send(bytes("after"));
                    return true;
                });
                assertThat(new String(their.read("before with after".length()), StandardCharsets.UTF_8))
                        .isEqualTo("before with after");
                assertThat(their.received()).hasSize(1);
                DescriptorPeer.Received with = their.received().get(0);
                // The kernel may glue what stands before a command to it, but nothing that stands behind.
                assertThat(with.from()).isLessThanOrEqualTo("before ".length());
                assertThat(with.to()).isEqualTo("before with ".length());
                assertThat(with.contents()).containsExactly("image");
            }
        }
    }

    @Test
    void several_descriptors_arrive_together_and_in_order() throws Exception {
        try (DescriptorPeer peer = peer()) {
            Link link = open(peer.address(), listener);
            try (DescriptorPeer.End their = peer.accept()) {
                onLoop(link, () -> {
                    link.send(bytes("x"), DescriptorSet.of(file("first"), file("second"), file("third")));
                    return true;
                });
                their.read(1);
                assertThat(their.received().get(0).contents()).containsExactly("first", "second", "third");
            }
        }
    }

    @Test
    void a_command_waits_for_what_was_sent_before_and_nothing_overtakes_it() throws Exception {
        byte[] before = new byte[BIG];
        new Random(1).nextBytes(before);
        try (DescriptorPeer peer = peer()) {
            Link link = open(peer.address(), listener);
            try (DescriptorPeer.End their = peer.accept()) {
                onLoop(link, () -> {
                    link.send(before); // more than any socket holds: the rest of it waits here
                    link.send(bytes("with "), DescriptorSet.of(file("image")));
                    link.send(bytes("after"));
                    return true;
                });
                byte[] arrived = their.read(BIG + "with after".length());
                assertThat(Arrays.copyOf(arrived, BIG)).isEqualTo(before);
                assertThat(new String(arrived, BIG, 10, StandardCharsets.UTF_8)).isEqualTo("with after");
                assertThat(their.received()).hasSize(1);
                assertThat(their.received().get(0).from()).isLessThanOrEqualTo(BIG);
                assertThat(their.received().get(0).to()).isEqualTo(BIG + "with ".length());
                assertThat(their.received().get(0).contents()).containsExactly("image");
            }
        }
    }

    @Test
    void a_command_that_the_socket_takes_in_parts_has_its_descriptors_once_and_at_its_start() throws Exception {
        byte[] command = new byte[BIG];
        new Random(2).nextBytes(command);
        try (DescriptorPeer peer = peer()) {
            Link link = open(peer.address(), listener);
            try (DescriptorPeer.End their = peer.accept()) {
                onLoop(link, () -> {
                    link.send(command, DescriptorSet.of(file("image")));
                    return true;
                });
                assertThat(their.read(BIG)).isEqualTo(command);
                assertThat(their.received()).hasSize(1);
                assertThat(their.received().get(0).from()).isZero();
            }
        }
    }

    @Test
    void descriptors_are_closed_here_once_the_kernel_has_them() throws Exception {
        try (DescriptorPeer peer = peer()) {
            Link link = open(peer.address(), listener);
            try (DescriptorPeer.End their = peer.accept()) {
                OwnedDescriptor image = file("image");
                DescriptorSet set = DescriptorSet.of(image);
                onLoop(link, () -> {
                    link.send(bytes("x"), set);
                    return true;
                });
                their.read(1);
                assertThat(image.isOpen()).isFalse();
                assertThatIllegalStateException().isThrownBy(set::handOver);
                assertThat(DescriptorPeer.openHere(folder.resolve("image")))
                        .isEqualTo(their.received().get(0).count());
            }
            assertThat(DescriptorPeer.openHere(folder.resolve("image"))).isZero();
        }
    }

    @Test
    void descriptors_are_closed_where_the_peer_has_gone() throws Exception {
        try (DescriptorPeer peer = peer()) {
            Link link = open(peer.address(), listener);
            peer.accept().close();
            onLoop(link, () -> {
                link.send(bytes("x"), DescriptorSet.of(file("image")));
                return true;
            });
            listener.awaitEnd();
            onLoop(link, () -> {
                link.send(bytes("x"), DescriptorSet.of(file("late")));
                return true;
            });
            assertThat(DescriptorPeer.openHere(folder.resolve("image"))).isZero();
            assertThat(DescriptorPeer.openHere(folder.resolve("late"))).isZero();
        }
    }

    @Test
    void descriptors_are_closed_where_the_link_ends_before_their_turn() throws Exception {
        try (DescriptorPeer peer = peer()) {
            Link link = open(peer.address(), listener);
            try (DescriptorPeer.End their = peer.accept()) {
                onLoop(link, () -> {
                    link.send(new byte[BIG]); // nobody reads it
                    link.send(bytes("x"), DescriptorSet.of(file("image")));
                    assertThat(DescriptorPeer.openHere(folder.resolve("image"))).isOne();
                    link.close();
                    return true;
                });
                listener.awaitEnd();
                assertThat(their.received()).isEmpty();
                assertThat(DescriptorPeer.openHere(folder.resolve("image"))).isZero();
            }
        }
    }

    @Test
    void descriptors_need_a_byte_to_travel_with() throws Exception {
        try (DescriptorPeer peer = peer()) {
            Link link = open(peer.address(), listener);
            try (DescriptorSet set = DescriptorSet.of(file("image"))) {
                onLoop(link, () -> {
                    assertThat(link.passesDescriptors()).isTrue();
                    assertThatIllegalArgumentException().isThrownBy(() -> link.send(new byte[0], set));
                    return true;
                });
                assertThat(DescriptorPeer.openHere(folder.resolve("image"))).isOne();
            }
        }
    }

    private OwnedDescriptor file(String contents) throws Exception {
        Path file = Files.writeString(folder.resolve(contents), contents);
        return OwnedDescriptor.open(file, Access.READ_ONLY);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
