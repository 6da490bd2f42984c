package dev.qmp.generator;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What all recorded QEMUs offer together: the schemas laid over each other, under QAPI's public names.
 *
 * @param commands by QMP's names
 * @param events by QMP's names
 * @param types by QAPI's names
 */
record Model(
        SortedMap<String, CommandDef> commands, SortedMap<String, EventDef> events, SortedMap<String, TypeDef> types) {

    /** What the schemas say of something besides its type. */
    record Marks(Presence presence, Optional<QemuVersion> deprecatedSince, boolean unstable) {}

    /**
     * A command.
     *
     * @param arguments the members of its arguments, empty where they are a union
     * @param union the name of the union that its arguments are
     * @param type the name of the struct that its arguments are, where that is a type for other uses as well
     * @param result what it returns
     */
    record CommandDef(
            String name,
            List<MemberDef> arguments,
            Optional<String> union,
            Optional<String> type,
            TypeRef result,
            boolean outOfBand,
            Marks marks) {}

    record EventDef(String name, List<MemberDef> members, Marks marks) {}

    /**
     * A member.
     *
     * @param mandatory every QEMU that has the type has the member, and always gives or wants it
     */
    record MemberDef(String name, TypeRef type, boolean mandatory, Marks marks) {}

    /** A type with a name of its own. */
    sealed interface TypeDef {

        String name();

        Marks marks();
    }

    record EnumDef(String name, List<ValueDef> values, Marks marks) implements TypeDef {}

    record ValueDef(String name, Marks marks) {}

    record StructDef(String name, List<MemberDef> members, Marks marks) implements TypeDef {}

    /**
     * A flat union.
     *
     * @param members that it has whatever the tag says, the tag left out
     * @param tag optional where an older QEMU had a struct instead
     * @param older members of that struct that have moved to branches
     * @param branches what else it has, by the tag's value; a value that is not here adds nothing
     */
    record UnionDef(
            String name,
            List<MemberDef> members,
            MemberDef tag,
            List<MemberDef> older,
            SortedMap<String, BranchDef> branches,
            Marks marks)
            implements TypeDef {}

    /**
     * A branch.
     *
     * @param type the name of the type that the branch is made of
     * @param members of the branch, empty where its type is a union
     * @param union the name of the union that the branch is
     */
    record BranchDef(String type, List<MemberDef> members, Optional<String> union, Marks marks) {}

    /**
     * One of several types, told apart by their JSON.
     *
     * @param alternatives by the alternatives' QAPI names
     */
    record AlternateDef(String name, Map<String, TypeRef> alternatives, Marks marks) implements TypeDef {}

    TypeDef type(String name) {
        TypeDef type = types.get(name);
        if (type == null) {
            throw new IllegalStateException("no type is called " + name);
        }
        return type;
    }
}
