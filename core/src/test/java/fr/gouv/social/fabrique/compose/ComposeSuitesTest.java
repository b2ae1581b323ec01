package fr.gouv.social.fabrique.compose;

import static org.assertj.core.api.Assertions.assertThat;

import fr.gouv.social.fabrique.compose.ComposeProblem.Kind;
import fr.gouv.social.fabrique.compose.ComposeProblem.Phase;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.yaml.YamlMapping;
import fr.gouv.social.fabrique.yaml.YamlNode;
import fr.gouv.social.fabrique.yaml.YamlReader;
import fr.gouv.social.fabrique.yaml.YamlScalar;
import fr.gouv.social.fabrique.yaml.YamlSequence;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ComposeSuitesTest {

  @Test
  void interpolation() throws IOException {
    List<JsonNode> cases = Suites.cases("compose-interpolation");
    List<String> wrong = new ArrayList<>();
    for (JsonNode each : cases) {
      String template = each.get("template").asString();
      Template.Result result = Template.expand(template, Variables.of(strings(each.get("env"))));
      String error =
          result.issues().stream()
              .filter(i -> i.kind() != Template.Issue.Kind.UNDEFINED)
              .findFirst()
              .map(
                  i ->
                      i.kind() == Template.Issue.Kind.INVALID
                          ? "Invalid template"
                          : "required variable "
                              + i.name()
                              + " is missing a value"
                              + (i.message().isEmpty() ? "" : ": " + i.message()))
              .orElse("");
      String expected = each.has("error") ? each.get("error").asString() : "";
      boolean agrees =
          expected.isEmpty()
              ? error.isEmpty() && result.blank().equals(each.get("expected").asString())
              : error.equals(expected)
                  || (error.equals("Invalid template") && expected.startsWith("invalid interp"));
      if (!agrees) {
        wrong.add(template + " -> " + result.blank() + " " + error);
      }
    }
    report("compose-interpolation", cases.size(), wrong);
  }

  @Test
  void merge() throws IOException {
    List<JsonNode> cases = Suites.cases("compose-merge");
    List<String> wrong = new ArrayList<>();
    for (JsonNode each : cases) {
      YamlNode merged = read(each.get("base").asString());
      if (each.has("override")) {
        merged =
            new Merge(new Problems())
                .mappings(
                    (YamlMapping) merged,
                    (YamlMapping) read(each.get("override").asString()),
                    "",
                    "");
      }
      merged = Unicity.of(merged, "", new Problems());
      Object expected = value(read(each.get("expected").asString()), "");
      Object actual = value(merged, "");
      if (!expected.equals(actual)) {
        wrong.add(each.get("source").asString() + "\n  " + expected + "\n  " + actual);
      }
    }
    report("compose-merge", cases.size(), wrong);
  }

  @Test
  void validity() throws IOException {
    List<JsonNode> cases = Suites.cases("compose-validity");
    List<String> exceptions = Suites.exceptions("compose-validity");
    List<String> wrong = new ArrayList<>();
    for (JsonNode each : cases) {
      List<String> problems = problems(each);
      boolean valid = each.get("valid").asBoolean();
      if (problems.isEmpty() != valid) {
        wrong.add(
            each.get("id").asString()
                + " "
                + each.get("source").asString()
                + " is "
                + (valid ? "valid" : "not valid: " + each.get("why").asString())
                + " "
                + problems);
      }
    }
    System.out.println(
        "suite compose-validity: " + (cases.size() - wrong.size()) + "/" + cases.size());
    wrong.removeIf(each -> exceptions.contains(each.split(" ", 2)[0]));
    assertThat(wrong).isEmpty();
  }

  private static List<String> problems(JsonNode each) {
    Map<String, SourceFile> files = new HashMap<>();
    List<String> paths = new ArrayList<>();
    put(files, "compose.yaml", each.get("yaml").asString());
    paths.add("compose.yaml");
    if (each.has("overrides")) {
      for (JsonNode override : each.get("overrides")) {
        String path = "override" + paths.size() + ".yaml";
        put(files, path, override.asString());
        paths.add(path);
      }
    }
    if (each.has("files")) {
      strings(each.get("files")).forEach((path, text) -> put(files, path, text));
    }
    Map<String, String> env = each.has("env") ? strings(each.get("env")) : Map.of();
    boolean named = each.has("project_name_given");
    ComposeProject project =
        new ComposeLoader(path -> find(files, path), env, named ? "given" : null, Set.of())
            .load(paths);
    JsonNode checks = each.get("checks");
    Set<Phase> phases = EnumSet.of(Phase.LOADING, Phase.VALIDATION, Phase.NOT_FOLLOWED);
    if (checks.get("schema").asBoolean()) {
      phases.add(Phase.SCHEMA);
    }
    if (checks.get("consistency").asBoolean()) {
      phases.add(Phase.CONSISTENCY);
    }
    if (each.has("schema_only")) {
      phases = EnumSet.of(Phase.SCHEMA);
    }
    Set<Phase> looked = phases;
    List<String> problems =
        project.problems().stream()
            .filter(p -> looked.contains(p.kind().phase()))
            // The case does not say which services are selected.
            .filter(p -> !(each.has("selected_services") && p.kind() == Kind.ENV_FILE_MISSING))
            .map(p -> p.kind() + " " + p.label() + " " + p.arguments())
            .collect(Collectors.toList());
    if (checks.get("normalization").asBoolean()
        && !project.name().isSet()
        && !project.name().isUnknown()) {
      problems.add("no project name");
    }
    return problems;
  }

  private static void put(Map<String, SourceFile> files, String path, String text) {
    files.put(path, SourceFile.of(path, text));
  }

  /** The cases run in a folder of their own, and have a loader of their own for remote files. */
  private static @Nullable SourceFile find(Map<String, SourceFile> files, String path) {
    int remote = path.lastIndexOf("remote:");
    String local = remote < 0 ? path : "remote/" + path.substring(remote + "remote:".length());
    SourceFile file = files.get(local);
    return file != null ? file : files.get("testdata/" + local);
  }

  private static Map<String, String> strings(JsonNode object) {
    Map<String, String> strings = new LinkedHashMap<>();
    object.properties().forEach(each -> strings.put(each.getKey(), each.getValue().asString()));
    return strings;
  }

  private static YamlNode read(String yaml) {
    return YamlReader.read(SourceFile.of("compose.yaml", yaml)).documents().get(0).root();
  }

  /** The value of a tree; what Compose makes lists of {@code K=V} is compared as such. */
  private static Object value(YamlNode node, String key) {
    boolean keyValues =
        Set.of("annotations", "labels", "args", "additional_contexts", "environment", "sysctls")
            .contains(key);
    if (keyValues) {
      Map<String, Object> values = new TreeMap<>();
      YamlMapping mapping = Merge.keyValues(node);
      if (mapping != null) {
        mapping.entries().forEach(e -> values.put(e.name(), value(e.value(), "")));
        return values;
      }
    }
    if (node instanceof YamlMapping mapping) {
      Map<String, Object> values = new TreeMap<>();
      mapping.entries().forEach(e -> values.put(e.name(), value(e.value(), e.name())));
      return values;
    }
    if (node instanceof YamlSequence sequence) {
      List<Object> values = new ArrayList<>();
      sequence.items().forEach(item -> values.add(value(item, "")));
      return values;
    }
    return ((YamlScalar) node).isNull() ? List.of() : ((YamlScalar) node).value();
  }

  private static void report(String suite, int cases, List<String> wrong) {
    System.out.println("suite " + suite + ": " + (cases - wrong.size()) + "/" + cases);
    assertThat(wrong).isEmpty();
  }
}
