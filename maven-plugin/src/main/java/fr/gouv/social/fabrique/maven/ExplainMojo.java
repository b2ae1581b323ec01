package fr.gouv.social.fabrique.maven;

import fr.gouv.social.fabrique.rule.RulePage;
import fr.gouv.social.fabrique.rule.RulePages;
import fr.gouv.social.fabrique.rules.BuiltInRules;
import fr.gouv.social.fabrique.run.Explanation;
import fr.gouv.social.fabrique.run.Refusal;
import fr.gouv.social.fabrique.run.Repository;
import fr.gouv.social.fabrique.run.Run;
import fr.gouv.social.fabrique.source.Language;
import java.nio.file.Path;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/** Says why a rule is there and how to keep it, with examples. */
@Mojo(name = "explain", threadSafe = true, requiresProject = false, aggregator = true)
public final class ExplainMojo extends AbstractMojo {
  /**
   * A rule such as {@code kubernetes/privileged-container}, or the name of the check in another
   * tool, such as {@code DL3002}.
   */
  @Parameter(property = "fabrique.rule", required = true)
  private String rule;

  /** The language of the page, {@code fr} or {@code en}. */
  @Parameter(property = "fabrique.language")
  private @Nullable String language;

  @Parameter(defaultValue = "${session}", readonly = true, required = true)
  private MavenSession session;

  /** For Maven, which fills the fields. */
  @SuppressWarnings("NullAway.Init")
  public ExplainMojo() {}

  @Override
  public void execute() throws MojoExecutionException {
    Language spoken = Repository.language(System.getenv());
    try {
      Language asked = Repository.language(Repository.Face.MAVEN, language);
      spoken = asked == null ? spoken : asked;
      RulePages pages = BuiltInRules.load().pages();
      if (!Explanation.knows(pages, rule.strip())) {
        // A policy of the repository, then.
        Path root = Path.of(session.getExecutionRootDirectory());
        pages = Run.withPolicies(root, BuiltInRules.load()).pages();
      }
      for (RulePage page : Explanation.find(pages, rule.strip())) {
        Explanation.of(page, pages.text(page.id()), spoken, false).lines().forEach(getLog()::info);
      }
    } catch (Refusal unknown) {
      throw new MojoExecutionException(RepositoryMojo.message(unknown, spoken));
    }
  }
}
