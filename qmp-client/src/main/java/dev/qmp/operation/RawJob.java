package dev.qmp.operation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.plan.Step;
import dev.qmp.qapi.Empty;
import dev.qmp.qapi.JobCommand;

/** A plan's line as a command that starts a job; it was written with {@code auto-dismiss: false} where that exists. */
record RawJob(Step.StartJob step) implements JobCommand {

    @Override
    public String jobId() {
        return step.job().value();
    }

    @Override
    public JobCommand withoutAutoDismiss() {
        return this;
    }

    @Override
    public String commandName() {
        return step.line().commandName();
    }

    @Override
    public ObjectNode encodeArguments() {
        return step.line().encodeArguments();
    }

    @Override
    public Empty decodeReturn(JsonNode result) {
        return Empty.fromJson(result);
    }
}
