package fr.gouv.social.fabrique.rules.kontinuous;

import static fr.gouv.social.fabrique.rules.kontinuous.Facts.ruleOf;

import fr.gouv.social.fabrique.kontinuous.KontinuousComponent;
import fr.gouv.social.fabrique.kontinuous.KontinuousProject;
import fr.gouv.social.fabrique.project.ImageReference;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rules.facts.EndOfLife;
import fr.gouv.social.fabrique.rules.facts.EndOfLife.Component;
import fr.gouv.social.fabrique.rules.facts.EndOfLife.State;
import fr.gouv.social.fabrique.rules.facts.EndOfLife.Status;
import fr.gouv.social.fabrique.source.Environment;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** How components scale, how their databases are saved, where they are reached. */
final class Deployment {
  private static final String FABRIQUE = ".fabrique.social.gouv.fr";
  private static final Pattern OTHER_DOMAIN =
      Pattern.compile("(?:.*\\.)?(?:dev\\d*|ovh)\\.fabrique\\.social\\.gouv\\.fr");

  /** A word by which a name says for itself that it is not production. */
  private static final Pattern OTHER_NAME =
      Pattern.compile("(?:.*[-.])?(?:dev|preprod|staging|recette|review|test)(?:[-.].*)?");

  /** The names that the toolchain computes for each environment. */
  private static final Pattern GIVEN_NAME =
      Pattern.compile("\\{\\{-?\\s*\\$?\\.Values\\.global\\.(?:host|domain)\\b");

  /** The volumes that outlive a pod. */
  private static final List<String> KEEPING =
      List.of("persistentVolumeClaim", "hostPath", "nfs", "azureFile", "azureDisk");

  /** What mounts secrets, certificates or identities rather than data. */
  private static final Pattern EPHEMERAL_DRIVER =
      Pattern.compile("(?i).*(?:secret|cert|spiffe|identity|image\\.csi|ephemeral).*");

  private static final String SSL_REDIRECT = "nginx.ingress.kubernetes.io/ssl-redirect";

  private static final Pattern PRODUCTION_BACKUP =
      Pattern.compile("^s3://[^/]*\\bprod(?:uction)?-backups?\\b");

  /** {@code plugins/contrib/charts/redis/values.yaml}. */
  private static final String REDIS_IMAGE = "redis:6.2.6-alpine3.14";

  static final Rule<KontinuousProject> AUTOSCALE_DISABLED =
      ruleOf("autoscale-disabled", Deployment::autoscale);

  static final Rule<KontinuousProject> SINGLE_REPLICA =
      ruleOf("single-replica", Deployment::single);

  static final Rule<KontinuousProject> HPA_BOUNDS = ruleOf("hpa-bounds", Deployment::bounds);

  static final Rule<KontinuousProject> BACKUP_DISABLED =
      ruleOf(
          "backup-disabled",
          (component, facts) -> {
            if (component.environment() == Environment.PROD) {
              backup(component, facts);
            }
          });

  static final Rule<KontinuousProject> PREPROD_BACKUP_DISABLED =
      ruleOf(
          "preprod-backup-disabled",
          (component, facts) -> {
            if (component.environment() == Environment.PREPROD) {
              backup(component, facts);
            }
          });

  static final Rule<KontinuousProject> HOST_ENVIRONMENT =
      ruleOf("host-environment", Deployment::hosts);

  static final Rule<KontinuousProject> PLAIN_INGRESS =
      ruleOf("plain-ingress", Deployment::encryption);

  static final Rule<KontinuousProject> PRODUCTION_DATA =
      ruleOf("production-data", Deployment::productionData);

  static final Rule<KontinuousProject> PERSISTENT_VOLUME =
      ruleOf("persistent-volume", Deployment::volumes);

  static final Rule<KontinuousProject> DEFAULT_IMAGE =
      ruleOf("default-image", Deployment::defaultImage);

