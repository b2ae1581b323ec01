package fr.gouv.social.fabrique.report;

import fr.gouv.social.fabrique.engine.Defect;
import fr.gouv.social.fabrique.engine.Issue;
import fr.gouv.social.fabrique.engine.NotChecked;
import fr.gouv.social.fabrique.engine.Report;
import fr.gouv.social.fabrique.rule.Finding;
import fr.gouv.social.fabrique.rule.Severity;
import fr.gouv.social.fabrique.source.Language;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.source.Text;
import fr.gouv.social.fabrique.standard.Verdict;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a person reads in a terminal. */
public final class TextFormat implements ReportFormat {
  /** How much is said of each issue. */
  public enum Detail {
    /** One line for each issue that fails the run, and nothing else. */
    QUIET,
    /** Nothing: the closing lines alone. */
    SUMMARY,
    /** One line, {@code path:line:column: severity rule message}, as editors and grep take it. */
    CONCISE,
    /** Grouped by file, with the excerpt, the places that matter too and the cure. */
    FULL
  }

  /**
   * How to write.
   *
   * @param verbose whether what was not checked and what is suppressed is listed, not only counted
   * @param htmlReport where the report for reading was written, or null
   * @param explains how to ask for the page of a rule, before its name, or null
   */
  public record Options(
      Detail detail,
      boolean colour,
      boolean verbose,
      @Nullable String htmlReport,
      @Nullable String explains) {}

  private final Options options;
  private final Paint paint;

  /** In full, without colours. */
  public TextFormat() {
    this(new Options(Detail.FULL, false, false, null, "fabrique explain"));
  }

  public TextFormat(Options options) {
    this.options = options;
    this.paint = new Paint(options.colour);
  }

  @Override
  public String name() {
    return "text";
  }

  @Override
  public void write(Report report, Language language, Appendable out) throws IOException {
    String path = "";
    for (Issue issue : report.active()) {
      switch (options.detail) {
        case SUMMARY -> {}
        case QUIET -> {
          if (report.fails(issue)) {
            concise(report, issue, language, out);
          }
        }
        case CONCISE -> concise(report, issue, language, out);
        case FULL -> {
          String next = issue.finding().span().file().path();
          if (!next.equals(path)) {
            out.append(paint.in(Paint.BOLD, Paint.plain(next))).append('\n');
            path = next;
          }
          full(report, issue, language, out);
        }
      }
    }
    if (options.detail != Detail.QUIET) {
      footer(report, language, out);
    }
  }

  private void concise(Report report, Issue issue, Language language, Appendable out)
      throws IOException {
    Finding finding = issue.finding();
    Span span = finding.span();
    out.append(
        Paint.plain(span.file().path())
            + (":" + span.line() + ":" + span.column() + ": ")
            + paint.in(colour(issue.severity()), Wording.word(issue.severity(), language))
            + (" " + finding.rule().value() + " ")
            + Paint.plain(Wording.message(report, finding, language))
            + "\n");
  }

  private void full(Report report, Issue issue, Language language, Appendable out)
      throws IOException {
    Finding finding = issue.finding();
    Span span = finding.span();
    String colour = colour(issue.severity());
    out.append("  ")
        .append(paint.in(Paint.DIM, span.line() + ":" + span.column()))
        .append("  ")
        .append(paint.in(colour, Wording.word(issue.severity(), language)))
        .append("  ")
        .append(paint.in(Paint.BOLD, Paint.plain(Wording.message(report, finding, language))))
        .append("  ")
        .append(paint.in(Paint.CYAN, finding.rule().value()))
        .append('\n');
    CodeFrame.write(span, colour, paint, out);
    if (!finding.subject().isEmpty()) {
      note("=", finding.subject(), out);
    }
    for (Finding.Related related : finding.related()) {
      note("→", Wording.related(related, language), out);
      CodeFrame.write(related.span(), Paint.BLUE, paint, out);
    }
    Text fix = Wording.page(report, finding).fix();
    if (finding.fix() != null && fix != null) {
      note(language == Language.FR ? "correction :" : "fix:", fix.in(language), out);
    }
    out.append('\n');
  }

  private void note(String mark, String text, Appendable out) throws IOException {
    out.append("   ")
        .append(paint.in(Paint.BLUE, mark))
        .append(' ')
        .append(Paint.plain(text))
        .append('\n');
  }

  /** Writes one problem of a file that is not that of a rule, such as a configuration's. */
  public static void writeProblem(
      Span span, String message, Language language, boolean colour, Appendable out)
      throws IOException {
    Paint paint = new Paint(colour);
    out.append(Paint.plain(span.toString()))
        .append(": ")
        .append(paint.in(Paint.RED, Wording.word(Severity.ERROR, language)))
        .append(" ")
        .append(Paint.plain(message))
        .append('\n');
    CodeFrame.write(span, Paint.RED, paint, out);
  }

