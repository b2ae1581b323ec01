package fr.gouv.social.fabrique.policy;

import fr.gouv.social.fabrique.project.Project;
import fr.gouv.social.fabrique.source.Environment;
import fr.gouv.social.fabrique.source.Located;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** What an expression may ask beside its subject. */
public interface Facts {
  /** The whole repository. */
  Project project();

  /** The date for which the check is made. */
  LocalDate asOf();

  /** The environment to which the file of a place belongs. */
  Environment environment(Located at);

  /** The value of a parameter of the policy. */
  @Nullable Object parameter(String name);
}
