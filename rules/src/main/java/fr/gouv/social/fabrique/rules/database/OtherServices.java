package fr.gouv.social.fabrique.rules.database;

import fr.gouv.social.fabrique.compose.ComposeService;
import fr.gouv.social.fabrique.compose.ComposeVariable;
import fr.gouv.social.fabrique.compose.Units;
import fr.gouv.social.fabrique.compose.VolumeMount;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.rules.database.ServedDatabase.Product;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import fr.gouv.social.fabrique.yaml.YamlScalar;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Passwords and authentication of each product, and what is peculiar to Redis and Elasticsearch.
 */
final class OtherServices {
  private static final Pattern HEAP = Pattern.compile("-Xm([sx])(\\d{1,9})([kKmMgG]?)(?=\\s|$)");

  static final Rule<ComposeService> MISSING_PASSWORD =
      DatabaseServiceRules.of("database/missing-password", OtherServices::missingPassword);

  static final Rule<ComposeService> NO_AUTHENTICATION =
      DatabaseServiceRules.of("database/no-authentication", OtherServices::noAuthentication);

  static final Rule<ComposeService> LOST_PERSISTENCE =
      DatabaseServiceRules.of("database/redis-without-snapshots", OtherServices::lostPersistence);

  static final Rule<ComposeService> DISCOVERY =
      DatabaseServiceRules.of("database/elasticsearch-discovery", OtherServices::discovery);

  static final Rule<ComposeService> HEAP_SIZE =
      DatabaseServiceRules.of("database/elasticsearch-heap", OtherServices::heap);

  static final Rule<ComposeService> MEMORY_LOCK =
      DatabaseServiceRules.of("database/elasticsearch-memory-lock", OtherServices::memoryLock);

  static final Rule<ComposeService> CACHE_SIZE =
      DatabaseServiceRules.of("database/mongo-cache", OtherServices::cacheSize);

  static final Rule<ComposeService> PASSWORD_IN_COMMAND =
      DatabaseServiceRules.of("database/password-in-command", OtherServices::passwordInCommand);

  static final Rule<ComposeService> OPEN_FILES =
      DatabaseServiceRules.of(
          "database/elasticsearch-open-files",
          (database, context) -> {
            YamlPlace limit = database.service().place().at("ulimits.nofile");
            // Java raises its own limit to the hard one.
            YamlPlace hard = limit.text() == null ? limit.key("hard") : limit;
            Long most = hard.integer().value();
            if (isSearch(database) && most != null && most >= 0 && most < 65_535) {
              context.report(hard, "low", database.name(), database.product(), most);
            }
          });

  static final List<Rule<?>> ALL =
      List.of(
          MISSING_PASSWORD,
          NO_AUTHENTICATION,
          LOST_PERSISTENCE,
          DISCOVERY,
          HEAP_SIZE,
          MEMORY_LOCK,
          CACHE_SIZE,
          PASSWORD_IN_COMMAND,
          OPEN_FILES);

  private OtherServices() {}

  private static void missingPassword(ServedDatabase database, RuleContext context) {
    if (!database.showsEnvironment()) {
      return;
    }
    switch (database.product()) {
      case POSTGRES -> {
        if (database.variable(
                "POSTGRES_PASSWORD", "POSTGRES_PASSWORD_FILE", "POSTGRES_HOST_AUTH_METHOD")
            == null) {
          context.report(database.environment(), "postgres", database.name());
        }
      }
      case MYSQL -> {
        if (database.variable(
                "MYSQL_ROOT_PASSWORD",
                "MYSQL_ROOT_PASSWORD_FILE",
                "MYSQL_ALLOW_EMPTY_PASSWORD",
                "MYSQL_RANDOM_ROOT_PASSWORD")
            == null) {
          context.report(database.environment(), "mysql", database.name());
        }
      }
      case MARIADB -> {
        if (database.service().environment().stream()
            .noneMatch(
                each ->
                    each.name()
                        .matches(
                            "(?:MARIADB|MYSQL)_(?:ROOT_PASSWORD(?:_FILE|_HASH|_HASH_FILE)?|ALLOW_EMPTY_(?:ROOT_)?PASSWORD|RANDOM_ROOT_PASSWORD)"))) {
          context.report(database.environment(), "mariadb", database.name());
        }
      }
      case MONGO -> {
        ComposeVariable user =
            database.variable("MONGO_INITDB_ROOT_USERNAME", "MONGO_INITDB_ROOT_USERNAME_FILE");
        ComposeVariable password =
            database.variable("MONGO_INITDB_ROOT_PASSWORD", "MONGO_INITDB_ROOT_PASSWORD_FILE");
        ComposeVariable alone = user == null ? password : password == null ? user : null;
        if (alone != null) {
          context.report(alone, "mongo", database.name());
        }
      }
      default -> {}
    }
  }

