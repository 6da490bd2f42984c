package dev.qmp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qmp.cli.Cli.Result;
import dev.qmp.fixtures.Eventually;
import dev.qmp.fixtures.qemu.QemuImg;
import dev.qmp.fixtures.qemu.RequiresStorageDaemon;
import dev.qmp.fixtures.qemu.StorageDaemon;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the commands say of a storage daemon, which has disks and jobs and no machine. */
@RequiresStorageDaemon
@Timeout(120)
class StorageDaemonIT {

    @TempDir
    private Path temp;

    private Cli cli;
    private StorageDaemon daemon;
    private String target;

    @BeforeEach
    void start() {
        cli = Cli.in(temp);
        daemon = StorageDaemon.builder().exported("disk0", "64M").start();
        target = daemon.monitor().toString();
    }

    @AfterEach
    void stop() {
        daemon.close();
    }

    @Test
    void its_status_says_what_it_is() {
        JsonNode status = cli.json("status", target);

        assertThat(status.path("program").asText()).isEqualTo("storage daemon");
        assertThat(status.path("state").isNull()).isTrue();
        assertThat(status.path("version").asText()).matches("\\d+\\.\\d+\\.\\d+");
        assertThat(status.path("pid").asLong()).isEqualTo(daemon.pid());
        assertThat(status.path("jobs").asInt()).isZero();
        assertThat(cli.ok("status", target).out()).contains("program", "storage daemon");
    }

    @Test
    void a_command_that_it_lacks_is_refused_in_its_words_and_others_are_typed_from_its_own_schema() {
        Result refused = cli.run("exec", target, "query-status");
        assertThat(refused.status()).as(refused.toString()).isNotZero();
        assertThat(refused.err()).contains("query-status");

        assertThat(cli.json("exec", target, "query-named-block-nodes", "flat=true"))
                .hasSize(2);
        assertThat(cli.json("exec", target, "query-block-exports").at("/0/id").asText())
                .isEqualTo("ex-disk0");
    }

    @Test
    void its_disks_are_snapshotted_shown_and_pulled() {
        assertThat(cli.json("disks", target).at("/0/disk").asText()).isEqualTo("ex-disk0");
        daemon.write("disk0", 0, 65536, 1);
        cli.ok("snapshot", "create", target, "s1");
        daemon.write("disk0", 65536, 65536, 2);
        assertThat(Machines.files(cli.json("chain", target, "ex-disk0")))
                .containsExactly(
                        daemon.folder().resolve("disk0.s1.qcow2").toString(),
                        daemon.image("disk0").toString());
        assertThat(cli.json("snapshot", "list", target).at("/0/name").asText()).isEqualTo("s1");

        cli.ok("pull", target, "ex-disk0");

        assertThat(Machines.files(cli.json("chain", target))).hasSize(1);
        assertThat(daemon.holds("disk0", 0, 65536, 1)).isTrue();
        assertThat(daemon.holds("disk0", 65536, 65536, 2)).isTrue();
        assertThat(daemon.quit()).isZero();
        QemuImg.check(daemon.folder().resolve("disk0.s1.qcow2"), "qcow2");
    }

    @Test
    void its_jobs_are_listed_watched_and_cancelled_and_its_chain_waits_for_a_stream() {
        daemon.write("disk0", 0, 16 << 20, 1);
        cli.ok("snapshot", "create", target, "s1");
        cli.ok("pull", target, "ex-disk0", "--no-wait", "--speed", "64K");

        JsonNode job = cli.json("job", "list", target).path(0);
        assertThat(job.path("id").asText()).isEqualTo("pull-ex-disk0");
        assertThat(job.path("disk").asText()).isEqualTo("ex-disk0");
        Result chain = cli.run("chain", target);
        assertThat(chain.status()).as(chain.toString()).isEqualTo(5);
        assertThat(chain.err()).contains("stream job", "hint: wait for the job's end");

        cli.ok("job", "cancel", target, "ex-disk0");
        daemon.control()
                .awaitEvent(
                        "JOB_STATUS_CHANGE",
                        data -> data.path("status").asText().equals("null"),
                        Duration.ofSeconds(60));
        assertThat(cli.json("job", "list", target)).isEmpty();
        assertThat(Machines.files(cli.json("chain", target))).hasSize(2);
    }

    @Test
    void its_events_come_as_they_happen() {
        Map<String, String> export = Map.of("type", "nbd", "id", "door", "node-name", "disk0", "name", "door");
        try (Program events =
                Program.start(temp, "events", target, "--event", "BLOCK_EXPORT_DELETED", "--count", "1")) {
            // Whether the program listens yet cannot be seen from outside, so doors close until it has seen one do.
            Eventually.holds(Machines.PATIENCE, () -> "an event in " + events.out(), () -> {
                daemon.control().execute("block-export-add", export);
                daemon.control().execute("block-export-del", Map.of("id", "door"));
                daemon.control().awaitEvent("BLOCK_EXPORT_DELETED", Machines.PATIENCE);
                return events.out().contains("BLOCK_EXPORT_DELETED");
            });
            Result result = events.await();

            assertThat(result.status()).as(result.toString()).isZero();
            assertThat(result.out()).contains("\"id\":\"door\"");
        }
    }
}
