package dev.qmp.block;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qmp.Await;
import dev.qmp.fixtures.qemu.DiskSpec;
import dev.qmp.fixtures.qemu.HmpIo;
import dev.qmp.fixtures.qemu.QemuImg;
import dev.qmp.fixtures.qemu.ReferenceImage;
import dev.qmp.fixtures.qemu.RequiresQemu;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random writes, snapshots and pulls in random order; some pulls are slow, and writes go on under them. In the end the
 * guest sees what a plain file saw that got the same writes. A failing run's seed is its name.
 */
@RequiresQemu
@Timeout(120)
class DataProofIT {

    private static final int RUNS = 20;
    private static final int STEPS = 25;
    private static final int SIZE = 16 << 20;
    private static final int SECTOR = 512;

    @TempDir
    Path folder;

    @TestFactory
    Stream<DynamicTest> whatever_is_done_to_the_chain_the_guest_sees_what_was_written() {
        return IntStream.range(0, RUNS).mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> run(seed)));
    }

    private void run(int seed) {
        Random random = new Random(seed);
        String format = seed % 2 == 0 ? "qcow2" : "raw";
        DiskSpec disk = (seed % 4 < 2 ? DiskSpec.drive("base") : DiskSpec.blockdev("base"))
                .qdev("vda")
                .format(format)
                .size(Integer.toString(SIZE));
        ReferenceImage reference = ReferenceImage.create(folder.resolve("reference-" + seed), SIZE);
        Path active;
        try (Bench bench = Bench.start(disk)) {
            HmpIo io = bench.vm.io("base").alsoTo(reference);
            for (int step = 0; step < STEPS; step++) {
                switch (random.nextInt(5)) {
                    case 0 -> bench.snapshot("s" + step, "vda");
                    case 1 -> pull(bench, io, random);
                    default -> write(io, random);
                }
            }
            active = Path.of(bench.disk("vda").active().orElseThrow().file());
            List<String> live = bench.chain("vda");
            bench.vm.quit();

            assertThat(QemuImg.chain(active))
                    .extracting(layer -> Paths.base(layer.path("filename").asText()))
                    .as("the headers tell the chain that was live")
                    .containsExactlyElementsOf(live);
            String activeFormat = live.size() == 1
                            && live.get(0).startsWith("base.")
                            && live.get(0).endsWith(".raw")
                    ? "raw"
                    : "qcow2";
            if (activeFormat.equals("qcow2")) {
                QemuImg.check(active, "qcow2");
            }
            assertThat(reference.sameAs(active, activeFormat))
                    .as("content equals the reference")
                    .isTrue();
        }
    }

    /** Down to a random layer below the active one, or all of it; every third one slow, with writes under it. */
    private static void pull(Bench bench, HmpIo io, Random random) {
        List<Layer> layers = bench.disk("vda").layers();
        int base = 1 + random.nextInt(layers.size());
        String wanted = base == layers.size()
                ? null
                : random.nextBoolean()
                        ? layers.get(base).file()
                        : layers.get(base).node().value();
        boolean slow = random.nextInt(3) == 0;
        RunningPull pull = bench.start(new PullRequest("vda", wanted, slow ? 1 << 20 : 0, null, null));
        for (int i = random.nextInt(4); i > 0; i--) {
            write(io, random);
        }
        if (slow) {
            // It may be over by now: then QEMU refuses.
            Await.value(pull.job().setSpeed(0).handle((done, refusal) -> refusal == null));
        }
        Await.value(pull.done());
    }

    private static void write(HmpIo io, Random random) {
        int length = (1 + random.nextInt(1 << random.nextInt(12))) * SECTOR;
        long offset = (long) random.nextInt((SIZE - length) / SECTOR + 1) * SECTOR;
        io.write(offset, length, 1 + random.nextInt(255));
    }
}