  /** All rules of the theme. */
  static final List<Rule<?>> ALL =
      List.of(
          AUTOSCALE_DISABLED,
          SINGLE_REPLICA,
          HPA_BOUNDS,
          BACKUP_DISABLED,
          PREPROD_BACKUP_DISABLED,
          HOST_ENVIRONMENT,
          PLAIN_INGRESS,
          PRODUCTION_DATA,
          PERSISTENT_VOLUME,
          DEFAULT_IMAGE);

  private Deployment() {}

  /**
   * The chart writes the TLS of its Ingress itself; the controller sends to it unless told not to.
   */
  private static void encryption(KontinuousComponent component, Facts facts) {
    if (!component.isExposed()) {
      return;
    }
    Setting<Boolean> redirect = component.at("ingress.annotations").key(SSL_REDIRECT).bool();
    if (redirect.isAbsent()) {
      redirect = component.global("ingress").key("annotations").key(SSL_REDIRECT).bool();
    }
    if (redirect.isFalse()) {
      facts.found(redirect, "plain", component.name());
    } else if (!redirect.isUnknown()) {
      YamlPlace host = component.at("host");
      facts.kept(host.isPresent() ? host : component);
    }
  }

  /** Databases of other environments that start from the backups of production. */
  private static void productionData(KontinuousComponent component, Facts facts) {
    if (!component.isPostgres()
        || component.environment() == Environment.PROD
        || !component.at("cnpg-cluster.recovery").isPresent()) {
      return;
    }
    YamlPlace store = component.at("cnpg-cluster.recovery.barmanObjectStore");
    YamlPlace path = store.key("~tpl~destinationPath");
    path = path.isPresent() ? path : store.key("destinationPath");
    String text = path.text("");
    if (!component.at("cnpg-cluster.recovery.enabled").bool().isFalse()
        && PRODUCTION_BACKUP.matcher(text).find()) {
      facts.found(path, "recovered", component.name(), text);
    }
  }

  private static void volumes(KontinuousComponent component, Facts facts) {
    if (!component.isWorkload() || component.environment() == Environment.DEV) {
      return;
    }
    boolean found = false;
    for (YamlPlace volume : component.at("volumes").items()) {
      String driver = volume.at("csi.driver").text("");
      boolean keeps =
          KEEPING.stream().anyMatch(kind -> volume.key(kind).isPresent())
              || !driver.isEmpty()
                  && !volume.key("csi").isUnknown()
                  && !EPHEMERAL_DRIVER.matcher(driver).matches();
      if (keeps) {
        facts.found(volume, "volume", component.name(), volume.key("name").text("?"));
        found = true;
      }
    }
    for (YamlPlace volume : component.at("addVolumes").items()) {
      facts.found(volume, "volume", component.name(), volume.text(volume.key("name").text("?")));
      found = true;
    }
    if (!found && component.environment() == Environment.PROD) {
      facts.kept(component);
    }
  }

  /** What a chart of the toolchain runs where nobody says otherwise. */
  private static void defaultImage(KontinuousComponent component, Facts facts) {
    Setting<String> image =
        switch (component.chart()) {
          case "pg" -> component.postgresImage();
          case "redis" ->
              component.image().isAbsent()
                  ? Setting.byDefault(REDIS_IMAGE, component)
                  : component.image();
          default -> component.image();
        };
    ImageReference reference =
        image.isSet() || image.value() == null ? null : ImageReference.orNull(image.value());
    if (reference == null) {
      return;
    }
    for (Component part : EndOfLife.componentsOf(reference)) {
      Status status = part.cycle().status(facts.context().asOf());
      if (part.main() && status.state() == State.ENDED) {
        LocalDate until = status.until();
        if (until == null) {
          facts.found(component, "ended-undated", component.name(), reference, part.cycle());
        } else {
          facts.found(
              component, "ended", component.name(), reference, part.cycle(), until.toString());
        }
      }
    }
  }

  private static void autoscale(KontinuousComponent component, Facts facts) {
    if (!component.isWorkload() || component.environment() != Environment.PROD) {
      return;
    }
    Setting<Boolean> autoscaled = component.autoscaled();
    if (autoscaled.isFalse() && autoscaled.isSet()) {
      if (isSingleton(component)) {
        facts.context().concerns();
      } else {
        facts.found(autoscaled, "disabled", component.name());
      }
    } else if (autoscaled.isTrue()) {
      // By default the toolchain adds one.
      facts.kept(autoscaled.isSet() ? autoscaled : component);
    } else {
      facts.context().concerns();
    }
  }

