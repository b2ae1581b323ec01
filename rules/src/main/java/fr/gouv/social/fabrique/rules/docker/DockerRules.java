package fr.gouv.social.fabrique.rules.docker;

import fr.gouv.social.fabrique.rule.Rule;
import java.util.List;
import java.util.stream.Stream;

/** The rules on Dockerfiles. */
public final class DockerRules {
  /** All rules of this family. */
  public static final List<Rule<?>> ALL =
      Stream.of(
              Syntax.ALL,
              Style.ALL,
              Stages.ALL,
              Variables.ALL,
              Users.ALL,
              BuildContexts.ALL,
              Commands.ALL)
          .<Rule<?>>flatMap(List::stream)
          .toList();

  private DockerRules() {}
}
