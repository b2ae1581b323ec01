package fr.gouv.social.fabrique.report;

import fr.gouv.social.fabrique.engine.Issue;
import fr.gouv.social.fabrique.engine.Report;
import fr.gouv.social.fabrique.rule.Finding;
import fr.gouv.social.fabrique.rule.RuleId;
import fr.gouv.social.fabrique.rule.RulePage;
import fr.gouv.social.fabrique.rule.Severity;
import fr.gouv.social.fabrique.source.Language;
import fr.gouv.social.fabrique.source.Span;
import java.io.IOException;
import java.util.TreeSet;

/** SonarQube's generic issues in the form of version 10.3 and later: rules with their impacts. */
public final class SonarqubeFormat implements ReportFormat {
  private static final int EFFORT_MINUTES = 10;

  @Override
  public String name() {
    return "sonarqube";
  }

  @Override
  public void write(Report report, Language language, Appendable out) throws IOException {
    TreeSet<RuleId> rules = new TreeSet<>();
    report.active().forEach(issue -> rules.add(issue.finding().rule()));
    JsonWriter json = new JsonWriter(out);
    json.beginObject().name("rules").beginArray();
    for (RuleId id : rules) {
      RulePage page = report.rules().pages().page(id);
      json.beginObject()
          .member("id", id.value())
          .member("name", page.title().in(language))
          .member("description", page.title().in(language))
          .member("engineId", "fabrique")
          .member("cleanCodeAttribute", isSecurity(id) ? "TRUSTWORTHY" : "CONVENTIONAL");
      json.name("impacts")
          .beginArray()
          .beginObject()
          .member("softwareQuality", isSecurity(id) ? "SECURITY" : "RELIABILITY")
          .member("severity", severity(report.config().severity(page)))
          .endObject()
          .endArray()
          .endObject();
    }
    json.endArray().name("issues").beginArray();
    for (Issue issue : report.active()) {
      Finding finding = issue.finding();
      json.beginObject()
          .member("ruleId", finding.rule().value())
          .member("effortMinutes", EFFORT_MINUTES);
      json.name("primaryLocation").beginObject();
      location(finding.span(), Wording.message(report, finding, language), json);
      json.endObject();
      if (!finding.related().isEmpty()) {
        json.name("secondaryLocations").beginArray();
        for (Finding.Related related : finding.related()) {
          json.beginObject();
          location(related.span(), Wording.related(related, language), json);
          json.endObject();
        }
        json.endArray();
      }
      json.endObject();
    }
    json.endArray().endObject().end();
  }

  private static boolean isSecurity(RuleId id) {
    return id.family().equals("secret");
  }

  private static String severity(Severity severity) {
    return switch (severity) {
      case ERROR -> "HIGH";
      case WARNING -> "MEDIUM";
      case INFO -> "LOW";
    };
  }

  private static void location(Span span, String message, JsonWriter json) throws IOException {
    json.member("message", message).member("filePath", span.file().path());
    int end = Wording.endOffset(span);
    int start = span.start();
    json.name("textRange").beginObject().member("startLine", span.line());
    int lineEnd = span.file().lineEnd(span.line());
    if (end == start && start < lineEnd) {
      end++;
    }
    // Columns are counted from 0, and an empty range is refused: the whole line then.
    if (end > start) {
      json.member("endLine", span.file().lineAt(end))
          .member("startColumn", span.column() - 1)
          .member("endColumn", span.file().columnAt(end) - 1);
    }
    json.endObject();
  }
}
