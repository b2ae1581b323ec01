package fr.gouv.social.fabrique.config;

import fr.gouv.social.fabrique.kubernetes.KubernetesSchema;
import fr.gouv.social.fabrique.rule.RulePage;
import fr.gouv.social.fabrique.rule.RulePages;
import fr.gouv.social.fabrique.rule.Severity;
import fr.gouv.social.fabrique.schema.Schema;
import fr.gouv.social.fabrique.schema.SchemaProblem;
import fr.gouv.social.fabrique.schema.Spelling;
import fr.gouv.social.fabrique.source.Environment;
import fr.gouv.social.fabrique.source.Language;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.Text;
import fr.gouv.social.fabrique.standard.Attestation;
import fr.gouv.social.fabrique.yaml.YamlDocument;
import fr.gouv.social.fabrique.yaml.YamlFile;
import fr.gouv.social.fabrique.yaml.YamlNode;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import fr.gouv.social.fabrique.yaml.YamlProblem;
import fr.gouv.social.fabrique.yaml.YamlReader;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads {@code fabrique.yaml}. Nothing in it is passed over in silence. */
public final class ConfigReader {
  /** The aliases of the rules that belong to a profile; the schema lists the same names. */
  private static final Map<String, List<String>> PROFILES =
      Map.of(
          "pss-baseline",
          List.of("pss:baseline"),
          "pss-restricted",
          List.of("pss:baseline", "pss:restricted"));

  private final RulePages pages;
  private final boolean complete;
  private final List<ConfigProblem> problems = new ArrayList<>();

  /**
   * A configuration and what is wrong with it.
   *
   * @param config to be used only when there are no problems
   */
  public record Result(FabriqueConfig config, List<ConfigProblem> problems) {}

  private ConfigReader(RulePages pages, boolean complete) {
    this.pages = pages;
    this.complete = complete;
  }

  /**
   * Reads a configuration.
   *
   * @param pages the rules that it may name
   * @param today the date of the check where the file says none
   */
  public static Result read(SourceFile file, RulePages pages, LocalDate today) {
    return read(file, pages, true, today);
  }

  /**
   * Reads a configuration.
   *
   * @param pages the rules that it may name
   * @param complete whether those are all; else a name of a family that is not there is no mistake
   * @param today the date of the check where the file says none
   */
  public static Result read(SourceFile file, RulePages pages, boolean complete, LocalDate today) {
    ConfigReader reader = new ConfigReader(pages, complete);
    FabriqueConfig config = reader.config(file, today);
    return new Result(config, List.copyOf(reader.problems));
  }

  /**
   * The globs of policy files that a configuration names, each at its place. They come first: the
   * rest of the configuration may speak of what they bring.
   */
  public static List<YamlPlace> policies(SourceFile file) {
    // Most configurations name none, and are read once.
    return file.text().contains("policies") ? items(file, "policies") : List.of();
  }

  /**
   * The files and folders with definitions of custom resources that a configuration names, each at
   * its place.
   */
  public static List<YamlPlace> definitions(SourceFile file) {
    return file.text().contains("crds") ? items(file, "kubernetes.crds") : List.of();
  }

  private static List<YamlPlace> items(SourceFile file, String key) {
    List<YamlDocument> documents = YamlReader.read(file).documents();
    return documents.isEmpty()
        ? List.of()
        : YamlPlace.of(documents.get(0).root()).at(key).items().stream()
            .filter(each -> each.text() != null)
            .toList();
  }

  private FabriqueConfig config(SourceFile file, LocalDate today) {
    FabriqueConfig defaults = FabriqueConfig.defaults(today);
    YamlFile yaml = YamlReader.read(file);
    for (YamlProblem problem : yaml.problems()) {
      problem(problem.span(), problem.message());
    }
    if (yaml.documents().isEmpty()) {
      return defaults;
    }
    for (YamlDocument extra : yaml.documents().subList(1, yaml.documents().size())) {
      problem(
          extra.span(),
          new Text(
              "une configuration n'a qu'un document", "a configuration has one document only"));
    }
    YamlDocument document = yaml.documents().get(0);
    if (document.isEmpty()) {
      return defaults;
    }
    YamlNode root = document.root();
    for (SchemaProblem problem :
        Schema.load(ConfigReader.class, "fabrique.schema").check(root, "Config")) {
      problem(problem.span(), problem.text());
    }
    YamlPlace place = YamlPlace.of(root);
    checkRuleset(place.at("ruleset"));
    checkRelease(place.at("kubernetes.version"));
    String language = place.at("language").text();
    LocalDate asOf = date(place.at("as-of"));
    return new FabriqueConfig(
        file,
        place.at("ruleset").text(),
        language == null ? null : language.equals("en") ? Language.EN : Language.FR,
        FabriqueConfig.threshold(place.at("fail-on").text("error")),
        asOf == null ? today : asOf,
        place.at("exclude").texts(),
        environments(place.at("environments")),
        withProfiles(rules(place.at("rules")), place.at("profiles").texts()),
        ignores(place.at("ignore")),
        settings(place, definitions(place.at("kubernetes.crds"))),
        attestations(place.at("attestations")),
        place.at("policies").texts(),
        reports(place.at("reports")),
        true);
  }

