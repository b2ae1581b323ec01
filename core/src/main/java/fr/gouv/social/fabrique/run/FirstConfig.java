package fr.gouv.social.fabrique.run;

import fr.gouv.social.fabrique.config.Baseline;
import fr.gouv.social.fabrique.config.FabriqueConfig;
import fr.gouv.social.fabrique.engine.Checker;
import fr.gouv.social.fabrique.engine.Issue;
import fr.gouv.social.fabrique.engine.Report;
import fr.gouv.social.fabrique.report.Wording;
import fr.gouv.social.fabrique.rule.Finding;
import fr.gouv.social.fabrique.rule.RuleId;
import fr.gouv.social.fabrique.rule.RuleSet;
import fr.gouv.social.fabrique.rule.Severity;
import fr.gouv.social.fabrique.source.Environment;
import fr.gouv.social.fabrique.source.Environments;
import fr.gouv.social.fabrique.source.FileKind;
import fr.gouv.social.fabrique.source.Language;
import fr.gouv.social.fabrique.source.PathGlob;
import fr.gouv.social.fabrique.source.SourceEntry;
import fr.gouv.social.fabrique.source.SourceTree;
import fr.gouv.social.fabrique.source.Text;
import fr.gouv.social.fabrique.standard.Standard;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The first configuration of a repository: what is seen there, and what may be decided. */
public final class FirstConfig {
  /**
   * What {@code fabrique init} brings.
   *
   * @param text the configuration
   * @param found what is found today, gravest first, for the terminal: in a file it would age
   */
  public record Proposal(String text, String found) {}

  private static final String SCHEMA =
      "https://raw.githubusercontent.com/SocialGouv/fabrique/main/docs/fabrique.schema.json";

  /** Folders whose files are made to be wrong, or to be copied. */
  private static final PathGlob EXAMPLES =
      PathGlob.of("**/{testdata,fixtures,__fixtures__,test/resources,examples}/**");

  /** More lines are read by nobody. */
  private static final int LINES = 12;

  private final Language language;
  private final StringBuilder out = new StringBuilder();

  private FirstConfig(Language language) {
    this.language = language;
  }

  /**
   * Looks at a repository.
   *
   * @param language of the comments
   * @throws Refusal when there is nothing to check
   */
  public static Proposal of(
      Path root, RuleSet rules, Standard standard, LocalDate today, Language language)
      throws Refusal {
    FabriqueConfig defaults = FabriqueConfig.defaults(today);
    Report report =
        Run.check(new Checker(rules, standard), root, List.of(), defaults, Baseline.NONE);
    SourceTree tree;
    try {
      tree = SourceTree.walk(root);
    } catch (IOException unreadable) {
      throw new Refusal(new Text("impossible de lire " + root, "cannot read " + root));
    }
    FirstConfig config = new FirstConfig(language);
    return new Proposal(config.write(report, tree, today), config.found(report));
  }

  private String write(Report report, SourceTree tree, LocalDate today) {
    out.append("# yaml-language-server: $schema=").append(SCHEMA).append('\n');
    comment("Ce que l'équipe décide pour fabrique.", "What the team decides for fabrique.");
    out.append('\n');
    comment(
        "Les règles avec lesquelles l'équipe travaille ; une version plus récente de l'outil n'en"
            + " ajoute pas.",
        "The rules the team works with; a newer release of the tool adds none.");
    out.append("ruleset: \"").append(report.rules().version()).append("\"\n");
    out.append("language: ").append(language == Language.FR ? "fr" : "en").append("\n\n");
    comment(
        "La gravité à partir de laquelle la vérification échoue : error, warning, info ou never.",
        "The least severity that fails: error, warning, info or never.");
    out.append("fail-on: error\n");
    environments(tree);
    examples(report);
    decisions(report, today);
    out.append('\n');
    boolean maven = tree.entry("pom.xml") != null;
    String folder = maven ? "target/fabrique" : "fabrique-report";
    if (maven) {
      comment("Des rapports à chaque fois.", "Reports each time.");
    } else {
      comment(
          "Des rapports à chaque fois ; leur dossier est à ajouter au .gitignore.",
          "Reports each time; their folder belongs into .gitignore.");
    }
    out.append("# reports:\n#   html: ").append(folder).append("/report.html\n");
    out.append("#   sarif: ").append(folder).append("/report.sarif\n");
    return out.toString();
  }

  private void environments(SourceTree tree) {
    Map<Environment, Set<String>> folders = new TreeMap<>();
    Environments usual = Environments.of(Map.of());
    for (SourceEntry entry : tree.entries()) {
      FileKind kind = entry.kind();
      if (kind == FileKind.KUBERNETES || kind == FileKind.COMPOSE) {
        Environment environment = usual.of(entry.path());
        if (environment != Environment.UNKNOWN || kind == FileKind.KUBERNETES) {
          folders
              .computeIfAbsent(environment, key -> new TreeSet<>())
              .add(kind == FileKind.COMPOSE ? entry.path() : folder(entry.path()));
        }
      }
    }
    Set<String> unknown = folders.getOrDefault(Environment.UNKNOWN, Set.of());
    folders.remove(Environment.UNKNOWN);
    if (!folders.isEmpty()) {
      out.append('\n');
      comment("Environnements reconnus à leurs chemins :", "Environments told by their paths:");
      folders.forEach(
          (environment, paths) -> list(environment.name().toLowerCase(Locale.ROOT) + ": ", paths));
    }
    if (!unknown.isEmpty()) {
      out.append('\n');
      comment(
          "L'environnement de ces manifestes ne se voit pas à leurs chemins :",
          "The environment of these manifests does not show in their paths:");
      list("", unknown);
      comment(
          "Pour le dire (sinon seul ce qui vaut partout est demandé) :",
          "To say it (else only what holds everywhere is required):");
      out.append("# environments:\n#   prod: [")
          .append(
              quoted(unknown.iterator().next().isEmpty() ? "*" : unknown.iterator().next() + "/**"))
          .append("]\n");
    }
  }

