package fr.gouv.social.fabrique.rules.database;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.compose.ComposeService;
import fr.gouv.social.fabrique.compose.ComposeVariable;
import fr.gouv.social.fabrique.compose.PortMapping;
import fr.gouv.social.fabrique.compose.Units;
import fr.gouv.social.fabrique.compose.VolumeMount;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.rules.database.ServedDatabase.Product;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import fr.gouv.social.fabrique.yaml.YamlScalar;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/** How Compose services run databases, whatever the product. */
final class DatabaseServiceRules {
  private static final Set<String> INIT_FILES =
      Set.of("sql", "sql.gz", "sql.xz", "sql.zst", "sh", "js");

  private static final String INIT_FOLDER = "/docker-entrypoint-initdb.d/";

  /** What Docker waits for by itself before it kills (docs.docker.com, docker container stop). */
  private static final Duration DEFAULT_STOP = Duration.ofSeconds(10);

  static final Rule<ComposeService> PUBLISHED_PORT =
      of("database/published-port", DatabaseServiceRules::publishedPort);

  static final Rule<ComposeService> MISSING_VOLUME =
      of("database/missing-volume", DatabaseServiceRules::missingVolume);

  static final Rule<ComposeService> BOTH_FORMS =
      of("database/contradictory-password", DatabaseServiceRules::bothForms);

  static final Rule<ComposeService> SECRET_FILE =
      of("database/missing-secret-file", DatabaseServiceRules::secretFile);

  static final Rule<ComposeService> INIT_FILE =
      of("database/ignored-init-file", DatabaseServiceRules::initFile);

  static final Rule<ComposeService> WRITABLE_INIT =
      of(
          "database/writable-init-mount",
          (database, context) -> {
            for (VolumeMount mount : database.service().volumes()) {
              YamlScalar target = mount.target();
              if (mount.type() == VolumeMount.Type.BIND
                  && !mount.isReadOnly()
                  && target != null
                  && target.isKnown()
                  && (ServedDatabase.clean(target.value()) + "/").startsWith(INIT_FOLDER)) {
                context.report(mount, "writable", database.name());
              }
            }
          });

  static final Rule<ComposeService> BIND_MOUNT =
      of(
          "database/bind-mounted-data",
          (database, context) -> {
            VolumeMount mount = database.mountOf(database.dataFolder());
            if (mount != null && mount.type() == VolumeMount.Type.BIND) {
              context.report(mount, "bind", database.name(), database.product());
            }
          });

  static final Rule<ComposeService> MISSING_STOP_PERIOD =
      of(
          "database/missing-stop-period",
          (database, context) -> {
            YamlPlace period = database.service().place().key("stop_grace_period");
            if (!period.isPresent()) {
              context.report(period, "missing", database.name(), database.product());
            }
          });

  static final Rule<ComposeService> FORCED_STOP =
      of(
          "database/forced-stop",
          (database, context) -> {
            Setting<String> period = database.service().place().key("stop_grace_period").string();
            Duration time = period.value() == null ? null : Units.duration(period.value());
            if (time != null && time.compareTo(DEFAULT_STOP) < 0) {
              context.report(
                  period, "period", database.name(), database.product(), period.value() + "");
            }
            Setting<String> signal = database.service().place().key("stop_signal").string();
            boolean forced =
                signal.is(
                    name ->
                        name.equals("SIGKILL")
                            || name.equals("9")
                            || database.product() == Product.POSTGRES
                                && (name.equals("SIGQUIT") || name.equals("3")));
            if (forced) {
              context.report(
                  signal, "signal", database.name(), database.product(), signal.value() + "");
            }
          });

  static final List<Rule<?>> ALL =
      List.of(
          PUBLISHED_PORT,
          MISSING_VOLUME,
          BOTH_FORMS,
          SECRET_FILE,
          INIT_FILE,
          WRITABLE_INIT,
          BIND_MOUNT,
          MISSING_STOP_PERIOD,
          FORCED_STOP);

  private DatabaseServiceRules() {}

  /** A rule on the services that run a database. */
  static Rule<ComposeService> of(String id, BiConsumer<ServedDatabase, RuleContext> check) {
    return rule(
        id,
        ComposeService.class,
        (service, context) -> {
          ServedDatabase database = ServedDatabase.of(service);
          if (database != null) {
            check.accept(database, context);
          }
        });
  }

