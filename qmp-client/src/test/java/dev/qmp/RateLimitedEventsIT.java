package dev.qmp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.fixtures.qemu.QemuVm;
import dev.qmp.fixtures.qemu.RequiresQemu;
import dev.qmp.session.SubscriptionOptions;
import dev.qmp.transport.QmpAddress;
import dev.qmp.wire.Message.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Events that QEMU holds back: reads from three copies, of which one differs, are each reported, but once a second. */
@RequiresQemu
@Timeout(60)
class RateLimitedEventsIT {

    @Test
    void of_many_events_in_a_second_the_first_and_the_last_are_sent(@TempDir Path folder) throws IOException {
        List<Event> heard = new CopyOnWriteArrayList<>();
        CompletableFuture<Void> twice = new CompletableFuture<>();
        QmpClientOptions options = QmpClientOptions.builder().replay(10).build();
        try (QemuVm vm = QemuVm.builder().start();
                QmpClient client = Await.value(QmpClient.connect(QmpAddress.unix(vm.monitor()), options))) {
            client.subscribe(event -> event.name().equals("QUORUM_REPORT_BAD"), event -> {
                heard.add(event);
                if (heard.size() == 2) {
                    twice.complete(null);
                }
            });
            quorumOfThree(client, folder);
            for (int sector = 0; sector < 8; sector++) {
                read(client, sector);
            }
            Await.value(twice);

            assertThat(heard)
                    .extracting(event -> event.data().path("sector-num").asInt())
                    .containsExactly(0, 7);
            CompletableFuture<Event> replayed = new CompletableFuture<>();
            client.subscribe(SubscriptionOptions.DEFAULT.replay(1), event -> true, replayed::complete);
            assertThat(Await.value(replayed)).isEqualTo(heard.get(1));
        }
    }

    private static void quorumOfThree(QmpClient client, Path folder) throws IOException {
        ObjectNode quorum = JsonNodeFactory.instance.objectNode();
        quorum.put("driver", "quorum").put("node-name", "quorum").put("vote-threshold", 2);
        for (int i = 0; i < 3; i++) {
            byte[] content = new byte[64 << 10];
            Arrays.fill(content, (byte) (i == 0 ? 7 : 1));
            Path image = Files.write(folder.resolve("copy" + i), content);
            ObjectNode child = JsonNodeFactory.instance.objectNode();
            child.put("driver", "raw").put("node-name", "copy" + i);
            child.putObject("file").put("driver", "file").put("filename", image.toString());
            Await.value(client.execute("blockdev-add", child));
            quorum.withArray("children").add("copy" + i);
        }
        Await.value(client.execute("blockdev-add", quorum));
    }

    private static void read(QmpClient client, int sector) {
        JsonNode line = JsonNodeFactory.instance.textNode("qemu-io quorum \"read " + 512 * sector + " 512\"");
        Await.value(client.execute(
                "human-monitor-command", JsonNodeFactory.instance.objectNode().set("command-line", line)));
    }
}
