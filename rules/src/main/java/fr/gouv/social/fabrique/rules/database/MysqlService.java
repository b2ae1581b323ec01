package fr.gouv.social.fabrique.rules.database;

import fr.gouv.social.fabrique.compose.ComposeService;
import fr.gouv.social.fabrique.compose.ComposeVariable;
import fr.gouv.social.fabrique.compose.HealthCheck;
import fr.gouv.social.fabrique.compose.ServiceDependency;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.rules.database.ServedDatabase.Product;
import fr.gouv.social.fabrique.yaml.YamlScalar;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What newer releases of MySQL, MariaDB and MongoDB took away (docker-library/mysql,
 * MariaDB/mariadb-docker, docker-library/mongo).
 */
final class MysqlService {
  private static final Pattern MYSQL_CLIENT =
      Pattern.compile("(?:^|[\\s/;&|])(mysqladmin|mysql|mysqlcheck)(?=\\s|$)");
  private static final Pattern MONGO_SHELL = Pattern.compile("(?:^|[\\s/;&|])mongo(?=\\s|$)");

  private static final Pattern ADMIN_PING =
      Pattern.compile("\\b(?:mysqladmin|mariadb-admin)\\b[\\s\\S]*\\bping\\b");
  private static final Pattern ANY_CLIENT =
      Pattern.compile("(?:^|[\\s/;&|])(?:mysqladmin|mysql|mariadb|mariadb-admin)(?=\\s|$)");
  private static final Pattern AUTHENTICATED =
      Pattern.compile("(?:\\s|['\"])(?:-p|--password|-u|--defaults)");

  /** A host other than localhost, which means the socket, or a protocol. */
  private static final Pattern OVER_TCP =
      Pattern.compile(
          "(?i)\\s(?:-h|--host)[=\\s]*['\"]?(?!['\"]?localhost)[^\\s'\"]|--protocol[=\\s]+tcp");

  private static final Pattern REDIS_PING =
      Pattern.compile("(?i)\\b(?:redis|valkey)-cli\\b(?![\\s\\S]*grep)[\\s\\S]*\\bping\\b");
  private static final Pattern REDIS_AUTHENTICATED =
      Pattern.compile("(?i)\\s(?:-a|-u|--pass|--user|--askpass|-e|auth)\\b|CLI_AUTH");
  private static final Pattern USER_PASSWORD =
      Pattern.compile("(?:MYSQL|MARIADB)_PASSWORD(?:_HASH)?(?:_FILE)?");

  static final Rule<ComposeService> REMOVED =
      DatabaseServiceRules.of("database/removed-command", MysqlService::removed);

  static final Rule<ComposeService> PING =
      DatabaseServiceRules.of(
          "database/unauthenticated-ping",
          (database, context) -> {
            HealthCheck check = database.service().healthCheck();
            String message = check == null ? null : deceived(database);
            if (check != null && message != null) {
              context.report(check.place().key("test"), message, database.name());
            }
          });

  static final Rule<ComposeService> USER_WITHOUT_PASSWORD =
      DatabaseServiceRules.of(
          "database/user-without-password",
          (database, context) -> {
            if (!isMysql(database) || !database.showsEnvironment()) {
              return;
            }
            ComposeVariable user =
                database.variable(
                    "MARIADB_USER", "MARIADB_USER_FILE", "MYSQL_USER", "MYSQL_USER_FILE");
            if (user != null
                && database.service().environment().stream()
                    .noneMatch(each -> USER_PASSWORD.matcher(each.name()).matches())) {
              context.report(user, "missing", database.name(), user.name());
            }
          });

  static final List<Rule<?>> ALL = List.of(REMOVED, PING, USER_WITHOUT_PASSWORD);

  private MysqlService() {}

  private static boolean isMysql(ServedDatabase database) {
    return database.product() == Product.MYSQL || database.product() == Product.MARIADB;
  }

  /** How a health check takes for ready a server that is not, or null. */
  private static @Nullable String deceived(ServedDatabase database) {
    String test = database.healthTest();
    if (isMysql(database)) {
      boolean authenticates = AUTHENTICATED.matcher(test).find();
      if (ADMIN_PING.matcher(test).find() && !authenticates) {
        return "ping";
      }
      return authenticates
              && ANY_CLIENT.matcher(test).find()
              && !OVER_TCP.matcher(test).find()
              && isAwaited(database.service())
          ? "socket"
          : null;
    }
    boolean redis = database.product() == Product.REDIS || database.product() == Product.VALKEY;
    return redis
            && database.service().command().stream()
                .anyMatch(word -> word.value().startsWith("--requirepass"))
            && REDIS_PING.matcher(test).find()
            && !REDIS_AUTHENTICATED.matcher(test).find()
            && database.showsEnvironment()
            && database.variable("REDISCLI_AUTH", "VALKEYCLI_AUTH") == null
        ? "redis"
        : null;
  }

  /** Whether a service starts when this one is healthy. */
  private static boolean isAwaited(ComposeService service) {
    return service.project().services().stream()
        .flatMap(each -> each.dependencies().stream())
        .anyMatch(
            each ->
                each.service().equals(service.name())
                    && each.condition() == ServiceDependency.Condition.SERVICE_HEALTHY);
  }

  private static void removed(ServedDatabase database, RuleContext context) {
    if (database.product() == Product.MYSQL && isAtLeast84(database)) {
      for (YamlScalar word : database.service().command()) {
        if (word.value().startsWith("--default-authentication-plugin")
            || word.value().startsWith("--default_authentication_plugin")) {
          context.report(word, "authentication-plugin", database.name(), word.value());
        }
      }
    }
    HealthCheck check = database.service().healthCheck();
    String test = database.healthTest();
    if (check == null) {
      return;
    }
    if (database.product() == Product.MARIADB
        && database.major() >= 11
        && MYSQL_CLIENT.matcher(test).find()) {
      context.report(check.place().key("test"), "mariadb-client", database.name());
    } else if (database.product() == Product.MONGO
        && database.major() >= 6
        && MONGO_SHELL.matcher(test).find()) {
      context.report(check.place().key("test"), "mongo-shell", database.name());
    }
  }

  /** The option went with 8.4; {@code mysql:8} is 8.4 today. */
  private static boolean isAtLeast84(ServedDatabase database) {
    String image = database.service().image().value();
    return database.major() >= 9
        || database.major() == 8
            && image != null
            && image.matches("[^@]*:8(?:\\.[4-9][^@]*|-[^@]*)?(?:@.*)?");
  }
}
