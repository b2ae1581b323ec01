package fr.gouv.social.fabrique.kontinuous;

import fr.gouv.social.fabrique.kubernetes.Quantity;
import fr.gouv.social.fabrique.source.Environment;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.yaml.YamlMapping;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One component as it is deployed in one environment. The settings in force count the defaults of
 * the toolchain ({@code plugins/contrib/charts}, {@code plugins/fabrique/charts} and their values
 * compilers); what holds a template is unknown.
 *
 * @param chart the last part of {@code ~chart}, or the name where there is none: {@code app},
 *     {@code hasura}, {@code daemon}, {@code redis}, {@code pg}, {@code jobs}, …
 * @param values what the team wrote, merged; its label is the name
 */
public record KontinuousComponent(
    KontinuousProject project, String name, String chart, Environment environment, YamlPlace values)
    implements Located {
  /** Names the values of a component that are rendered before the others and win over them. */
  private static final String TEMPLATED = "~tpl~";

  /** Charts that run a Deployment of the team's own image, without resources of their own. */
  private static final Set<String> WORKLOADS = Set.of("app", "hasura", "daemon");

  private static final String POSTGRES_REPOSITORY = "ghcr.io/cloudnative-pg/postgis";
  private static final String POSTGRES_TAG = "14";

  private static final Map<String, String> POSTGRES_DEFAULTS =
      Map.of("requests.memory", "1G", "limits.memory", "1G", "requests.cpu", "100m");

  /** {@code redis/templates/deployment.yaml}; nothing can change them. */
  private static final Map<String, String> REDIS_DEFAULTS =
      Map.of("requests.memory", "128Mi", "limits.memory", "1Gi", "requests.cpu", "300m");

  /** The component at a place, or null where there is none or it is turned off. */
  static @Nullable KontinuousComponent of(
      KontinuousProject project, Environment environment, YamlPlace place) {
    String name = place.label();
    if (!(place.node() instanceof YamlMapping)
        || name.equals("global")
        || name.equals("project")
        || name.matches("(?s)(?:x-|[_~.]).*")
        || place.key("enabled").bool().isFalse()) {
      return null;
    }
    String chart = place.key("~chart").text(name);
    return new KontinuousComponent(
        project, name, chart.substring(chart.lastIndexOf('.') + 1), environment, place);
  }

  @Override
  public Span span() {
    return values.span();
  }

  @Override
  public String label() {
    return name;
  }

  /** The place under a path of keys separated by dots; {@code ~tpl~x} stands for {@code x}. */
  public YamlPlace at(String path) {
    YamlPlace place = values;
    for (String key : path.split("\\.")) {
      YamlPlace templated = place.key(TEMPLATED + key);
      place = templated.node() == null ? place.key(key) : templated;
    }
    return place;
  }

  /** Whether it runs the team's own image for long. */
  public boolean isWorkload() {
    return WORKLOADS.contains(chart);
  }

  /** Whether it is a PostgreSQL cluster, which CloudNativePG runs. */
  public boolean isPostgres() {
    return chart.equals("pg") && !at("cnpg-cluster.enabled").bool().isFalse()
        || chart.equals("cnpg-cluster");
  }

  /** Whether it has an Ingress, as {@code app} and {@code hasura} have by default. */
  public boolean isExposed() {
    return (chart.equals("app") || chart.equals("hasura"))
        && !at("ingress.enabled").bool().isFalse();
  }

  /** How many pods are wanted: 2 in production and 1 elsewhere by default. */
  public Setting<Long> replicas() {
    if (chart.equals("redis")) {
      return Setting.byDefault(1L, values);
    }
    Setting<Long> own = at("replicas").integer();
    Setting<Long> global = global("replicas").integer();
    long usual = environment == Environment.PROD ? 2 : 1;
    // The chart takes an empty value, and 0, for none.
    return set(own) && !own.is(value -> value == 0)
        ? own
        : set(global) ? global.inherited() : Setting.byDefault(usual, own.at());
  }

  /** Whether an autoscaler comes with it: by default where more than one pod is wanted. */
  public Setting<Boolean> autoscaled() {
    Setting<Boolean> own = at("autoscale.enabled").bool();
    if (set(own)) {
      return own;
    }
    Setting<Long> replicas = replicas();
    return replicas.isUnknown()
        ? Setting.unknown(own.at())
        : Setting.byDefault(isWorkload() && replicas.is(value -> value >= 2), own.at());
  }

  /** The lower bound of its autoscaler; 2 by default. */
  public Setting<Long> minReplicas() {
    Setting<Long> own = at("autoscale.minReplicas").integer();
    return set(own) ? own : Setting.byDefault(2L, own.at());
  }

  /** The upper bound of its autoscaler; 10 by default. */
  public Setting<Long> maxReplicas() {
    Setting<Long> own = at("autoscale.maxReplicas").integer();
    return set(own) ? own : Setting.byDefault(10L, own.at());
  }

  /** What its main container asks of {@code cpu} or {@code memory}. */
  public Setting<Quantity> request(String resource) {
    return amount("requests." + resource);
  }

  /** What its main container may take of {@code cpu} or {@code memory}. */
  public Setting<Quantity> limit(String resource) {
    return amount("limits." + resource);
  }

  private Setting<Quantity> amount(String path) {
    if (chart.equals("redis")) {
      return byDefault(REDIS_DEFAULTS, path, values);
    }
    YamlPlace place = at((chart.equals("pg") ? "cnpg-cluster.resources." : "resources.") + path);
    String text = place.text();
    if (text != null || place.isPresent()) {
      Quantity quantity = text == null || place.isUnknown() ? null : Quantity.parse(text);
      return quantity == null ? Setting.unknown(place) : Setting.explicit(quantity, place);
    }
    return chart.equals("pg") ? byDefault(POSTGRES_DEFAULTS, path, place) : Setting.absent(place);
  }

  private static Setting<Quantity> byDefault(
      Map<String, String> defaults, String path, YamlPlace at) {
    String text = defaults.get(path);
    Quantity quantity = text == null ? null : Quantity.parse(text);
    return quantity == null ? Setting.absent(at) : Setting.byDefault(quantity, at);
  }

  /**
   * The value of an annotation {@code oblik.socialgouv.io/…}, by which the operator that sizes pods
   * outside production is told its bounds; absent in production.
   */
  public Setting<Quantity> oblik(String name) {
    YamlPlace place = oblikPlace(name);
    String text = environment == Environment.PROD || place.isUnknown() ? null : place.text();
    Quantity quantity = text == null ? null : Quantity.parse(text);
    return quantity == null ? Setting.absent(place) : Setting.explicit(quantity, place);
  }

  /** Whether it asks that operator to leave it alone. */
  public boolean refusesOblik() {
    return oblikPlace("enabled").bool().isFalse();
  }

  /** Whether it asks for that operator in production too, where the toolchain does not add it. */
  public Setting<Boolean> asksForOblik() {
    return oblikPlace("enabled").bool();
  }

  private YamlPlace oblikPlace(String name) {
    YamlPlace label = values.key("labels").key("oblik.socialgouv.io/" + name);
    return label.isPresent() ? label : values.key("annotations").key("oblik.socialgouv.io/" + name);
  }

  /** Where the toolchain's probes call; {@code /index.html} by default for an {@code app}. */
  public Setting<String> probesPath() {
    Setting<String> own = at("probesPath").string();
    if (set(own)) {
      return own;
    }
    return switch (chart) {
      case "app" -> Setting.byDefault("/index.html", own.at());
      case "hasura" -> Setting.byDefault("/healthz", own.at());
      default -> Setting.absent(own.at());
    };
  }

  /** The place of {@code livenessProbe}, {@code readinessProbe} or {@code startupProbe}. */
  public YamlPlace probe(String kind) {
    return at(kind);
  }

  /**
   * The paths that its probes call over HTTP: those of its own probes, and that of the toolchain's
   * for the probes it leaves to it.
   */
  public List<Setting<String>> probedPaths() {
    List<Setting<String>> paths = new ArrayList<>();
    boolean generated = chart.equals("hasura");
    for (String kind : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
      YamlPlace probe = probe(kind);
      if (chart.equals("hasura") || chart.equals("app") && !probe.isPresent()) {
        generated |= !at("probesPort").isPresent();
      } else if (probe.isUnknown()) {
        paths.add(Setting.unknown(probe));
      } else if (probe.key("httpGet").isPresent()) {
        Setting<String> path = probe.at("httpGet.path").string();
        paths.add(path.isAbsent() ? Setting.byDefault("/", path.at()) : path);
      }
    }
    if (generated) {
      paths.add(probesPath());
    }
    return paths;
  }

  /** The image; absent where it is the one that is built here, or that of the chart. */
  public Setting<String> image() {
    return at("image").string();
  }

  /** Whether it runs an image of the project: nothing names another one. */
  public boolean runsOwnImage() {
    return isWorkload() && image().isAbsent();
  }

  /** The registry of the project's images; absent where the toolchain chooses the platform's. */
  public Setting<String> registry() {
    Setting<String> own = at("registry").string();
    return set(own) ? own : global("registry").string();
  }

  /** The name under which it is reached; absent where it is that of the whole project. */
  public Setting<String> host() {
    return at("host").string();
  }

  /** Who its main container runs as; only an {@code app} can say. */
  public Setting<Long> runAsUser() {
    return securityPlace("runAsUser").integer();
  }

  /** Whether its main container must not run as root; only an {@code app} can say. */
  public Setting<Boolean> runAsNonRoot() {
    return securityPlace("runAsNonRoot").bool();
  }

  private YamlPlace securityPlace(String key) {
    YamlPlace own = at("containerSecurityContext").key(key);
    return own.isPresent() || !chart.equals("app") ? own : at("securityContext").key(key);
  }

  /** The port on which its main container is reached: 3000 by default, 8080 for hasura. */
  public Setting<Long> containerPort() {
    Setting<Long> own = at("containerPort").integer();
    return set(own) ? own : Setting.byDefault(chart.equals("hasura") ? 8080L : 3000L, own.at());
  }

  /** Every image that it names. */
  public List<Setting<String>> images() {
    List<Setting<String>> images = new ArrayList<>();
    if (isPostgres()) {
      Setting<String> image = postgresImage();
      if (image.isSet()) {
        images.add(image);
      }
      return images;
    }
    for (YamlPlace container : containers()) {
      add(images, container.key("image"));
    }
    return images;
  }

  /**
   * The image of its PostgreSQL cluster, by default that of the platform's chart ({@code
   * plugins/fabrique/charts/pg/values.yaml}); absent where its own chart decides.
   */
  public Setting<String> postgresImage() {
    boolean platform = chart.equals("pg");
    YamlPlace cluster = platform ? at("cnpg-cluster") : values;
    YamlPlace name = cluster.key("imageName");
    if (name.isPresent()) {
      return name.string();
    }
    YamlPlace image = cluster.key("image");
    YamlPlace tag = image.key("tag");
    String text = tag.text();
    if (tag.isUnknown() || image.key("repository").isUnknown()) {
      return Setting.unknown(tag);
    }
    String repository = image.key("repository").text(POSTGRES_REPOSITORY);
    if (text != null) {
      return Setting.explicit(repository + ":" + text, tag);
    }
    return platform
        ? Setting.byDefault(repository + ":" + POSTGRES_TAG, values)
        : Setting.absent(values);
  }

  private static void add(List<Setting<String>> images, YamlPlace place) {
    Setting<String> image = place.string();
    if (image.isSet()) {
      images.add(image);
    }
  }

  /** The variables that its containers set. */
  public List<KontinuousVariable> variables() {
    List<KontinuousVariable> variables = new ArrayList<>();
    for (YamlPlace container : containers()) {
      for (YamlPlace each : container.key("env").items()) {
        String variable = each.key("name").text();
        if (variable != null) {
          variables.add(new KontinuousVariable(variable, each.key("value").string(), each));
        }
      }
      addNamed(variables, container.key("vars"));
      // What a job hands to the build of an image is set for the program in it.
      addNamed(variables, container.at("with.buildArgs"));
    }
    return variables;
  }

  private static void addNamed(List<KontinuousVariable> variables, YamlPlace named) {
    for (YamlPlace each : named.values()) {
      variables.add(new KontinuousVariable(each.name(), each.string(), each));
    }
  }

  /**
   * The names of the Secrets without which its pods do not start, where they are written; templates
   * among them.
   */
  public List<YamlPlace> secrets() {
    List<YamlPlace> names = new ArrayList<>();
    for (YamlPlace container : containers()) {
      for (YamlPlace each : container.key("envFrom").items()) {
        addNeeded(names, each.key("secretRef"), "name");
      }
      for (YamlPlace each : container.key("env").items()) {
        addNeeded(names, each.at("valueFrom.secretKeyRef"), "name");
      }
      for (YamlPlace each : container.key("volumes").items()) {
        addNeeded(names, each.key("secret"), "secretName");
      }
    }
    return names;
  }

  private static void addNeeded(List<YamlPlace> names, YamlPlace reference, String key) {
    YamlPlace name = reference.key(key);
    if (name.text() != null && !reference.key("optional").bool().isTrue()) {
      names.add(name);
    }
  }

  /** Where its containers are written: its own values, further containers, the runs of jobs. */
  public List<YamlPlace> containers() {
    List<YamlPlace> containers = new ArrayList<>();
    containers.add(values);
    containers.addAll(at("initContainers").items());
    for (YamlPlace sidecar : at("sidecars").items()) {
      containers.add(sidecar);
      containers.add(sidecar.key("extraSpec"));
    }
    if (chart.equals("jobs") || chart.equals("job")) {
      for (YamlPlace run : at("runs").values()) {
        containers.add(run);
      }
    }
    return containers;
  }

  /** A value for all components. */
  public YamlPlace global(String key) {
    YamlPlace root = project.values().get(environment);
    return (root == null ? values : root).key("global").key(key);
  }

  private static boolean set(Setting<?> setting) {
    return setting.isSet() || setting.isUnknown();
  }
}
