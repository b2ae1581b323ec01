package fr.gouv.social.fabrique.kubernetes;

import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The {@code spec} of a pod or of a pod template. Its places are labelled from there. */
public record PodSpec(Workload workload, YamlPlace place) implements KubernetesPart {
  @Override
  public KubernetesObject object() {
    return workload.object();
  }

  /** All containers: init containers and sidecars, main ones, ephemeral ones. */
  public List<Container> containers() {
    List<Container> containers = new ArrayList<>();
    for (YamlPlace each : items("initContainers")) {
      boolean sidecar = each.key("restartPolicy").text("").equals("Always");
      containers.add(container(sidecar ? Container.Kind.SIDECAR : Container.Kind.INIT, each));
    }
    for (YamlPlace each : items("containers")) {
      containers.add(container(Container.Kind.MAIN, each));
    }
    for (YamlPlace each : items("ephemeralContainers")) {
      containers.add(container(Container.Kind.EPHEMERAL, each));
    }
    return containers;
  }

  private Container container(Container.Kind kind, YamlPlace at) {
    return new Container(this, kind, object().label() + " › " + at.label(), at.labelled(""));
  }

  /** The containers that run as long as the pod does: main ones and sidecars. */
  public List<Container> longRunning() {
    return containers().stream().filter(Container::isLongRunning).toList();
  }

  /**
   * The service account, {@code default} by default; the old field {@code serviceAccount} counts.
   */
  public Setting<String> serviceAccountName() {
    Setting<String> name = string("serviceAccountName");
    if (name.isAbsent()) {
      name = string("serviceAccount");
    }
    return name.isAbsent() || name.is(String::isEmpty)
        ? Setting.byDefault("default", at("serviceAccountName"))
        : name;
  }

  /** Whether the token of the service account is asked for or refused here; no default. */
  public Setting<Boolean> automountToken() {
    return bool("automountServiceAccountToken");
  }

  /** {@code Always} by default. */
  public Setting<String> restartPolicy() {
    Setting<String> policy = string("restartPolicy");
    return policy.isAbsent() ? Setting.byDefault("Always", policy.at()) : policy;
  }

  public Setting<Boolean> hostNetwork() {
    return orFalse("hostNetwork");
  }

  public Setting<Boolean> hostPid() {
    return orFalse("hostPID");
  }

  public Setting<Boolean> hostIpc() {
    return orFalse("hostIPC");
  }

  private Setting<Boolean> orFalse(String path) {
    Setting<Boolean> setting = bool(path);
    return setting.isAbsent() ? Setting.byDefault(false, setting.at()) : setting;
  }

  /** Whether it says that it runs on Windows. */
  public boolean isWindows() {
    return string("os.name").is("windows"::equals);
  }

  public List<Volume> volumes() {
    return items("volumes").stream().map(each -> new Volume(this, each)).toList();
  }

  /** The volume of a name, or null. */
  public @Nullable Volume volume(String name) {
    return volumes().stream().filter(each -> each.name().equals(name)).findFirst().orElse(null);
  }

  /**
   * What the pod needs other objects for: ConfigMaps, Secrets, claims, its service account. An
   * ephemeral claim and the default service account are not among them.
   */
  public List<Reference> references() {
    List<Reference> references = ownReferences();
    for (Container container : containers()) {
      container.addReferences(references);
    }
    return references;
  }

  /** Those of {@link #references()} that do not stand in a container. */
  public List<Reference> ownReferences() {
    List<Reference> references = new ArrayList<>();
    Setting<String> account = serviceAccountName();
    if (account.isSet() && !account.is("default"::equals)) {
      add(references, Reference.Kind.SERVICE_ACCOUNT, at("serviceAccountName"), null, false);
    }
    for (YamlPlace secret : items("imagePullSecrets")) {
      add(references, Reference.Kind.SECRET, secret.key("name"), null, false);
    }
    for (Volume volume : volumes()) {
      volume.addReferences(references);
    }
    return references;
  }

  static void add(
      List<Reference> into,
      Reference.Kind kind,
      YamlPlace name,
      @Nullable YamlPlace key,
      boolean optional) {
    Setting<String> text = Values.string(name);
    if (text.value() == null || text.value().isEmpty()) {
      return;
    }
    Setting<String> keyText = key == null ? null : Values.string(key);
    into.add(
        new Reference(
            kind,
            text.value(),
            keyText == null ? null : keyText.value(),
            optional,
            name,
            key != null && key.isPresent() ? key : name));
  }
}
