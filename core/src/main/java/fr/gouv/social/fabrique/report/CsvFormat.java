package fr.gouv.social.fabrique.report;

import fr.gouv.social.fabrique.engine.Issue;
import fr.gouv.social.fabrique.engine.Report;
import fr.gouv.social.fabrique.rule.Finding;
import fr.gouv.social.fabrique.source.Language;
import fr.gouv.social.fabrique.source.Span;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Comma-separated values (RFC 4180), one line for each active issue. */
public final class CsvFormat implements ReportFormat {
  @Override
  public String name() {
    return "csv";
  }

  @Override
  public void write(Report report, Language language, Appendable out) throws IOException {
    row(
        out,
        "path",
        "line",
        "column",
        "endLine",
        "endColumn",
        "severity",
        "rule",
        "message",
        "subject",
        "requirement",
        "environment",
        "fingerprint");
    for (Issue issue : report.active()) {
      Finding finding = issue.finding();
      Span span = finding.span();
      row(
          out,
          span.file().path(),
          Integer.toString(span.line()),
          Integer.toString(span.column()),
          Integer.toString(span.endLine()),
          Integer.toString(span.endColumn()),
          Wording.name(issue.severity()),
          finding.rule().value(),
          Wording.message(report, finding, language),
          finding.subject(),
          Wording.page(report, finding).requirement(),
          issue.environment().name().toLowerCase(Locale.ROOT),
          issue.fingerprint());
    }
  }

  private static void row(Appendable out, @Nullable String... cells) throws IOException {
    String separator = "";
    for (String cell : cells) {
      out.append(separator).append(cell == null ? "" : cell(cell));
      separator = ",";
    }
    out.append("\r\n");
  }

  /** A cell that a spreadsheet would run as a formula starts with an apostrophe. */
  private static String cell(String text) {
    String printed = Paint.printed(text);
    boolean formula = !printed.isEmpty() && "=+-@".indexOf(printed.charAt(0)) >= 0;
    String safe = formula ? "'" + printed : printed;
    boolean quoted =
        safe.indexOf(',') >= 0
            || safe.indexOf('"') >= 0
            || safe.indexOf('\n') >= 0
            || safe.indexOf('\r') >= 0;
    return quoted ? "\"" + safe.replace("\"", "\"\"") + "\"" : safe;
  }
}
