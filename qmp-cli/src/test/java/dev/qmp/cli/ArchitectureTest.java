package dev.qmp.cli;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaFieldAccess;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import dev.qmp.cli.render.Console;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;

/** The command line's part of the house, without exemptions. */
@AnalyzeClasses(packages = "dev.qmp.cli", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule packages_have_no_cycles =
            slices().matching("dev.qmp.cli.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule the_host_knows_no_other_package_of_the_command_line = noClasses()
            .that()
            .resideInAPackage("dev.qmp.cli.host")
            .should()
            .dependOnClassesThat(ofTheCommandLineOutside("dev.qmp.cli.host"));

    @ArchTest
    static final ArchRule the_state_knows_no_other_package_of_the_command_line = noClasses()
            .that()
            .resideInAPackage("dev.qmp.cli.state")
            .should()
            .dependOnClassesThat(ofTheCommandLineOutside("dev.qmp.cli.state"));

    @ArchTest
    static final ArchRule rendering_knows_no_other_package_of_the_command_line = noClasses()
            .that()
            .resideInAPackage("dev.qmp.cli.render")
            .should()
            .dependOnClassesThat(ofTheCommandLineOutside("dev.qmp.cli.render"));

    @ArchTest
    static final ArchRule host_and_state_ask_no_qemu = noClasses()
            .that()
            .resideInAnyPackage("dev.qmp.cli.host", "dev.qmp.cli.state")
            .should()
            .dependOnClassesThat(describe(
                    "are of the client library",
                    type -> type.getPackageName().startsWith("dev.qmp")
                            && !type.getPackageName().startsWith("dev.qmp.cli")));

    @ArchTest
    static final ArchRule only_commands_parse_words = noClasses()
            .that()
            .resideInAnyPackage("dev.qmp.cli.host", "dev.qmp.cli.state", "dev.qmp.cli.render")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("picocli..");

    @ArchTest
    static final ArchRule commands_are_started_only_by_the_program = noClasses()
            .that()
            .resideOutsideOfPackages("dev.qmp.cli", "dev.qmp.cli.command")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.qmp.cli.command");

    @ArchTest
    static final ArchRule nobody_uses_a_transport_library =
            noClasses().should().dependOnClassesThat().resideInAnyPackage("io.netty..", "jnr..");

    @ArchTest
    static final ArchRule nothing_sleeps = noClasses().should().callMethod(Thread.class, "sleep", long.class);

    @ArchTest
    static final ArchRule stack_traces_go_where_the_reporter_puts_them =
            noClasses().that().doNotBelongToAnyOf(Console.class).should(GeneralCodingRules.ACCESS_STANDARD_STREAMS);

    @ArchTest
    static void the_console_alone_touches_stdout_and_stderr(JavaClasses program) {
        Set<String> touching = program.stream()
                .flatMap(type -> type.getFieldAccessesFromSelf().stream())
                .filter(ArchitectureTest::isStandardStream)
                .map(access -> access.getOriginOwner().getName())
                .collect(Collectors.toSet());
        assertThat(touching).containsExactly(Console.class.getName());
    }

    @ArchTest
    static final ArchRule public_means_promised = classes()
            .that()
            .resideInAPackage("dev.qmp.cli.command")
            .and()
            .haveSimpleNameEndingWith("Command")
            .should()
            .notBePublic();

    @ArchTest
    static void every_package_says_what_may_be_null(JavaClasses program) {
        Set<String> unmarked = program.stream()
                .map(JavaClass::getPackage)
                .filter(pack -> !pack.getClasses().isEmpty() && !pack.isAnnotatedWith(NullMarked.class))
                .map(pack -> pack.getName())
                .collect(Collectors.toSet());
        assertThat(unmarked).isEmpty();
    }

    /** Rules over nothing hold: these are the classes that the others were held against. */
    @ArchTest
    static void the_whole_program_was_looked_at(JavaClasses program) {
        assertThat(program.size()).isGreaterThan(80);
        assertThat(program.stream().map(JavaClass::getPackageName).collect(Collectors.toSet()))
                .contains(
                        "dev.qmp.cli",
                        "dev.qmp.cli.command",
                        "dev.qmp.cli.host",
                        "dev.qmp.cli.render",
                        "dev.qmp.cli.state");
    }

    private static boolean isStandardStream(JavaFieldAccess access) {
        return access.getTargetOwner().isEquivalentTo(System.class)
                && Set.of("out", "err").contains(access.getTarget().getName());
    }

    private static com.tngtech.archunit.base.DescribedPredicate<JavaClass> ofTheCommandLineOutside(String home) {
        return describe(
                "are of the command line outside " + home,
                type -> type.getPackageName().startsWith("dev.qmp.cli")
                        && !type.getPackageName().equals(home));
    }
}
