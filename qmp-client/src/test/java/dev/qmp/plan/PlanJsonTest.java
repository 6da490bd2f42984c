package dev.qmp.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.qmp.job.JobId;
import dev.qmp.plan.Step.AwaitJob;
import dev.qmp.plan.Step.EndJob;
import dev.qmp.plan.Step.Ending;
import dev.qmp.plan.Step.Point;
import dev.qmp.plan.Step.RemoveFile;
import dev.qmp.plan.Step.Send;
import dev.qmp.plan.Step.Verify;
import dev.qmp.qapi.BlockCommit;
import dev.qmp.qapi.RawCommand;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PlanJsonTest {

    private static final JobId JOB = new JobId("commit-vda");

    private static final Plan EVERY_STEP = new Plan(
            "commit",
            "vda",
            List.of(
                    new DiskChange("vda", "drive0", "/machine/x", List.of("/b", "/a"), List.of("/a")),
                    new DiskChange("vdb", null, null, List.of(), List.of())),
            List.of(
                    Send.of(RawCommand.of("stop"), new Effect.Running(false)),
                    new Send(
                            RawCommand.of("blockdev-add").with("node-name", "n"),
                            new Effect.NodesExist(List.of("n")),
                            List.of(
                                    new Undo.Command(
                                            RawCommand.of("blockdev-del").with("node-name", "n")),
                                    new Undo.Remove("/made"))),
                    Send.of(RawCommand.of("blockdev-del"), new Effect.NodeGone("o")),
                    Send.of(RawCommand.of("qom-set"), new Effect.RootNode("/machine/x", "n")),
                    Send.of(RawCommand.of("transaction"), new Effect.ChainsChanged()),
                    Send.of(RawCommand.of("system_reset"), new Effect.Repeatable()),
                    Step.StartJob.of(
                            BlockCommit.builder()
                                    .jobId(JOB.value())
                                    .device("drive0")
                                    .build(),
                            "vda",
                            new Undo.Remove("/copy")),
                    new AwaitJob(JOB, Point.READY),
                    new EndJob(JOB, Ending.COMPLETE),
                    new AwaitJob(JOB, Point.PENDING),
                    new EndJob(JOB, Ending.FINALIZE),
                    new EndJob(JOB, Ending.STOP),
                    new AwaitJob(JOB, Point.ENDED),
                    new Verify(),
                    new Step.CloseNode("n"),
                    Send.of(RawCommand.of("system_reset"), new Effect.PointOfNoReturn()),
                    new RemoveFile("/b")));

    @Test
    void a_plan_with_every_kind_of_step_comes_back_as_it_was_written() throws Exception {
        String text = PlanJson.write(EVERY_STEP).toString();

        assertThat(PlanJson.read(new ObjectMapper().readTree(text))).isEqualTo(EVERY_STEP);
    }

    @Test
    void every_kind_of_step_and_of_effect_is_in_the_plan_above() {
        assertThat(EVERY_STEP.steps().stream().map(Object::getClass).distinct())
                .containsExactlyInAnyOrderElementsOf(Arrays.asList(Step.class.getPermittedSubclasses()));
        assertThat(EVERY_STEP.steps().stream()
                        .flatMap(step -> step instanceof Send send ? Stream.of(send.effect()) : Stream.empty())
                        .map(Object::getClass)
                        .distinct())
                .containsExactlyInAnyOrderElementsOf(Arrays.asList(Effect.class.getPermittedSubclasses()));
    }

    @Test
    void a_job_is_kept_in_qemu_until_it_is_dismissed() {
        assertThat(EVERY_STEP.commands().stream()
                        .filter(line -> line.commandName().equals("block-commit"))
                        .map(line -> line.encodeArguments().get("auto-dismiss").booleanValue()))
                .containsExactly(false);
        assertThat(EVERY_STEP.commands().stream()
                        .filter(line -> line.commandName().equals("job-dismiss"))
                        .findFirst())
                .get()
                .hasToString("{\"execute\":\"job-dismiss\",\"arguments\":{\"id\":\"commit-vda\"}}");
    }

    @Test
    void what_no_program_of_ours_has_written_is_no_plan() throws Exception {
        for (String text : List.of(
                "{}",
                "{\"operation\":\"x\",\"subject\":\"y\",\"steps\":[{\"step\":\"dance\"}]}",
                "{\"operation\":\"x\",\"subject\":\"y\",\"steps\":[{\"step\":\"await-job\",\"job\":\"j\",\"point\":\"ever\"}]}")) {
            assertThatIllegalArgumentException()
                    .as(text)
                    .isThrownBy(() -> PlanJson.read(new ObjectMapper().readTree(text)));
        }
    }
}
