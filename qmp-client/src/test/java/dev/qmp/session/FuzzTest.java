package dev.qmp.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The short form of fuzzing: the corpus, which holds what was found before, and a number of mutations that are the same in every build.
 * The long form is Jazzer's, on the same target.
 */
@Timeout(120)
class FuzzTest {

    private static final int MUTATIONS = 3_000;

    private static final List<String> WORDS = List.of(
            "{",
            "}",
            "[",
            "]",
            "\"",
            "\\",
            ",",
            ":",
            "\\ud800",
            "\u00ff",
            "\u0000",
            "1e400",
            "-",
            "null",
            "\"id\"",
            "\"return\"",
            "\"error\"",
            "\"event\"",
            "\"QMP\"",
            "\"desc\"",
            "\"secret\"",
            "\"data\"",
            "\u00c0\u0080",
            "\u00ed\u00a0\u0080");

    private static void attempt(byte[] input, String what) {
        try {
            FuzzTarget.fuzzerTestOneInput(input);
        } catch (Throwable e) {
            throw new AssertionError(
                    what + ": " + new String(input, StandardCharsets.ISO_8859_1) + "\nkeep it in the corpus: "
                            + HexFormat.of().formatHex(input),
                    e);
        }
    }

    @Test
    void the_corpus_holds() {
        List<byte[]> inputs = Corpus.inputs();
        assertThat(inputs).hasSizeGreaterThan(50);
        for (int i = 0; i < inputs.size(); i++) {
            attempt(inputs.get(i), "input " + i + " of the corpus");
        }
    }

    @Test
    void mutations_of_the_corpus_hold() {
        long seed = Long.getLong("qmp.fuzz.seed", 20261123);
        Random random = new Random(seed);
        List<byte[]> pool = new ArrayList<>(Corpus.inputs());
        for (int i = 0; i < Integer.getInteger("qmp.fuzz.mutations", MUTATIONS); i++) {
            byte[] input = pool.get(random.nextInt(pool.size()));
            for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                input = mutated(input, random, pool);
            }
            attempt(input, "mutation " + i + " with -Dqmp.fuzz.seed=" + seed);
        }
    }

    private static byte[] mutated(byte[] input, Random random, List<byte[]> pool) {
        int at = random.nextInt(input.length);
        return switch (random.nextInt(6)) {
            case 0 -> spliced(input, at, Math.min(input.length, at + 1), new byte[] {(byte) random.nextInt(256)});
            case 1 ->
                spliced(input, at, at, WORDS.get(random.nextInt(WORDS.size())).getBytes(StandardCharsets.ISO_8859_1));
            case 2 -> spliced(input, at, Math.min(input.length, at + random.nextInt(40)), new byte[0]);
            case 3 ->
                spliced(input, at, at, Arrays.copyOfRange(input, at, Math.min(input.length, at + random.nextInt(80))));
            case 4 -> {
                byte[] other = pool.get(random.nextInt(pool.size()));
                yield spliced(
                        input, at, input.length, Arrays.copyOfRange(other, random.nextInt(other.length), other.length));
            }
            default ->
                spliced(input, 0, Math.min(2, input.length), new byte[] {
                    (byte) random.nextInt(16), (byte) random.nextInt(256)
                });
        };
    }

    private static byte[] spliced(byte[] input, int from, int to, byte[] middle) {
        byte[] result = new byte[Math.max(3, from + middle.length + input.length - to)];
        System.arraycopy(input, 0, result, 0, from);
        System.arraycopy(middle, 0, result, from, middle.length);
        System.arraycopy(input, to, result, from + middle.length, input.length - to);
        return result;
    }
}
