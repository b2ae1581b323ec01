package fr.gouv.social.fabrique.kubernetes;

import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.yaml.YamlPlace;

/** A Cluster of CloudNativePG: a PostgreSQL database. */
public record PostgresCluster(KubernetesObject object) implements KubernetesPart {
  private static final String BARMAN_PLUGIN = "barman-cloud.cloudnative-pg.io";

  @Override
  public YamlPlace place() {
    return object.place();
  }

  /** 1 by default. */
  public Setting<Long> instances() {
    Setting<Long> instances = integer("spec.instances");
    return instances.isAbsent() ? Setting.byDefault(1L, instances.at()) : instances;
  }

  /**
   * Whether it says where backups go: an object store, snapshots, or a plugin that is turned on.
   * Unknown where what it says cannot be read, or is left to a plugin that we do not know.
   */
  public Setting<Boolean> backup() {
    YamlPlace backup = at("spec.backup");
    if (has("spec.backup.barmanObjectStore") || has("spec.backup.volumeSnapshot")) {
      return Setting.explicit(true, backup);
    }
    boolean unknown = object.isPartial() || backup.isPresent() && backup.values().isEmpty();
    for (YamlPlace plugin : items("spec.plugins")) {
      if (!plugin.key("enabled").bool().isFalse()) {
        if (plugin.key("name").text("").equals(BARMAN_PLUGIN)) {
          return Setting.explicit(true, plugin);
        }
        unknown = true;
      }
    }
    return unknown ? Setting.unknown(backup) : Setting.byDefault(false, backup);
  }
}
