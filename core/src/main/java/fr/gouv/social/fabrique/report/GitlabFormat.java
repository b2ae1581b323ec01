package fr.gouv.social.fabrique.report;

import fr.gouv.social.fabrique.engine.Issue;
import fr.gouv.social.fabrique.engine.Report;
import fr.gouv.social.fabrique.rule.Finding;
import fr.gouv.social.fabrique.rule.Severity;
import fr.gouv.social.fabrique.source.Language;
import java.io.IOException;
import java.util.List;

/** GitLab Code Quality: the part of the CodeClimate format that GitLab and its readers ask for. */
public final class GitlabFormat implements ReportFormat {
  @Override
  public String name() {
    return "gitlab";
  }

  @Override
  public void write(Report report, Language language, Appendable out) throws IOException {
    JsonWriter json = new JsonWriter(out);
    json.beginArray();
    for (Issue issue : report.active()) {
      Finding finding = issue.finding();
      // GitLab shows the description and hides the name of the check.
      json.beginObject()
          .member("type", "issue")
          .member("check_name", finding.rule().value())
          .member("description", finding.rule() + ": " + Wording.message(report, finding, language))
          .member("categories", List.of(category(finding)))
          .member("severity", severity(issue.severity()))
          .member("fingerprint", issue.fingerprint());
      json.name("location")
          .beginObject()
          .member("path", finding.span().file().path())
          .name("lines")
          .beginObject()
          .member("begin", finding.span().line())
          .member("end", finding.span().file().lineAt(Wording.endOffset(finding.span())))
          .endObject()
          .endObject()
          .endObject();
    }
    json.endArray().end();
  }

  private static String category(Finding finding) {
    return finding.rule().family().equals("secret") ? "Security" : "Bug Risk";
  }

  private static String severity(Severity severity) {
    return switch (severity) {
      case ERROR -> "critical";
      case WARNING -> "major";
      case INFO -> "info";
    };
  }
}
