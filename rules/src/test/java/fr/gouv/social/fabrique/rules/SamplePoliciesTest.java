package fr.gouv.social.fabrique.rules;

import static org.assertj.core.api.Assertions.assertThat;

import fr.gouv.social.fabrique.policy.Policy;
import fr.gouv.social.fabrique.policy.PolicyExample;
import fr.gouv.social.fabrique.run.Policies;
import fr.gouv.social.fabrique.run.Refusal;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import fr.gouv.social.fabrique.yaml.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The policies of the samples and of the documentation do what their examples say. */
class SamplePoliciesTest {
  private static final Path SAMPLES = Path.of("../sample-projects/policies");
  private static final Path DOCS = Path.of("../docs");
  private static final LocalDate AS_OF = LocalDate.of(2026, 11, 22);

  @TempDir Path folder;

  private static List<Path> files(String folder) throws IOException {
    try (Stream<Path> files = Files.list(SAMPLES.resolve(folder))) {
      return files.sorted().toList();
    }
  }

  private static List<Policy> read(List<Path> files) throws Refusal {
    return Policies.read(BuiltInRules.load().pages(), SAMPLES, files);
  }

  @TestFactory
  Stream<DynamicTest> examples() throws IOException, Refusal {
    List<Path> files = new ArrayList<>(files("policies"));
    files.addAll(files("elsewhere"));
    List<DynamicTest> tests = new ArrayList<>();
    for (Policies.Outcome outcome : Policies.test(read(files), AS_OF)) {
      tests.add(
          DynamicTest.dynamicTest(
              outcome.policy().page().id() + " at " + outcome.example().span(),
              () ->
                  assertThat(outcome.passes())
                      .as("expected %s, found %s", outcome.expected(), outcome.found())
                      .isTrue()));
    }
    return tests.stream();
  }

  @Test
  void eachHasABadAndAGoodExample() throws IOException, Refusal {
    List<Policy> starter = read(files("policies"));
    List<Policy> elsewhere = read(files("elsewhere"));
    assertThat(starter).hasSizeGreaterThanOrEqualTo(15);
    assertThat(elsewhere).hasSizeGreaterThanOrEqualTo(12);
    assertThat(Stream.concat(starter.stream(), elsewhere.stream()))
        .allMatch(policy -> policy.examples().stream().anyMatch(PolicyExample::bad))
        .allMatch(policy -> policy.examples().stream().anyMatch(example -> !example.bad()));
  }

  /** The page that shows them beside the originals shows them as they are. */
  @Test
  void thePageShowsTheExpressions() throws IOException {
    String page = squeezed(Files.readString(DOCS.resolve("policies-elsewhere.md")));
    for (Path file : files("elsewhere")) {
      SourceFile source = SourceFile.of(file.toString(), Files.readString(file));
      for (YamlPlace policy :
          YamlPlace.of(YamlReader.read(source).documents().get(0).root()).key("policies").items()) {
        assertThat(page).contains(policy.key("id").text(""));
        for (String key : List.of("when", "require", "forbid")) {
          assertThat(page).contains(squeezed(policy.key(key).text("")));
        }
      }
    }
  }

  private static String squeezed(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }

  @Test
  void thePolicyOfTheDocumentationHolds() throws IOException, Refusal {
    String page = Files.readString(DOCS.resolve("policies.md"));
    int start = page.indexOf("policies:\n  - id:");
    Path file = folder.resolve("docs.yaml");
    Files.writeString(file, page.substring(start, page.indexOf("```", start)));
    assertThat(Policies.test(read(List.of(file)), AS_OF))
        .hasSize(2)
        .allMatch(Policies.Outcome::passes);
  }
}
