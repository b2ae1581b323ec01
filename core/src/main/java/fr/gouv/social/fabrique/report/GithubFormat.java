package fr.gouv.social.fabrique.report;

import fr.gouv.social.fabrique.engine.Issue;
import fr.gouv.social.fabrique.engine.Report;
import fr.gouv.social.fabrique.rule.Finding;
import fr.gouv.social.fabrique.rule.Severity;
import fr.gouv.social.fabrique.source.Language;
import fr.gouv.social.fabrique.source.Span;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;

/**
 * Annotations by workflow commands of GitHub Actions. A step shows ten of each severity: the rest
 * is counted, not written.
 */
public final class GithubFormat implements ReportFormat {
  private static final int SHOWN = 10;

  @Override
  public String name() {
    return "github";
  }

  @Override
  public void write(Report report, Language language, Appendable out) throws IOException {
    Map<Severity, Integer> written = new EnumMap<>(Severity.class);
    int left = 0;
    for (Issue issue : Wording.gravestFirst(report)) {
      if (written.merge(issue.severity(), 1, Integer::sum) > SHOWN) {
        left++;
        continue;
      }
      Finding finding = issue.finding();
      Span span = finding.span();
      int end = Wording.endOffset(span);
      int endLine = span.file().lineAt(end);
      out.append(
              "::"
                  + (issue.severity() == Severity.INFO ? "notice" : Wording.name(issue.severity())))
          .append(" title=" + property(finding.rule().value()))
          .append(",file=" + property(Paint.printed(span.file().path())))
          .append(",line=" + span.line())
          .append(",endLine=" + endLine);
      if (endLine == span.line()) {
        out.append(",col=" + span.column())
            .append(",endColumn=" + Math.max(span.column(), span.file().columnAt(end)));
      }
      out.append("::" + data(Paint.printed(Wording.message(report, finding, language))))
          .append("\n");
    }
    if (left > 0) {
      out.append(Wording.issues(left, language))
          .append(
              language == Language.FR ? " de plus, sans annotation\n" : " more, not annotated\n");
    }
  }

  private static String data(String text) {
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
  }

  private static String property(String text) {
    return data(text).replace(":", "%3A").replace(",", "%2C");
  }
}
