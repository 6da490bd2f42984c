package dev.qmp.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.qmp.transport.OwnedDescriptor.Access;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnedDescriptorTest {

    @TempDir
    Path folder;

    private Path image;

    @BeforeEach
    void make_an_image() throws Exception {
        image = Files.writeString(folder.resolve("image"), "guest data");
    }

    @Test
    void opening_a_file_leaves_its_contents_alone() throws Exception {
        for (Access access : Access.values()) {
            try (OwnedDescriptor descriptor = OwnedDescriptor.open(image, access)) {
                assertThat(descriptor.isOpen()).isTrue();
            }
            assertThat(image).hasContent("guest data");
        }
    }

    @Test
    void access_is_what_was_asked_for_and_no_child_process_inherits_it() throws Exception {
        try (OwnedDescriptor reading = OwnedDescriptor.open(image, Access.READ_ONLY);
                OwnedDescriptor writing = OwnedDescriptor.open(image, Access.READ_WRITE)) {
            int closeOnExec = 02000000;
            assertThat(flags(reading) & 3).isZero();
            assertThat(flags(writing) & 3).isEqualTo(2);
            assertThat(flags(reading) & closeOnExec).isNotZero();
            assertThat(flags(writing) & closeOnExec).isNotZero();
        }
    }

    @Test
    void a_name_of_any_characters_is_opened() throws Exception {
        Path odd = Files.writeString(folder.resolve("\u00fc \u20ac"), "odd");
        try (OwnedDescriptor descriptor = OwnedDescriptor.open(odd, Access.READ_ONLY)) {
            assertThat(DescriptorPeer.openHere(odd)).isOne();
            assertThat(descriptor).hasToString("descriptor " + descriptor.number());
        }
        assertThat(DescriptorPeer.openHere(odd)).isZero();
    }

    @Test
    void a_file_that_is_not_there_is_not_made() {
        Path none = folder.resolve("none");
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> OwnedDescriptor.open(none, Access.READ_WRITE))
                .withMessage(none.toString());
        assertThat(none).doesNotExist();
    }

    @Test
    void other_failures_have_the_systems_words() {
        assertThatExceptionOfType(FileSystemException.class)
                .isThrownBy(() -> OwnedDescriptor.open(folder, Access.READ_WRITE))
                .withMessage(folder + ": Is a directory");
    }

    @Test
    void a_file_is_made_when_asked_for_and_only_where_there_is_none() throws Exception {
        Path made = folder.resolve("made");
        try (OwnedDescriptor descriptor = OwnedDescriptor.create(made)) {
            assertThat(flags(descriptor) & 3).isEqualTo(2);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
                    .isEqualTo("rw-------");
        }
        assertThatExceptionOfType(FileAlreadyExistsException.class).isThrownBy(() -> OwnedDescriptor.create(image));
        assertThat(image).hasContent("guest data");
    }

    @Test
    void closing_twice_closes_once() throws Exception {
        OwnedDescriptor first = OwnedDescriptor.open(image, Access.READ_ONLY);
        int number = first.number();
        first.close();
        try (OwnedDescriptor second = OwnedDescriptor.open(image, Access.READ_ONLY)) {
            first.close(); // would close somebody else's descriptor if it closed its number again
            assertThat(second.isOpen()).isTrue();
            assertThat(DescriptorPeer.openHere(image)).isOne();
        }
        assertThatIllegalStateException().isThrownBy(first::number);
        assertThat(first).hasToString("descriptor, gone");
        assertThatIllegalArgumentException().isThrownBy(() -> OwnedDescriptor.adopt(-1));
        assertThat(number).isPositive();
    }

    @Test
    void a_set_owns_its_descriptors_until_it_is_handed_over() throws Exception {
        OwnedDescriptor descriptor = OwnedDescriptor.open(image, Access.READ_ONLY);
        DescriptorSet set = DescriptorSet.of(descriptor);
        descriptor.close();
        assertThat(DescriptorPeer.openHere(image)).isOne();
        DescriptorSet taken = set.handOver();
        set.close();
        assertThat(DescriptorPeer.openHere(image)).isOne();
        assertThatIllegalStateException().isThrownBy(set::handOver);
        taken.close();
        assertThat(DescriptorPeer.openHere(image)).isZero();
    }

    @Test
    void a_set_that_cannot_be_made_takes_nothing() throws Exception {
        OwnedDescriptor closed = OwnedDescriptor.open(image, Access.READ_ONLY);
        closed.close();
        try (OwnedDescriptor open = OwnedDescriptor.open(image, Access.READ_ONLY)) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> DescriptorSet.of(open, closed))
                    .withMessageContaining("descriptor 2 of 2");
            assertThatIllegalStateException().isThrownBy(() -> DescriptorSet.of(open, open));
            assertThat(open.isOpen()).isTrue();
            OwnedDescriptor[] many = IntStream.range(0, 17).mapToObj(i -> open).toArray(OwnedDescriptor[]::new);
            assertThatIllegalArgumentException().isThrownBy(() -> DescriptorSet.of(many));
            assertThatIllegalArgumentException().isThrownBy(DescriptorSet::of);
            assertThat(open.isOpen()).isTrue();
        }
    }

    private static int flags(OwnedDescriptor descriptor) throws Exception {
        return Files.readAllLines(Path.of("/proc/self/fdinfo/" + descriptor.number())).stream()
                .filter(line -> line.startsWith("flags:"))
                .map(line -> Integer.parseInt(line.substring("flags:".length()).strip(), 8))
                .findFirst()
                .orElseThrow();
    }
}