  private void examples(Report report) {
    Set<String> folders =
        report.checked().stream()
            .filter(EXAMPLES::matches)
            .map(FirstConfig::folder)
            .collect(Collectors.toCollection(TreeSet::new));
    if (!folders.isEmpty()) {
      out.append('\n');
      comment(
          "Des exemples ou des jeux d'essai, à laisser de côté ?",
          "Examples or test data, to be left out?");
      out.append("# exclude:\n");
      folders.stream()
          .limit(LINES)
          .forEach(each -> out.append("#   - ").append(quoted(each + "/**")).append('\n'));
    }
  }

  /** Rules with what they found, the gravest and most frequent first. */
  private static List<List<Issue>> byRule(Report report) {
    Map<RuleId, List<Issue>> byRule =
        report.active().stream()
            .collect(
                Collectors.groupingBy(
                    issue -> issue.finding().rule(), TreeMap::new, Collectors.toList()));
    return byRule.values().stream()
        .sorted(
            Comparator.<List<Issue>, Severity>comparing(issues -> issues.get(0).severity())
                .thenComparing(issues -> -issues.size()))
        .toList();
  }

  /** What is found today: of each rule how much, and one finding. Titles say what is to be. */
  private String found(Report report) {
    List<List<Issue>> rules = byRule(report);
    StringBuilder text = new StringBuilder();
    for (List<Issue> issues : rules.subList(0, Math.min(LINES, rules.size()))) {
      Issue first = issues.get(0);
      text.append(String.format(Locale.ROOT, "%5d × ", issues.size()))
          .append(Wording.word(first.severity(), language))
          .append("  ")
          .append(first.finding().rule())
          .append("  ")
          .append(plain(Wording.message(report, first.finding(), language)))
          .append(issues.size() > 1 ? ", …\n" : "\n");
    }
    return text.append(rules.size() > LINES ? "      …\n" : "").toString();
  }

  /**
   * An exception and a setting as a team may write them: for what a file says, not for a file that
   * the repository lacks, and for a warning, since errors are to be mended.
   */
  private void decisions(Report report, LocalDate today) {
    List<List<Issue>> rules =
        byRule(report).stream()
            .filter(issues -> !issues.get(0).finding().rule().family().equals("project"))
            .sorted(
                Comparator.<List<Issue>, Boolean>comparing(
                        issues -> issues.get(0).severity() != Severity.WARNING)
                    .thenComparing(issues -> -issues.size()))
            .toList();
    if (rules.isEmpty()) {
      return;
    }
    List<Issue> often = rules.get(0);
    Finding once = rules.get(rules.size() > 1 ? 1 : 0).get(0).finding();
    String reason = quoted(language == Language.FR ? "dire pourquoi" : "say why");
    out.append('\n');
    comment(
        "Une règle peut changer de gravité, ou se taire (off), pour tout le dépôt :",
        "A rule may change its severity, or be silent (off), in the whole repository:");
    out.append("# rules:\n#   ")
        .append(often.get(0).finding().rule())
        .append(": { severity: ")
        .append(often.get(0).severity() == Severity.INFO ? "off" : "info")
        .append(", reason: ")
        .append(reason)
        .append(" }\n\n");
    comment(
        "Une exception vaut pour un endroit ; elle a une raison, et peut avoir une fin :",
        "An exception is for one place; it has a reason, and may have an end:");
    out.append("# ignore:\n#   - rules: [")
        .append(once.rule())
        .append("]\n#     where: { path: ")
        .append(quoted(once.span().file().path()))
        .append(" }\n#     reason: ")
        .append(reason)
        .append("\n#     until: ")
        .append(today.plusMonths(6))
        .append('\n');
  }

  private void list(String before, Set<String> paths) {
    List<String> shown = paths.stream().limit(LINES).map(FirstConfig::plain).toList();
    line("  " + before + String.join(", ", shown) + (paths.size() > LINES ? ", …" : ""));
  }

  private void comment(String fr, String en) {
    line(language == Language.FR ? fr : en);
  }

  private void line(String text) {
    out.append("# ").append(text).append('\n');
  }

  private static String folder(String path) {
    int slash = path.lastIndexOf('/');
    return slash < 0 ? "" : path.substring(0, slash);
  }

  /** Names of files may hold anything, even the end of a comment. */
  private static String plain(String text) {
    String shown = text.isEmpty() ? "." : text;
    return shown.replaceAll("\\p{Cntrl}|[\\u0085\\u2028\\u2029]", "?");
  }

  private static String quoted(String text) {
    return "\"" + plain(text).replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }
}
