package dev.qmp.generator;

import dev.qmp.generator.Merger.Found;
import dev.qmp.generator.Merger.Named;
import dev.qmp.generator.Model.BranchDef;
import dev.qmp.generator.Model.MemberDef;
import dev.qmp.generator.Model.StructDef;
import dev.qmp.generator.Model.TypeDef;
import dev.qmp.generator.Model.UnionDef;
import dev.qmp.generator.Schema.Entry;
import dev.qmp.generator.Schema.Enumeration;
import dev.qmp.generator.Schema.Member;
import dev.qmp.generator.Schema.ObjectType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Lays objects over each other: a member is mandatory where every QEMU that has the object says so. */
final class MemberMerger {

    private final Merger merger;

    MemberMerger(Merger merger) {
        this.merger = merger;
    }

    List<MemberDef> merge(String owner, List<Found<ObjectType>> objects) {
        return merge(owner, objects, objects.size());
    }

    /** @param wanted in how many schemas a mandatory member must be */
    private List<MemberDef> merge(String owner, List<Found<ObjectType>> objects, int wanted) {
        Map<String, List<Found<Member>>> byName = new LinkedHashMap<>();
        for (Found<ObjectType> object : objects) {
            for (Member member : object.entry().members()) {
                byName.computeIfAbsent(member.name(), n -> new ArrayList<>()).add(new Found<>(object.in(), member));
            }
        }
        return byName.entrySet().stream()
                .map(e -> member(owner + "." + e.getKey(), e.getKey(), e.getValue(), wanted))
                .toList();
    }

    private MemberDef member(String where, String name, List<Found<Member>> found, int wanted) {
        TypeRef type = found.stream()
                .map(f -> merger.reference(where, f.in(), f.entry().type()))
                .reduce((newer, older) -> merger.common(where, newer, older))
                .orElseThrow();
        boolean mandatory = found.size() == wanted
                && found.stream().noneMatch(f -> f.entry().optional());
        return new MemberDef(name, type, mandatory, Merger.marks(found, Member::features));
    }

    /** Whether a value of the second struct is one of the first as well. */
    boolean hold(Found<Entry> wide, Found<Entry> narrow) {
        if (!(wide.entry() instanceof ObjectType more) || !(narrow.entry() instanceof ObjectType less)) {
            return false;
        }
        Map<String, TypeRef> types = new HashMap<>();
        more.members().forEach(m -> types.put(m.name(), merger.reference(m.name(), wide.in(), m.type())));
        Set<String> given = new HashSet<>();
        for (Member member : less.members()) {
            if (!merger.reference(member.name(), narrow.in(), member.type()).equals(types.get(member.name()))) {
                return false;
            }
            if (!member.optional()) {
                given.add(member.name());
            }
        }
        return more.tag().isEmpty()
                && less.tag().isEmpty()
                && more.members().stream().allMatch(m -> m.optional() || given.contains(m.name()));
    }

    TypeDef object(String name, List<Found<ObjectType>> found) {
        Optional<String> tag =
                found.stream().flatMap(f -> f.entry().tag().stream()).findFirst();
        List<MemberDef> members = merge(name, found);
        return tag.isPresent()
                ? union(name, tag.get(), members, found)
                : new StructDef(name, members, Merger.marks(found, ObjectType::features));
    }

    private UnionDef union(String name, String tag, List<MemberDef> members, List<Found<ObjectType>> found) {
        SortedMap<String, BranchDef> branches = new TreeMap<>();
        for (Found<ObjectType> one : found) {
            for (String value : one.entry().variants().keySet()) {
                branch(tag, value, found).ifPresent(branch -> branches.put(value, branch));
            }
        }
        Set<String> moved = new HashSet<>();
        branches.values().forEach(branch -> branch.members().forEach(m -> moved.add(m.name())));
        return new UnionDef(
                name,
                members.stream()
                        .filter(m -> !m.name().equals(tag) && !moved.contains(m.name()))
                        .toList(),
                members.stream().filter(m -> m.name().equals(tag)).findFirst().orElseThrow(),
                members.stream().filter(m -> moved.contains(m.name())).toList(),
                branches,
                Merger.marks(found, ObjectType::features));
    }

    private Optional<BranchDef> branch(String tag, String value, List<Found<ObjectType>> unions) {
        List<Found<ObjectType>> objects = new ArrayList<>();
        int wanted = 0;
        for (Found<ObjectType> one : unions) {
            String type = one.entry().variants().get(value);
            if (type != null || canBe(one, tag, value)) {
                wanted++;
            }
            if (type != null && one.in().schema().type(type) instanceof ObjectType object && !Namer.isEmpty(object)) {
                objects.add(new Found<>(one.in(), object));
            }
        }
        if (objects.isEmpty()) {
            return Optional.empty();
        }
        String type = objects.get(0).in().publicName(objects.get(0).entry().name());
        boolean isUnion = objects.get(0).entry().tag().isPresent();
        return Optional.of(new BranchDef(
                type,
                isUnion ? List.of() : merge(type, objects, wanted),
                isUnion ? Optional.of(type) : Optional.empty(),
                Merger.marks(objects, o -> Set.of())));
    }

    /** Whether that QEMU's tag has the value: then the value without a branch is an object without further members. */
    private static boolean canBe(Found<ObjectType> union, String tag, String value) {
        Named in = union.in();
        return union.entry().members().stream()
                .filter(m -> m.name().equals(tag))
                .anyMatch(m -> !(in.schema().type(m.type()) instanceof Enumeration values)
                        || values.values().stream().anyMatch(v -> v.name().equals(value)));
    }
}
