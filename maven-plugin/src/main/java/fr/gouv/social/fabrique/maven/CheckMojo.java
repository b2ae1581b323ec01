package fr.gouv.social.fabrique.maven;

import fr.gouv.social.fabrique.config.ConfigProblem;
import fr.gouv.social.fabrique.config.FabriqueConfig;
import fr.gouv.social.fabrique.engine.Checker;
import fr.gouv.social.fabrique.engine.Report;
import fr.gouv.social.fabrique.report.ReportFormat;
import fr.gouv.social.fabrique.report.ReportFormats;
import fr.gouv.social.fabrique.report.TextFormat;
import fr.gouv.social.fabrique.report.Wording;
import fr.gouv.social.fabrique.rule.RuleSet;
import fr.gouv.social.fabrique.rule.Severity;
import fr.gouv.social.fabrique.rules.BuiltInRules;
import fr.gouv.social.fabrique.run.Refusal;
import fr.gouv.social.fabrique.run.Run;
import fr.gouv.social.fabrique.source.Language;
import fr.gouv.social.fabrique.standard.Standard;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;
import org.jspecify.annotations.Nullable;

/**
 * Checks the Dockerfiles, Compose files and Kubernetes manifests of the repository, once for a
 * whole reactor, and fails the build when something is at or above the threshold.
 */
@Mojo(
    name = "check",
    defaultPhase = LifecyclePhase.VERIFY,
    threadSafe = true,
    requiresProject = false)
public final class CheckMojo extends AbstractMojo {
  private static final List<String> THRESHOLDS = List.of("error", "warning", "info", "never");

  /** Checks nothing. */
  @Parameter(property = "fabrique.skip", defaultValue = "false")
  private boolean skip;

  /**
   * The least severity that fails the build: {@code error}, {@code warning}, {@code info} or {@code
   * never}. Default: that of the configuration, else {@code error}.
   */
  @Parameter(property = "fabrique.failOn")
  private @Nullable String failOn;

  /** The configuration, instead of the {@code fabrique.yaml} at the root. */
  @Parameter(property = "fabrique.config")
  private @Nullable File config;

  /** The root of the repository. Default: the folder in which Maven was started. */
  @Parameter(property = "fabrique.root")
  private @Nullable File root;

  /**
   * The formats of the reports: {@code html}, {@code json}, {@code sarif}, {@code junit}, {@code
   * checkstyle}, {@code gitlab}, {@code sonarqube}, {@code github}, {@code csv}, {@code markdown},
   * {@code text}.
   */
  @Parameter(property = "fabrique.reports", defaultValue = "html,sarif")
  private List<String> reports = new ArrayList<>();

  /**
   * Where the reports go. Default: {@code fabrique} in the build folder, or in {@code target} where
   * there is no project.
   */
  @Parameter(property = "fabrique.outputDirectory")
  private @Nullable File outputDirectory;

  /** The language of messages and reports, {@code fr} or {@code en}. */
  @Parameter(property = "fabrique.language")
  private @Nullable String language;

  /** The date of the check, {@code YYYY-MM-DD}. Default: today. */
  @Parameter(property = "fabrique.asOf")
  private @Nullable String asOf;

  /** Whether comments, annotations and the configuration may except findings. */
  @Parameter(property = "fabrique.suppressions", defaultValue = "true")
  private boolean suppressions = true;

  /** Whether each finding is written to the console, or the counts alone. */
  @Parameter(property = "fabrique.consoleOutput", defaultValue = "true")
  private boolean consoleOutput = true;

  @Parameter(defaultValue = "${session}", readonly = true, required = true)
  private MavenSession session;

  @Parameter(defaultValue = "${project}", readonly = true)
  private @Nullable MavenProject project;

  /** For Maven, which fills the fields. */
  @SuppressWarnings("NullAway.Init")
  public CheckMojo() {}

  @Override
  public void execute() throws MojoExecutionException, MojoFailureException {
    if (skip) {
      getLog().info("fabrique: fabrique.skip is set, nothing is checked");
      return;
    }
    // The unit is the repository: links lead across modules.
    if (project != null && project.getFile() != null && !project.isExecutionRoot()) {
      getLog().info("fabrique: the whole repository is checked at the root of the reactor only");
      return;
    }
    Language spoken = "en".equals(language) ? Language.EN : Language.FR;
    try {
      check(spoken);
    } catch (Refusal refusal) {
      StringBuilder message = new StringBuilder("fabrique: " + refusal.text().in(spoken));
      for (ConfigProblem problem : refusal.problems()) {
        message.append('\n').append(problem.span()).append(": ");
        message.append(problem.message().in(spoken));
      }
      throw new MojoExecutionException(message.toString());
    }
  }

