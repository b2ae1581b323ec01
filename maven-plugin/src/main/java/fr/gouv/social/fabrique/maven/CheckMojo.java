package fr.gouv.social.fabrique.maven;

import fr.gouv.social.fabrique.config.Baseline;
import fr.gouv.social.fabrique.config.FabriqueConfig;
import fr.gouv.social.fabrique.docker.DockerEngine;
import fr.gouv.social.fabrique.engine.Checker;
import fr.gouv.social.fabrique.engine.Report;
import fr.gouv.social.fabrique.image.Images;
import fr.gouv.social.fabrique.project.Outside;
import fr.gouv.social.fabrique.project.Shellcheck;
import fr.gouv.social.fabrique.report.ReportFormat;
import fr.gouv.social.fabrique.report.ReportFormats;
import fr.gouv.social.fabrique.report.TextFormat;
import fr.gouv.social.fabrique.report.Wording;
import fr.gouv.social.fabrique.rule.Severity;
import fr.gouv.social.fabrique.run.Refusal;
import fr.gouv.social.fabrique.run.Repository;
import fr.gouv.social.fabrique.run.Run;
import fr.gouv.social.fabrique.source.Language;
import fr.gouv.social.fabrique.source.Progress;
import fr.gouv.social.fabrique.source.Text;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
public final class CheckMojo extends RepositoryMojo {
  /** Where a line of the report names a place. */
  private static final Pattern PLACE = Pattern.compile("^.*?:\\d+:\\d+: ");

  /**
   * The least severity that fails the build: {@code error}, {@code warning}, {@code info} or {@code
   * never}. Default: that of the configuration, else {@code error}.
   */
  @Parameter(property = "fabrique.failOn")
  private @Nullable String failOn;

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

  /**
   * Reports only what was not there where the history parted from a revision of git, such as {@code
   * origin/main}.
   */
  @Parameter(property = "fabrique.changedSince")
  private @Nullable String changedSince;

  /** Whether comments, annotations, the configuration and a baseline may except findings. */
  @Parameter(property = "fabrique.suppressions", defaultValue = "true")
  private boolean suppressions = true;

  /**
   * Looks, in the Docker engine, at the images that the repository builds and runs, too. The engine
   * is the one that {@code docker} would use.
   */
  @Parameter(property = "fabrique.images", defaultValue = "false")
  private boolean images;

  /**
   * Gets images from their registries that the engine does not have, and asks registries what tags
   * mean; goes with {@code images} only.
   */
  @Parameter(property = "fabrique.pull", defaultValue = "false")
  private boolean pull;

  /** Whether the {@code shellcheck} on the PATH looks at the scripts of Dockerfiles too. */
  @Parameter(property = "fabrique.shellcheck", defaultValue = "false")
  private boolean shellcheck;

  /** Whether each finding is written to the console, or the counts alone. */
  @Parameter(property = "fabrique.consoleOutput", defaultValue = "true")
  private boolean consoleOutput = true;

  /** For Maven, which fills the fields. */
  public CheckMojo() {}

  @Override
  void run(Repository repository) throws Refusal, MojoExecutionException, MojoFailureException {
    Path top = repository.root();
    Language spoken = repository.language();
    FabriqueConfig decided = repository.config();
    Map<String, Path> files = files(repository);
    Baseline known = Run.baseline(top, baselineFile(), decided);
    Shellcheck program =
        shellcheck ? Shellcheck.find(System.getenv().getOrDefault("PATH", "")) : null;
    if (shellcheck && program == null) {
      getLog().error("fabrique: " + Run.NO_SHELLCHECK.in(spoken));
    }
    Images engine = Images.none();
    Report report;
    try (DockerEngine docker = images ? new DockerEngine(System.getenv()) : null) {
      engine = docker == null ? engine : Images.of(docker, pull);
      Checker checker = repository.checker().with(new Outside(new Progress(), program, engine));
      report = Run.check(checker, top, List.of(), decided, known);
      if (changedSince != null) {
        report = Run.since(changedSince, report, checker, top, known);
      }
    }
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
    Text trouble = engine.trouble();
    if (trouble != null) {
      throw new MojoExecutionException("fabrique: " + trouble.in(spoken));
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
    if (shellcheck && program == null) {
      throw new MojoExecutionException("fabrique: " + Run.NO_SHELLCHECK.in(spoken));
    }
  }

  @Override
  @Nullable String failOn() {
    return failOn == null ? null : failOn.strip().toLowerCase(Locale.ROOT);
  }

  @Override
  boolean suppressions() {
    return suppressions;
  }

  /** Where each report goes; the places that the configuration names come first. */
  private Map<String, Path> files(Repository repository) throws Refusal {
    Path folder = folder(repository.root());
    Map<String, Path> files = new LinkedHashMap<>();
    for (String written : reports) {
      String name = written.strip().toLowerCase(Locale.ROOT);
      if (!ReportFormats.names().contains(name)) {
        throw Refusal.unknown(
            new Text(
                "le format « " + written + " » de fabrique.reports",
                "the format “" + written + "” of fabrique.reports"),
            name,
            ReportFormats.names());
      }
      files.put(name, folder.resolve("report." + ReportFormats.extension(name)));
    }
    files.putAll(repository.reports());
    return files;
  }

  private Path folder(Path top) {
    if (outputDirectory != null) {
      return outputDirectory.isAbsolute()
          ? outputDirectory.toPath()
          : top.resolve(outputDirectory.toPath());
    }
    MavenProject built = project;
    return built != null && built.getFile() != null && built.isExecutionRoot()
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
    // Each finding at its own level; what sums them up, at that of the outcome.
    text.toString()
        .lines()
        .forEach(
            line -> {
              Severity severity = severity(line, spoken);
              if (severity == Severity.ERROR || severity == null && report.fails()) {
                getLog().error(line);
              } else if (severity == Severity.WARNING) {
                getLog().warn(line);
              } else {
                getLog().info(line);
              }
            });
  }

  private static @Nullable Severity severity(String line, Language spoken) {
    Matcher place = PLACE.matcher(line);
    if (place.find()) {
      for (Severity severity : Severity.values()) {
        if (line.startsWith(Wording.word(severity, spoken) + " ", place.end())) {
          return severity;
        }
      }
    }
    return null;
  }
}
