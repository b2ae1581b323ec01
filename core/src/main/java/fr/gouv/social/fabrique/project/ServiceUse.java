package fr.gouv.social.fabrique.project;

import fr.gouv.social.fabrique.source.Environment;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.source.Text;

/**
 * One place that shows that a repository uses a service. Which services there are, and which of
 * them the platform provides, is the affair of whoever takes the inventory.
 *
 * @param need what the service is for
 * @param provider its name, or the host where nobody knows a name
 * @param hosted whether the product runs the service itself
 * @param shown the host, image or object that shows the use
 * @param environment for which the place is meant
 */
public record ServiceUse(
    Need need,
    String provider,
    Standing standing,
    boolean hosted,
    String shown,
    Environment environment,
    Located at)
    implements Located {

  /**
   * What a service is for.
   *
   * @param key the word of configurations and of reports for programs
   */
  public record Need(String key, Text title) {}

  /** How the platform stands to a provider. */
  public enum Standing {
    /** It is the platform's own. */
    PLATFORM,
    /** The configuration of the repository admits it. */
    ALLOWED,
    /** It stands in the place of the platform's, or for what the platform does not have. */
    ALTERNATIVE,
    /** It takes the service's place while developing. */
    STAND_IN,
    /** A name shows that there is one; who provides it, no file shows. */
    NAMED
  }

  @Override
  public Span span() {
    return at.span();
  }

  @Override
  public String label() {
    return at.label();
  }
}