  /** A port of the database itself that every machine of the network can reach, or null. */
  static boolean isOpen(PortMapping port, ServedDatabase database) {
    PortMapping.Range target = port.target().value();
    return port.error() == null
        && target != null
        && port.isOnEveryInterface()
        && database.product().ports().stream()
            .anyMatch(each -> target.first() <= each && each <= target.last());
  }

  private static void publishedPort(ServedDatabase database, RuleContext context) {
    for (PortMapping port : database.service().ports()) {
      if (isOpen(port, database)) {
        context.report(
            port,
            "open",
            database.name(),
            database.product(),
            String.valueOf(port.target().value()));
      }
    }
  }

  private static void missingVolume(ServedDatabase database, RuleContext context) {
    boolean cache = database.product() == Product.REDIS || database.product() == Product.VALKEY;
    ComposeVariable moved = database.variable("PGDATA");
    boolean misplaced =
        database.product() == Product.POSTGRES
            && (database.mountAt("/var/lib/postgresql") != null
                || database.mountAt("/var/lib/postgresql/data") != null);
    if (!cache
        && moved == null
        && !misplaced
        && !database.hasUnknownMount()
        && !database.keepsData()
        && !isOnTmpfs(database)) {
      context.report(
          database.service().place().key("volumes"),
          "missing",
          database.name(),
          database.product(),
          database.dataFolder());
    }
  }

  /** Data that is thrown away on purpose, as tests do. */
  private static boolean isOnTmpfs(ServedDatabase database) {
    YamlPlace place = database.service().place().key("tmpfs");
    return place.texts().stream()
        .map(text -> ServedDatabase.clean(text.split(":", 2)[0]))
        .anyMatch(path -> database.dataFolder().startsWith(path) || path.startsWith("/var/lib"));
  }

  private static void bothForms(ServedDatabase database, RuleContext context) {
    if (database.product() == Product.REDIS || database.product() == Product.VALKEY) {
      return;
    }
    for (ComposeVariable variable : database.service().environment()) {
      ComposeVariable file = database.variable(variable.name() + "_FILE");
      String value = variable.value().value();
      if (file != null && value != null && !value.isEmpty() && isPassword(variable.name())) {
        context.report(variable, "both", database.name(), variable.name()).related(file);
      }
    }
    for (String name : List.of("MARIADB_ROOT_PASSWORD", "MARIADB_PASSWORD")) {
      ComposeVariable plain = database.variable(name, name + "_FILE");
      ComposeVariable hash = database.variable(name + "_HASH", name + "_HASH_FILE");
      if (database.product() == Product.MARIADB && plain != null && hash != null) {
        context.report(plain, "hash", database.name(), plain.name(), hash.name()).related(hash);
      }
    }
    if ("root".equals(database.value("MYSQL_USER"))
        && (database.product() == Product.MYSQL || database.product() == Product.MARIADB)) {
      ComposeVariable user = database.variable("MYSQL_USER");
      if (user != null) {
        context.report(user, "root-user", database.name());
      }
    }
  }

  private static boolean isPassword(String name) {
    return name.matches("(?:POSTGRES|MYSQL|MARIADB|MONGO_INITDB|ELASTIC)_\\w+");
  }

  private static void secretFile(ServedDatabase database, RuleContext context) {
    for (ComposeVariable variable : database.service().environment()) {
      String path = variable.value().value();
      if (path != null
          && variable.name().endsWith("_FILE")
          && isPassword(variable.name())
          && path.startsWith("/run/secrets/")
          && !database.secretTargets().contains(path)
          && !database.hasUnknownMount()
          && database.mountOf(path) == null) {
        context.report(variable, "missing", database.name(), variable.name(), path);
      }
    }
  }

  private static void initFile(ServedDatabase database, RuleContext context) {
    for (VolumeMount mount : database.service().volumes()) {
      YamlScalar target = mount.target();
      if (target == null || !target.isKnown() || !target.value().startsWith(INIT_FOLDER)) {
        continue;
      }
      String file = target.value().substring(INIT_FOLDER.length());
      int dot = file.indexOf('.');
      boolean known =
          INIT_FILES.stream().anyMatch(extension -> file.endsWith("." + extension))
              && (!file.endsWith(".js") || database.product() == Product.MONGO);
      if (dot > 0 && !known && file.indexOf('/') < 0) {
        context.report(mount, "ignored", database.name(), file);
      }
    }
  }
}
