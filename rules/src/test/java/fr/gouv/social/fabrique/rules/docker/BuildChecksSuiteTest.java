package fr.gouv.social.fabrique.rules.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import fr.gouv.social.fabrique.config.Baseline;
import fr.gouv.social.fabrique.config.FabriqueConfig;
import fr.gouv.social.fabrique.config.RulePattern;
import fr.gouv.social.fabrique.config.RuleSetting;
import fr.gouv.social.fabrique.dockerfile.CheckOptions;
import fr.gouv.social.fabrique.dockerfile.Dockerfile;
import fr.gouv.social.fabrique.dockerfile.DockerfileProblem;
import fr.gouv.social.fabrique.dockerfile.DockerfileReader;
import fr.gouv.social.fabrique.dockerfile.Instruction;
import fr.gouv.social.fabrique.dockerfile.Stage;
import fr.gouv.social.fabrique.engine.Checker;
import fr.gouv.social.fabrique.engine.Issue;
import fr.gouv.social.fabrique.engine.Report;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleId;
import fr.gouv.social.fabrique.rule.RuleSet;
import fr.gouv.social.fabrique.rules.BuiltInRules;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.SourceTree;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.standard.Standard;
import java.io.IOException;
import java.io.InputStream;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * BuildKit's build checks. Our findings are named as BuildKit names them, through the aliases of
 * the rules, and put on BuildKit's lines: the first of the instruction, where ours name the very
 * characters. What BuildKit does not get to see, because it stops at an error or because nothing
 * needs the stage, is left out.
 */
class BuildChecksSuiteTest {
  private static final String SUITE = "dockerfile-checks";
  private static final String TOOL = "buildkit:";
  private static final RuleSet RULES = BuiltInRules.load();

  /** While instructions are understood, one after the other. */
  private static final Set<String> WHILE_PARSING =
      Set.of(
          "StageNameCasing",
          "FromAsCasing",
          "MaintainerDeprecated",
          "InvalidDefinitionDescription");

  /** For all stages, needed or not. */
  private static final Set<String> OF_ALL_STAGES =
      Set.of(
          "NoEmptyContinuation",
          "ConsistentInstructionCasing",
          "DuplicateStageName",
          "ReservedStageName",
          "UndefinedArgInFrom",
          "RedundantTargetPlatform",
          "InvalidDefaultArgInFrom",
          "FromPlatformFlagConstDisallowed");

  private static final Set<String> EXPERIMENTAL = Set.of("InvalidDefinitionDescription");

  @Test
  void checks() throws IOException {
    Path file = Path.of(System.getProperty("suites", "suites"), SUITE + ".json");
    assumeTrue(Files.exists(file), () -> "no suite at " + file);
    Map<String, String> exceptions = exceptions();
    List<String> needless = new ArrayList<>(exceptions.keySet());
    List<String> unexplained = new ArrayList<>();
    int agreeing = 0;
    JsonNode cases = JsonMapper.shared().readTree(file.toFile());
    for (JsonNode each : cases) {
      String difference = difference(each);
      if (difference == null) {
        agreeing++;
      } else if (!needless.remove(each.get("source").asString())) {
        unexplained.add(each.get("source").asString() + " " + difference);
      }
    }
    System.out.println("suite " + SUITE + ": " + agreeing + "/" + cases.size());
    assertThat(unexplained).isEmpty();
    assertThat(needless).as("exceptions that are none").isEmpty();
  }

  private static @Nullable String difference(JsonNode each) {
    List<String> warnings = new ArrayList<>();
    for (JsonNode warning : each.get("warnings")) {
      warnings.add(warning.get("rule").asString() + ":" + warning.get("line").asInt());
    }
    List<String> found = found(each);
    warnings.sort(null);
    found.sort(null);
    return warnings.equals(found) ? null : "expected " + warnings + " but found " + found;
  }

