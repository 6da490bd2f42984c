package dev.qmp.schema;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qmp.qapi.RawCommand;
import dev.qmp.schema.SchemaType.ObjectType;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Command-line words as the arguments of a command, typed by the schema of the QEMU that will get them.
 *
 * <p>A word has one of these forms; their order does not count, and a key given twice is an error:
 *
 * <ul>
 *   <li>{@code KEY=VALUE}: the value is read by the argument's type, see below. A key with dots reaches into objects:
 *       {@code file.driver=file file.filename=/a.img}. The branch of a union is the one that its tag chooses, wherever in
 *       the words the tag is.
 *   <li>{@code KEY:=JSON}: the value goes to QEMU as it is.
 *   <li>{@code KEY=@FILE}: the same, the JSON read from a file. A string that begins with {@code @} is written with
 *       {@code @@}.
 *   <li>{@code {…}} or {@code @FILE}: a JSON object with arguments, all of them or some.
 * </ul>
 *
 * <p>By type: a string is taken word for word ({@code node-name=123} is the string). An integer is decimal, or
 * hexadecimal after {@code 0x}, or decimal with a unit {@code K} to {@code E} of 1024; from −2⁶³ to 2⁶⁴−1, exactly. A
 * boolean is {@code on|off|true|false|yes|no}. An enumeration is checked. An array is a JSON array, the key repeated, or
 * {@code KEY.0=… KEY.1=…}. An object is dotted keys or JSON, or both. An alternate goes by what is given: dotted keys are
 * the object, a bare text is the scalar, and a bare {@code null} is null where null is allowed. The type {@code any}
 * ({@code qom-set}'s value) is JSON where the text is JSON, else a string: {@code value=7} is a number and
 * {@code value=off} a string; {@code value:="7"} is the string.
 *
 * <p>Nothing is judged: a command, an argument or a text that the schema does not know becomes JSON all the same, read as the
 * type {@code any} is, or for an unknown command as without a schema; a text that its type cannot be stays a string. What
 * QEMU would say of it, {@link SchemaValidator} says before. {@code device_add} takes any further key, typed as {@code any},
 * because its schema shows only a part of what it takes. QEMU up to 9.1 converts such a value to the type of the property;
 * from 9.2 on it must have that type: {@code share-rw=true} for a boolean, {@code serial:="42"} for a string of digits.
 *
 * <p>Immutable; as safe for threads as the reader of files that it is given.
 */
public final class ArgumentParser {

    /** Gives the text of a file that a word names. */
    @FunctionalInterface
    public interface FileReader {

        /**
         * The whole text of the file.
         *
         * @throws IOException where it cannot be read; it becomes an {@link ArgumentException} that says why
         */
        String read(String name) throws IOException;
    }

    private final @Nullable QmpSchema schema;
    private final ArgumentWords words;

    public ArgumentParser(QmpSchema schema, FileReader files) {
        this.schema = schema;
        this.words = new ArgumentWords(files);
    }

    private ArgumentParser(FileReader files) {
        this.schema = null;
        this.words = new ArgumentWords(files);
    }

    /**
     * For a QMP server without a schema: nothing is checked, every {@code KEY=VALUE} is a string, a key with dots makes
     * objects, and {@code KEY:=JSON} is how anything else is written.
     */
    public static ArgumentParser withoutSchema(FileReader files) {
        return new ArgumentParser(files);
    }

    /**
     * The command with the arguments that the words give.
     *
     * @throws ArgumentException where the words make no arguments: of none of the forms, malformed JSON, a key given twice,
     *     members of what has none
     */
    public RawCommand parse(String command, List<String> words) {
        return RawCommand.of(command, schema == null ? untyped(words) : typed(schema, command, words));
    }

    private ObjectNode typed(QmpSchema schema, String command, List<String> words) {
        // A later schema may describe arguments in a way that is not known here: then QEMU is the one to judge them.
        return schema.command(command)
                                .map(known -> schema.type(known.argumentType()))
                                .orElse(null)
                        instanceof ObjectType arguments
                ? new TypedArguments(schema, command).of(arguments, this.words.read(words))
                : untyped(words);
    }

    private ObjectNode untyped(List<String> words) {
        return UntypedArguments.of(this.words.read(words));
    }
}
