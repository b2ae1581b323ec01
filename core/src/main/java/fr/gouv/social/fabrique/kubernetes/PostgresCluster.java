package fr.gouv.social.fabrique.kubernetes;

import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.yaml.YamlPlace;

/** A Cluster of CloudNativePG: a PostgreSQL database. */
public record PostgresCluster(KubernetesObject object) implements KubernetesPart {
  @Override
  public YamlPlace place() {
    return object.place();
  }

  /** 1 by default. */
  public Setting<Long> instances() {
    Setting<Long> instances = integer("spec.instances");
    return instances.isAbsent() ? Setting.byDefault(1L, instances.at()) : instances;
  }

  /** Whether anything says where backups go. */
  public boolean hasBackup() {
    return has("spec.backup") || !items("spec.plugins").isEmpty();
  }
}