  private void check(Language preferred)
      throws Refusal, MojoExecutionException, MojoFailureException {
    Path top = root == null ? Path.of(session.getExecutionRootDirectory()) : root.toPath();
    RuleSet rules = BuiltInRules.load();
    LocalDate date = date();
    FabriqueConfig decided =
        Run.config(
            top,
            config == null ? null : config.toPath(),
            rules.pages(),
            date == null ? LocalDate.now() : date);
    decided = overridden(decided, date);
    Language configured = decided.language();
    Language spoken = language == null && configured != null ? configured : preferred;
    Map<String, Path> files = files(decided, top);
    Report report = Run.check(new Checker(rules, Standard.builtIn()), top, List.of(), decided);
    for (Map.Entry<String, Path> file : files.entrySet()) {
      ReportFormat format = ReportFormats.find(file.getKey());
      if (format != null) {
        Run.write(format, report, spoken, file.getValue());
      }
    }
    Path html = files.get("html");
    say(report, spoken, html);
    if (!report.defects().isEmpty()) {
      throw new MojoExecutionException(
          "fabrique: " + report.defects().get(0).what(), report.defects().get(0).cause());
    }
    if (report.fails()) {
      throw new MojoFailureException(
          "fabrique: "
              + Wording.issues(report.active().size(), spoken)
              + " ("
              + Wording.severities(report, spoken)
              + ")"
              + (html == null ? "" : ". " + html));
    }
  }

  private FabriqueConfig overridden(FabriqueConfig decided, @Nullable LocalDate date)
      throws MojoExecutionException {
    FabriqueConfig result = decided;
    if (failOn != null) {
      String threshold = failOn.strip().toLowerCase(Locale.ROOT);
      if (!THRESHOLDS.contains(threshold)) {
        throw new MojoExecutionException(
            "fabrique.failOn: " + failOn + " (" + String.join(", ", THRESHOLDS) + ")");
      }
      result =
          result.withFailOn(
              threshold.equals("never")
                  ? null
                  : Severity.valueOf(threshold.toUpperCase(Locale.ROOT)));
    }
    if (date != null) {
      result = result.withAsOf(date);
    }
    return suppressions ? result : result.withoutSuppressions();
  }

  private @Nullable LocalDate date() throws MojoExecutionException {
    try {
      return asOf == null ? null : LocalDate.parse(asOf.strip());
    } catch (DateTimeException wrong) {
      throw new MojoExecutionException("fabrique.asOf: " + asOf + " (YYYY-MM-DD)");
    }
  }

  /** Where each report goes; the places that the configuration names come first. */
  private Map<String, Path> files(FabriqueConfig decided, Path top)
      throws Refusal, MojoExecutionException {
    Path folder = folder(top);
    Map<String, Path> files = new LinkedHashMap<>();
    for (String written : reports) {
      String name = written.strip().toLowerCase(Locale.ROOT);
      if (!ReportFormats.names().contains(name)) {
        throw new MojoExecutionException(
            "fabrique.reports: " + written + " (" + String.join(", ", ReportFormats.names()) + ")");
      }
      files.put(name, folder.resolve("report." + ReportFormats.extension(name)));
    }
    for (Map.Entry<String, String> report : decided.reports().entrySet()) {
      if (ReportFormats.names().contains(report.getKey())) {
        files.put(report.getKey(), Run.reportFile(top, report.getValue()));
      }
    }
    return files;
  }

  private Path folder(Path top) {
    if (outputDirectory != null) {
      return outputDirectory.isAbsolute()
          ? outputDirectory.toPath()
          : top.resolve(outputDirectory.toPath());
    }
    MavenProject built = project;
    return built != null && built.getFile() != null
        ? Path.of(built.getBuild().getDirectory(), "fabrique")
        : top.resolve("target").resolve("fabrique");
  }

  private void say(Report report, Language spoken, @Nullable Path html) {
    TextFormat format =
        new TextFormat(
            new TextFormat.Options(
                consoleOutput ? TextFormat.Detail.CONCISE : TextFormat.Detail.SUMMARY,
                false,
                getLog().isDebugEnabled(),
                html == null ? null : html.toString(),
                null));
    StringBuilder text = new StringBuilder();
    try {
      format.write(report, spoken, text);
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
    text.toString()
        .lines()
        .forEach(
            line -> {
              if (report.fails()) {
                getLog().error(line);
              } else {
                getLog().info(line);
              }
            });
  }
}
