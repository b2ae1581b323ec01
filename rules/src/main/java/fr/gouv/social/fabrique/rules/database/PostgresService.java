package fr.gouv.social.fabrique.rules.database;

import fr.gouv.social.fabrique.compose.ComposeService;
import fr.gouv.social.fabrique.compose.ComposeVariable;
import fr.gouv.social.fabrique.compose.HealthCheck;
import fr.gouv.social.fabrique.compose.VolumeMount;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.rule.RuleContext.Reported;
import fr.gouv.social.fabrique.rule.TextEdit;
import fr.gouv.social.fabrique.rules.database.ServedDatabase.Product;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.yaml.YamlScalar;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** PostgreSQL from its official image (docker-library/postgres, docker-entrypoint.sh). */
final class PostgresService {
  private static final String OLD = "/var/lib/postgresql/data";
  private static final String NEW = "/var/lib/postgresql";
  private static final Pattern USER =
      Pattern.compile(
          "\\bpg_isready\\b.*?(?:\\s-U\\s*|\\s--username[= ])['\"]?([\\w-]+)['\"]?(?:\\s|$)");

  private static final Pattern PARALLEL =
      Pattern.compile(
          "(?:^|--)(max_parallel_(?:maintenance_)?workers(?:_per_gather)?|(?:maintenance_)?work_mem)"
              + "=[1-9]");

  static final Rule<ComposeService> VOLUME_PATH =
      DatabaseServiceRules.of("database/postgres-volume-path", PostgresService::volumePath);

  static final Rule<ComposeService> HEALTHCHECK =
      DatabaseServiceRules.of("database/postgres-healthcheck-user", PostgresService::healthcheck);

  static final Rule<ComposeService> SHARED_MEMORY =
      DatabaseServiceRules.of("database/small-shared-memory", PostgresService::sharedMemory);

  static final List<Rule<?>> ALL = List.of(VOLUME_PATH, HEALTHCHECK, SHARED_MEMORY);

  private PostgresService() {}

  private static void volumePath(ServedDatabase database, RuleContext context) {
    if (database.product() != Product.POSTGRES || database.major() == 0) {
      return;
    }
    ComposeVariable moved = database.variable("PGDATA");
    String at = database.major() >= 18 ? OLD : NEW;
    VolumeMount mount = database.mountAt(at);
    if (mount == null || !database.showsEnvironment()) {
      return;
    }
    boolean nested = moved != null && (database.major() >= 18 || isBelow(database, NEW));
    if (nested || database.major() < 18 && database.mountAt(OLD) != null) {
      return;
    }
    Reported reported =
        context.report(
            mount,
            database.major() >= 18 ? "since-18" : "before-18",
            database.name(),
            ServedDatabase.clean(at));
    YamlScalar target = mount.target();
    if (target != null && target.interpolation() == null) {
      Span span = target.span();
      if (span.text().equals(target.value())) {
        reported.unsafeFix(new TextEdit(span, database.major() >= 18 ? NEW : OLD));
      }
    }
  }

  /** Whether the data is moved to a folder of a mount, or to a place that is not known. */
  private static boolean isBelow(ServedDatabase database, String folder) {
    String moved = database.value("PGDATA");
    return moved == null || (moved.startsWith(folder) && !moved.startsWith(OLD));
  }

  private static void healthcheck(ServedDatabase database, RuleContext context) {
    HealthCheck check = database.service().healthCheck();
    String test = database.healthTest();
    if (database.product() != Product.POSTGRES
        || check == null
        || !test.contains("pg_isready")
        || !database.showsEnvironment()
        || check.test().stream().anyMatch(word -> !word.isKnown())) {
      return;
    }
    ComposeVariable variable = database.variable("POSTGRES_USER", "POSTGRES_USER_FILE");
    String user = variable == null ? "postgres" : variable.value().value();
    Matcher matcher = USER.matcher(test);
    if (matcher.find()) {
      if (user != null
          && variable != null
          && variable.name().equals("POSTGRES_USER")
          && !matcher.group(1).equals(user)) {
        context.report(
            check.place().key("test"), "other-user", database.name(), matcher.group(1), user);
      }
    } else if (!test.contains("-U") && !test.contains("--username") && !hasPgUser(database)) {
      context.report(check.place().key("test"), "no-user", database.name());
    }
  }

  /** The workers of a parallel query share memory in {@code /dev/shm}, 64 MB by default. */
  private static void sharedMemory(ServedDatabase database, RuleContext context) {
    ComposeService service = database.service();
    if (database.product() != Product.POSTGRES
        || service.place().key("shm_size").isPresent()
        || service.place().key("ipc").isPresent()
        || service.place().key("tmpfs").texts().stream().anyMatch(t -> t.startsWith("/dev/shm"))
        || database.mountAt("/dev/shm") != null) {
      return;
    }
    for (YamlScalar word : service.command()) {
      Matcher matcher = PARALLEL.matcher(word.value());
      if (word.isKnown() && matcher.find()) {
        context.report(word, "raised", database.name(), matcher.group(1));
        return;
      }
    }
  }

  private static boolean hasPgUser(ServedDatabase database) {
    return database.variable("PGUSER") != null;
  }
}
