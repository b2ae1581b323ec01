package fr.gouv.social.fabrique.rules.database;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.kubernetes.CronSchedule;
import fr.gouv.social.fabrique.kubernetes.KubernetesObject;
import fr.gouv.social.fabrique.kubernetes.ObjectIndex;
import fr.gouv.social.fabrique.kubernetes.PostgresCluster;
import fr.gouv.social.fabrique.kubernetes.ScheduledBackup;
import fr.gouv.social.fabrique.project.DatabaseService;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.source.Environment;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Databases of production are backed up, often enough and for long enough. */
final class Backups {
  /** Semantics: {@code cloudnative-pg/api/v1}, {@code RetentionPolicy}. */
  private static final Pattern RETENTION = Pattern.compile("([1-9][0-9]{0,8})([dwm])");

  private static final int DAYS_OF_WEEK = 7;
  private static final int DAYS_OF_MONTH = 30;

  static final Rule<DatabaseService> MISSING =
      rule(
          "database/missing-backup",
          DatabaseService.class,
          (database, context) -> {
            if (database.owner() instanceof PostgresCluster cluster) {
              missing(cluster, context);
            } else if (database.engine() == DatabaseService.Engine.POSTGRESQL) {
              context.concerns();
            }
          });

  static final Rule<KubernetesObject> SHORT_RETENTION =
      rule("database/short-retention", KubernetesObject.class, Backups::retention);

  static final Rule<ScheduledBackup> INFREQUENT =
      rule("database/infrequent-backup", ScheduledBackup.class, Backups::infrequent);

  static final List<Rule<?>> ALL = List.of(MISSING, SHORT_RETENTION, INFREQUENT);

  private Backups() {}

  private static void missing(PostgresCluster cluster, RuleContext context) {
    KubernetesObject object = cluster.object();
    if (context.environment(cluster) != Environment.PROD || object.isPartial()) {
      return;
    }
    Setting<Boolean> backup = cluster.backup();
    if (backup.isFalse()) {
      context.report(backup, "missing", object.name());
    } else if (backup.isTrue() && !isScheduled(cluster, context.project().objects())) {
      context.report(backup, "unscheduled", object.name());
    } else if (backup.isTrue()) {
      context.keep(backup);
    }
  }

  private static boolean isScheduled(PostgresCluster cluster, ObjectIndex objects) {
    return objects.all(ScheduledBackup.class).stream()
        .filter(each -> objects.meet(cluster.object(), each.object()))
        .anyMatch(
            each ->
                each.clusterName().isUnknown()
                    || each.clusterName().is(cluster.object().name()::equals));
  }

  private static void retention(KubernetesObject object, RuleContext context) {
    String path;
    if (object.is("Cluster", "postgresql.cnpg.io")) {
      path = "spec.backup.retentionPolicy";
    } else if (object.is("ObjectStore", "barmancloud.cnpg.io")) {
      path = "spec.retentionPolicy";
    } else {
      return;
    }
    YamlPlace at = object.at(path);
    String text = object.string(path).value();
    if (context.environment(object) != Environment.PROD || text == null) {
      return;
    }
    Matcher matcher = RETENTION.matcher(text);
    if (!matcher.matches()) {
      context.report(at, "malformed", text);
      return;
    }
    int unit =
        switch (matcher.group(2)) {
          case "w" -> DAYS_OF_WEEK;
          case "m" -> DAYS_OF_MONTH;
          default -> 1;
        };
    if (Long.parseLong(matcher.group(1)) * unit < context.number("days")) {
      context.report(at, "short", text, context.number("days"));
    } else {
      context.keep(at);
    }
  }

  private static void infrequent(ScheduledBackup backup, RuleContext context) {
    if (context.environment(backup) != Environment.PROD || backup.object().isPartial()) {
      return;
    }
    YamlPlace at = backup.at("spec.schedule");
    String text = backup.string("spec.schedule").value();
    if (text == null) {
      return;
    }
    CronSchedule schedule = backup.schedule();
    if (backup.bool("spec.suspend").isTrue()) {
      context.report(backup.at("spec.suspend"), "suspended", backup.object().name());
    } else if (schedule == null) {
      if (CronSchedule.parse(text, false) != null) {
        context.report(at, "five-fields", text);
      }
    } else if (schedule.isAtLeastDaily()) {
      context.keep(at);
    } else if (!hasDailyTwin(backup, context.project().objects())) {
      context.report(at, "infrequent", text);
    }
  }

  /** Whether another schedule backs the same cluster up each day. */
  private static boolean hasDailyTwin(ScheduledBackup backup, ObjectIndex objects) {
    String cluster = backup.clusterName().value();
    for (ScheduledBackup each : objects.all(ScheduledBackup.class)) {
      CronSchedule schedule = each.schedule();
      if (each.object() != backup.object()
          && schedule != null
          && schedule.isAtLeastDaily()
          && each.clusterName().is(name -> name.equals(cluster))
          && objects.meet(backup.object(), each.object())) {
        return true;
      }
    }
    return false;
  }
}
