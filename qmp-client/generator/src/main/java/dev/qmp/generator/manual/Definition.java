package dev.qmp.generator.manual;

import java.util.List;

/**
 * A command, an event or a type as the manual describes it.
 *
 * @param members arguments, members, values or alternatives of its own, in the manual's order
 * @param bases types of which it has the members as well
 * @param results what a command may return, the likeliest first: manuals of before QEMU 9 say it in prose only
 * @param section the heading that it stands below, which tells modules apart
 */
record Definition(
        Kind kind,
        String name,
        List<Member> members,
        List<String> bases,
        List<Branch> branches,
        List<TypeWord> results,
        String section) {

    enum Kind {
        COMMAND,
        EVENT,
        OBJECT,
        ENUM,
        ALTERNATE;

        static Kind of(String word) {
            return switch (word) {
                case "Command" -> COMMAND;
                case "Event" -> EVENT;
                case "Object" -> OBJECT;
                case "Enum" -> ENUM;
                case "Alternate" -> ALTERNATE;
                default -> throw new IllegalArgumentException("no kind of definition: " + word);
            };
        }
    }

    /**
     * @param type of an enumeration's value is {@link TypeWord#NONE}
     * @param text what the manual says of it: to look for a unit in, and never to be kept
     */
    record Member(String name, TypeWord type, boolean optional, String text) {}

    /** With that value of the tag, the members of a type are members as well. */
    record Branch(String tag, String value, String type) {}

    /** A type as a member names it, arrays taken off. */
    record TypeWord(String name, boolean array) {

        static final TypeWord NONE = new TypeWord("", false);

        /** Reads {@code array of X} as of QEMU 7.2, {@code [X]} as of 10.0, or {@code X}. */
        static TypeWord of(String words) {
            String word = words.trim();
            if (word.startsWith("array of ")) {
                return new TypeWord(word.substring("array of ".length()), true);
            }
            return word.startsWith("[")
                    ? new TypeWord(word.replace("[", "").replace("]", ""), true)
                    : new TypeWord(word, false);
        }
    }

    boolean isEmpty() {
        return members.isEmpty() && bases.isEmpty() && branches.isEmpty();
    }

    Definition with(List<String> otherBases, List<TypeWord> otherResults) {
        return new Definition(kind, name, members, otherBases, branches, otherResults, section);
    }
}
