package fr.gouv.social.fabrique.report;

import fr.gouv.social.fabrique.engine.Issue;
import fr.gouv.social.fabrique.engine.Report;
import fr.gouv.social.fabrique.project.ServiceUse;
import fr.gouv.social.fabrique.rule.Finding;
import fr.gouv.social.fabrique.rule.RuleId;
import fr.gouv.social.fabrique.rule.RulePage;
import fr.gouv.social.fabrique.rule.Severity;
import fr.gouv.social.fabrique.source.Environment;
import fr.gouv.social.fabrique.source.Language;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.source.Text;
import fr.gouv.social.fabrique.standard.Attestation;
import fr.gouv.social.fabrique.standard.Conformity;
import fr.gouv.social.fabrique.standard.Conformity.Evidence;
import fr.gouv.social.fabrique.standard.Level;
import fr.gouv.social.fabrique.standard.Requirement;
import fr.gouv.social.fabrique.standard.Verdict;
import fr.gouv.social.fabrique.standard.Visibility;
import gg.jte.Content;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What the templates of the HTML report ask: a report seen in one language. */
final class HtmlPage {
  /** Beyond that many findings their excerpts start folded, so that the page opens at once. */
  private static final int UNFOLDED = 200;

  private static final int CONTEXT = 2;
  private static final int MAX_MARKED_LINES = 12;
  private static final int MAX_LINE = 400;

  private final Report report;
  private final List<Issue> active;
  private final Language language;
  private final Map<Finding, Issue> issues = new HashMap<>();
  private final Map<SourceFile, List<Span>> secrets = new HashMap<>();
  private final Map<String, Requirement> requirements = new HashMap<>();
  private final Map<RuleId, Requirement> decided = new HashMap<>();
  private final String style = resource("report.css");
  private final String script = resource("report.js");

  HtmlPage(Report report, Language language) {
    this.report = report;
    this.active = report.active();
    this.language = language;
    for (Issue issue : report.issues()) {
      Finding finding = issue.finding();
      issues.put(finding, issue);
      if (finding.rule().value().startsWith("secret/literal-")) {
        secrets
            .computeIfAbsent(finding.span().file(), key -> new ArrayList<>())
            .add(finding.span());
      }
    }
    for (Conformity conformity : report.conformity()) {
      Requirement requirement = conformity.requirement();
      requirements.put(requirement.id(), requirement);
      requirement.rules().forEach(rule -> decided.putIfAbsent(rule, requirement));
    }
  }

  // Words

  Report report() {
    return report;
  }

  /** The issues that count. */
  List<Issue> active() {
    return active;
  }

  String lang() {
    return language == Language.FR ? "fr" : "en";
  }

  /** One of two wordings. */
  String say(String fr, String en) {
    return language == Language.FR ? fr : en;
  }

  String say(Text text) {
    return typographic(text.in(language));
  }

  /** French sets signs apart by spaces at which no line may break. */
  private String typographic(String text) {
    return language == Language.FR
        ? text.replace("« ", "«\u00a0")
            .replace(" »", "\u00a0»")
            .replace(" : ", "\u00a0: ")
            .replace(" ; ", "\u00a0; ")
        : text;
  }

  /** A number with its noun. */
  String count(long number, String frOne, String frMany, String enOne, String enMany) {
    return number + " " + noun(number, frOne, frMany, enOne, enMany);
  }

  String noun(long number, String frOne, String frMany, String enOne, String enMany) {
    boolean one = language.isSingular(number);
    return language == Language.FR ? one ? frOne : frMany : one ? enOne : enMany;
  }

  String date(LocalDate date) {
    if (language == Language.EN) {
      return date.format(DateTimeFormatter.ofPattern("d MMMM yyyy", Locale.UK));
    }
    String day = date.getDayOfMonth() == 1 ? "1er" : String.valueOf(date.getDayOfMonth());
    return day + date.format(DateTimeFormatter.ofPattern(" MMMM yyyy", Locale.FRENCH));
  }

  String word(Severity severity) {
    return capital(Wording.word(severity, language));
  }

  String words(Severity severity, long number) {
    return Wording.count(number, severity, language);
  }

  String word(Verdict verdict) {
    return capital(Wording.word(verdict, true).in(language));
  }

  private static String capital(String word) {
    return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
  }

  String word(Level level) {
    return switch (level) {
      case OBLIGATION -> say("Obligation", "Obligation");
      case RECOMMANDATION -> say("Recommandation", "Recommendation");
      case PRATIQUE -> say("Bonne pratique", "Good practice");
    };
  }

