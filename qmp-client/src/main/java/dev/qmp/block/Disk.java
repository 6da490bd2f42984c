package dev.qmp.block;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A drive of the guest's, as {@code query-block} gives it, with its chain; of a storage daemon an export, or a node that
 * nothing uses.
 *
 * @param backend the block backend's name ({@code -drive id=}); null for a {@code -blockdev} guest; of a storage daemon the
 *     export's id
 * @param qomPath the device's QOM path; null for a drive that no device uses
 * @param rootNode the node that the device uses: the active layer's, or a filter above it; null without a medium
 * @param layers the chain, active layer first; empty without a medium
 */
public record Disk(
        @Nullable String backend,
        @Nullable String qomPath,
        DeviceKind kind,
        boolean readOnly,
        @Nullable NodeName rootNode,
        List<Layer> layers) {

    private static final String PERIPHERAL = "/machine/peripheral/";

    public Disk {
        layers = List.copyOf(layers);
    }

    /** The name that the user most likely gave: the device's id, else the backend's, else the node's, else the QOM path. */
    public String name() {
        NodeName node = rootNode;
        return Stream.of(
                        qdevId().orElse(null),
                        backend,
                        node == null || node.generated() ? null : node.value(),
                        qomPath,
                        node == null ? null : node.value())
                .filter(Objects::nonNull)
                .findFirst()
                .orElse("?");
    }

    /** The id that the user gave the device ({@code -device …,id=}). */
    public Optional<String> qdevId() {
        if (qomPath == null || !qomPath.startsWith(PERIPHERAL)) {
            return Optional.empty();
        }
        String rest = qomPath.substring(PERIPHERAL.length());
        int slash = rest.indexOf('/');
        return Optional.of(slash < 0 ? rest : rest.substring(0, slash));
    }

    /** Whether anybody reads or writes it: a device, a drive or an export. False for a storage daemon's node by itself. */
    public boolean attached() {
        return backend != null || qomPath != null;
    }

    /** Whether there is a medium in it. */
    public boolean inserted() {
        return !layers.isEmpty();
    }

    /** The layer that the guest writes to; empty without a medium. */
    public Optional<Layer> active() {
        return layers.stream().findFirst();
    }

    /** The layer with this node name, or, where none has it, with this file; empty where neither is in the chain. */
    public Optional<Layer> layer(String nodeOrFile) {
        Optional<Layer> byNode =
                layers.stream().filter(l -> l.node().value().equals(nodeOrFile)).findFirst();
        return byNode.or(() ->
                layers.stream().filter(l -> Paths.same(l.file(), nodeOrFile)).findFirst());
    }

    /** The chain in a line, base first: {@code base.img <- snap1.qcow2 <- snap2.qcow2}. */
    public String chainText() {
        StringBuilder text = new StringBuilder();
        for (int i = layers.size() - 1; i >= 0; i--) {
            text.append(layers.get(i).file()).append(i > 0 ? " <- " : "");
        }
        return text.toString();
    }
}
