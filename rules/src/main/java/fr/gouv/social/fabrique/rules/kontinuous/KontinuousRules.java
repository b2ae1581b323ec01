package fr.gouv.social.fabrique.rules.kontinuous;

import fr.gouv.social.fabrique.rule.Rule;
import java.util.List;
import java.util.stream.Stream;

/** What kontinuous makes of the values that teams write. */
public final class KontinuousRules {
  /** All rules of this family. */
  public static final List<Rule<?>> ALL =
      Stream.of(Deployment.ALL, Workloads.ALL, SecretReferences.ALL)
          .<Rule<?>>flatMap(List::stream)
          .toList();

  private KontinuousRules() {}
}