  String word(Environment environment) {
    return Wording.word(environment, language);
  }

  String environments(Wording.Service service) {
    return Wording.environments(service, language);
  }

  String word(ServiceUse.Standing standing) {
    return Wording.word(standing, language);
  }

  /** The services that the repository uses, each once. */
  List<Wording.Service> services() {
    return Wording.services(report);
  }

  /** What a page of the standards is about. */
  String pageTitle(String page) {
    return switch (page) {
      case "docker" -> "Docker";
      case "kubernetes" -> "Kubernetes";
      case "databases" -> say("Bases de données", "Databases");
      case "securite" -> say("Sécurité", "Security");
      case "developpement" -> say("Développement", "Development");
      case "faq" -> say("Questions fréquentes", "Frequent questions");
      case "infrastructure" -> say("Infrastructure", "Infrastructure");
      default -> page;
    };
  }

  /** A constant in lower case, as classes and filters name it. */
  String key(Enum<?> constant) {
    return Wording.key(constant);
  }

  // The frame

  /**
   * A style sheet or a script, ready to stand in its element. It is our own text: nothing of a
   * repository is in it.
   */
  String style() {
    return style;
  }

  String script() {
    return script;
  }

  /** Forbids everything but the very style sheet and script of this page. */
  String contentSecurityPolicy() {
    return "default-src 'none'; style-src '"
        + hash(style)
        + "'; script-src '"
        + hash(script)
        + "'; base-uri 'none'; form-action 'none'";
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String resource(String name) {
    try (InputStream in = HtmlPage.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // The verdict

  /** How the statements of one level, or of one page, came out. */
  record Tally(Map<Verdict, Integer> verdicts) {
    static Tally of(Collection<Conformity> conformities) {
      Map<Verdict, Integer> verdicts = new EnumMap<>(Verdict.class);
      conformities.forEach(conformity -> verdicts.merge(conformity.verdict(), 1, Integer::sum));
      return new Tally(verdicts);
    }

    int of(Verdict verdict) {
      return verdicts.getOrDefault(verdict, 0);
    }

    /** How many are kept, by what files show or by somebody's word. */
    int kept() {
      return of(Verdict.KEPT) + of(Verdict.ATTESTED);
    }

    /** How many could be judged. */
    int judged() {
      return kept() + of(Verdict.BROKEN);
    }

    int all() {
      return verdicts.values().stream().mapToInt(Integer::intValue).sum();
    }
  }

  /** One stretch of the bar that shows a tally, in thousandths of its width. */
  record Stretch(Verdict verdict, int number, int start, int width) {}

  Tally tally(Level level) {
    return Tally.of(
        report.conformity().stream()
            .filter(conformity -> conformity.requirement().level() == level)
            .toList());
  }

  List<Stretch> stretches(Tally tally) {
    List<Stretch> stretches = new ArrayList<>();
    int before = 0;
    for (Verdict verdict :
        List.of(
            Verdict.KEPT,
            Verdict.ATTESTED,
            Verdict.BROKEN,
            Verdict.NOT_VISIBLE,
            Verdict.NOT_APPLICABLE)) {
      int number = tally.of(verdict);
      if (number > 0) {
        int start = before * 1000 / tally.all();
        int end = (before + number) * 1000 / tally.all();
        stretches.add(new Stretch(verdict, number, start, end - start));
        before += number;
      }
    }
    return stretches;
  }

  /** The sentence on which the report opens. */
  String headline() {
    Tally obligations = tally(Level.OBLIGATION);
    if (obligations.judged() == 0) {
      return say("Aucune obligation n'a pu être jugée", "No obligation could be judged");
    }
    return language == Language.FR
        ? count(obligations.kept(), "obligation respectée", "obligations respectées", "", "")
            + " sur "
            + obligations.judged()
        : obligations.kept() + " of " + obligations.judged() + " obligations kept";
  }

  /** What a continuous integration makes of it. */
  String outcome() {
    Severity threshold = report.config().failOn();
    String limit =
        threshold == null
            ? say("aucun seuil", "no threshold")
            : say("seuil\u00a0: ", "threshold: ") + word(threshold).toLowerCase(Locale.ROOT);
    return (report.fails()
            ? say("La vérification échoue", "The check fails")
            : say("La vérification passe", "The check passes"))
        + " ("
        + limit
        + ")";
  }

  // The matrix

  /** The statements of one page of the standards. */
  record StandardPage(String id, List<Conformity> conformities) {
    List<Conformity> judged() {
      return conformities.stream().filter(StandardPage::isJudged).toList();
    }

    List<Conformity> open() {
      return conformities.stream().filter(conformity -> !isJudged(conformity)).toList();
    }

    private static boolean isJudged(Conformity conformity) {
      return switch (conformity.verdict()) {
        case KEPT, BROKEN, ATTESTED -> true;
        case NOT_APPLICABLE, NOT_VISIBLE -> false;
      };
    }

    Tally tally() {
      return Tally.of(conformities);
    }
  }

  List<StandardPage> standardPages() {
    Map<String, List<Conformity>> pages = new LinkedHashMap<>();
    for (Conformity conformity : report.conformity()) {
      pages
          .computeIfAbsent(conformity.requirement().page(), key -> new ArrayList<>())
          .add(conformity);
    }
    return pages.entrySet().stream()
        .map(entry -> new StandardPage(entry.getKey(), entry.getValue()))
        .toList();
  }

  /** What an attestation is introduced with: whether it counts on the date of the report. */
  String attested(Attestation attestation) {
    LocalDate asOf = report.config().asOf();
    if (attestation.counts(asOf)) {
      return say("Attesté par", "Attested by");
    }
    return attestation.expired(asOf)
        ? say("Attestation expirée de", "Expired attestation of")
        : say("Attestation à venir de", "Future attestation of");
  }

  /** What stands beside a verdict that files alone cannot give for certain, or empty. */
  String certainty(Requirement requirement) {
    return requirement.visibility() == Visibility.HEURISTIC
            || requirement.visibility() == Visibility.PROXY
        ? say("estimé d'après les fichiers", "estimated from files")
        : "";
  }

  /** The issue of a finding; a finding of a verdict is always among the issues. */
  @Nullable Issue issue(Finding finding) {
    return issues.get(finding);
  }

  // The findings

  /** The findings in one file. */
  record FileGroup(int number, String path, List<ObjectGroup> objects) {
    long count() {
      return objects.stream().mapToLong(object -> object.issues().size()).sum();
    }
  }

  /** The findings about one object of a file; its name is empty where the file says it all. */
  record ObjectGroup(String name, List<Issue> issues) {}

  List<FileGroup> files() {
    Map<String, Map<String, List<Issue>>> files = new TreeMap<>();
    for (Issue issue : active) {
      files
          .computeIfAbsent(issue.finding().span().file().path(), key -> new LinkedHashMap<>())
          .computeIfAbsent(object(issue.finding().subject()), key -> new ArrayList<>())
          .add(issue);
    }
    List<FileGroup> groups = new ArrayList<>();
    files.forEach(
        (path, objects) ->
            groups.add(
                new FileGroup(
                    groups.size() + 1,
                    path,
                    objects.entrySet().stream()
                        .map(entry -> new ObjectGroup(entry.getKey(), entry.getValue()))
                        .toList())));
    return groups;
  }

  private static final String STEP = " › ";

  private static String object(String subject) {
    int step = subject.indexOf(STEP);
    return step < 0 ? subject : subject.substring(0, step);
  }

  /** Where in its object a finding is, or empty. */
  String within(Finding finding) {
    String subject = finding.subject();
    int step = subject.indexOf(STEP);
    return step < 0 ? "" : subject.substring(step + STEP.length());
  }

  /**
   * The evidence that a statement does not show at once: all of it beside findings, else what comes
   * after the first.
   */
  List<Evidence> rest(Conformity conformity) {
    List<Evidence> all = conformity.evidence();
    return conformity.findings().isEmpty() ? all.subList(Math.min(3, all.size()), all.size()) : all;
  }

  /** A text in which backquotes mark code. */
  Content rich(String text) {
    String[] parts = text.split("`", -1);
    return output -> {
      for (int i = 0; i < parts.length; i++) {
        boolean code = i % 2 == 1 && i + 1 < parts.length;
        output.writeContent(code ? "<code>" : "");
        output.writeUserContent(parts[i]);
        output.writeContent(code ? "</code>" : "");
      }
    };
  }

  String message(Finding finding) {
    return typographic(page(finding.rule()).message(finding).in(language));
  }

  RulePage page(RuleId rule) {
    return report.rules().pages().page(rule);
  }

  /** The page of the standards to which a rule belongs, or empty. */
  String standardPage(RuleId rule) {
    Requirement requirement = requirement(rule);
    return requirement == null ? "" : requirement.page();
  }

  /** The statement that a rule decides, by its page or by the statement's own list, or null. */
  @Nullable Requirement requirement(RuleId rule) {
    String id = page(rule).requirement();
    Requirement named = id == null ? null : requirements.get(id);
    return named == null ? decided.get(rule) : named;
  }

  String anchor(RuleId rule) {
    return "r-" + rule.value().replace('/', '-');
  }

  boolean unfolded() {
    return active.size() <= UNFOLDED;
  }

  List<Issue> suppressed() {
    return report.issues().stream().filter(issue -> issue.suppression() != null).toList();
  }

  List<Issue> baseline() {
    return report.issues().stream()
        .filter(issue -> issue.suppression() == null && issue.baseline())
        .toList();
  }

  /** The rules that found something, by name. */
  Map<RuleId, Long> rules() {
    Map<RuleId, Long> counts = new TreeMap<>();
    active.forEach(issue -> counts.merge(issue.finding().rule(), 1L, Long::sum));
    return counts;
  }

  /** The pages of the standards on which something was found, in their order. */
  List<String> foundPages() {
    TreeSet<String> found = new TreeSet<>();
    rules().keySet().forEach(rule -> found.add(standardPage(rule)));
    List<String> pages = new ArrayList<>();
    standardPages().stream().map(StandardPage::id).filter(found::contains).forEach(pages::add);
    if (found.contains("")) {
      pages.add("");
    }
    return pages;
  }

  List<Environment> foundEnvironments() {
    return active.stream()
        .map(Issue::environment)
        .distinct()
        .sorted(Comparator.naturalOrder())
        .toList();
  }

  String why(RuleId rule) {
    return say(report.rules().pages().text(rule).html());
  }

  // Excerpts

  /** One line of an excerpt; {@code marked} is empty where nothing of it is meant. */
  record Line(int number, String before, String marked, String after) {
    boolean isMarked() {
      return !marked.isEmpty();
    }
  }

  /** The lines around a place, with the place itself marked. */
  List<Line> excerpt(Span span) {
    SourceFile file = span.file();
    int first = file.lineAt(span.start());
    // A place that ends with a line end does not reach into the next line.
    int last = file.lineAt(Math.max(span.start(), span.end() - 1));
    int from = Math.max(1, first - CONTEXT);
    int to = Math.min(file.lineCount(), Math.min(last, first + MAX_MARKED_LINES) + CONTEXT);
    List<Line> lines = new ArrayList<>();
    for (int number = from; number <= to; number++) {
      int start = file.lineStart(number);
      int end = file.lineEnd(number);
      String text = masked(file, start, end);
      int markStart = Math.min(Math.max(span.start(), start), end) - start;
      int markEnd = Math.max(Math.min(span.end(), end) - start, markStart);
      if (number < first || number > last) {
        lines.add(new Line(number, clip(text), "", ""));
      } else {
        if (markEnd == markStart && markEnd < text.length()) {
          // A point between two characters: the one after it is shown.
          markEnd++;
        }
        lines.add(
            new Line(
                number,
                clipStart(text.substring(0, markStart)),
                clip(text.substring(markStart, markEnd)),
                clip(text.substring(markEnd))));
      }
    }
    if (to == file.lineCount() && to > last && lines.get(lines.size() - 1).before().isEmpty()) {
      lines.remove(lines.size() - 1);
    }
    return lines;
  }

  private static String clip(String text) {
    return text.length() <= MAX_LINE ? text : text.substring(0, MAX_LINE) + "…";
  }

  private static String clipStart(String text) {
    return text.length() <= MAX_LINE ? text : "…" + text.substring(text.length() - MAX_LINE);
  }

  /** A line in which the values of secrets that were found are not repeated. */
  private String masked(SourceFile file, int start, int end) {
    StringBuilder text = new StringBuilder(file.text().substring(start, end));
    for (Span secret : secrets.getOrDefault(file, List.of())) {
      int from = Math.max(valueStart(secret), start);
      for (int at = from; at < Math.min(secret.end(), end); at++) {
        char c = text.charAt(at - start);
        if (!Character.isWhitespace(c) && c != '"' && c != '\'') {
          text.setCharAt(at - start, '•');
        }
      }
    }
    return text.toString();
  }

  private static int valueStart(Span secret) {
    String text = secret.text();
    for (int at = 0; at < text.length(); at++) {
      if (text.charAt(at) == '=' || text.charAt(at) == ':') {
        return secret.start() + at + 1;
      }
    }
    return secret.start();
  }
}
