package dev.qmp.qapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.qmp.Await;
import dev.qmp.QmpClient;
import dev.qmp.error.CommandFailedException;
import dev.qmp.fixtures.qemu.DiskSpec;
import dev.qmp.fixtures.qemu.QemuVm;
import dev.qmp.fixtures.qemu.RequiresQemu;
import dev.qmp.fixtures.recorded.Samples;
import dev.qmp.schema.QmpSchema;
import dev.qmp.schema.SchemaCommand;
import dev.qmp.transport.QmpAddress;
import dev.qmp.wire.QemuVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** Whatever a real QEMU answers to a question that needs no argument reads as a typed value, and nothing of it is unknown. */
@RequiresQemu
@Timeout(120)
class LiveRepliesIT {

    private static QemuVm machine() {
        return QemuVm.builder()
                .disk(DiskSpec.drive("drive0"))
                .disk(DiskSpec.blockdev("node0").qdev("vdb"))
                .args("-object", "iothread,id=io1", "-device", "virtio-balloon-pci,id=balloon")
                .args("-object", "memory-backend-ram,id=mem1,size=1M", "-device", "virtio-rng-pci")
                .start();
    }

    @TestFactory
    List<DynamicTest> each_question_is_answered_by_a_value_of_its_type() {
        List<DynamicTest> tests = new ArrayList<>();
        try (QemuVm vm = machine();
                QmpClient client = Await.value(QmpClient.connect(QmpAddress.unix(vm.monitor())))) {
            QmpSchema schema = Await.value(client.schema());
            for (SchemaCommand command : schema.commands()) {
                if (isQuestion(schema, command)) {
                    QmpCommand<?> typed = QmpCommands.fromJson(command.name(), JsonNodeFactory.instance.objectNode());
                    ask(client, command.name())
                            .ifPresent(json -> tests.add(
                                    DynamicTest.dynamicTest(command.name(), () -> Json.assertTyped(typed, json))));
                }
            }
        }
        assertThat(tests).as("questions that QEMU answers").hasSizeGreaterThan(55);
        return tests;
    }

    @Test
    void the_qemu_under_test_is_one_that_the_types_were_made_from() {
        try (QemuVm vm = machine();
                QmpClient client = Await.value(QmpClient.connect(QmpAddress.unix(vm.monitor())))) {
            QemuVersion version = client.greeting().version();
            VersionInfo typed = Await.value(client.execute(new QueryVersion()));

            assertThat(Samples.VERSIONS).contains(version.major() + "." + version.minor());
            assertThat(typed.qemu().major()).isEqualTo(version.major());
        }
    }

    /**
     * A query has no side effects by its name; {@code query-named-block-nodes} is safe while there is no job. Not so
     * {@code qom-list-types}, which loads every module of QEMU's, and ends a QEMU that lacks one (10.0 and 11.1).
     */
    private static boolean isQuestion(QmpSchema schema, SchemaCommand command) {
        boolean asks = command.name().startsWith("query-")
                || command.name().startsWith("x-query-")
                || command.name().startsWith("x-debug-query-");
        return asks && schema.arguments(command.name()).stream().allMatch(member -> member.optional());
    }

    /** Empty where this machine has nothing that the question is about. */
    private static Optional<JsonNode> ask(QmpClient client, String command) {
        try {
            return Optional.of(client.execute(command).join());
        } catch (CompletionException e) {
            assertThat(e.getCause()).as(command).isInstanceOf(CommandFailedException.class);
            return Optional.empty();
        }
    }
}