  /** One pod, by choice: the toolchain leaves the autoscaler out. */
  private static void single(KontinuousComponent component, Facts facts) {
    Setting<Long> replicas = component.replicas();
    if (component.isWorkload()
        && component.environment() == Environment.PROD
        && component.autoscaled().isFalse()
        && !isRecreated(component)
        && replicas.isSet()
        && replicas.is(pods -> pods == 1)) {
      facts.found(replicas, "single", component.name());
    }
  }

  private static boolean isSingleton(KontinuousComponent component) {
    return component.replicas().isSet() && component.replicas().is(pods -> pods <= 1)
        || isRecreated(component);
  }

  /** Whether two of its pods must not run at a time. */
  private static boolean isRecreated(KontinuousComponent component) {
    return component.at("strategyType").string().is("Recreate"::equals);
  }

  private static void bounds(KontinuousComponent component, Facts facts) {
    if (!component.isWorkload()
        || component.environment() != Environment.PROD
        || !component.autoscaled().isTrue()) {
      return;
    }
    Setting<Long> min = component.minReplicas();
    Setting<Long> max = component.maxReplicas();
    int wantedMin = facts.context().number("min");
    int wantedMax = facts.context().number("max");
    // The toolchain's own lower bound is 2: what it does by itself may be written too.
    boolean low = min.is(value -> value == wantedMin || value == 2);
    boolean high = max.is(value -> value == wantedMax);
    if (!low && min.isSet()) {
      facts.found(min, "min", component.name(), min.value() == null ? "" : min.value(), wantedMin);
    }
    if (!high && max.isSet()) {
      facts.found(max, "max", component.name(), max.value() == null ? "" : max.value(), wantedMax);
    }
    if (low && high && (min.isSet() || max.isSet())) {
      facts.kept(max.isSet() ? max : min);
    }
  }

  /**
   * The chart of the platform turns backups on in production and preproduction by a templated
   * value, which only a templated value can replace.
   */
  private static void backup(KontinuousComponent component, Facts facts) {
    if (!component.isPostgres()) {
      return;
    }
    boolean platform = component.chart().equals("pg");
    YamlPlace backup = component.at(platform ? "cnpg-cluster.backup" : "backup");
    YamlPlace enabled = backup.key("~tpl~enabled");
    enabled = platform || enabled.isPresent() ? enabled : backup.key("enabled");
    Setting<Boolean> on = enabled.bool();
    if (on.isFalse()) {
      facts.found(on, "disabled", component.name());
    } else if (on.isTrue() || platform && on.isAbsent()) {
      facts.kept(on.isTrue() ? on : component);
    }
  }

  private static void hosts(KontinuousComponent component, Facts facts) {
    host(component.global("host"), component.environment(), facts);
    if (!component.isExposed()) {
      return;
    }
    YamlPlace own = component.at("host");
    if (!own.isPresent()) {
      // The toolchain names it after the repository and the environment.
      facts.kept(component);
    } else if (GIVEN_NAME.matcher(own.text("")).find()) {
      facts.kept(own);
    } else {
      host(own, component.environment(), facts);
    }
  }

  private static void host(YamlPlace at, Environment environment, Facts facts) {
    Setting<String> host = at.string();
    String name = host.value() == null ? "" : host.value().toLowerCase(Locale.ROOT);
    if (!name.endsWith(FABRIQUE)) {
      if (name.endsWith(".gouv.fr") && environment == Environment.PROD) {
        facts.kept(host);
      }
      return;
    }
    boolean otherDomain = OTHER_DOMAIN.matcher(name).matches();
    if (environment == Environment.PROD) {
      if (otherDomain) {
        facts.found(host, "development-host", name);
      } else {
        facts.kept(host);
      }
    } else if (otherDomain || OTHER_NAME.matcher(name).matches()) {
      facts.kept(host);
    } else {
      facts.found(host, "production-host", name);
    }
  }
}
