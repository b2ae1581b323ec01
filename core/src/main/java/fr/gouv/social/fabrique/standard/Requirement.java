package fr.gouv.social.fabrique.standard;

import fr.gouv.social.fabrique.rule.RuleId;
import fr.gouv.social.fabrique.source.Text;
import java.util.List;
import java.util.Set;

/**
 * One statement of the standards.
 *
 * @param id {@code page.statement}, such as {@code docker.rootless}
 * @param page which page of the standards makes it: docker, kubernetes, databases, securite,
 *     developpement, faq, infrastructure
 * @param statements the numbers of the statements in our reading of the standards
 * @param url where it is published, with the anchor of the section
 * @param sources where the answer is read
 * @param rules those that decide it
 * @param breaks those whose findings break it, while what they find right shows nothing of it
 * @param planned rules that would help to decide it and do not exist yet
 * @param signs what shows that it is kept without any rule
 */
public record Requirement(
    String id,
    String page,
    List<String> statements,
    Level level,
    Visibility visibility,
    Text title,
    Text explanation,
    String url,
    Set<Source> sources,
    List<RuleId> rules,
    List<RuleId> breaks,
    List<RuleId> planned,
    List<Sign> signs) {
  public Requirement {
    statements = List.copyOf(statements);
    sources = Set.copyOf(sources);
    rules = List.copyOf(rules);
    breaks = List.copyOf(breaks);
    planned = List.copyOf(planned);
    signs = List.copyOf(signs);
  }

  /**
   * A file that goes with keeping the statement. That there is none proves nothing.
   *
   * @param path a regular expression for its whole path
   * @param text a regular expression for the line that shows it; empty when the file itself does
   */
  public record Sign(String path, String text) {}

  /** Where the answer is read. */
  public enum Source {
    DOCKERFILE,
    COMPOSE,
    KUBERNETES,
    /** Other files of the repository. */
    REPOSITORY
  }
}