  private void footer(Report report, Language language, Appendable out) throws IOException {
    boolean french = language == Language.FR;
    List<Issue> active = report.active();
    String checked =
        Wording.count(
            report.checked().size(),
            language,
            new Text("fichier vérifié", "file checked"),
            new Text("fichiers vérifiés", "files checked"));
    if (active.isEmpty()) {
      out.append(paint.in(Paint.GREEN, french ? "✔ Aucun constat" : "✔ No finding"))
          .append(french ? " : " : ": ")
          .append(checked)
          .append(".\n");
    } else {
      String colour = report.fails() ? Paint.RED : Paint.YELLOW;
      out.append(
              paint.in(
                  colour, (report.fails() ? "✖ " : "⚠ ") + Wording.issues(active.size(), language)))
          .append(" (" + Wording.severities(report, language) + ")")
          .append(french ? " ; " : "; ")
          .append(checked)
          .append(".\n");
    }
    excepted(report, language, out);
    notChecked(report, language, out);
    conformity(report, language, out);
    long fixes = active.stream().filter(issue -> issue.finding().fix() != null).count();
    if (fixes > 0) {
      out.append("  ")
          .append(
              Wording.count(
                  fixes,
                  language,
                  new Text("correction proposée", "fix at hand"),
                  new Text("corrections proposées", "fixes at hand")))
          .append(".\n");
    }
    for (Defect defect : report.defects()) {
      out.append(paint.in(Paint.RED, french ? "  défaut de fabrique : " : "  defect of fabrique: "))
          .append(Paint.plain(defect.what()))
          .append("\n");
    }
    if (options.htmlReport != null) {
      out.append(french ? "  Rapport : " : "  Report: ")
          .append(Paint.plain(options.htmlReport))
          .append('\n');
    }
    if (!active.isEmpty() && options.explains != null) {
      String rule = Wording.gravestFirst(report).get(0).finding().rule().value();
      out.append(french ? "  Pour comprendre : " : "  To understand: ")
          .append(paint.in(Paint.BOLD, options.explains + " " + rule))
          .append('\n');
    }
  }

  private void excepted(Report report, Language language, Appendable out) throws IOException {
    List<Issue> suppressed =
        report.issues().stream().filter(issue -> issue.suppression() != null).toList();
    long baseline =
        report.issues().stream()
            .filter(issue -> issue.suppression() == null && issue.baseline())
            .count();
    if (!suppressed.isEmpty()) {
      out.append("  ")
          .append(
              Wording.count(
                  suppressed.size(),
                  language,
                  new Text("exception", "exception"),
                  new Text("exceptions", "exceptions")))
          .append(".\n");
    }
    if (options.verbose) {
      for (Issue issue : suppressed) {
        String reason = issue.suppression() == null ? null : issue.suppression().reason();
        note(
            "-",
            issue.finding().span()
                + " "
                + issue.finding().rule()
                + (reason == null ? "" : " : " + reason),
            out);
      }
    }
    if (baseline > 0) {
      out.append("  ")
          .append(
              Wording.count(
                  baseline,
                  language,
                  new Text("constat déjà connu", "finding known before"),
                  new Text("constats déjà connus", "findings known before")))
          .append(".\n");
    }
  }

  private void notChecked(Report report, Language language, Appendable out) throws IOException {
    List<NotChecked> left = report.notChecked();
    if (left.isEmpty()) {
      return;
    }
    out.append("  ")
        .append(
            Wording.count(
                left.size(),
                language,
                new Text("élément non vérifié", "thing not checked"),
                new Text("éléments non vérifiés", "things not checked")));
    if (!options.verbose) {
      out.append(language == Language.FR ? " (-v les liste).\n" : " (-v lists them).\n");
      return;
    }
    out.append(language == Language.FR ? " :\n" : ":\n");
    for (NotChecked each : left) {
      String place = each.path() + (each.line() > 0 ? ":" + each.line() : "");
      note("-", place + " : " + each.reason().in(language), out);
    }
  }

  private void conformity(Report report, Language language, Appendable out) throws IOException {
    if (report.conformity().isEmpty()) {
      return;
    }
    String counts =
        Stream.of(Verdict.values())
            .map(
                verdict -> {
                  long number =
                      report.conformity().stream()
                          .filter(each -> each.verdict() == verdict)
                          .count();
                  return number == 0 ? "" : count(number, verdict, language);
                })
            .filter(text -> !text.isEmpty())
            .reduce((one, two) -> one + ", " + two)
            .orElse("");
    out.append(language == Language.FR ? "  Standards : " : "  Standards: ")
        .append(counts)
        .append(".\n");
  }

  private static String count(long number, Verdict verdict, Language language) {
    return Wording.count(
        number, language, Wording.word(verdict, true), Wording.word(verdict, false));
  }

  private static String colour(Severity severity) {
    return switch (severity) {
      case ERROR -> Paint.RED;
      case WARNING -> Paint.YELLOW;
      case INFO -> Paint.BLUE;
    };
  }
}
