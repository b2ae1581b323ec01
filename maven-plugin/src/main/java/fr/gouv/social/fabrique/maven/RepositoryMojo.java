package fr.gouv.social.fabrique.maven;

import fr.gouv.social.fabrique.config.ConfigProblem;
import fr.gouv.social.fabrique.rules.BuiltInRules;
import fr.gouv.social.fabrique.run.Refusal;
import fr.gouv.social.fabrique.run.Repository;
import fr.gouv.social.fabrique.source.Language;
import fr.gouv.social.fabrique.source.Text;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;
import org.jspecify.annotations.Nullable;

/** A goal that looks at the whole repository, once for a reactor. */
abstract class RepositoryMojo extends AbstractMojo {
  private static final Text SKIPPED =
      new Text(
          "fabrique.skip est posé : rien n'est vérifié",
          "fabrique.skip is set, nothing is checked");
  private static final Text ELSEWHERE =
      new Text(
          "tout le dépôt est vérifié une fois, dans un autre projet",
          "the whole repository is checked once, at another project");
  private static final String PLUGIN = "fr.gouv.social.fabrique:fabrique-maven-plugin";

  /** Does nothing. */
  @Parameter(property = "fabrique.skip", defaultValue = "false")
  private boolean skip;

  /** The configuration, instead of the {@code fabrique.yaml} at the root. */
  @Parameter(property = "fabrique.config")
  private @Nullable File config;

  /** The root of the repository. Default: the folder in which Maven was started. */
  @Parameter(property = "fabrique.root")
  private @Nullable File root;

  /**
   * The language of messages and reports, {@code fr} or {@code en}. Default: that of the
   * configuration, else that of the environment, as on the command line.
   */
  @Parameter(property = "fabrique.language")
  private @Nullable String language;

  /** The date of the check, {@code YYYY-MM-DD}. Default: today. */
  @Parameter(property = "fabrique.asOf")
  private @Nullable String asOf;

  /**
   * The findings that are known and do not count. Default: the {@code fabrique-baseline.json} at
   * the root, if there is one.
   */
  @Parameter(property = "fabrique.baseline")
  @Nullable File baseline;

  @Parameter(defaultValue = "${session}", readonly = true, required = true)
  private MavenSession session;

  @Parameter(defaultValue = "${project}", readonly = true)
  @Nullable MavenProject project;

  /** For Maven, which fills the fields. */
  @SuppressWarnings("NullAway.Init")
  RepositoryMojo() {}

  @Override
  public final void execute() throws MojoExecutionException, MojoFailureException {
    Language spoken = Repository.language(System.getenv());
    try {
      Language asked = Repository.language(Repository.Face.MAVEN, language);
      spoken = asked == null ? spoken : asked;
      if (skip) {
        getLog().info("fabrique: " + SKIPPED.in(spoken));
        return;
      }
      // The unit is the repository: links lead across modules.
      if (project != null && project.getFile() != null && !isForAll(project)) {
        getLog().info("fabrique: " + ELSEWHERE.in(spoken));
        return;
      }
      Repository repository =
          Repository.of(
              root == null ? Path.of(session.getExecutionRootDirectory()) : root.toPath(),
              new Repository.Wishes(
                  Repository.Face.MAVEN,
                  config == null ? null : config.toPath(),
                  language,
                  asOf,
                  failOn(),
                  suppressions()),
              BuiltInRules.load(),
              spoken);
      spoken = repository.language();
      run(repository);
    } catch (Refusal refusal) {
      throw new MojoExecutionException(message(refusal, spoken));
    }
  }

  /** A refusal as Maven shows it. */
  static String message(Refusal refusal, Language language) {
    StringBuilder message = new StringBuilder("fabrique: " + refusal.text().in(language));
    for (ConfigProblem problem : refusal.problems()) {
      message.append('\n').append(problem.span()).append(": ");
      message.append(problem.message().in(language));
    }
    return message.toString();
  }

  /**
   * Whether a project stands for its reactor: the root, or where {@code -pl} leaves it out the
   * first project that is to call this plugin.
   */
  private boolean isForAll(MavenProject project) {
    List<MavenProject> reactor = session.getProjects();
    if (project.isExecutionRoot() || reactor.stream().anyMatch(MavenProject::isExecutionRoot)) {
      return project.isExecutionRoot();
    }
    return project.equals(
        reactor.stream()
            .filter(each -> each.getPlugin(PLUGIN) != null)
            .findFirst()
            .orElse(reactor.get(0)));
  }

  /** The threshold that the build asks for, or null. */
  @Nullable String failOn() {
    return null;
  }

  /** Whether anything may be excepted. */
  boolean suppressions() {
    return true;
  }

  abstract void run(Repository repository)
      throws Refusal, MojoExecutionException, MojoFailureException;

  @Nullable Path baselineFile() {
    return baseline == null ? null : baseline.toPath();
  }
}
