package fr.gouv.social.fabrique.rules.secret;

import fr.gouv.social.fabrique.rule.Rule;
import java.util.List;
import java.util.stream.Stream;

/**
 * The rules of the family {@code secret} that look at manifests, Compose and {@code .env} files.
 */
public final class SecretRules {
  /** All of them. */
  public static final List<Rule<?>> ALL =
      Stream.of(KubernetesSecrets.ALL, SharedSecrets.ALL).<Rule<?>>flatMap(List::stream).toList();

  private SecretRules() {}
}
