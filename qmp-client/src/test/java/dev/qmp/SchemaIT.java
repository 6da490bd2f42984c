package dev.qmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.qmp.fixtures.Eventually;
import dev.qmp.fixtures.qemu.MonitorSpec;
import dev.qmp.fixtures.qemu.QemuVm;
import dev.qmp.fixtures.qemu.RequiresQemu;
import dev.qmp.fixtures.qemu.RequiresStorageDaemon;
import dev.qmp.fixtures.qemu.StorageDaemon;
import dev.qmp.schema.QmpSchema;
import dev.qmp.session.TrafficListener.Direction;
import dev.qmp.transport.QmpAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The schemas of real programs, and who is asked for one and who is not. */
@RequiresQemu
@Timeout(120)
class SchemaIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path temp;

    private Path folder;
    private final AtomicInteger questions = new AtomicInteger();

    @BeforeEach
    void nameFolder() {
        folder = temp.resolve("schema");
    }

    private QmpClientOptions options() {
        return QmpClientOptions.builder()
                .schemaCache(folder)
                .trafficListener((direction, at, document) -> {
                    if (direction == Direction.SENT && document.contains("\"query-qmp-schema\"")) {
                        questions.incrementAndGet();
                    }
                })
                .build();
    }

    private QmpSchema schema(QmpAddress address) {
        try (QmpClient client = Await.value(QmpClient.connect(address, options()))) {
            return Await.value(client.schema());
        }
    }

    private QmpSchema schema(QemuVm vm) {
        return schema(QmpAddress.unix(vm.monitor()));
    }

    /** The traffic listener hears what was sent at its own time. */
    private void assertQuestions(int count) {
        Eventually.holds(PATIENCE, () -> count + " questions, not " + questions, () -> questions.get() >= count);
        assertThat(questions).hasValue(count);
    }

    private long kept() throws IOException {
        if (!Files.exists(folder)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.count();
        }
    }

    /** A wrapper that starts QEMU by another program hides which one it is; then nothing is kept, as it should be. */
    private static void assumeRecognized(QemuVm vm) throws IOException {
        Path program = Files.readSymbolicLink(Path.of("/proc", Long.toString(vm.pid()), "exe"));
        assumeTrue(program.getFileName().toString().contains("qemu"), program.toString());
    }

    @Test
    void a_connection_asks_once_and_without_a_folder_nothing_is_kept() throws IOException {
        try (QemuVm vm = QemuVm.builder().start();
                QmpClient client = Await.value(QmpClient.connect(QmpAddress.unix(vm.monitor()), options()))) {
            QmpSchema schema = Await.value(client.schema());

            assertThat(schema.hasCommand("block-stream")).isTrue();
            assertThat(schema.version()).contains(client.greeting().version());
            assertThat(Await.value(client.schema())).isSameAs(schema);
            assertQuestions(1);
        }
        try (QemuVm vm = QemuVm.builder().start();
                QmpClient client = Await.value(QmpClient.connect(QmpAddress.unix(vm.monitor())))) {
            folder = temp.resolve("none");
            assertThat(Await.value(client.schema()).hasCommand("block-stream")).isTrue();
            assertThat(kept()).isZero();
        }
    }

    @Test
    void the_next_connection_and_the_next_machine_of_the_same_program_are_not_asked() throws IOException {
        QmpSchema told;
        try (QemuVm vm = QemuVm.builder().start()) {
            assumeRecognized(vm);
            told = schema(vm);
            assertQuestions(1);
            assertThat(schema(vm).commands()).isEqualTo(told.commands());
        }
        try (QemuVm other = QemuVm.builder().name("donald").start()) {
            assertThat(schema(other).commands()).isEqualTo(told.commands());
        }
        assertQuestions(1);
        assertThat(kept()).isOne();
    }

    @Test
    void a_damaged_file_is_asked_again_and_mended() throws IOException {
        try (QemuVm vm = QemuVm.builder().start()) {
            assumeRecognized(vm);
            schema(vm);
            try (Stream<Path> files = Files.list(folder)) {
                Files.writeString(files.findFirst().orElseThrow(), "damaged", StandardCharsets.UTF_8);
            }
            assertThat(schema(vm).hasCommand("block-stream")).isTrue();
            assertQuestions(2);
            schema(vm);
            assertQuestions(2);
        }
    }

    @Test
    @RequiresStorageDaemon
    void a_storage_daemon_greets_as_its_machine_emulator_does_and_has_a_schema_of_its_own() {
        try (QemuVm vm = QemuVm.builder().start();
                StorageDaemon daemon = StorageDaemon.builder().start()) {
            for (int i = 0; i < 2; i++) {
                QmpSchema schema = schema(QmpAddress.unix(daemon.monitor()));
                assertThat(schema.hasCommand("block-export-add")).isTrue();
                assertThat(schema.hasCommand("query-status")).isFalse();
                assertThat(schema(vm).hasCommand("query-status")).isTrue();
            }
        }
    }

    @Test
    void a_machine_that_hides_what_is_deprecated_has_a_schema_of_its_own() throws IOException {
        try (QemuVm vm = QemuVm.builder().start();
                QemuVm hiding = QemuVm.builder()
                        .args("-compat", "deprecated-output=hide")
                        .start()) {
            for (int i = 0; i < 2; i++) {
                assertThat(schema(vm).hasCommand("drive-backup")).isTrue();
                assertThat(schema(hiding).hasCommand("drive-backup")).isFalse();
            }
        }
    }

    @Test
    void over_tcp_nobody_tells_which_program_answers_and_nothing_is_kept() throws IOException {
        try (QemuVm vm = QemuVm.builder().monitor(MonitorSpec.tcp()).start()) {
            QmpAddress address = QmpAddress.tcp("127.0.0.1", vm.tcpPort(0));
            schema(address);
            schema(address);

            assertQuestions(2);
            assertThat(kept()).isZero();
        }
    }
}
