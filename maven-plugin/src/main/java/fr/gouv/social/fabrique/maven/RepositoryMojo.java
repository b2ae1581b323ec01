package fr.gouv.social.fabrique.maven;

import fr.gouv.social.fabrique.run.Refusal;
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

  /** The language of messages and reports, {@code fr} or {@code en}. */
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
    if (skip) {
      Text skipped =
          new Text(
              "fabrique.skip est posé : rien n'est vérifié",
              "fabrique.skip is set, nothing is checked");
      getLog().info("fabrique: " + skipped.in(Repository.language(language, Language.FR)));
      return;
    }
    // The unit is the repository: links lead across modules.
    if (project != null && project.getFile() != null && !isForAll(project)) {
      Text elsewhere =
          new Text(
              "tout le dépôt est vérifié une fois, dans un autre projet",
              "the whole repository is checked once, at another project");
      getLog().info("fabrique: " + elsewhere.in(Repository.language(language, Language.FR)));
      return;
    }
    Path top = root == null ? Path.of(session.getExecutionRootDirectory()) : root.toPath();
    Language spoken = Repository.language(language, Language.FR);
    try {
      Repository repository = Repository.of(top, config, language, spoken, asOf);
      spoken = repository.language();
      run(repository);
    } catch (Refusal refusal) {
      throw Repository.refused(refusal, spoken);
    }
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

  abstract void run(Repository repository)
      throws Refusal, MojoExecutionException, MojoFailureException;

  @Nullable Path baselineFile() {
    return baseline == null ? null : baseline.toPath();
  }
}
