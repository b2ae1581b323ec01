package fr.gouv.social.fabrique.report;

import fr.gouv.social.fabrique.engine.Defect;
import fr.gouv.social.fabrique.engine.Issue;
import fr.gouv.social.fabrique.engine.NotChecked;
import fr.gouv.social.fabrique.engine.Report;
import fr.gouv.social.fabrique.engine.Suppression;
import fr.gouv.social.fabrique.rule.Finding;
import fr.gouv.social.fabrique.rule.Fix;
import fr.gouv.social.fabrique.rule.RuleId;
import fr.gouv.social.fabrique.rule.RulePage;
import fr.gouv.social.fabrique.rule.RuleText;
import fr.gouv.social.fabrique.rule.Severity;
import fr.gouv.social.fabrique.rule.TextEdit;
import fr.gouv.social.fabrique.source.Language;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.source.Text;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * SARIF 2.1.0 (OASIS, errata 01), within the limits of GitHub code scanning: 25,000 results in a
 * run, 1,000 locations in a result.
 */
public final class SarifFormat implements ReportFormat {
  private static final String SCHEMA =
      "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
  private static final String ROOT = "%SRCROOT%";
  private static final String PROJECT = "https://github.com/SocialGouv/fabrique";
  private static final String PAGES =
      PROJECT + "/blob/main/rules/src/main/resources/fr/gouv/social/fabrique/rules/";
  private static final int MAX_RESULTS = 25_000;
  private static final int MAX_RELATED = 999;

  @Override
  public String name() {
    return "sarif";
  }

  @Override
  public void write(Report report, Language language, Appendable out) throws IOException {
    List<Issue> issues = within(report.issues());
    Map<RuleId, Integer> rules = new TreeMap<>();
    for (Issue issue : issues) {
      rules.put(issue.finding().rule(), 0);
    }
    int index = 0;
    for (Map.Entry<RuleId, Integer> rule : rules.entrySet()) {
      rule.setValue(index++);
    }
    JsonWriter json = new JsonWriter(out);
    json.beginObject().member("$schema", SCHEMA).member("version", "2.1.0");
    json.name("runs").beginArray().beginObject();

    json.name("tool").beginObject().name("driver").beginObject();
    json.member("name", "fabrique")
        .member("version", Wording.version())
        .member("informationUri", PROJECT);
    json.name("rules").beginArray();
    for (RuleId rule : rules.keySet()) {
      rule(report, report.rules().pages().page(rule), language, json);
    }
    json.endArray().endObject().endObject();

    json.name("invocations").beginArray().beginObject();
    json.member("executionSuccessful", report.defects().isEmpty());
    notifications(report, issues.size(), language, json);
    json.endObject().endArray();

    json.member("language", language == Language.FR ? "fr" : "en")
        .member("columnKind", "utf16CodeUnits");
    json.name("originalUriBaseIds").beginObject().name(ROOT).beginObject();
    text(
        "description",
        language == Language.FR ? "La racine du dépôt." : "The root of the repository.",
        json);
    json.endObject().endObject();

    json.name("results").beginArray();
    for (Issue issue : issues) {
      result(report, issue, rules.getOrDefault(issue.finding().rule(), 0), language, json);
    }
    json.endArray();
    json.endObject().endArray().endObject().end();
  }

  private static List<Issue> within(List<Issue> issues) {
    if (issues.size() <= MAX_RESULTS) {
      return issues;
    }
    List<Issue> gravest = new ArrayList<>(issues);
    gravest.sort((one, two) -> one.severity().compareTo(two.severity()));
    return gravest.subList(0, MAX_RESULTS);
  }

  private static void rule(Report report, RulePage page, Language language, JsonWriter json)
      throws IOException {
    RuleText prose = report.rules().pages().text(page.id());
    json.beginObject().member("id", page.id().value()).member("name", camel(page.id()));
    text("shortDescription", page.title().in(language), json);
    // The pages of a team's own policies are nowhere but in its repository.
    if (!page.since().isEmpty()) {
      json.member("helpUri", PAGES + page.id() + ".md");
    }
    String why = prose.markdown().in(language).strip();
    if (!why.isEmpty()) {
      String examples =
          example(new Text("À éviter", "Wrong"), prose.bad(), language)
              + example(new Text("Correct", "Right"), prose.good(), language);
      json.name("help")
          .beginObject()
          .member("text", why)
          .member("markdown", linked(why, page.id()) + examples)
          .endObject();
    }
    json.name("defaultConfiguration")
        .beginObject()
        .member("enabled", page.enabled())
        .member("level", level(page.severity()))
        .endObject();
    json.name("properties").beginObject();
    json.member("problem.severity", problemSeverity(page.severity())).member("precision", "high");
    json.member(
        "tags",
        page.requirement() == null
            ? List.of(page.id().family())
            : List.of(page.id().family(), page.requirement()));
    json.endObject().endObject();
  }

  /** Pages name each other by their files. */
  private static String linked(String markdown, RuleId rule) {
    return markdown.replaceAll(
        "\\]\\((?!https?:)([^)\\s]+\\.md)\\)", "](" + PAGES + rule.family() + "/$1)");
  }

  private static String example(Text title, String code, Language language) {
    return code.isBlank()
        ? ""
        : "\n\n**" + title.in(language) + "**\n\n~~~~\n" + code.stripTrailing() + "\n~~~~";
  }

