package fr.gouv.social.fabrique.report;

import fr.gouv.social.fabrique.config.FabriqueConfig;
import fr.gouv.social.fabrique.engine.Defect;
import fr.gouv.social.fabrique.engine.Issue;
import fr.gouv.social.fabrique.engine.NotChecked;
import fr.gouv.social.fabrique.engine.Report;
import fr.gouv.social.fabrique.engine.Suppression;
import fr.gouv.social.fabrique.rule.Finding;
import fr.gouv.social.fabrique.rule.Fix;
import fr.gouv.social.fabrique.rule.RuleId;
import fr.gouv.social.fabrique.rule.RulePage;
import fr.gouv.social.fabrique.rule.RulePages;
import fr.gouv.social.fabrique.rule.RuleSet;
import fr.gouv.social.fabrique.rule.RuleText;
import fr.gouv.social.fabrique.rule.Severity;
import fr.gouv.social.fabrique.rule.TextEdit;
import fr.gouv.social.fabrique.source.Environment;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.source.Text;
import fr.gouv.social.fabrique.standard.Conformity;
import fr.gouv.social.fabrique.standard.Level;
import fr.gouv.social.fabrique.standard.Requirement;
import fr.gouv.social.fabrique.standard.Verdict;
import fr.gouv.social.fabrique.standard.Visibility;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Reports with all that is hard to write. */
final class Reports {
  private static final RuleId ROOT = new RuleId("docker/root-user");
  private static final RuleId SECRET = new RuleId("secret/literal");
  private static final RuleId STYLE = new RuleId("yaml/style");

  private Reports() {}

  /** A hostile text: markup, a terminal's escape, a formula, a command of GitHub, a wide letter. */
  static final String HOSTILE = "=<b>|`a`,\"b\"\n::error::\u001b[31m% 漢 \u202E]]></script>";

  static Report empty() {
    return report(List.of(), List.of());
  }

  static Report many(int number) {
    SourceFile file = SourceFile.of("Dockerfile", "FROM a\n".repeat(number));
    return report(
        IntStream.range(0, number)
            .mapToObj(
                i ->
                    issue(
                        new Finding(
                            i % 2 == 0 ? ROOT : SECRET,
                            i % 2 == 0 ? Severity.WARNING : Severity.ERROR,
                            file.span(i * 7, i * 7 + 4),
                            "",
                            "main",
                            List.of("" + i),
                            List.of(),
                            null),
                        i,
                        null,
                        false))
            .toList(),
        List.of());
  }

  static Report full() {
    SourceFile docker =
        SourceFile.of("app/Dockerfile", "FROM node:20\r\n\tRUN é漢 && \\\r\n    exit\r\nUSER root");
    SourceFile odd = SourceFile.of("a:b/c d,é%.yaml", "a: 1\n");
    SourceFile lost = SourceFile.of("lost.yaml", "");
    Span user = docker.span(38, 47);
    List<Issue> issues = new ArrayList<>();
    issues.add(
        issue(finding(STYLE, Severity.INFO, odd.span(0, 1), "", List.of(), null), 0, null, false));
    issues.add(
        issue(finding(STYLE, Severity.INFO, odd.span(4, 5), "", List.of(), null), 1, null, false));
    issues.add(
        issue(
            finding(
                ROOT,
                Severity.WARNING,
                docker.span(15, 36),
                "stage 0",
                List.of(user, odd.span(0, 4)),
                null),
            2,
            null,
            false));
    issues.add(
        issue(
            finding(
                SECRET,
                Severity.ERROR,
                user,
                "Deployment/web › containers[api]",
                List.of(),
                new Fix(
                    List.of(
                        new TextEdit(docker.span(43, 47), "1000"),
                        new TextEdit(docker.span(0, 0), HOSTILE)),
                    true)),
            3,
            null,
            false));
    issues.add(
        issue(finding(ROOT, Severity.ERROR, lost.all(), "", List.of(), null), 4, null, false));
    Suppression suppression =
        new Suppression(
            odd.span(3, 4),
            List.of("docker/root-user"),
            rule -> true,
            finding -> true,
            "because",
            LocalDate.of(2027, 1, 1),
            false);
    issues.add(
        issue(
            finding(ROOT, Severity.ERROR, odd.span(3, 4), "", List.of(), null),
            5,
            suppression,
            false));
    issues.add(
        issue(finding(ROOT, Severity.ERROR, odd.span(3, 4), "", List.of(), null), 6, null, true));
    Requirement requirement =
        new Requirement(
            "docker.rootless",
            "docker",
            List.of("13"),
            Level.OBLIGATION,
            Visibility.DECIDABLE,
            new Text("Sans root", "Rootless"),
            new Text("", ""),
            "https://example.org",
            Set.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of());
    return report(
        issues,
        List.of(
            new Conformity(
                requirement,
                Verdict.BROKEN,
                List.of(issues.get(3).finding()),
                List.of(issues.get(5).finding()),
                List.of(new Conformity.Evidence(user, "x")),
                null)));
  }

  private static Report report(List<Issue> issues, List<Conformity> conformity) {
    RulePages pages =
        new RulePages(
            List.of(page(ROOT, "docker.rootless"), page(SECRET, null), page(STYLE, null)),
            Reports::texts);
    boolean clean = issues.isEmpty();
    return new Report(
        "project",
        FabriqueConfig.defaults(LocalDate.of(2026, 11, 1)),
        new RuleSet("2026.1", List.of(), pages),
        issues,
        conformity,
        List.of(),
        List.of("app/Dockerfile", "clean.yaml"),
        clean
            ? List.of()
            : List.of(
                new NotChecked("t.yaml", 3, new Text("un modèle", "a template")),
                new NotChecked("big.yaml", 0, new Text("trop grand", "too large"))),
        clean ? List.of() : List.of(new Defect("rule x on y", new RuntimeException())));
  }

  private static ByteArrayInputStream texts() {
    try (ByteArrayOutputStream bytes = new ByteArrayOutputStream()) {
      RuleText text = new RuleText(new Text("Pourquoi", "Why"), new Text("", ""), "bad", "good");
      RulePages.writeTexts(
          Map.of(ROOT, text, SECRET, text, STYLE, text), new DataOutputStream(bytes));
      return new ByteArrayInputStream(bytes.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static RulePage page(RuleId id, @Nullable String requirement) {
    return new RulePage(
        id,
        Severity.ERROR,
        true,
        requirement,
        "2026.1",
        List.of(),
        new Text("Titre " + id, "Title " + id),
        Map.of("main", new Text("Problème {0}", "Problem {0}")),
        new Text("Le corriger", "Mend it"),
        Map.of());
  }

  private static Finding finding(
      RuleId rule,
      Severity severity,
      Span span,
      String subject,
      List<Span> related,
      @Nullable Fix fix) {
    List<Finding.Related> places =
        related.stream().map(each -> new Finding.Related(each, null)).toList();
    return new Finding(rule, severity, span, subject, "main", List.of(HOSTILE), places, fix);
  }

  private static Issue issue(
      Finding finding, int number, @Nullable Suppression suppression, boolean baseline) {
    return new Issue(
        finding, String.format("%016x", number), Environment.PROD, suppression, baseline);
  }
}
