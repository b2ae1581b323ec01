package fr.gouv.social.fabrique.rules.compose;

import static org.assertj.core.api.Assertions.assertThat;

import fr.gouv.social.fabrique.config.Baseline;
import fr.gouv.social.fabrique.config.FabriqueConfig;
import fr.gouv.social.fabrique.config.RulePattern;
import fr.gouv.social.fabrique.config.RuleSetting;
import fr.gouv.social.fabrique.engine.Checker;
import fr.gouv.social.fabrique.engine.Issue;
import fr.gouv.social.fabrique.engine.Report;
import fr.gouv.social.fabrique.rule.Fix;
import fr.gouv.social.fabrique.rule.RuleSet;
import fr.gouv.social.fabrique.rule.TextEdit;
import fr.gouv.social.fabrique.rules.BuiltInRules;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.SourceTree;
import fr.gouv.social.fabrique.standard.Standard;
import fr.gouv.social.fabrique.yaml.YamlFile;
import fr.gouv.social.fabrique.yaml.YamlMapping;
import fr.gouv.social.fabrique.yaml.YamlNode;
import fr.gouv.social.fabrique.yaml.YamlReader;
import fr.gouv.social.fabrique.yaml.YamlScalar;
import fr.gouv.social.fabrique.yaml.YamlSequence;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The fixes of style change how a file looks and not what it says, keep every comment, and leave
 * nothing to fix.
 */
class StyleFixesTest {
  private static final List<String> STYLE =
      List.of(
          "compose/unordered-services",
          "compose/unordered-service-keys",
          "compose/unordered-top-level",
          "compose/unordered-ports",
          "compose/unordered-dependencies",
          "compose/sexagesimal-port",
          "compose/unquoted-port",
          "compose/quoted-volume",
          "compose/yaml-1-1-boolean");

  private static final Checker CHECKER = checker();

  private static final List<String> KEYS =
      List.of(
          "image: nginx:1.29-alpine",
          "restart: always",
          "tty: true # why",
          "labels: { b: 1, a: 2 }",
          "command:\n      - run\n      # the last\n      - now",
          "environment:\n      Z: '1'\n\n      A: |\n        text\n        # no comment",
          "ports:\n      - \"8080:80\"\n      # for the admins\n      - 127.0.0.1:22:22\n      - 53:53/udp",
          "volumes:\n      - \"./b:/b\" # conf\n      - './a:/a:ro'\n      - \"./c #1:/c\"",
          "depends_on:\n      - d\n      - b # first\n      - c",
          "stdin_open: true",
          "expose: [3000, '22']",
          "healthcheck: *health",
          "<<: *common",
          "networks: &nets\n      default:");

  private static Checker checker() {
    RuleSet all = BuiltInRules.load();
    return new Checker(
        new RuleSet(
            all.version(),
            all.rules().stream().filter(rule -> STYLE.contains(rule.id().value())).toList(),
            all.pages()),
        Standard.builtIn());
  }

  /** A file in an order of its own. */
  private static String file(Random random) {
    List<String> parts = new ArrayList<>();
    parts.add("x-health: &health { test: [CMD, a] }\nx-common: &common\n  init: true\n");
    StringBuilder services = new StringBuilder("# all of them\nservices:\n");
    for (String name : shuffled(List.of("b", "c", "a", "d"), random)) {
      if (random.nextBoolean()) {
        services.append(random.nextBoolean() ? "\n" : "").append("  # about ").append(name);
        services.append('\n');
      }
      services.append("  ").append(name).append(random.nextBoolean() ? ":\n" : ": # here\n");
      List<String> keys = shuffled(KEYS, random).subList(0, 1 + random.nextInt(KEYS.size()));
      for (String key : keys) {
        services.append(random.nextInt(4) == 0 ? "    # of " + name + "\n" : "");
        services.append("    ").append(key).append('\n');
      }
    }
    parts.add(services.toString());
    parts.add("volumes:\n  data:\n");
    parts.add("networks:\n  default:\n");
    List<String> order = new ArrayList<>(List.of(parts.get(0)));
    order.addAll(shuffled(parts.subList(1, parts.size()), random));
    String text = String.join(random.nextBoolean() ? "\n" : "", order);
    return random.nextBoolean() ? text : text.stripTrailing();
  }

  private static List<String> shuffled(List<String> list, Random random) {
    List<String> copy = new ArrayList<>(list);
    java.util.Collections.shuffle(copy, random);
    return copy;
  }

  @Test
  void fixesKeepWhatTheFileSays() {
    for (int seed = 0; seed < 150; seed++) {
      String before = file(new Random(seed));
      for (String rule : STYLE) {
        String once = fixed(before, rule);
        String told = rule + "\n" + before + "\n→\n" + once;
        assertThat(plain(once)).as(told).isEqualTo(plain(before));
        assertThat(comments(once)).as(told).isEqualTo(comments(before));
        assertThat(fixed(once, rule)).as(told).isEqualTo(once);
      }
    }
  }

  /** The text with the fixes of one rule; of overlapping ones the first. */
  private static String fixed(String text, String rule) {
    FabriqueConfig config =
        FabriqueConfig.defaults(LocalDate.of(2026, 11, 22))
            .withRules(List.of(new RuleSetting(new RulePattern(rule), false, null, Map.of())));
    Report report =
        CHECKER.check("style", SourceTree.of(Map.of("compose.yaml", text)), config, Baseline.NONE);
    assertThat(report.defects()).isEmpty();
    List<TextEdit> edits = new ArrayList<>();
    for (Issue issue : report.issues()) {
      Fix fix = issue.finding().fix();
      if (fix != null && issue.finding().rule().value().equals(rule)) {
        edits.addAll(fix.edits());
      }
    }
    edits.sort(Comparator.comparing(TextEdit::span).reversed());
    StringBuilder out = new StringBuilder(text);
    for (TextEdit edit : edits) {
      out.replace(edit.span().start(), edit.span().end(), edit.replacement());
    }
    return out.toString();
  }

  /** What a file says; the order of ports and of what is needed says nothing. */
  private static Object plain(String text) {
    YamlFile file = YamlReader.read(SourceFile.of("compose.yaml", text));
    assertThat(file.problems()).as(text).isEmpty();
    return plain(file.documents().get(0).root(), "");
  }

  private static Object plain(YamlNode node, String key) {
    if (node instanceof YamlMapping mapping) {
      Map<String, Object> values = new HashMap<>();
      mapping.entries().forEach(e -> values.put(e.name(), plain(e.value(), e.name())));
      return values;
    }
    if (node instanceof YamlSequence sequence) {
      List<Object> items = new ArrayList<>();
      sequence.items().forEach(item -> items.add(plain(item, key)));
      if (key.equals("ports") || key.equals("depends_on")) {
        items.sort(Comparator.comparing(Object::toString));
      }
      return items;
    }
    return ((YamlScalar) node).value();
  }

  private static Map<String, Long> comments(String text) {
    return text.lines()
        .filter(line -> line.contains("#"))
        .map(line -> line.substring(line.indexOf('#')))
        .map(line -> line.replaceAll("['\"]", ""))
        .collect(Collectors.groupingBy(line -> line, TreeMap::new, Collectors.counting()));
  }
}