  private static void notifications(Report report, int written, Language language, JsonWriter json)
      throws IOException {
    json.name("toolExecutionNotifications").beginArray();
    for (Defect defect : report.defects()) {
      notification("error", defect.what(), json);
      json.endObject();
    }
    for (NotChecked each : report.notChecked()) {
      notification("note", each.reason().in(language), json);
      json.name("locations").beginArray().beginObject().name("physicalLocation").beginObject();
      artifact(each.path(), json);
      if (each.line() > 0) {
        json.name("region").beginObject().member("startLine", each.line()).endObject();
      }
      json.endObject().endObject().endArray().endObject();
    }
    int left = report.issues().size() - written;
    if (left > 0) {
      notification(
          "warning",
          (language == Language.FR ? "Constats en trop, non listés : " : "Findings left out: ")
              + left,
          json);
      json.endObject();
    }
    json.endArray();
  }

  private static void notification(String level, String message, JsonWriter json)
      throws IOException {
    json.beginObject().member("level", level);
    text("message", message, json);
  }

  private static void result(
      Report report, Issue issue, int ruleIndex, Language language, JsonWriter json)
      throws IOException {
    Finding finding = issue.finding();
    json.beginObject()
        .member("ruleId", finding.rule().value())
        .member("ruleIndex", ruleIndex)
        .member("level", level(issue.severity()));
    text("message", Wording.message(report, finding, language), json);
    json.name("locations").beginArray().beginObject();
    location(finding.span(), true, json);
    if (!finding.subject().isEmpty()) {
      json.name("logicalLocations")
          .beginArray()
          .beginObject()
          .member("fullyQualifiedName", finding.subject())
          .endObject()
          .endArray();
    }
    json.endObject().endArray();
    if (!finding.related().isEmpty()) {
      json.name("relatedLocations").beginArray();
      int id = 0;
      for (Finding.Related related : finding.related()) {
        if (id < MAX_RELATED) {
          json.beginObject().member("id", id++);
          location(related.span(), true, json);
          if (related.why() != null) {
            json.name("message").beginObject();
            json.member("text", related.why().in(language)).endObject();
          }
          json.endObject();
        }
      }
      json.endArray();
    }
    json.name("partialFingerprints")
        .beginObject()
        .member("fabrique/v1", issue.fingerprint())
        .endObject();
    if (issue.baseline()) {
      json.member("baselineState", "unchanged");
    }
    suppression(issue, json);
    Fix fix = finding.fix();
    if (fix != null) {
      fix(fix, Wording.page(report, finding).fix(), language, json);
    }
    json.endObject();
  }

  private static void suppression(Issue issue, JsonWriter json) throws IOException {
    json.name("suppressions").beginArray();
    Suppression suppression = issue.suppression();
    if (suppression != null) {
      boolean inSource = suppression.span().file() == issue.finding().span().file();
      json.beginObject()
          .member("kind", inSource ? "inSource" : "external")
          .member("justification", suppression.reason());
      json.name("location").beginObject();
      location(suppression.span(), false, json);
      json.endObject().endObject();
    }
    json.endArray();
  }

  private static void fix(Fix fix, @Nullable Text title, Language language, JsonWriter json)
      throws IOException {
    Map<String, List<TextEdit>> byFile = new LinkedHashMap<>();
    for (TextEdit edit : fix.edits()) {
      byFile.computeIfAbsent(edit.span().file().path(), path -> new ArrayList<>()).add(edit);
    }
    json.name("fixes").beginArray().beginObject();
    if (title != null) {
      text("description", title.in(language), json);
    }
    json.name("artifactChanges").beginArray();
    for (Map.Entry<String, List<TextEdit>> change : byFile.entrySet()) {
      json.beginObject();
      artifact(change.getKey(), json);
      json.name("replacements").beginArray();
      for (TextEdit edit : change.getValue()) {
        json.beginObject();
        region("deletedRegion", edit.span(), false, json);
        text("insertedContent", edit.replacement(), json);
        json.endObject();
      }
      json.endArray().endObject();
    }
    json.endArray().endObject().endArray();
  }

  private static void location(Span span, boolean snippet, JsonWriter json) throws IOException {
    json.name("physicalLocation").beginObject();
    artifact(span.file().path(), json);
    region("region", span, snippet, json);
    json.endObject();
  }

  private static void artifact(String path, JsonWriter json) throws IOException {
    json.name("artifactLocation")
        .beginObject()
        .member("uri", Wording.uri(path))
        .member("uriBaseId", ROOT)
        .endObject();
  }

  private static void region(String name, Span span, boolean snippet, JsonWriter json)
      throws IOException {
    json.name(name)
        .beginObject()
        .member("startLine", span.line())
        .member("startColumn", span.column())
        .member("endLine", span.endLine())
        .member("endColumn", span.endColumn())
        .member("charOffset", span.start())
        .member("charLength", span.end() - span.start());
    if (snippet && span.end() > span.start()) {
      text("snippet", span.text(), json);
    }
    json.endObject();
  }

  private static void text(String name, String text, JsonWriter json) throws IOException {
    json.name(name).beginObject().member("text", text).endObject();
  }

  private static String level(Severity severity) {
    return severity == Severity.INFO ? "note" : Wording.name(severity);
  }

  private static String problemSeverity(Severity severity) {
    return severity == Severity.INFO ? "recommendation" : Wording.name(severity);
  }

  private static String camel(RuleId id) {
    StringBuilder name = new StringBuilder();
    for (String word : id.value().split("[/-]")) {
      name.append(Character.toUpperCase(word.charAt(0))).append(word, 1, word.length());
    }
    return name.toString();
  }
}
