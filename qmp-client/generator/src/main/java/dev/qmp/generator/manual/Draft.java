package dev.qmp.generator.manual;

import dev.qmp.generator.manual.Definition.Branch;
import dev.qmp.generator.manual.Definition.Kind;
import dev.qmp.generator.manual.Definition.Member;
import dev.qmp.generator.manual.Definition.TypeWord;
import java.util.ArrayList;
import java.util.List;

/** A definition while its lines are read. */
final class Draft {

    private final Kind kind;
    private final String name;
    private final String section;
    private final List<Member> members = new ArrayList<>();
    private final List<String> bases = new ArrayList<>();
    private final List<Branch> branches = new ArrayList<>();
    private final List<TypeWord> results = new ArrayList<>();
    private boolean inMember;

    Draft(Kind kind, String name, String section) {
        this.kind = kind;
        this.name = name;
        this.section = section;
    }

    void member(String memberName, TypeWord type, boolean optional, String text) {
        members.add(new Member(memberName, type, optional, text));
        inMember = true;
    }

    void base(String type) {
        bases.add(type);
        inMember = false;
    }

    void branch(String tag, String value, String type) {
        branches.add(new Branch(tag, value, type));
        inMember = false;
    }

    void result(String words) {
        results.add(TypeWord.of(words));
    }

    /** What follows belongs to no member. */
    void leaveMember() {
        inMember = false;
    }

    void text(String line) {
        if (inMember) {
            Member last = members.remove(members.size() - 1);
            members.add(new Member(last.name(), last.type(), last.optional(), last.text() + " " + line));
        }
    }

    Definition finish() {
        return new Definition(
                kind,
                name,
                List.copyOf(members),
                List.copyOf(bases),
                List.copyOf(branches),
                List.copyOf(results),
                section);
    }
}
