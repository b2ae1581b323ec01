package fr.gouv.social.fabrique.kubernetes;

import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import org.jspecify.annotations.Nullable;

/** A ScheduledBackup of CloudNativePG. */
public record ScheduledBackup(KubernetesObject object) implements KubernetesPart {
  @Override
  public YamlPlace place() {
    return object.place();
  }

  public Setting<String> clusterName() {
    return string("spec.cluster.name");
  }

  /** When it runs (six fields, seconds first), or null where that is malformed or unknown. */
  public @Nullable CronSchedule schedule() {
    String text = string("spec.schedule").value();
    return text == null ? null : CronSchedule.parse(text, true);
  }
}
