package dev.qmp;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The lengths of the classes, and whether one length stands for all of them. Immutable. */
final class Deadlines {

    static final Deadlines STANDARD = new Deadlines(
            Map.of(
                    Deadline.DEFAULT, Duration.ofSeconds(30),
                    Deadline.BLOCK, Duration.ofMinutes(2),
                    Deadline.LONG, Duration.ofMinutes(10)),
            Optional.empty());

    private final Map<Deadline, Duration> lengths;
    private final Optional<Duration> forAll;

    private Deadlines(Map<Deadline, Duration> lengths, Optional<Duration> forAll) {
        this.lengths = Map.copyOf(lengths);
        this.forAll = forAll;
    }

    Deadlines with(Deadline kind, Duration length) {
        if (!lengths.containsKey(kind)) {
            throw new IllegalArgumentException("the length of '" + kind + "' is its own; set that of a class");
        }
        Map<Deadline, Duration> changed = new HashMap<>(lengths);
        changed.put(kind, notNegative(length));
        return new Deadlines(changed, forAll);
    }

    Deadlines withOneForAll(Duration length) {
        return new Deadlines(lengths, Optional.of(notNegative(length)));
    }

    /** The length of a deadline that the caller names; zero for none. */
    Duration length(Deadline named) {
        return named.length().orElseGet(() -> lengths.getOrDefault(named, Duration.ZERO));
    }

    /** The length for a command whose caller names none; zero for none. */
    Duration of(String command) {
        return forAll.orElseGet(() -> length(CommandDeadlines.of(command)));
    }

    /** The length for a command of no special class. */
    Duration ordinary() {
        return forAll.orElseGet(() -> length(Deadline.DEFAULT));
    }

    private static Duration notNegative(Duration length) {
        if (length.isNegative()) {
            throw new IllegalArgumentException("a deadline is not negative: " + length);
        }
        return length;
    }
}
