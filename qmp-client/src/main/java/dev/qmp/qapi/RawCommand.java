package dev.qmp.qapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Any command by name, its reply as JSON. Immutable: {@code with} gives another one. */
public final class RawCommand implements QmpCommand<JsonNode> {

    private final String name;
    private final ObjectNode arguments;

    private RawCommand(String name, ObjectNode arguments) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a command has a name");
        }
        this.name = name;
        this.arguments = arguments;
    }

    public static RawCommand of(String name) {
        return new RawCommand(name, JsonNodeFactory.instance.objectNode());
    }

    /** A copy of {@code arguments} is taken; null and an empty object mean the same. */
    public static RawCommand of(String name, @Nullable ObjectNode arguments) {
        return arguments == null ? of(name) : new RawCommand(name, arguments.deepCopy());
    }

    /** This command with one more argument. */
    public RawCommand with(String key, JsonNode value) {
        ObjectNode copy = arguments.deepCopy();
        copy.set(key, value);
        return new RawCommand(name, copy);
    }

    public RawCommand with(String key, String value) {
        return with(key, JsonNodeFactory.instance.textNode(value));
    }

    public RawCommand with(String key, long value) {
        return with(key, JsonNodeFactory.instance.numberNode(value));
    }

    public RawCommand with(String key, boolean value) {
        return with(key, JsonNodeFactory.instance.booleanNode(value));
    }

    /** This command with one more argument where {@code value} is not null, else as it is. */
    public RawCommand withOptional(String key, @Nullable String value) {
        return value == null ? this : with(key, value);
    }

    @Override
    public String commandName() {
        return name;
    }

    @Override
    public ObjectNode encodeArguments() {
        return arguments;
    }

    /** The text of one argument, empty where it is absent or no string. */
    public Optional<String> argument(String key) {
        JsonNode value = arguments.path(key);
        return value.isTextual() ? Optional.of(value.textValue()) : Optional.empty();
    }

    @Override
    public JsonNode decodeReturn(JsonNode result) {
        return result;
    }

    @Override
    public String toString() {
        return toRequest().toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RawCommand that && name.equals(that.name) && arguments.equals(that.arguments);
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + arguments.hashCode();
    }
}
