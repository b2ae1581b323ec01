package fr.gouv.social.fabrique.standard;

import fr.gouv.social.fabrique.source.Text;
import java.util.List;

/**
 * One statement of the standards.
 *
 * @param id {@code page.statement}, such as {@code docker.rootless}
 * @param page which page of the standards makes it: docker, kubernetes, databases, securite,
 *     developpement, faq, infrastructure
 * @param statements the numbers of the statements in our reading of the standards
 * @param url where it is published
 */
public record Requirement(
    String id,
    String page,
    List<String> statements,
    Level level,
    Visibility visibility,
    Text title,
    Text explanation,
    String url) {
  public Requirement {
    statements = List.copyOf(statements);
  }
}
