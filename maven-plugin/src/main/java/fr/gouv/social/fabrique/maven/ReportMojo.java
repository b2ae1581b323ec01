package fr.gouv.social.fabrique.maven;

import fr.gouv.social.fabrique.engine.Issue;
import fr.gouv.social.fabrique.engine.Report;
import fr.gouv.social.fabrique.report.HtmlFormat;
import fr.gouv.social.fabrique.report.Wording;
import fr.gouv.social.fabrique.rules.BuiltInRules;
import fr.gouv.social.fabrique.run.Refusal;
import fr.gouv.social.fabrique.run.Repository;
import fr.gouv.social.fabrique.run.Run;
import fr.gouv.social.fabrique.source.Language;
import fr.gouv.social.fabrique.source.Text;
import java.io.File;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.maven.doxia.sink.Sink;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.reporting.AbstractMavenReport;
import org.apache.maven.reporting.MavenReportException;
import org.jspecify.annotations.Nullable;

/**
 * Adds a page to the site of the project, and beside it the report that the check writes. Never
 * fails for what it finds.
 */
@Mojo(name = "report", threadSafe = true)
public final class ReportMojo extends AbstractMavenReport {
  private static final String FULL = "fabrique/report.html";

  /** Adds no page. */
  @Parameter(property = "fabrique.skip", defaultValue = "false")
  private boolean skip;

  /** The configuration, instead of the {@code fabrique.yaml} at the root. */
  @Parameter(property = "fabrique.config")
  private @Nullable File config;

  /** The root of the repository. Default: the folder in which Maven was started. */
  @Parameter(property = "fabrique.root")
  private @Nullable File root;

  /** The language of the report, {@code fr} or {@code en}. Default: that of the page. */
  @Parameter(property = "fabrique.language")
  private @Nullable String language;

  /** The date of the check, {@code YYYY-MM-DD}. Default: today. */
  @Parameter(property = "fabrique.asOf")
  private @Nullable String asOf;

  /** The findings that are known. Default: the {@code fabrique-baseline.json} at the root. */
  @Parameter(property = "fabrique.baseline")
  private @Nullable File baseline;

  @Parameter(defaultValue = "${session}", readonly = true, required = true)
  private MavenSession session;

  /** For Maven, which fills the fields. */
  @SuppressWarnings("NullAway.Init")
  public ReportMojo() {}

  @Override
  @Deprecated
  public String getOutputName() {
    return "fabrique";
  }

  @Override
  public String getName(Locale locale) {
    return "Fabrique";
  }

  @Override
  public String getDescription(Locale locale) {
    return new Text(
            "Conformité des Dockerfiles, des fichiers Compose et des manifestes Kubernetes aux"
                + " standards de La Fabrique numérique",
            "Conformity of Dockerfiles, Compose files and Kubernetes manifests to the standards of"
                + " La Fabrique numérique")
        .in(of(locale));
  }

  /** One page for the whole reactor, on the site of its root. */
  @Override
  public boolean canGenerateReport() {
    return !skip && getProject().isExecutionRoot();
  }

  private static Language of(Locale locale) {
    return locale.getLanguage().equals("fr") ? Language.FR : Language.EN;
  }

  @Override
  protected void executeReport(Locale locale) throws MavenReportException {
    Path top = root == null ? Path.of(session.getExecutionRootDirectory()) : root.toPath();
    Language spoken = of(locale);
    try {
      Repository repository =
          Repository.of(
              top,
              new Repository.Wishes(
                  Repository.Face.MAVEN,
                  config == null ? null : config.toPath(),
                  language,
                  asOf,
                  null,
                  true),
              BuiltInRules.load(),
              spoken);
      spoken = repository.language();
      Report report =
          Run.check(
              repository.checker(),
              top,
              List.of(),
              repository.config(),
              Run.baseline(top, baseline == null ? null : baseline.toPath(), repository.config()));
      Path full = getReportOutputDirectory().toPath().resolve(FULL);
      Run.write(new HtmlFormat(), report, spoken, full);
      page(report, spoken, locale);
    } catch (Refusal refusal) {
      throw new MavenReportException(RepositoryMojo.message(refusal, spoken));
    }
  }

  private void page(Report report, Language spoken, Locale locale) {
    boolean french = spoken == Language.FR;
    Sink sink = getSink();
    sink.head();
    sink.title();
    sink.text(getName(locale));
    sink.title_();
    sink.head_();
    sink.body();
    sink.section1();
    sink.sectionTitle1();
    sink.text(getName(locale));
    sink.sectionTitle1_();
    sink.paragraph();
    int active = report.active().size();
    sink.text(
        Wording.issues(active, spoken)
            + (active == 0 ? "" : " (" + Wording.severities(report, spoken) + ")")
            + ". ");
    sink.link(FULL);
    sink.text(
        french
            ? "Le rapport entier, avec les extraits et la conformité à chaque énoncé"
            : "The whole report, with excerpts and the conformity to each statement");
    sink.link_();
    sink.paragraph_();
    if (active > 0) {
      rules(report, spoken, sink);
    }
    sink.section1_();
    sink.body_();
    sink.flush();
    sink.close();
  }

  private static void rules(Report report, Language spoken, Sink sink) {
    boolean french = spoken == Language.FR;
    Map<String, List<Issue>> byRule =
        report.active().stream()
            .collect(
                Collectors.groupingBy(
                    issue -> issue.finding().rule().value(), TreeMap::new, Collectors.toList()));
    sink.table();
    sink.tableRows(new int[] {Sink.JUSTIFY_LEFT, Sink.JUSTIFY_LEFT, Sink.JUSTIFY_RIGHT}, false);
    sink.tableRow();
    for (String title :
        french
            ? List.of("Règle", "Gravité", "Constats")
            : List.of("Rule", "Severity", "Findings")) {
      sink.tableHeaderCell();
      sink.text(title);
      sink.tableHeaderCell_();
    }
    sink.tableRow_();
    byRule.values().stream()
        .sorted(Comparator.comparing(issues -> issues.get(0).severity()))
        .forEach(
            issues -> {
              Issue first = issues.get(0);
              sink.tableRow();
              for (String cell :
                  List.of(
                      first.finding().rule()
                          + " — "
                          + report.rules().pages().page(first.finding().rule()).title().in(spoken),
                      Wording.word(first.severity(), spoken),
                      String.valueOf(issues.size()))) {
                sink.tableCell();
                sink.text(cell);
                sink.tableCell_();
              }
              sink.tableRow_();
            });
    sink.tableRows_();
    sink.table_();
  }
}