  private static void noAuthentication(ServedDatabase database, RuleContext context) {
    switch (database.product()) {
      case POSTGRES -> {
        ComposeVariable method = database.variable("POSTGRES_HOST_AUTH_METHOD");
        if (method != null && "trust".equals(database.value("POSTGRES_HOST_AUTH_METHOD"))) {
          context.report(method, "trust", database.name());
        }
        ComposeVariable arguments = database.variable("POSTGRES_INITDB_ARGS");
        String text = database.value("POSTGRES_INITDB_ARGS");
        if (arguments != null
            && text != null
            && text.matches(".*--auth(?:-host)?[= ]trust(?:\\s.*)?")) {
          context.report(arguments, "trust", database.name());
        }
      }
      case MYSQL, MARIADB -> {
        for (String name :
            List.of(
                "MYSQL_ALLOW_EMPTY_PASSWORD",
                "MARIADB_ALLOW_EMPTY_PASSWORD",
                "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD")) {
          ComposeVariable allow = database.variable(name);
          String value = database.value(name);
          if (allow != null && value != null && !value.isEmpty()) {
            context.report(allow, "empty", database.name(), name);
          }
        }
      }
      case MONGO -> {
        boolean authenticates =
            database.variable("MONGO_INITDB_ROOT_USERNAME", "MONGO_INITDB_ROOT_USERNAME_FILE")
                    != null
                || hasOption(database, "--auth", "--keyFile", "--config", "-f");
        reportIfOpen(database, authenticates, context);
      }
      case REDIS, VALKEY ->
          reportIfOpen(
              database,
              hasOption(database, "--requirepass", "--aclfile", "--user")
                  || database.command().stream().anyMatch(word -> word.endsWith(".conf")),
              context);
      case ELASTICSEARCH, OPENSEARCH -> {
        ComposeVariable security =
            database.variable("xpack.security.enabled", "ES_SETTING_XPACK_SECURITY_ENABLED");
        if (security != null
            && "false".equals(String.valueOf(security.value().value()).toLowerCase(Locale.ROOT))) {
          reportIfOpen(database, false, context);
        }
      }
    }
  }

  /** Without a published port only the other services of the project reach it. */
  private static void reportIfOpen(
      ServedDatabase database, boolean authenticates, RuleContext context) {
    if (authenticates || !database.showsEnvironment()) {
      return;
    }
    Located open =
        database.service().ports().stream()
            .filter(port -> DatabaseServiceRules.isOpen(port, database))
            .findFirst()
            .orElse(null);
    if (open != null) {
      context.report(
          database.service().place().key("image"), "open", database.name(), database.product());
    }
  }

  private static boolean hasOption(ServedDatabase database, String... options) {
    for (YamlScalar word : database.service().command()) {
      for (String option : options) {
        if (!word.isKnown() || word.value().contains(option)) {
          return true;
        }
      }
    }
    return false;
  }

  private static void lostPersistence(ServedDatabase database, RuleContext context) {
    if (database.product() != Product.REDIS && database.product() != Product.VALKEY) {
      return;
    }
    VolumeMount data = database.mountAt("/data");
    List<YamlScalar> words = database.service().command();
    for (int i = 0; i + 1 < words.size(); i++) {
      String next = words.get(i + 1).value();
      if (data != null
          && words.get(i).value().equals("--save")
          && words.get(i + 1).isKnown()
          && next.replaceAll("['\"]", "").isBlank()
          && !database.command().contains("--appendonly")) {
        context.report(data, "lost", database.name(), database.product());
      }
    }
  }

