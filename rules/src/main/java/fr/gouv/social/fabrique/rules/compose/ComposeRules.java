package fr.gouv.social.fabrique.rules.compose;

import fr.gouv.social.fabrique.rule.Rule;
import java.util.List;
import java.util.stream.Stream;

/** All rules on Compose projects. */
public final class ComposeRules {
  public static final List<Rule<?>> ALL =
      Stream.of(
              HostMounts.ALL,
              Hygiene.ALL,
              Loading.ALL,
              Operations.ALL,
              Privileges.ALL,
              References.ALL,
              Style.ALL)
          .<Rule<?>>flatMap(List::stream)
          .toList();

  private ComposeRules() {}
}
