package fr.gouv.social.fabrique.rules.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import fr.gouv.social.fabrique.config.Baseline;
import fr.gouv.social.fabrique.config.ConfigReader;
import fr.gouv.social.fabrique.config.FabriqueConfig;
import fr.gouv.social.fabrique.engine.Checker;
import fr.gouv.social.fabrique.engine.Report;
import fr.gouv.social.fabrique.rule.RuleId;
import fr.gouv.social.fabrique.rule.RuleSet;
import fr.gouv.social.fabrique.rules.BuiltInRules;
import fr.gouv.social.fabrique.run.Refusal;
import fr.gouv.social.fabrique.run.Run;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.SourceTree;
import fr.gouv.social.fabrique.standard.Standard;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The manifests that other tools test themselves with. Where their rules and ours ask for different
 * things, {@code kubernetes-cases-exceptions.txt} says why: such cases count as not agreeing.
 */
class KubernetesSuiteTest {
  private static final String SUITE = "kubernetes-cases";
  private static final RuleSet RULES = BuiltInRules.load();

  /** The rules that decide what the suite calls by an id of its own. */
  private static final Map<String, String> DECIDING = lines(SUITE + "-rules.txt");

  /** How a tool, a check of it or an option of it is said in our configuration. */
  private static final Map<String, String> OPTIONS = lines(SUITE + "-options.txt");

  @Test
  void manifests() throws IOException {
    Path file = Path.of(System.getProperty("suites", "suites"), SUITE + ".json");
    assumeTrue(Files.exists(file), () -> "no suite at " + file);
    Map<String, String> exceptions = lines(SUITE + "-exceptions.txt");
    Map<String, int[]> byTool = new TreeMap<>();
    List<String> unexplained = new ArrayList<>();
    List<String> withoutRule = new ArrayList<>();
    List<String> needless = new ArrayList<>(exceptions.keySet());
    for (JsonNode each : JsonMapper.shared().readTree(file.toFile())) {
      String id = each.get("id").asString();
      Set<RuleId> rules = rules(each);
      boolean agrees = !rules.isEmpty() && each.get("fires").asBoolean() == fires(each, rules);
      int[] tally = byTool.computeIfAbsent(each.get("tool").asString(), tool -> new int[2]);
      tally[1]++;
      if (agrees) {
        tally[0]++;
      } else if (rules.isEmpty()) {
        withoutRule.add(id);
      } else if (!needless.remove(id)) {
        unexplained.add(id);
      }
    }
    int agreeing = byTool.values().stream().mapToInt(tally -> tally[0]).sum();
    int cases = byTool.values().stream().mapToInt(tally -> tally[1]).sum();
    System.out.println("suite " + SUITE + ": " + agreeing + "/" + cases);
    byTool.forEach(
        (tool, tally) ->
            System.out.println("suite " + SUITE + " " + tool + ": " + tally[0] + "/" + tally[1]));
    System.out.println("suite " + SUITE + " without a rule: " + withoutRule);
    assertThat(unexplained).isEmpty();
    needless.removeAll(withoutRule);
    assertThat(needless).as("exceptions that are none").isEmpty();
  }

  /** The rules that decide what a case is about. */
  private static Set<RuleId> rules(JsonNode each) {
    return each.get("neutral")
        .valueStream()
        .flatMap(id -> Stream.of(DECIDING.getOrDefault(id.asString(), "").split(", ")))
        .filter(id -> !id.isEmpty())
        .map(RuleId::new)
        .collect(Collectors.toSet());
  }

  private static boolean fires(JsonNode each, Set<RuleId> rules) {
    Map<String, String> files = new LinkedHashMap<>();
    files.put("k8s/manifest.yaml", each.get("manifest").asString());
    JsonNode context = each.path("context_files");
    context
        .propertyStream()
        .forEach(other -> files.put("k8s/" + other.getKey(), other.getValue().asString()));
    Report report = check(each, files, config(each, rules));
    assertThat(report.defects()).isEmpty();
    return report.issues().stream().anyMatch(issue -> rules.contains(issue.finding().rule()));
  }

  private static Report check(JsonNode each, Map<String, String> files, FabriqueConfig config) {
    Checker checker = new Checker(RULES, Standard.builtIn());
    if (!each.get("tool").asString().equals("kubeconform")) {
      return checker.check(SUITE, SourceTree.of(files), config, Baseline.NONE);
    }
    // It takes whatever it is given for manifests, as we do with standard input.
    try {
      String manifest = each.get("manifest").asString();
      return Run.checkRendered(checker, Path.of("."), manifest, config, Baseline.NONE);
    } catch (Refusal refusal) {
      throw new AssertionError(each.get("id").asString(), refusal);
    }
  }

  /**
   * What the other tool was told, in our words: the release, its options for this case, and what
   * its check asks for where the same question has several answers.
   */
  private static FabriqueConfig config(JsonNode each, Set<RuleId> rules) {
    JsonNode told = each.path("config");
    String version =
        told.has("Minor")
            ? told.get("Major").asString() + "." + told.get("Minor").asString()
            : told.path("kubernetes_version").asString("1.36");
    Map<String, Map<String, String>> settings = new TreeMap<>();
    for (RuleId rule : rules) {
      settings.computeIfAbsent(rule.value(), key -> new TreeMap<>()).put("severity", "error");
    }
    for (String key : keys(each, told)) {
      for (String option : OPTIONS.getOrDefault(key, "").split("; ")) {
        String[] words = option.split(" ", 3);
        if (settings.containsKey(words[0])) {
          settings.get(words[0]).put(words[1], words[2]);
        }
      }
    }
    StringBuilder yaml = new StringBuilder("kubernetes: { version: \"" + version + "\" }\n");
    yaml.append("rules: ");
    yaml.append(settings.toString().replace("=", ": ")).append('\n');
    LocalDate asOf = LocalDate.of(2026, 11, 22);
    return ConfigReader.read(SourceFile.of("fabrique.yaml", yaml.toString()), RULES.pages(), asOf)
        .config()
        .withoutSuppressions();
  }

  /** The tool, its check, and its options in a case: the keys of what to set. */
  private static List<String> keys(JsonNode each, JsonNode told) {
    String tool = each.get("tool").asString();
    List<String> keys = new ArrayList<>(List.of(tool, tool + "/" + each.get("check").asString()));
    told.propertyNames().forEach(name -> keys.add(tool + " " + name));
    String arguments = told.path("args").asString("");
    for (String flag : List.of("-strict", "-ignore-missing-schemas", "-schema-location")) {
      keys.add(tool + (arguments.contains(flag) ? " with " : " without ") + flag);
    }
    return keys;
  }

  /** The lines {@code key: value} of a file that belongs to the suite. */
  private static Map<String, String> lines(String file) {
    try (InputStream in =
        Objects.requireNonNull(KubernetesSuiteTest.class.getResourceAsStream(file))) {
      Map<String, String> lines = new LinkedHashMap<>();
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
        int colon = line.indexOf(": ");
        if (!line.startsWith("#") && colon > 0) {
          lines.put(line.substring(0, colon), line.substring(colon + 2));
        }
      }
      return lines;
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
