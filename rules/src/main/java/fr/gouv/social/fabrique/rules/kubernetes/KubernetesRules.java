package fr.gouv.social.fabrique.rules.kubernetes;

import fr.gouv.social.fabrique.rule.Rule;
import java.util.List;
import java.util.stream.Stream;

/** What manifests say of workloads, and what links them. */
public final class KubernetesRules {
  /** All rules of this family, one theme a line. */
  public static final List<Rule<?>> ALL =
      Stream.of(
              AccessControl.ALL,
              Availability.ALL,
              Conflicts.ALL,
              ContainerSecurity.ALL,
              Definitions.ALL,
              HostAccess.ALL,
              Jobs.ALL,
              Logs.ALL,
              Metadata.ALL,
              Networking.ALL,
              Platform.ALL,
              PodSecurity.ALL,
              PodSecurityStandards.ALL,
              Ports.ALL,
              Probes.ALL,
              PulledImages.ALL,
              References.ALL,
              Resources.ALL,
              Schemas.ALL,
              Services.ALL,
              SharedConfig.ALL,
              TeamChoices.ALL)
          .<Rule<?>>flatMap(List::stream)
          .toList();

  private KubernetesRules() {}
}