  private void checkRuleset(YamlPlace place) {
    String ruleset = place.text();
    // The policies of a team belong to no rule set.
    List<String> known =
        pages.all().stream()
            .map(RulePage::since)
            .filter(since -> !since.isEmpty())
            .distinct()
            .sorted()
            .toList();
    if (ruleset != null && !known.contains(ruleset)) {
      String all = String.join(", ", known);
      problem(
          place,
          new Text(
              "jeu de règles inconnu « " + ruleset + " » (connus : " + all + ")",
              "unknown rule set “" + ruleset + "” (known: " + all + ")"));
    }
  }

  private void checkRelease(YamlPlace place) {
    String release = place.text();
    if (release != null && !KubernetesSchema.RELEASES.contains(minor(release))) {
      String all = String.join(", ", KubernetesSchema.RELEASES);
      problem(
          place,
          new Text(
              "version de Kubernetes inconnue « " + release + " » (connues : " + all + ")",
              "unknown release of Kubernetes “" + release + "” (known: " + all + ")"));
    }
  }

  /** {@code 1.34} of {@code v1.34.2}. */
  private static String minor(String release) {
    String plain = release.startsWith("v") ? release.substring(1) : release;
    int dot = plain.indexOf('.', plain.indexOf('.') + 1);
    return dot < 0 ? plain : plain.substring(0, dot);
  }

  private static Map<Environment, List<String>> environments(YamlPlace place) {
    Map<Environment, List<String>> globs = new EnumMap<>(Environment.class);
    globs.put(Environment.DEV, place.at("dev").texts());
    globs.put(Environment.PREPROD, place.at("preprod").texts());
    globs.put(Environment.PROD, place.at("prod").texts());
    return globs;
  }

  private List<RuleSetting> rules(YamlPlace place) {
    List<RuleSetting> settings = new ArrayList<>();
    for (YamlPlace rule : place.values()) {
      RulePattern pattern = pattern(rule.name(), rule);
      String severity = rule.text() == null ? rule.key("severity").text("") : rule.text("");
      Map<String, String> parameters = new LinkedHashMap<>();
      for (YamlPlace value : rule.values()) {
        String name = value.name();
        if (!name.equals("severity") && !name.equals("reason")) {
          parameters.put(name, String.join(",", value.texts()));
          checkParameter(pattern, name, value);
        }
      }
      settings.add(
          new RuleSetting(pattern, severity.equals("off"), severity(severity), parameters));
    }
    return settings;
  }

  /**
   * A profile makes errors of all its rules; what names one of them by its id still counts, a
   * pattern does not.
   */
  private List<RuleSetting> withProfiles(List<RuleSetting> settings, List<String> profiles) {
    List<RuleSetting> all = new ArrayList<>(settings);
    for (String profile : profiles) {
      for (String alias : PROFILES.getOrDefault(profile, List.of())) {
        for (RulePage page : pages.byAlias(alias)) {
          RulePattern rule = new RulePattern(page.id().value());
          all.add(new RuleSetting(rule, false, Severity.ERROR, Map.of()));
          settings.stream().filter(each -> each.rules().equals(rule)).forEach(all::add);
        }
      }
    }
    return all;
  }

  private static @Nullable Severity severity(String text) {
    return switch (text) {
      case "error" -> Severity.ERROR;
      case "warning" -> Severity.WARNING;
      case "info" -> Severity.INFO;
      default -> null;
    };
  }

  private void checkParameter(RulePattern pattern, String name, YamlPlace place) {
    if (pages.all().stream().noneMatch(page -> pattern.matches(page.id()))) {
      return;
    }
    List<String> known = new ArrayList<>(List.of("severity", "reason"));
    for (RulePage page : pages.all()) {
      if (pattern.matches(page.id())) {
        known.addAll(page.parameters().keySet());
      }
    }
    if (!known.contains(name)) {
      problem(
          place,
          Spelling.suggesting(
              new Text("paramètre inconnu « " + name + " »", "unknown parameter “" + name + "”"),
              Spelling.nearest(name, known)));
    }
  }

  private RulePattern pattern(String text, Located at) {
    RulePattern pattern = new RulePattern(text);
    boolean mayCome =
        !complete
            && pages.all().stream().noneMatch(page -> text.startsWith(page.id().family() + "/"));
    if (!mayCome && pages.all().stream().noneMatch(page -> pattern.matches(page.id()))) {
      List<String> ids = pages.all().stream().map(page -> page.id().value()).toList();
      problem(
          at,
          Spelling.suggesting(
              new Text("règle inconnue « " + text + " »", "unknown rule “" + text + "”"),
              Spelling.nearest(text, ids)));
    }
    return pattern;
  }

