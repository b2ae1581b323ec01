package fr.gouv.social.fabrique;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The packages of the engine build on one another in one direction only. */
class ArchitectureTest {
  private static final String BASE = "fr.gouv.social.fabrique.";

  /** From the ground up: a package uses only those before it. */
  private static final List<String> ORDER =
      List.of(
          "source",
          "yaml",
          "schema",
          "shell",
          "image",
          "dockerfile",
          "compose",
          "kubernetes",
          "kontinuous",
          "project",
          "rule",
          "policy",
          "standard",
          "config",
          "engine",
          "report",
          "run");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(BASE + "..");

  @TestFactory
  Stream<DynamicTest> packagesUseOnlyThoseBefore() {
    return ORDER.stream()
        .map(
            name ->
                DynamicTest.dynamicTest(
                    name,
                    () -> {
                      List<String> later = ORDER.subList(ORDER.indexOf(name) + 1, ORDER.size());
                      if (!later.isEmpty()) {
                        noClasses()
                            .that()
                            .resideInAPackage(BASE + name)
                            .should()
                            .dependOnClassesThat(
                                resideInAnyPackage(
                                    later.stream().map(each -> BASE + each).toArray(String[]::new)))
                            .allowEmptyShould(true)
                            .check(CLASSES);
                      }
                    }));
  }

  @Test
  void everyPackageHasItsPlace() {
    classes()
        .should()
        .resideInAnyPackage(ORDER.stream().map(each -> BASE + each).toArray(String[]::new))
        .check(CLASSES);
  }

  @Test
  void theEngineKnowsNoRuleAndNoFace() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(BASE + "rules..", BASE + "cli..", BASE + "maven..", BASE + "build..")
        .check(CLASSES);
  }

  /**
   * Nothing in the engine opens a network connection or runs a program but git and shellcheck, on
   * request.
   */
  @Test
  void theEngineKeepsToItself() {
    noClasses()
        .that()
        .doNotHaveSimpleName("GitRevision")
        .and()
        .doNotHaveSimpleName("Shellcheck")
        .should()
        .callMethod(Runtime.class, "exec", String.class)
        .orShould()
        .dependOnClassesThat()
        .haveNameMatching("java\\.lang\\.(ProcessBuilder|Process)")
        .orShould()
        .dependOnClassesThat()
        .resideInAnyPackage("java.net", "java.net.http")
        .check(CLASSES);
  }
}
