package fr.gouv.social.fabrique.report;

import fr.gouv.social.fabrique.engine.Issue;
import fr.gouv.social.fabrique.engine.Report;
import fr.gouv.social.fabrique.rule.Finding;
import fr.gouv.social.fabrique.source.Language;
import java.io.IOException;

/** Checkstyle's XML, version 4.3, which most servers read. */
public final class CheckstyleFormat implements ReportFormat {
  @Override
  public String name() {
    return "checkstyle";
  }

  @Override
  public void write(Report report, Language language, Appendable out) throws IOException {
    out.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"4.3\">\n");
    String path = null;
    for (Issue issue : report.active()) {
      Finding finding = issue.finding();
      String next = finding.span().file().path();
      if (!next.equals(path)) {
        out.append(path == null ? "" : "  </file>\n")
            .append("  <file name=\"" + Wording.xml(next) + "\">\n");
        path = next;
      }
      out.append("    <error line=\"" + finding.span().line())
          .append("\" column=\"" + finding.span().column())
          .append("\" severity=\"" + Wording.name(issue.severity()))
          .append("\" message=\"")
          .append(Wording.xml(Wording.message(report, finding, language)))
          .append("\" source=\"fabrique." + finding.rule().value().replace('/', '.'))
          .append("\"/>\n");
    }
    out.append(path == null ? "" : "  </file>\n").append("</checkstyle>\n");
  }
}
