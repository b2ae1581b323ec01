package fr.gouv.social.fabrique.rules.database;

import fr.gouv.social.fabrique.compose.ComposeService;
import fr.gouv.social.fabrique.compose.HealthCheck;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.rules.database.ServedDatabase.Product;
import fr.gouv.social.fabrique.yaml.YamlScalar;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What newer releases of MySQL, MariaDB and MongoDB took away (docker-library/mysql,
 * MariaDB/mariadb-docker, docker-library/mongo).
 */
final class MysqlService {
  private static final Pattern MYSQL_CLIENT =
      Pattern.compile("(?:^|[\\s/;&|])(mysqladmin|mysql|mysqlcheck)(?=\\s|$)");
  private static final Pattern MONGO_SHELL = Pattern.compile("(?:^|[\\s/;&|])mongo(?=\\s|$)");

  static final Rule<ComposeService> REMOVED =
      DatabaseServiceRules.of("database/removed-command", MysqlService::removed);

  static final Rule<ComposeService> PING =
      DatabaseServiceRules.of(
          "database/unauthenticated-ping",
          (database, context) -> {
            HealthCheck check = database.service().healthCheck();
            String test = database.healthTest();
            boolean own =
                database.product() == Product.MYSQL || database.product() == Product.MARIADB;
            if (own
                && check != null
                && test.matches("(?s).*\\b(?:mysqladmin|mariadb-admin)\\b.*\\bping\\b.*")
                && !test.matches("(?s).*(?:\\s|['\"])(?:-p|--password|-u).*")) {
              context.report(check.place().key("test"), "ping", database.name());
            }
          });

  static final List<Rule<?>> ALL = List.of(REMOVED, PING);

  private MysqlService() {}

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
