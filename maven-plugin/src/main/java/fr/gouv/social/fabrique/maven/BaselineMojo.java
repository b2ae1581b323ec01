package fr.gouv.social.fabrique.maven;

import fr.gouv.social.fabrique.config.Baseline;
import fr.gouv.social.fabrique.engine.Report;
import fr.gouv.social.fabrique.run.BaselineUpdate;
import fr.gouv.social.fabrique.run.Refusal;
import fr.gouv.social.fabrique.run.Repository;
import fr.gouv.social.fabrique.run.Run;
import java.nio.file.Path;
import java.util.List;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;

/** Records the findings that are there, so that later checks count new ones only. */
@Mojo(name = "baseline", threadSafe = true, requiresProject = false)
public final class BaselineMojo extends RepositoryMojo {
  /** Drops entries that no longer apply, and adds none. */
  @Parameter(property = "fabrique.prune", defaultValue = "false")
  private boolean prune;

  /** For Maven, which fills the fields. */
  public BaselineMojo() {}

  @Override
  void run(Repository repository) throws Refusal, MojoExecutionException {
    Path given = baselineFile();
    Path file = given == null ? repository.root().resolve(Baseline.NAME) : given;
    Baseline before = BaselineUpdate.existing(repository.root(), file, repository.config());
    Report report =
        Run.check(
            repository.checker(), repository.root(), List.of(), repository.config(), Baseline.NONE);
    if (!report.defects().isEmpty()) {
      throw new MojoExecutionException(
          "fabrique: " + report.defects().get(0).what(), report.defects().get(0).cause());
    }
    BaselineUpdate update =
        BaselineUpdate.of(before, Run.recorded(report, repository.language()), prune);
    Run.write(update.after().text(), file);
    getLog().info(file + ": " + update.in(repository.language()));
  }
}
