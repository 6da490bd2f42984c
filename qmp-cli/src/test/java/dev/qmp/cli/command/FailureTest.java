package dev.qmp.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qmp.error.CommandFailedException;
import dev.qmp.error.CommandNotSentException;
import dev.qmp.error.ConnectFailedException;
import dev.qmp.error.ConnectionLostException;
import dev.qmp.error.DifferentPeerException;
import dev.qmp.error.EventsLostException;
import dev.qmp.error.JobFailedException;
import dev.qmp.error.OutcomeUnknownException;
import dev.qmp.error.ProtocolViolationException;
import dev.qmp.error.QmpException;
import dev.qmp.error.UnexpectedValueException;
import dev.qmp.error.UnsafeOperationException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FailureTest {

    /** One of each kind, with the exit status that the contract gives it. */
    private static final Map<QmpException, Integer> TREE = Map.ofEntries(
            Map.entry(new UnexpectedValueException("RunState is a string, and QEMU sent null"), 4),
            Map.entry(
                    new ConnectFailedException("/run/q", ConnectFailedException.Reason.BUSY, "busy", "wait", null), 3),
            Map.entry(new ProtocolViolationException(ProtocolViolationException.Kind.MALFORMED, "no JSON", null), 4),
            Map.entry(new CommandFailedException("stop", "GenericError", "no"), 1),
            Map.entry(new CommandNotSentException("stop", "closed", null), 4),
            Map.entry(
                    new OutcomeUnknownException("stop", OutcomeUnknownException.Reason.DEADLINE_PASSED, "late", null),
                    4),
            Map.entry(new ConnectionLostException("gone", null), 4),
            Map.entry(new DifferentPeerException("unix:/run/q", "process 2 instead of 1"), 4),
            Map.entry(new EventsLostException(3), 4),
            Map.entry(new JobFailedException("pull-vda", "stream", "No space left on device", false, "make room"), 1),
            Map.entry(new UnsafeOperationException("overlay-exists", "it exists", "--overwrite"), 5));

    @Test
    void every_exception_of_the_tree_has_its_exit_status() {
        TREE.forEach((exception, status) -> assertThat(Failure.of(exception).status())
                .as(exception.toString())
                .isEqualTo(status));
    }

    @Test
    void the_tree_above_is_the_whole_tree() {
        assertThat(TREE.keySet().stream().map(Object::getClass).collect(Collectors.toSet()))
                .isEqualTo(Arrays.stream(QmpException.class.getPermittedSubclasses())
                        .collect(Collectors.toSet()));
    }

    @ParameterizedTest
    @EnumSource(ConnectFailedException.Reason.class)
    void whatever_keeps_a_session_from_being_is_a_failed_connection(ConnectFailedException.Reason reason) {
        assertThat(Failure.of(new ConnectFailedException("/run/q", reason, "m", null, null)))
                .isEqualTo(new Failure(3, "connect", "m", null, null, null));
    }

    @ParameterizedTest
    @EnumSource(OutcomeUnknownException.Reason.class)
    void an_unknown_outcome_is_one_for_whatever_reason(OutcomeUnknownException.Reason reason) {
        Failure failure = Failure.of(new OutcomeUnknownException("stop", reason, "why", null));
        assertThat(failure.status()).isEqualTo(4);
        assertThat(failure.hint()).contains("look at its state");
    }

    @Test
    void a_refusal_keeps_qemus_words_and_class_apart() {
        assertThat(Failure.of(new CommandFailedException("stop", "GenericError", "Not now").withHint("later")))
                .isEqualTo(new Failure(1, "command-failed", "QEMU refused stop", "GenericError", "Not now", "later"));
    }

    @Test
    void a_failed_job_and_a_cancelled_one_are_told_apart() {
        Failure failed = Failure.of(new JobFailedException("j", "stream", "No space", false, null));
        Failure cancelled = Failure.of(new JobFailedException("j", "stream", "Operation canceled", true, null));
        assertThat(List.of(failed.kind(), cancelled.kind())).containsExactly("job-failed", "job-cancelled");
        assertThat(failed.qemu()).isEqualTo("No space");
    }

    @ParameterizedTest
    @ValueSource(strings = {"disk-not-found", "disk-ambiguous", "disk-twice"})
    void a_disk_that_is_misnamed_is_wrong_usage(String check) {
        assertThat(Failure.of(new UnsafeOperationException(check, "m", null)).status())
                .isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"not-a-disk", "read-only", "no-medium", "job-running", "overlay-in-use", "base-not-in-chain"})
    void every_other_check_protects_something(String check) {
        Failure failure = Failure.of(new UnsafeOperationException(check, "m", "h"));

        assertThat(failure.status()).isEqualTo(5);
        assertThat(failure.kind()).isEqualTo(check);
        assertThat(failure.message()).isEqualTo("m");
        assertThat(failure.hint()).startsWith("h");
    }

    @Test
    void the_librarys_advice_comes_with_this_commands_flags() {
        Failure failure = Failure.of(new UnsafeOperationException("overlay-exists", "m", "choose another file"));

        assertThat(failure.hint()).isEqualTo("choose another file: --disk DISK=FILE, --reuse-external or --overwrite");
    }

    @Test
    void failures_of_our_own_have_their_status_and_hint() {
        assertThat(Failure.of(new UsageException("m", "h"))).isEqualTo(new Failure(2, "usage", "m", null, null, "h"));
        assertThat(Failure.of(new LocalException("not-found", "m", "h", null)))
                .isEqualTo(new Failure(1, "not-found", "m", null, null, "h"));
        assertThat(Failure.of(new UnknownEnd("m", "h", new ConnectionLostException("x", null))))
                .isEqualTo(new Failure(4, "outcome-unknown", "m", null, null, "h"));
        assertThat(Failure.of(new IllegalArgumentException("no port")).status()).isEqualTo(2);
    }

    @Test
    void a_fault_of_ours_is_called_one() {
        Failure failure = Failure.of(new IllegalStateException("oops"));
        assertThat(failure.status()).isEqualTo(1);
        assertThat(failure.message()).contains("qmp itself failed");
        assertThat(failure.hint()).contains("--stacktrace");
    }

    @Test
    void wrappings_of_futures_do_not_hide_what_failed() {
        Throwable wrapped = new ExecutionException(
                new CompletionException(new CommandFailedException("stop", "GenericError", "no")));
        assertThat(Failure.of(wrapped).kind()).isEqualTo("command-failed");
    }
}
