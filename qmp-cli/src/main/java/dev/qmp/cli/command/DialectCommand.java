package dev.qmp.cli.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * A line of virsh's: the domain and further words by position or by option, as virsh takes them. Dialects map virsh's flags
 * to the native operations and hold no logic of their own.
 */
abstract class DialectCommand extends Subcommand {

    static final long MIB = 1L << 20;

    @Option(names = "--domain", paramLabel = "TARGET", description = "the guest, as TARGET of the other commands")
    @Nullable
    String domain;

    @Parameters(arity = "0..*", paramLabel = "WORD", description = "what is not given by an option, in virsh's order")
    List<String> words = new ArrayList<>();

    private final Map<String, String> refused = new LinkedHashMap<>();

    /** The domain, from its option or the first word that is left. */
    String takeDomain() {
        return take(domain, "the domain");
    }

    String take(@Nullable String option, String what) {
        if (option != null) {
            return option;
        }
        if (words.isEmpty()) {
            throw new UsageException(what + " is missing", "see: " + spec.qualifiedName() + " --help");
        }
        return words.remove(0);
    }

    @Nullable
    String takeOptional(@Nullable String option) {
        return option != null ? option : words.isEmpty() ? null : words.remove(0);
    }

    void noMoreWords() {
        if (!words.isEmpty()) {
            throw new UsageException(
                    "too many words: " + String.join(" ", words), "see: " + spec.qualifiedName() + " --help");
        }
    }

    /** A flag of virsh's that has no meaning here, refused by name if it was given. */
    void refuse(boolean given, String flag, String reason) {
        if (given) {
            refused.put(flag, reason);
        }
    }

    void checkRefused() {
        refused.forEach((flag, reason) -> {
            throw new UsageException(flag + ": " + reason, "leave it out");
        });
    }

    /** virsh counts bandwidth in MiB per second, unless it is told that it is bytes. */
    static long bandwidth(String text, boolean bytes) {
        try {
            return Math.multiplyExact(Long.parseLong(text), bytes ? 1 : MIB);
        } catch (NumberFormatException | ArithmeticException e) {
            throw new UsageException("--bandwidth: '" + text + "' is no number", "write MiB per second, as in virsh");
        }
    }

    /** virsh's result texts are silent under {@code -q}. */
    void say(String text) {
        if (!options().quiet) {
            console().out(text);
        }
    }
}
