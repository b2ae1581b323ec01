package fr.gouv.social.fabrique.rules.kontinuous;

import static fr.gouv.social.fabrique.rules.kontinuous.Facts.ruleOf;

import fr.gouv.social.fabrique.kontinuous.KontinuousComponent;
import fr.gouv.social.fabrique.kontinuous.KontinuousProject;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.source.Environment;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.yaml.YamlPlace;
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

  static final Rule<KontinuousProject> AUTOSCALE_DISABLED =
      ruleOf("autoscale-disabled", Deployment::autoscale);

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

  /** All rules of the theme. */
  static final List<Rule<?>> ALL =
      List.of(
          AUTOSCALE_DISABLED,
          HPA_BOUNDS,
          BACKUP_DISABLED,
          PREPROD_BACKUP_DISABLED,
          HOST_ENVIRONMENT);

  private Deployment() {}

  private static void autoscale(KontinuousComponent component, Facts facts) {
    if (!component.isWorkload() || component.environment() != Environment.PROD) {
      return;
    }
    Setting<Boolean> autoscaled = component.autoscaled();
    if (autoscaled.isFalse() && autoscaled.isSet()) {
      // One pod, by choice: nothing could scale it.
      boolean single =
          component.replicas().isSet() && component.replicas().is(pods -> pods <= 1)
              || component.at("strategyType").string().is("Recreate"::equals);
      if (!single) {
        facts.found(autoscaled, "disabled", component.name());
      }
    } else if (autoscaled.isTrue() && autoscaled.isSet()) {
      facts.kept(autoscaled);
    }
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
    if (component.isExposed()) {
      host(component.at("host"), component.environment(), facts);
    }
  }

  private static void host(YamlPlace at, Environment environment, Facts facts) {
    Setting<String> host = at.string();
    String name = host.value() == null ? "" : host.value().toLowerCase(Locale.ROOT);
    if (!name.endsWith(FABRIQUE)) {
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
