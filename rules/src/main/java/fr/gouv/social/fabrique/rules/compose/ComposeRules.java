package fr.gouv.social.fabrique.rules.compose;

import fr.gouv.social.fabrique.rule.Rule;
import java.util.List;
import java.util.stream.Stream;

/** All rules on Compose projects. */
public final class ComposeRules {
  public static final List<Rule<?>> ALL =
      Stream.of(
              Loading.ALL,
              References.ALL,
              Privileges.ALL,
              HostMounts.ALL,
              Operations.ALL,
              Hygiene.ALL,
              Style.ALL)
          .<Rule<?>>flatMap(List::stream)
          .toList();

  private ComposeRules() {}
}
