package fr.gouv.social.fabrique.rules.service;

import fr.gouv.social.fabrique.rule.Rule;
import java.util.List;
import java.util.stream.Stream;

/** The rules of the family {@code service}. */
public final class ServiceRules {
  /** All of them. */
  public static final List<Rule<?>> ALL =
      Stream.of(Exposure.ALL, Providers.ALL, PublicMetrics.ALL, Uploads.ALL, WebPages.ALL)
          .<Rule<?>>flatMap(List::stream)
          .toList();

  private ServiceRules() {}
}