  private List<Ignore> ignores(YamlPlace place) {
    List<Ignore> ignores = new ArrayList<>();
    for (YamlPlace item : place.items()) {
      List<RulePattern> rules = new ArrayList<>();
      for (YamlPlace rule : item.at("rules").items()) {
        rules.add(pattern(rule.text(""), rule));
      }
      String reason = item.at("reason").text("");
      if (item.at("reason").isPresent() && reason.isBlank()) {
        problem(item.at("reason"), new Text("une raison est demandée", "a reason is required"));
      }
      ignores.add(
          new Ignore(
              rules,
              item.at("where.path").text(),
              item.at("where.object").text(),
              item.at("where.container").text(),
              reason,
              date(item.at("until")),
              item.span()));
    }
    return ignores;
  }

  private List<Attestation> attestations(YamlPlace place) {
    List<Attestation> attestations = new ArrayList<>();
    for (YamlPlace item : place.items()) {
      LocalDate on = date(item.at("on"));
      attestations.add(
          new Attestation(
              item.at("requirement").text(""),
              item.at("by").text(""),
              on == null ? LocalDate.EPOCH : on,
              date(item.at("until")),
              item.at("evidence").text(),
              item.at("requirement").span()));
    }
    return attestations;
  }

  /** Paths from the root of the repository, in their shortest form. */
  private List<String> definitions(YamlPlace place) {
    List<String> paths = new ArrayList<>();
    for (YamlPlace each : place.items()) {
      String path = each.text("").replaceAll("^(\\./)+|/+$", "");
      if (path.isEmpty() || path.startsWith("/") || ("/" + path + "/").contains("/../")) {
        problem(
            each,
            new Text(
                "un chemin depuis la racine du dépôt est attendu",
                "a path from the root of the repository is expected"));
      }
      paths.add(path);
    }
    return paths;
  }

  private Map<String, String> settings(YamlPlace root, List<String> definitions) {
    Map<String, String> settings = new HashMap<>();
    for (String section : List.of("images", "kubernetes", "services")) {
      flatten(root.key(section), section, settings);
    }
    for (YamlPlace line : root.at("services.catalogue").items()) {
      long ways =
          Stream.of("host", "image", "kind", "variable")
              .filter(way -> line.key(way).isPresent())
              .count();
      if (ways != 1) {
        problem(
            line,
            new Text(
                "une ligne du catalogue dit un seul de host, image, kind, variable",
                "a line of the catalogue says just one of host, image, kind, variable"));
      }
    }
    settings.computeIfPresent(
        "kubernetes.crds", (name, asWritten) -> String.join(",", definitions));
    return settings;
  }

  /** Texts by dotted name: those of a list joined by commas, mappings in a list numbered. */
  private static void flatten(YamlPlace place, String name, Map<String, String> settings) {
    for (YamlPlace value : place.values()) {
      flatten(value, name + "." + value.name(), settings);
    }
    List<YamlPlace> items = place.items();
    for (int i = 0; i < items.size(); i++) {
      for (YamlPlace value : items.get(i).values()) {
        flatten(value, name + "." + i + "." + value.name(), settings);
      }
    }
    if (place.isPresent() && place.values().isEmpty()) {
      settings.put(name, String.join(",", place.texts()));
    }
  }

  private Map<String, String> reports(YamlPlace place) {
    Map<String, String> reports = new LinkedHashMap<>();
    for (YamlPlace report : place.values()) {
      String path = report.text("");
      if (leaves(path)) {
        problem(
            report,
            new Text(
                "un chemin dans le dépôt, à partir de sa racine, est attendu",
                "a path in the repository, from its root, is expected"));
      }
      reports.put(report.name(), path);
    }
    return reports;
  }

  private static boolean leaves(String path) {
    try {
      Path place = Path.of(path).normalize();
      return place.isAbsolute() || place.startsWith("..") || place.toString().isEmpty();
    } catch (InvalidPathException wrong) {
      return true;
    }
  }

  private @Nullable LocalDate date(YamlPlace place) {
    String text = place.text();
    if (text == null) {
      return null;
    }
    try {
      return LocalDate.parse(text);
    } catch (DateTimeException e) {
      problem(
          place,
          new Text(
              "« " + text + " » n'est pas une date AAAA-MM-JJ",
              "“" + text + "” is not a date YYYY-MM-DD"));
      return null;
    }
  }

  private void problem(Located at, Text message) {
    // The schema may already have said the same of the same place.
    if (problems.stream().noneMatch(problem -> problem.span().equals(at.span()))) {
      problems.add(new ConfigProblem(at.span(), message));
    }
  }
}
