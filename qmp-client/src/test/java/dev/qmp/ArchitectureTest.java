package dev.qmp;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The house's plan, held without exemptions: packages stand in one line, and what belongs to one room stays there. */
class ArchitectureTest {

    private static final JavaClasses MAIN = new ClassFileImporter().importPath(mainClasses());

    /** Each package and all that it may know of the others. */
    private static final Map<String, Set<String>> MAY_KNOW = Map.ofEntries(
            entry("dev.qmp.error", Set.of()),
            entry("dev.qmp.wire", Set.of("error")),
            entry("dev.qmp.transport", Set.of("error")),
            entry("dev.qmp.session", Set.of("error", "wire", "transport")),
            entry("dev.qmp.qapi", Set.of("error", "wire")),
            entry("dev.qmp.schema", Set.of("error", "wire", "qapi")),
            entry("dev.qmp", Set.of("error", "wire", "transport", "session", "qapi", "schema")),
            entry("dev.qmp.agent", Set.of("error", "wire", "transport", "session", "qapi", "")),
            entry("dev.qmp.job", Set.of("error", "wire", "transport", "session", "qapi", "schema", "")),
            entry("dev.qmp.plan", Set.of("error", "qapi", "job")),
            entry(
                    "dev.qmp.block",
                    Set.of("error", "wire", "transport", "session", "qapi", "schema", "", "job", "plan")),
            entry("dev.qmp.operation", Set.of("error", "transport", "qapi", "", "job", "plan", "block")));

    private static Path mainClasses() {
        try {
            return Path.of(QmpClient.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void the_rules_look_at_all_of_the_main_code_and_at_nothing_else() {
        assertThat(MAIN).hasSizeGreaterThan(120);
        assertThat(MAIN.stream().map(JavaClass::getPackageName).collect(Collectors.toSet()))
                .as("a new package gets a line in the plan")
                .isEqualTo(MAY_KNOW.keySet());
    }

    @Test
    void no_package_depends_on_itself_by_way_of_another() {
        slices().assignedFrom(byPackage()).should().beFreeOfCycles().check(MAIN);
    }

    @TestFactory
    Stream<DynamicTest> each_package_knows_only_those_below_it() {
        return MAY_KNOW.entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    List<String> known = entry.getValue().stream()
                            .map(room -> room.isEmpty() ? "dev.qmp" : "dev.qmp." + room)
                            .toList();
                    Predicate<JavaClass> strange =
                            target -> target.getPackageName().startsWith("dev.qmp")
                                    && !target.getPackageName().equals(entry.getKey())
                                    && !known.contains(target.getPackageName());
                    noClasses()
                            .that()
                            .resideInAPackage(entry.getKey())
                            .should()
                            .dependOnClassesThat(described("are in no package below it", strange))
                            .check(MAIN);
                }));
    }

    @Test
    void netty_and_jnr_stay_in_transport() {
        noClasses()
                .that(resideOutsideOfPackages("dev.qmp.transport"))
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.netty..", "jnr.."))
                .check(MAIN);
    }

    @Test
    void netty_and_jnr_are_in_no_public_signature() {
        publicSignatures(
                        "show no type of Netty or jnr", type -> !type.startsWith("io.netty") && !type.startsWith("jnr"))
                .check(MAIN);
    }

    @Test
    void jackson_is_in_public_signatures_as_a_json_tree_alone() {
        Set<String> tree = Set.of(JsonNode.class.getName(), ObjectNode.class.getName());
        publicSignatures(
                        "show JsonNode and ObjectNode alone of Jackson",
                        type -> !type.startsWith("com.fasterxml") || tree.contains(type))
                .check(MAIN);
    }

    @Test
    void nobody_prints() {
        NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(MAIN);
        noClasses()
                .should()
                .callMethodWhere(DescribedPredicate.<JavaAccess<?>>describe(
                        "it is printStackTrace", call -> call.getName().equals("printStackTrace")))
                .check(MAIN);
    }

    @Test
    void nobody_uses_the_jdks_logging() {
        NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(MAIN);
    }

    @Test
    void nobody_sleeps_or_ends_the_jvm() {
        noClasses()
                .should()
                .callMethodWhere(call(
                        "Thread.sleep, System.exit or Runtime.halt",
                        Set.of("sleep", "exit", "halt"),
                        Set.of("java.lang.Thread", "java.lang.System", "java.lang.Runtime")))
                .check(MAIN);
    }

    @Test
    void every_package_is_null_marked() {
        for (String name : MAY_KNOW.keySet()) {
            assertThat(MAIN.getPackage(name).isAnnotatedWith(NullMarked.class))
                    .as("%s is @NullMarked", name)
                    .isTrue();
        }
    }

    private static SliceAssignment byPackage() {
        return new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
                return javaClass.getPackageName().startsWith("dev.qmp")
                        ? SliceIdentifier.of(javaClass.getPackageName())
                        : SliceIdentifier.ignore();
            }

            @Override
            public String getDescription() {
                return "packages";
            }
        };
    }

    private static DescribedPredicate<JavaClass> described(String what, Predicate<JavaClass> predicate) {
        return DescribedPredicate.describe(what, predicate);
    }

    private static DescribedPredicate<JavaAccess<?>> call(String what, Set<String> methods, Set<String> owners) {
        return DescribedPredicate.describe("it is " + what, access -> {
            AccessTarget target = access.getTarget();
            return methods.contains(target.getName())
                    && owners.contains(target.getOwner().getName());
        });
    }

    private static ArchRule publicSignatures(String what, Predicate<String> allowed) {
        return classes().should(new ArchCondition<JavaClass>(what) {
            @Override
            public void check(JavaClass owner, ConditionEvents events) {
                if (!visible(owner)) {
                    return;
                }
                for (JavaMember member : owner.getMembers()) {
                    if (visible(member.getModifiers())) {
                        signature(member)
                                .filter(type -> !allowed.test(type))
                                .forEach(type -> events.add(SimpleConditionEvent.violated(
                                        member, member.getFullName() + " shows " + type)));
                    }
                }
                owner.getAllRawSuperclasses().stream()
                        .map(JavaClass::getName)
                        .filter(type -> !allowed.test(type))
                        .forEach(type ->
                                events.add(SimpleConditionEvent.violated(owner, owner.getName() + " extends " + type)));
            }
        });
    }

    private static Stream<String> signature(JavaMember member) {
        Stream<JavaClass> types = member instanceof JavaField field
                ? field.getType().getAllInvolvedRawTypes().stream()
                : codeUnit((JavaCodeUnit) member);
        return types.map(JavaClass::getName).distinct();
    }

    private static Stream<JavaClass> codeUnit(JavaCodeUnit unit) {
        Stream<JavaClass> parameters =
                unit.getParameterTypes().stream().flatMap(type -> type.getAllInvolvedRawTypes().stream());
        Stream<JavaClass> thrown = unit.getExceptionTypes().stream();
        return Stream.of(unit.getReturnType().getAllInvolvedRawTypes().stream(), parameters, thrown)
                .flatMap(all -> all);
    }

    private static boolean visible(JavaClass type) {
        return visible(type.getModifiers())
                && type.getEnclosingClass().map(ArchitectureTest::visible).orElse(true);
    }

    private static boolean visible(Set<JavaModifier> modifiers) {
        return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
    }
}
