package fr.gouv.social.fabrique.kubernetes;

import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.yaml.YamlPlace;

/** A ServiceAccount. */
public record ServiceAccount(KubernetesObject object) implements KubernetesPart {
  @Override
  public YamlPlace place() {
    return object.place();
  }

  /** Whether its pods get its token: true by default. */
  public Setting<Boolean> automountToken() {
    Setting<Boolean> mount = bool("automountServiceAccountToken");
    return mount.isAbsent() ? Setting.byDefault(true, mount.at()) : mount;
  }
}
