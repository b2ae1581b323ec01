package fr.gouv.social.fabrique.report;

import fr.gouv.social.fabrique.engine.Issue;
import fr.gouv.social.fabrique.engine.Report;
import fr.gouv.social.fabrique.rule.Finding;
import fr.gouv.social.fabrique.source.Language;
import java.io.IOException;
import java.util.List;

/** A summary in GitHub's Markdown, for a merge request or the summary of a job. */
public final class MarkdownFormat implements ReportFormat {
  /** A job summary holds 1 MiB; nobody reads more lines than these anyway. */
  private static final int ROWS = 100;

  @Override
  public String name() {
    return "markdown";
  }

  @Override
  public void write(Report report, Language language, Appendable out) throws IOException {
    boolean french = language == Language.FR;
    List<Issue> issues = Wording.gravestFirst(report);
    out.append("## fabrique\n\n");
    if (issues.isEmpty()) {
      out.append(french ? "Aucun constat" : "No finding");
    } else {
      out.append("**" + Wording.issues(issues.size(), language) + "**")
          .append(" (" + Wording.severities(report, language) + ")");
    }
    out.append(french ? ". Vérifié : " : ". Checked: ")
        .append(Wording.files(report.checked().size(), language))
        .append(".\n");
    if (!issues.isEmpty()) {
      issues(report, issues, language, out);
    }
    services(report, language, out);
  }

  private static void issues(Report report, List<Issue> issues, Language language, Appendable out)
      throws IOException {
    boolean french = language == Language.FR;
    out.append(
        french
            ? "\n| Gravité | Règle | Lieu | Constat |\n|---|---|---|---|\n"
            : "\n| Severity | Rule | Place | Finding |\n|---|---|---|---|\n");
    for (Issue issue : issues.subList(0, Math.min(ROWS, issues.size()))) {
      Finding finding = issue.finding();
      out.append("| " + Wording.word(issue.severity(), language))
          .append(" | " + escape(finding.rule().value()))
          .append(" | " + escape(finding.span().toString()))
          .append(" | " + escape(Wording.message(report, finding, language)))
          .append(" |\n");
    }
    if (issues.size() > ROWS) {
      out.append("\n" + Wording.issues(issues.size() - ROWS, language))
          .append(french ? " de plus.\n" : " more.\n");
    }
  }

  private static void services(Report report, Language language, Appendable out)
      throws IOException {
    List<Wording.Service> services = Wording.services(report);
    if (services.isEmpty()) {
      return;
    }
    out.append(
        language == Language.FR
            ? "\n### Services utilisés\n\n| Besoin | Service | Statut | Environnement | Lieu |\n|---|---|---|---|---|\n"
            : "\n### Services used\n\n| Need | Service | Standing | Environment | Place |\n|---|---|---|---|---|\n");
    for (Wording.Service service : services.subList(0, Math.min(ROWS, services.size()))) {
      int others = service.uses().size() - 1;
      out.append("| " + escape(service.need().title().in(language)))
          .append(" | " + escape(service.provider()))
          .append(" | " + Wording.word(service.standing(), language))
          .append(" | " + Wording.environments(service, language))
          .append(" | " + escape(service.uses().get(0).span().toString()))
          .append(others == 0 ? " |\n" : " (+" + others + ") |\n");
    }
  }

  /** Text in a cell of a table: what stands between backticks is code, all else is itself. */
  private static String escape(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    String plain = Paint.plain(text.replace('\n', ' ').replace('\r', ' '));
    for (int at = 0; at < plain.length(); at++) {
      char c = plain.charAt(at);
      int end = c == '`' ? plain.indexOf('`', at + 1) : -1;
      if (end > at + 1 && !plain.startsWith("`", end + 1)) {
        out.append(plain.substring(at, end + 1).replace("|", "\\|"));
        at = end;
        continue;
      }
      switch (c) {
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '&' -> out.append("&amp;");
        case '@' -> out.append("&#64;");
        // GitLab refers to things by some of these signs.
        case '\\', '`', '*', '_', '{', '}', '[', ']', '#', '|', '~', '!', '$', '%', '^' ->
            out.append('\\').append(c);
        default -> out.append(c);
      }
    }
    return out.toString();
  }
}
