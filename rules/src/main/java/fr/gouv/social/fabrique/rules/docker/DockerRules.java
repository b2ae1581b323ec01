package fr.gouv.social.fabrique.rules.docker;

import fr.gouv.social.fabrique.rule.Rule;
import java.util.List;
import java.util.stream.Stream;

/** The rules on Dockerfiles. */
public final class DockerRules {
  /** All rules of this family. */
  public static final List<Rule<?>> ALL =
      Stream.of(
              BuildContexts.ALL,
              Commands.ALL,
              Copies.ALL,
              Dependencies.ALL,
              Downloads.ALL,
              Folders.ALL,
              ImageSecrets.ALL,
              Labels.ALL,
              PackageManagers.ALL,
              Ports.ALL,
              Runtimes.ALL,
              ShellHabits.ALL,
              ShellRemarks.ALL,
              Stages.ALL,
              Style.ALL,
              Syntax.ALL,
              Users.ALL,
              Variables.ALL)
          .<Rule<?>>flatMap(List::stream)
          .toList();

  private DockerRules() {}
}
