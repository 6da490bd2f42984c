package dev.qmp.schema;

import dev.qmp.schema.SchemaType.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One place of a schema with what there is in it, as a person looks it up: a command's arguments, an event's data, one of
 * their members, a branch of a union. An array stands for its elements, an alternate for the object or the texts among its
 * alternatives.
 *
 * @param name the dotted name that leads here, for {@link QmpSchema#place}
 * @param kind what the name means
 * @param type the type's name, for {@link QmpSchema#describe}; of a command that of its arguments
 * @param optional a member that may be left out; false for what is no member
 * @param features of the command, event or member, or of the value that chooses the branch
 * @param members what an object here has for certain; with a branch chosen also what that adds
 * @param tag the member whose value says what else there is; empty where nothing is left to choose
 * @param branches what each value of the tag adds, in the order of QEMU's enumeration
 * @param values the texts that may stand here
 */
public record SchemaPlace(
        String name,
        Kind kind,
        String type,
        boolean optional,
        Set<String> features,
        List<SchemaMember> members,
        Optional<String> tag,
        List<Branch> branches,
        List<Enumeration.Value> values)
        implements Featured {

    /** What a name can mean. */
    public enum Kind {
        /** A command: the place is its arguments. */
        COMMAND,
        /** A command's reply. */
        REPLY,
        /** An event: the place is its data. */
        EVENT,
        /** A member of an object, an argument among them. */
        MEMBER,
        /** An object with one value of its tag chosen. */
        BRANCH
    }

    /**
     * What an object has more with one value of its tag.
     *
     * @param value the tag's value
     * @param members the further members; none where the value adds nothing
     */
    public record Branch(String value, Set<String> features, List<SchemaMember> members) implements Featured {
        public Branch {
            features = Set.copyOf(features);
            members = List.copyOf(members);
        }
    }

    public SchemaPlace {
        features = Set.copyOf(features);
        members = List.copyOf(members);
        branches = List.copyOf(branches);
        values = List.copyOf(values);
    }
}
