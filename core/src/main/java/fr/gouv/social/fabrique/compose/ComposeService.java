package fr.gouv.social.fabrique.compose;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.source.Step;
import fr.gouv.social.fabrique.yaml.YamlMapping;
import fr.gouv.social.fabrique.yaml.YamlNode;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import fr.gouv.social.fabrique.yaml.YamlScalar;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A service of a Compose project, with what it has from merge keys, extends and overrides. */
public final class ComposeService implements Located {
  private static final String SERVICE = "service:";

  private final ComposeProject project;
  private final String name;
  private final YamlPlace place;
  private List<ComposeVariable> environment = List.of();
  private volatile @Nullable List<ServiceDependency> dependencies;

  ComposeService(ComposeProject project, String name, YamlPlace place) {
    this.project = project;
    this.name = name;
    this.place = place;
  }

  void environment(List<ComposeVariable> variables) {
    environment = List.copyOf(variables);
  }

  /** The project it belongs to. */
  public ComposeProject project() {
    return project;
  }

  /** Its key under {@code services}. */
  public String name() {
    return name;
  }

  /** Its place; {@code place().at("deploy.resources")} leads to whatever else it holds. */
  public YamlPlace place() {
    return place;
  }

  @Override
  public Span span() {
    return place.span();
  }

  @Override
  public List<Step> way() {
    return place.way();
  }

  @Override
  public String label() {
    return place.label();
  }

  /** Whether all that it extends could be read. */
  public boolean isComplete() {
    return !place.key("extends").isPresent();
  }

  /** The image; absent for a service that is only built. */
  public Setting<String> image() {
    return place.key("image").string();
  }

  /** How its image is built, or null. */
  public @Nullable ComposeBuild build() {
    YamlPlace build = place.key("build");
    return build.isPresent() ? new ComposeBuild(this, build) : null;
  }

  /** The words of {@code command}; empty where the image's is kept. */
  public List<YamlScalar> command() {
    return Words.of(place.key("command").node());
  }

  /** The words of {@code entrypoint}; empty where the image's is kept. */
  public List<YamlScalar> entrypoint() {
    return Words.of(place.key("entrypoint").node());
  }

  /** The name of its container; absent where Compose makes one. */
  public Setting<String> containerName() {
    return place.key("container_name").string();
  }

  /** User and group as written; absent where the image's are kept. */
  public Setting<String> user() {
    return place.key("user").string();
  }

  /** Whether it has all rights on the host; false by default. */
  public Setting<Boolean> privileged() {
    return withDefault(place.key("privileged").bool(), false);
  }

  /** Whether its root file system is read-only; false by default. */
  public Setting<Boolean> readOnly() {
    return withDefault(place.key("read_only").bool(), false);
  }

  /** The capabilities that it adds. */
  public List<YamlPlace> capAdd() {
    return items("cap_add");
  }

  /** The capabilities that it drops. */
  public List<YamlPlace> capDrop() {
    return items("cap_drop");
  }

  /** Its {@code restart} policy; {@code no} by default. */
  public Setting<String> restart() {
    return withDefault(place.key("restart").string(), "no");
  }

  /** The profiles that turn it on; empty for a service that is always on. */
  public List<String> profiles() {
    return place.key("profiles").texts();
  }

  /** Its health check, or null where the image's, if any, is kept. */
  public @Nullable HealthCheck healthCheck() {
    YamlPlace check = place.key("healthcheck");
    return check.isPresent() ? new HealthCheck(check) : null;
  }

  /** Its ports, each entry on its own, ranges kept. */
  public List<PortMapping> ports() {
    List<PortMapping> ports = new ArrayList<>();
    int index = 0;
    for (YamlPlace item : items("ports")) {
      YamlNode node = item.node();
      if (node != null && item.isPresent()) {
        ports.add(PortMapping.of(node, label() + ".ports[" + index + "]"));
      }
      index++;
    }
    return ports;
  }

  /** Its mounts, {@code tmpfs} apart. */
  public List<VolumeMount> volumes() {
    List<VolumeMount> volumes = new ArrayList<>();
    int index = 0;
    for (YamlPlace item : items("volumes")) {
      YamlNode node = item.node();
      VolumeMount volume =
          node == null || !item.isPresent()
              ? null
              : VolumeMount.of(node, label() + ".volumes[" + index + "]");
      if (volume != null) {
        volumes.add(volume);
      }
      index++;
    }
    return volumes;
  }

  /**
   * The variables of its containers: those of {@code environment}, which win, and those of each
   * {@code env_file}, the last of which wins.
   */
  public List<ComposeVariable> environment() {
    return environment;
  }

  /** The variable of that name, or null. */
  public @Nullable ComposeVariable variable(String variable) {
    for (ComposeVariable each : environment) {
      if (each.name().equals(variable)) {
        return each;
      }
    }
    return null;
  }

  /** The networks that it names, each at its place; empty for the default network. */
  public Map<String, YamlPlace> networks() {
    return names("networks");
  }

  /** The models that it names, each at its place. */
  public Map<String, YamlPlace> models() {
    return names("models");
  }

  /** The secrets that it uses, each at its place. */
  public Map<String, YamlPlace> secrets() {
    return sources(place.key("secrets"));
  }

