package dev.qmp.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.block.BlockGraph;
import dev.qmp.block.Disk;
import dev.qmp.block.Layer;
import dev.qmp.block.SnapshotPlan;
import dev.qmp.block.SnapshotResult;
import dev.qmp.job.JobInfo;
import dev.qmp.job.JobStatus;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Values as the contract's JSON. */
final class Documents {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private Documents() {}

    static ArrayNode disks(List<Disk> disks) {
        ArrayNode array = JSON.arrayNode();
        for (Disk disk : disks) {
            Layer active = disk.active().orElse(null);
            ObjectNode row = array.addObject();
            row.put("disk", disk.name());
            row.put("backend", disk.backend());
            row.put("qdev", disk.qdevId().orElse(disk.qomPath()));
            row.put("node", active == null ? null : active.node().value());
            row.put("type", active == null ? null : lower(active.type()));
            row.put("device", lower(disk.kind()));
            row.put("file", active == null ? null : active.file());
            row.put("format", active == null ? null : active.format());
            row.put("virtualSize", active == null ? null : active.virtualSize());
            row.put("actualSize", active == null ? null : active.actualSize());
            row.put("readOnly", disk.readOnly());
            row.put("inserted", disk.inserted());
            row.put("depth", active == null ? null : disk.layers().size() - 1);
        }
        return array;
    }

    static ArrayNode chains(List<Disk> disks) {
        ArrayNode array = JSON.arrayNode();
        for (Disk disk : disks) {
            ArrayNode layers = array.addObject().put("disk", disk.name()).putArray("layers");
            for (Layer layer : disk.layers()) {
                layers.addObject()
                        .put("depth", layer.depth())
                        .put("node", layer.node().value())
                        .put("file", layer.file())
                        .put("format", layer.format())
                        .put("virtualSize", layer.virtualSize())
                        .put("actualSize", layer.actualSize())
                        .put("clusterSize", layer.clusterSize())
                        .put("backingFile", layer.backingFile())
                        .put("active", layer.active());
            }
        }
        return array;
    }

    static ObjectNode snapshot(SnapshotResult result) {
        ObjectNode document = JSON.objectNode()
                .put("name", result.plan().name())
                .put("createdAt", result.createdAt().toString());
        ArrayNode disks = document.putArray("disks");
        for (SnapshotPlan.Entry entry : result.plan().disks()) {
            ObjectNode disk = disks.addObject()
                    .put("disk", entry.disk().name())
                    .put("node", entry.node().value());
            disk.putObject("base")
                    .put("file", entry.base().file())
                    .put("format", entry.base().format());
            disk.putObject("overlay").put("file", entry.overlay()).put("format", "qcow2");
        }
        return document;
    }

    /** A job as {@code job list} shows it; {@code graph} tells which disk it works on. */
    static ObjectNode job(JobInfo job, @Nullable BlockGraph graph) {
        return JSON.objectNode()
                .put("id", job.id().value())
                .put("type", job.type().value())
                .put("status", lower(job.status() == JobStatus.NULL ? JobStatus.CONCLUDED : job.status()))
                .put("offset", job.offset())
                .put("length", job.length())
                .put("speed", job.speed())
                .put("ready", job.ready())
                .put("paused", job.paused())
                .put("ioStatus", job.ioStatus() == null ? null : job.ioStatus().value())
                .put("error", job.error())
                .put(
                        "disk",
                        graph == null
                                ? null
                                : graph.diskOf(job.id()).map(Disk::name).orElse(null));
    }

    static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