  private static List<String> found(JsonNode each) {
    String text = each.get("dockerfile").asString();
    Map<String, String> files = new LinkedHashMap<>();
    files.put("Dockerfile", text);
    if (each.path("dockerignore").isString()) {
      files.put(".dockerignore", each.get("dockerignore").asString());
    }
    Dockerfile dockerfile = DockerfileReader.read(SourceFile.of("Dockerfile", text));
    JsonNode attributes = each.path("attrs");
    String override = attributes.path("build-arg:BUILDKIT_DOCKERFILE_CHECK").asString("");
    CheckOptions options =
        override.isEmpty() ? dockerfile.checkOptions() : CheckOptions.parse(override);
    List<RuleSetting> settings = new ArrayList<>();
    for (Rule<?> rule : RULES.rules()) {
      if (check(rule.id()) != null) {
        settings.add(new RuleSetting(new RulePattern(rule.id().value()), false, null, Map.of()));
      }
    }
    FabriqueConfig config = FabriqueConfig.defaults(LocalDate.of(2026, 11, 22)).withRules(settings);
    if (!override.isEmpty()) {
      config = config.withoutSuppressions();
    }
    Report report =
        new Checker(RULES, Standard.builtIn())
            .check(SUITE, SourceTree.of(files), config, Baseline.NONE);
    assertThat(report.defects()).isEmpty();
    String target = attributes.path("target").asString("");
    Stage built = target.isEmpty() ? dockerfile.finalStage() : dockerfile.stage(target);
    Set<Stage> needed = built == null ? Set.of() : dockerfile.builtFor(built);
    List<String> found = new ArrayList<>();
    for (Issue issue : report.issues()) {
      String check = check(issue.finding().rule());
      if (check == null || !issue.isActive() || isOff(check, options)) {
        continue;
      }
      Span at = issue.finding().span();
      boolean unneeded =
          !WHILE_PARSING.contains(check)
              && !OF_ALL_STAGES.contains(check)
              && !needed.contains(dockerfile.stageAt(at));
      if (!unneeded && isReached(check, at, dockerfile)) {
        found.add(check + ":" + line(check, at, dockerfile));
      }
    }
    return found;
  }

  private static @Nullable String check(RuleId rule) {
    for (String alias : RULES.pages().page(rule).aliases()) {
      if (alias.startsWith(TOOL)) {
        return alias.substring(TOOL.length());
      }
    }
    return null;
  }

  private static boolean isOff(String check, @Nullable CheckOptions options) {
    CheckOptions given = options == null ? CheckOptions.NONE : options;
    boolean asked =
        !EXPERIMENTAL.contains(check)
            || given.experimentalAll()
            || given.experimental().contains(check);
    return given.skips(check) || !asked;
  }

  /** Whether BuildKit comes that far before it stops. */
  private static boolean isReached(String check, Span at, Dockerfile dockerfile) {
    for (DockerfileProblem problem : dockerfile.problems()) {
      boolean stops =
          switch (problem.kind().phase()) {
            case PARSE -> true;
            case INSTRUCTION ->
                !check.equals("NoEmptyContinuation")
                    && !(WHILE_PARSING.contains(check) && at.start() <= problem.span().start());
            case BUILD -> false;
          };
      if (stops) {
        return false;
      }
    }
    return true;
  }

  private static int line(String check, Span at, Dockerfile dockerfile) {
    for (Instruction instruction : dockerfile.instructions()) {
      Span span = instruction.span();
      if (span.start() <= at.start() && at.start() <= span.end()) {
        return check.equals("NoEmptyContinuation")
            ? instruction.statement().line().span().endLine()
            : span.line();
      }
    }
    return at.line();
  }

  /** Reasons by case. */
  private static Map<String, String> exceptions() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            BuildChecksSuiteTest.class.getResourceAsStream(SUITE + "-exceptions.txt"))) {
      Map<String, String> exceptions = new LinkedHashMap<>();
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
        int space = line.indexOf(' ');
        if (!line.startsWith("#") && space > 0) {
          exceptions.put(line.substring(0, space), line.substring(space + 1));
        }
      }
      return exceptions;
    }
  }
}