  /** The secrets that its build uses, each at its place. */
  public Map<String, YamlPlace> buildSecrets() {
    return sources(place.at("build.secrets"));
  }

  /** The configs that it uses, each at its place. */
  public Map<String, YamlPlace> configs() {
    return sources(place.key("configs"));
  }

  /** The services that it needs, said and implied (compose-go, loader/normalize.go). */
  public List<ServiceDependency> dependencies() {
    List<ServiceDependency> known = dependencies;
    if (known == null) {
      known = readDependencies();
      dependencies = known;
    }
    return known;
  }

  private List<ServiceDependency> readDependencies() {
    Map<String, ServiceDependency> found = new LinkedHashMap<>();
    names("depends_on")
        .forEach(
            (service, at) -> {
              String condition = at.key("condition").text("service_started");
              boolean known = !at.key("condition").isUnknown();
              add(
                  found,
                  new ServiceDependency(
                      service,
                      known ? condition(condition) : null,
                      !at.key("required").bool().isFalse(),
                      "depends_on",
                      at.span(),
                      at.label(),
                      at.way()));
            });
    for (YamlPlace item : items("links")) {
      String[] parts = item.text("").split(":", -1);
      imply(found, item, parts.length == 2 ? parts[0] : item.text(""), "links");
    }
    for (String key : List.of("network_mode", "ipc", "pid", "uts", "cgroup")) {
      YamlPlace at = place.key(key);
      if (at.text("").startsWith(SERVICE)) {
        imply(found, at, at.text("").substring(SERVICE.length()), key);
      }
    }
    for (YamlPlace item : items("volumes_from")) {
      if (!item.text("").startsWith("container:")) {
        imply(found, item, item.text("").split(":", -1)[0], "volumes_from");
      }
    }
    return List.copyOf(found.values());
  }

  private void imply(
      Map<String, ServiceDependency> found, YamlPlace at, String service, String via) {
    if (!at.isUnknown() && !service.isEmpty()) {
      add(
          found,
          new ServiceDependency(
              service,
              ServiceDependency.Condition.SERVICE_STARTED,
              true,
              via,
              at.span(),
              label() + "." + via,
              at.way()));
    }
  }

  private static void add(Map<String, ServiceDependency> found, ServiceDependency dependency) {
    found.putIfAbsent(dependency.service(), dependency);
  }

  private static ServiceDependency.@Nullable Condition condition(String text) {
    for (ServiceDependency.Condition each : ServiceDependency.Condition.values()) {
      if (each.name().toLowerCase(Locale.ROOT).equals(text)) {
        return each;
      }
    }
    return null;
  }

  /** The most memory it may use, in bytes: {@code mem_limit} or that of {@code deploy}. */
  public Setting<Long> memoryLimit() {
    return limit("mem_limit", "deploy.resources.limits.memory", Units::bytes);
  }

  /** The most processors it may use. */
  public Setting<BigDecimal> cpuLimit() {
    return limit("cpus", "deploy.resources.limits.cpus", Units::number);
  }

  /** The most processes it may have. */
  public Setting<BigDecimal> pidsLimit() {
    return limit("pids_limit", "deploy.resources.limits.pids", Units::number);
  }

  private <T> Setting<T> limit(String key, String deploy, Function<String, @Nullable T> read) {
    for (YamlPlace at : List.of(place.key(key), place.at(deploy))) {
      if (at.isPresent()) {
        return parsed(at, read);
      }
    }
    return Setting.absent(place);
  }

  static <T> Setting<T> parsed(YamlPlace at, Function<String, @Nullable T> read) {
    String text = at.text();
    T value = text == null || at.isUnknown() ? null : read.apply(text);
    return value == null ? Setting.unknown(at) : Setting.explicit(value, at);
  }

  private List<YamlPlace> items(String key) {
    return place.key(key).items();
  }

  /** The names of a list or the keys of a mapping. */
  private Map<String, YamlPlace> names(String key) {
    YamlPlace at = place.key(key);
    Map<String, YamlPlace> names = new LinkedHashMap<>();
    if (at.node() instanceof YamlMapping mapping) {
      for (YamlMapping.Entry entry : mapping.entries()) {
        names.putIfAbsent(entry.name(), at.key(entry.name()));
      }
    } else {
      for (YamlPlace item : at.items()) {
        if (item.isPresent() && !item.isUnknown() && item.text() != null) {
          names.putIfAbsent(item.text(""), item);
        }
      }
    }
    return names;
  }

  /** What a list of mounts names. */
  private static Map<String, YamlPlace> sources(YamlPlace at) {
    Map<String, YamlPlace> sources = new LinkedHashMap<>();
    for (YamlPlace item : at.items()) {
      YamlPlace source = item.node() instanceof YamlMapping ? item.key("source") : item;
      // Without a source nothing is named, which nothing defines.
      if (!source.isUnknown() && (source.text() != null || !source.isPresent())) {
        sources.putIfAbsent(source.text(""), source);
      }
    }
    return sources;
  }

  private <T> Setting<T> withDefault(Setting<T> setting, T value) {
    return setting.value() == null && !setting.isUnknown()
        ? Setting.byDefault(value, setting.at())
        : setting;
  }
}