  private static void discovery(ServedDatabase database, RuleContext context) {
    if (database.product() != Product.ELASTICSEARCH || !database.showsEnvironment()) {
      return;
    }
    ComposeVariable type = database.variable("discovery.type");
    ComposeVariable masters = database.variable("cluster.initial_master_nodes");
    if (type != null
        && masters != null
        && "single-node".equals(type.value().value())
        && masters.value().value() != null
        && !String.valueOf(masters.value().value()).isEmpty()) {
      context.report(masters, "both", database.name()).related(type);
      return;
    }
    // Release 8 forms a cluster of one by itself as long as it sets up its security.
    boolean byItself =
        database.major() != 7 && !"false".equals(database.value("xpack.security.enabled"));
    if (type == null
        && masters == null
        && !byItself
        && database.major() >= 7
        && database.variable("discovery.seed_hosts", "discovery.seed_providers") == null
        && database.service().environment().stream()
            .noneMatch(each -> each.name().startsWith("ES_SETTING_"))
        && database.mountOf("/usr/share/elasticsearch/config/elasticsearch.yml") == null
        && !hasOption(database, "discovery")) {
      context.report(database.environment(), "none", database.name());
    }
  }

  private static void heap(ServedDatabase database, RuleContext context) {
    ComposeVariable options = database.variable("ES_JAVA_OPTS", "OPENSEARCH_JAVA_OPTS");
    String text = options == null ? null : options.value().value();
    if (options == null || text == null) {
      return;
    }
    Long first = heapSize(text, "s");
    Long most = heapSize(text, "x");
    if (first != null && most != null && !first.equals(most)) {
      context.report(options, "differ", database.name());
    }
    Long limit = database.service().memoryLimit().value();
    if (most != null && limit != null && limit > 0 && most > limit / 2) {
      context
          .report(options, "too-large", database.name(), most >> 20, limit >> 20)
          .related(database.service().memoryLimit());
    }
  }

  private static boolean isSearch(ServedDatabase database) {
    return database.product() == Product.ELASTICSEARCH || database.product() == Product.OPENSEARCH;
  }

  private static void memoryLock(ServedDatabase database, RuleContext context) {
    ComposeVariable lock = database.variable("bootstrap.memory_lock");
    YamlPlace limit = database.service().place().at("ulimits.memlock");
    if (!isSearch(database)
        || lock == null
        || !"true".equals(lock.value().value())
        || limit.isUnknown()) {
      return;
    }
    YamlPlace hard = limit.text() == null ? limit.key("hard") : limit;
    YamlPlace soft = limit.text() == null ? limit.key("soft") : limit;
    if (!hard.isUnknown()
        && !soft.isUnknown()
        && !(hard.text("").equals("-1") && soft.text("").equals("-1"))) {
      context.report(lock, "limited", database.name(), database.product()).related(limit);
    }
  }

  /** Without the option, releases since 4.0.9 size their cache by the limit of the container. */
  private static void cacheSize(ServedDatabase database, RuleContext context) {
    Long limit = database.service().memoryLimit().value();
    List<YamlScalar> words = database.service().command();
    if (database.product() != Product.MONGO || limit == null || limit <= 0) {
      return;
    }
    for (int i = 0; i < words.size(); i++) {
      String[] option = words.get(i).value().split("=", 2);
      if (option[0].equals("--wiredTigerCacheSizeGB")) {
        YamlScalar at =
            option.length > 1 || i + 1 == words.size() ? words.get(i) : words.get(i + 1);
        BigDecimal size = Units.number(option.length > 1 ? option[1] : at.value());
        if (at.isKnown()
            && size != null
            && size.multiply(BigDecimal.valueOf(1L << 30)).compareTo(BigDecimal.valueOf(limit))
                >= 0) {
          context
              .report(at, "too-large", database.name(), size, limit >> 20)
              .related(database.service().memoryLimit());
        }
      }
    }
  }

  private static void passwordInCommand(ServedDatabase database, RuleContext context) {
    List<YamlScalar> words = database.service().command();
    for (int i = 0; i + 1 < words.size(); i++) {
      YamlScalar password = words.get(i + 1);
      if (words.get(i).value().equals("--requirepass")
          && password.isKnown()
          && !password.value().isEmpty()
          && password.value().indexOf('$') < 0) {
        context.report(password, "literal", database.name(), words.get(i).value());
      }
    }
  }

  private static @Nullable Long heapSize(String text, String which) {
    Matcher matcher = HEAP.matcher(text);
    Long found = null;
    while (matcher.find()) {
      if (matcher.group(1).equals(which)) {
        int shift =
            switch (matcher.group(3).toLowerCase(Locale.ROOT)) {
              case "k" -> 10;
              case "m" -> 20;
              case "g" -> 30;
              default -> 0;
            };
        found = Long.parseLong(matcher.group(2)) << shift;
      }
    }
    return found;
  }
}
