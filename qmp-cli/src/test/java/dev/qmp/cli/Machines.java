package dev.qmp.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qmp.fixtures.Eventually;
import dev.qmp.fixtures.qemu.QemuVm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** What the tests on real machines have in common. */
final class Machines {

    static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final AtomicInteger COUNT = new AtomicInteger();

    private Machines() {}

    /** A name that no other machine on this host has, so that it can be a TARGET. */
    static String name(String stem) {
        return stem + "-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
    }

    static String target(QemuVm vm) {
        return vm.monitor().toString();
    }

    static String overlay(QemuVm vm, String name) {
        return vm.folder().resolve(name + ".qcow2").toString();
    }

    /** The files of the one chain in a document of {@code chain}, or of an operation. */
    /** The tree's lines without what a delete would free, which differs from run to run. */
    static List<String> tree(Cli cli, String target) {
        return cli.ok("snapshot", "tree", target).lines().stream()
                .map(line -> line.replaceAll(", a delete frees [0-9.]+ [KMG]?i?B", ""))
                .toList();
    }

    static List<String> files(JsonNode chains) {
        List<String> files = new ArrayList<>();
        chains.path(0)
                .path("layers")
                .forEach(layer -> files.add(layer.path("file").asText()));
        return files;
    }

    /** As QEMU says on its other monitor. */
    static JsonNode jobs(QemuVm vm) {
        return vm.control().execute("query-jobs");
    }

    static void awaitJob(QemuVm vm, String id, String status) {
        Eventually.holds(PATIENCE, () -> id + " " + status + " in " + jobs(vm), () -> {
            for (JsonNode job : jobs(vm)) {
                if (job.path("id").asText().equals(id)
                        && job.path("status").asText().equals(status)) {
                    return true;
                }
            }
            return false;
        });
    }

    static void awaitNoJobs(QemuVm vm) {
        Eventually.holds(PATIENCE, () -> "no jobs in " + jobs(vm), () -> jobs(vm).isEmpty());
    }
}
