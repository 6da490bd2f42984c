package dev.qmp.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.job.JobId;
import dev.qmp.plan.Step.AwaitJob;
import dev.qmp.plan.Step.CloseNode;
import dev.qmp.plan.Step.EndJob;
import dev.qmp.plan.Step.Ending;
import dev.qmp.plan.Step.Point;
import dev.qmp.plan.Step.RemoveFile;
import dev.qmp.plan.Step.Send;
import dev.qmp.plan.Step.StartJob;
import dev.qmp.plan.Step.Verify;
import dev.qmp.qapi.RawCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Plans as JSON and back, as the journal keeps them. */
public final class PlanJson {

    private PlanJson() {}

    /** A plan as one document. */
    public static ObjectNode write(Plan plan) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("operation", plan.operation()).put("subject", plan.subject());
        ArrayNode disks = json.putArray("disks");
        for (DiskChange disk : plan.disks()) {
            ObjectNode one = disks.addObject()
                    .put("disk", disk.disk())
                    .put("backend", disk.backend())
                    .put("qomPath", disk.qomPath());
            texts(one.putArray("before"), disk.before());
            texts(one.putArray("after"), disk.after());
        }
        ArrayNode steps = json.putArray("steps");
        plan.steps().forEach(step -> step(step, steps.addObject()));
        return json;
    }

    static ObjectNode step(Step step, ObjectNode json) {
        if (step instanceof Send send) {
            command(json.put("step", "send"), send.line());
            json.set("effect", effect(send.effect()));
            undo(json, send.undo());
        } else if (step instanceof StartJob start) {
            command(json.put("step", "start-job").put("job", start.job().value()), start.line());
            json.put("disk", start.disk());
            undo(json, start.undo());
        } else if (step instanceof AwaitJob await) {
            json.put("step", "await-job").put("job", await.job().value()).put("point", word(await.point()));
        } else if (step instanceof EndJob end) {
            json.put("step", "end-job").put("job", end.job().value()).put("ending", word(end.ending()));
        } else if (step instanceof CloseNode close) {
            json.put("step", "close-node").put("node", close.node());
        } else if (step instanceof RemoveFile remove) {
            json.put("step", "remove-file").put("file", remove.file());
        } else {
            json.put("step", "verify");
        }
        return json;
    }

    private static ObjectNode command(ObjectNode json, RawCommand line) {
        json.put("execute", line.commandName());
        if (!line.encodeArguments().isEmpty()) {
            json.set("arguments", line.encodeArguments());
        }
        return json;
    }

    private static ObjectNode effect(Effect effect) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        if (effect instanceof Effect.NodesExist exist) {
            texts(json.put("kind", "nodes-exist").putArray("nodes"), exist.nodes());
        } else if (effect instanceof Effect.NodeGone gone) {
            json.put("kind", "node-gone").put("node", gone.node());
        } else if (effect instanceof Effect.RootNode root) {
            json.put("kind", "root-node").put("qomPath", root.qomPath()).put("node", root.node());
        } else if (effect instanceof Effect.Running running) {
            json.put("kind", "running").put("running", running.running());
        } else if (effect instanceof Effect.ChainsChanged) {
            json.put("kind", "chains-changed");
        } else if (effect instanceof Effect.PointOfNoReturn) {
            json.put("kind", "point-of-no-return");
        } else {
            json.put("kind", "repeatable");
        }
        return json;
    }

    private static void undo(ObjectNode json, List<Undo> undo) {
        if (undo.isEmpty()) {
            return;
        }
        ArrayNode array = json.putArray("undo");
        for (Undo one : undo) {
            if (one instanceof Undo.Command command) {
                command(array.addObject(), command.line());
            } else if (one instanceof Undo.Remove remove) {
                array.addObject().put("remove", remove.file());
            }
        }
    }

    /**
     * The plan of such a document.
     *
     * @throws IllegalArgumentException where this is no plan that this program could have written
     */
    public static Plan read(JsonNode json) {
        return new Plan(
                text(json, "operation"),
                text(json, "subject"),
                each(json.path("disks"), PlanJson::disk),
                each(json.path("steps"), PlanJson::step));
    }

    private static DiskChange disk(JsonNode json) {
        return new DiskChange(
                text(json, "disk"),
                json.path("backend").textValue(),
                json.path("qomPath").textValue(),
                each(json.path("before"), JsonNode::asText),
                each(json.path("after"), JsonNode::asText));
    }

    /**
     * One step of such a document.
     *
     * @throws IllegalArgumentException where this is no step that this program could have written
     */
    public static Step step(JsonNode json) {
        String kind = text(json, "step");
        return switch (kind) {
            case "send" -> new Send(command(json), effect(json.path("effect")), undo(json));
            case "start-job" ->
                new StartJob(job(json), command(json), json.path("disk").textValue(), undo(json));
            case "await-job" -> new AwaitJob(job(json), Point.valueOf(constant(json, "point")));
            case "end-job" -> new EndJob(job(json), Ending.valueOf(constant(json, "ending")));
            case "close-node" -> new CloseNode(text(json, "node"));
            case "remove-file" -> new RemoveFile(text(json, "file"));
            case "verify" -> new Verify();
            default -> throw new IllegalArgumentException("no step is called " + kind);
        };
    }

    private static Effect effect(JsonNode json) {
        String kind = text(json, "kind");
        return switch (kind) {
            case "nodes-exist" -> new Effect.NodesExist(each(json.path("nodes"), JsonNode::asText));
            case "node-gone" -> new Effect.NodeGone(text(json, "node"));
            case "root-node" -> new Effect.RootNode(text(json, "qomPath"), text(json, "node"));
            case "running" -> new Effect.Running(json.path("running").asBoolean());
            case "chains-changed" -> new Effect.ChainsChanged();
            case "point-of-no-return" -> new Effect.PointOfNoReturn();
            case "repeatable" -> new Effect.Repeatable();
            default -> throw new IllegalArgumentException("no effect is called " + kind);
        };
    }

    private static List<Undo> undo(JsonNode json) {
        return each(
                json.path("undo"),
                one -> one.has("remove") ? new Undo.Remove(text(one, "remove")) : new Undo.Command(command(one)));
    }

    private static RawCommand command(JsonNode json) {
        return RawCommand.of(
                text(json, "execute"), json.get("arguments") instanceof ObjectNode arguments ? arguments : null);
    }

    private static JobId job(JsonNode json) {
        return new JobId(text(json, "job"));
    }

    private static String constant(JsonNode json, String key) {
        return text(json, key).toUpperCase(Locale.ROOT);
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static String text(JsonNode json, String key) {
        String text = json.path(key).textValue();
        if (text == null) {
            throw new IllegalArgumentException("a plan without " + key);
        }
        return text;
    }

    private static void texts(ArrayNode array, List<String> texts) {
        texts.forEach(array::add);
    }

    private static <T> List<T> each(JsonNode array, Function<JsonNode, T> reader) {
        List<T> all = new ArrayList<>();
        array.forEach(element -> all.add(reader.apply(element)));
        return all;
    }
}
