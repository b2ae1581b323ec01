package fr.gouv.social.fabrique.rules.database;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.compose.ComposeService;
import fr.gouv.social.fabrique.kontinuous.KontinuousComponent;
import fr.gouv.social.fabrique.kontinuous.KontinuousVariable;
import fr.gouv.social.fabrique.kubernetes.Container;
import fr.gouv.social.fabrique.kubernetes.EnvVar;
import fr.gouv.social.fabrique.kubernetes.PostgresCluster;
import fr.gouv.social.fabrique.project.DatabaseService;
import fr.gouv.social.fabrique.project.DatabaseService.Engine;
import fr.gouv.social.fabrique.project.EnvironmentVariable;
import fr.gouv.social.fabrique.project.EnvironmentVariable.Where;
import fr.gouv.social.fabrique.project.ImageReference;
import fr.gouv.social.fabrique.project.ImageUse;
import fr.gouv.social.fabrique.project.Version;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.rules.facts.EndOfLife;
import fr.gouv.social.fabrique.rules.facts.EndOfLife.Component;
import fr.gouv.social.fabrique.rules.facts.EndOfLife.Cycle;
import fr.gouv.social.fabrique.rules.facts.EndOfLife.Product;
import fr.gouv.social.fabrique.rules.facts.EndOfLife.State;
import fr.gouv.social.fabrique.rules.facts.EndOfLife.Status;
import fr.gouv.social.fabrique.rules.secret.Secrets;
import fr.gouv.social.fabrique.source.Environment;
import fr.gouv.social.fabrique.source.Located;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which databases a product uses, and how it reaches them. */
final class Databases {
  private static final Set<String> ADMIN_TOOLS =
      Set.of(
          "dpage/pgadmin4",
          "sosedoff/pgweb",
          "ankane/pghero",
          "adminer",
          "phpmyadmin",
          "phpmyadmin/phpmyadmin",
          "mongo-express",
          "dbeaver/cloudbeaver",
          "bytebase/bytebase",
          "sqlpad/sqlpad",
          "rediscommander/redis-commander",
          "ghcr.io/joeferner/redis-commander",
          "redis/redisinsight",
          "redislabs/redisinsight",
          "bitnami/phppgadmin",
          "dockage/phppgadmin",
          "ghcr.io/sosedoff/pgweb");

  private static final Pattern AZURE =
      Pattern.compile(
          "(?i)[\\w-]+\\.(?:postgres|mysql|mariadb)\\.database\\.azure\\.com|[\\w-]+\\.database\\.windows\\.net");
  private static final Pattern DATABASE_URL =
      Pattern.compile("(?i)(?:jdbc:)?postgres(?:ql)?(?:\\+\\w+)?://[^\\s/].*");
  private static final Pattern DATABASE_HOST =
      Pattern.compile("(?:PG_?|POSTGRES(?:QL)?_|DB_|DATABASE_|SQL_)HOST(?:NAME)?");

  private static final Pattern DATABASE_VARIABLE =
      Pattern.compile("(?:\\w+_)?DATABASE_UR[IL]|PG_?URL|POSTGRES(?:QL)?_UR[IL]");

  /** A value that is put together from other variables, the password among them. */
  private static final Pattern FROM_VARIABLES =
      Pattern.compile("\\$\\((?:PG|POSTGRES|DB_|DATABASE)\\w*\\).*");

  /** The secrets of the operator bear the name of its cluster: {@code pg-app}. */
  private static final Pattern OPERATOR_SECRET =
      Pattern.compile(
          "(?i)(?:.*[^a-z])?(?:pg|postgres(?:ql)?|cnpg)(?:[^a-z].*|secretname.*)?|.*-(?:app|superuser)");

  private static final Pattern MYSQL_ONLY =
      Pattern.compile(
          "(?:.*/)?(?:matomo|wordpress|ghost|prestashop|dolibarr|limesurvey|glpi|piwik)");

  static final Rule<PostgresCluster> END_OF_LIFE =
      rule("database/end-of-life", PostgresCluster.class, Databases::endOfLife);

  static final Rule<DatabaseService> UNMANAGED_POSTGRES =
      rule("database/unmanaged-postgres", DatabaseService.class, Databases::unmanaged);

  static final Rule<DatabaseService> OTHER_ENGINE =
      rule("database/other-engine", DatabaseService.class, Databases::otherEngine);

  static final Rule<ImageUse> ADMIN_TOOL_IN_PRODUCTION =
      rule("database/admin-tool-in-production", ImageUse.class, Databases::adminTool);

  static final Rule<EnvironmentVariable> AZURE_HOST =
      rule("database/azure", EnvironmentVariable.class, Databases::azure);

  static final Rule<EnvironmentVariable> LITERAL_URL =
      rule("database/literal-url", EnvironmentVariable.class, Databases::literalUrl);

  static final Rule<DatabaseService> OTHER_VERSION =
      rule("database/version-mismatch", DatabaseService.class, Databases::otherVersion);

  static final List<Rule<?>> ALL =
      List.of(
          END_OF_LIFE,
          UNMANAGED_POSTGRES,
          OTHER_ENGINE,
          ADMIN_TOOL_IN_PRODUCTION,
          AZURE_HOST,
          LITERAL_URL,
          OTHER_VERSION);

  private Databases() {}

  /** The images of services and containers are those of {@code image/end-of-life}. */
  private static void endOfLife(PostgresCluster cluster, RuleContext context) {
    Located at = cluster.at("spec.imageName");
    String image = cluster.string("spec.imageName").value();
    Cycle cycle = image == null ? null : cycle(image);
    if (image == null && cluster.has("spec.imageCatalogRef.major")) {
      at = cluster.at("spec.imageCatalogRef.major");
      Long major = cluster.integer("spec.imageCatalogRef.major").value();
      cycle = major == null ? null : cycle(Version.of(String.valueOf(Math.abs(major))));
    }
    if (cycle == null) {
      return;
    }
    Status status = cycle.status(context.asOf());
    LocalDate until = status.until();
    if (status.state() != State.ENDED) {
      context.keep(at);
    } else if (until == null) {
      context.report(at, "ended-undated", cluster.object().name(), cycle);
    } else {
      context.report(at, "ended", cluster.object().name(), cycle, until);
    }
  }

  private static @Nullable Cycle cycle(String image) {
    ImageReference reference = ImageReference.orNull(image);
    if (reference == null) {
      return null;
    }
    for (Component component : EndOfLife.componentsOf(reference)) {
      if (component.main()) {
        return component.cycle();
      }
    }
    // An image of one's own for CloudNativePG has to begin its tag with the version.
    Version version = reference.tag().isKnown() ? Version.leading(reference.tag().value()) : null;
    return version == null ? null : cycle(version);
  }

  private static @Nullable Cycle cycle(Version version) {
    Product postgres = EndOfLife.product("postgresql");
    return postgres == null ? null : postgres.cycle(version);
  }

  private static void unmanaged(DatabaseService database, RuleContext context) {
    if (database.engine() != Engine.POSTGRESQL) {
      return;
    }
    boolean production = context.environment(database) == Environment.PROD;
    if (database.owner() instanceof KontinuousComponent
        || production && database.owner() instanceof PostgresCluster) {
      context.keep(database.owner());
    } else if (production && database.owner() instanceof Container container) {
      context.report(database, "unmanaged", container.object().label());
    } else {
      context.concerns();
    }
  }

  private static void otherEngine(DatabaseService database, RuleContext context) {
    if (database.engine() == Engine.POSTGRESQL) {
      context.keep(database);
    } else if (database.engine().isRelational() && !servesOtherSoftware(database)) {
      context.report(database, "other", database.engine());
    }
  }

  /** What developers run beside what is deployed: only where one version is deployed. */
  private static void otherVersion(DatabaseService database, RuleContext context) {
    Long own = major(database);
    if (!(database.owner() instanceof ComposeService)
        || own == null
        || context.environment(database) == Environment.PROD) {
      return;
    }
    List<DatabaseService> deployed = new ArrayList<>();
    for (DatabaseService other : context.project().subjects(DatabaseService.class)) {
      // A database for reviews may differ from the one that production has elsewhere.
      Environment environment = context.environment(other.owner());
      if (!(other.owner() instanceof ComposeService)
          && other.engine() == database.engine()
          && (environment == Environment.PROD || environment == Environment.UNKNOWN)) {
        deployed.add(other);
      }
    }
    Set<@Nullable Long> majors = new HashSet<>();
    deployed.forEach(each -> majors.add(major(each)));
    Long theirs = deployed.isEmpty() ? null : major(deployed.get(0));
    if (majors.size() == 1 && theirs != null && !theirs.equals(own)) {
      boolean written = deployed.stream().anyMatch(each -> each.image().isSet());
      String key = written ? "other" : "default";
      context.report(database, key, database.engine(), own, theirs).related(deployed.get(0));
    }
  }

  /** The first number of a version, or null where the image does not say it for certain. */
  private static @Nullable Long major(DatabaseService database) {
    String image = database.image().value();
    Cycle cycle = image == null ? null : cycle(image, database.engine());
    if (cycle != null) {
      Version version = Version.leading(cycle.name());
      return version == null ? null : version.parts().get(0);
    }
    return null;
  }

  private static @Nullable Cycle cycle(String image, Engine engine) {
    if (engine == Engine.POSTGRESQL) {
      return cycle(image);
    }
    ImageReference reference = ImageReference.orNull(image);
    if (reference != null) {
      for (Component component : EndOfLife.componentsOf(reference)) {
        if (component.main()) {
          return component.cycle();
        }
      }
    }
    return null;
  }

  /** Whether a software that knows no other engine depends on it in the same Compose project. */
  private static boolean servesOtherSoftware(DatabaseService database) {
    if (!(database.owner() instanceof ComposeService owner)) {
      return false;
    }
    for (ComposeService each : owner.project().services()) {
      String image = each.build() == null ? each.image().value() : null;
      ImageReference reference = image == null ? null : ImageReference.orNull(image);
      String name = reference == null ? null : reference.familiarName();
      if (name != null
          && MYSQL_ONLY.matcher(name).matches()
          && (each.place().at("depends_on." + owner.name()).isPresent()
              || each.place().key("depends_on").texts().contains(owner.name())
              || each.environment().stream()
                  .anyMatch(variable -> variable.value().is(owner.name()::equals)))) {
        return true;
      }
    }
    return false;
  }

  private static void adminTool(ImageUse use, RuleContext context) {
    String name = use.reference().familiarName();
    boolean run =
        use.role() == ImageUse.Role.CONTAINER || use.role() == ImageUse.Role.COMPOSE_SERVICE;
    if (run
        && name != null
        && ADMIN_TOOLS.contains(name)
        && context.environment(use) == Environment.PROD) {
      context.report(use, "tool", name);
    }
  }

  private static void azure(EnvironmentVariable variable, RuleContext context) {
    String value = variable.value().value();
    if (value == null || !value.contains(".database.")) {
      return;
    }
    var matcher = AZURE.matcher(value.length() > 4_000 ? value.substring(0, 4_000) : value);
    if (matcher.find()) {
      context.report(variable, "azure", matcher.group());
    }
  }

  /** Whether the address of a database is taken from a secret, or from variables that are. */
  private static boolean comesFromSecret(EnvironmentVariable variable) {
    String value = variable.value().value();
    if (value != null) {
      return FROM_VARIABLES.matcher(value).matches();
    }
    String secret =
        variable.at() instanceof KontinuousVariable own
            ? own.at().at("valueFrom.secretKeyRef.name").text("")
            : variable.at() instanceof EnvVar env
                ? env.at("valueFrom.secretKeyRef.name").text("")
                : "";
    return OPERATOR_SECRET.matcher(secret).matches();
  }

  private static void literalUrl(EnvironmentVariable variable, RuleContext context) {
    boolean deployed = variable.where() == Where.CONTAINER || variable.where() == Where.CONFIG_MAP;
    String value = variable.value().value();
    if (variable.where() == Where.CONTAINER
        && (DATABASE_HOST.matcher(variable.name()).matches()
            || DATABASE_VARIABLE.matcher(variable.name()).matches())) {
      if (comesFromSecret(variable)) {
        context.keep(variable);
        return;
      }
      context.concerns();
    }
    if (!deployed || value == null || context.environment(variable) != Environment.PROD) {
      return;
    }
    // With a password in it the value is a secret, which another rule reports.
    if (DATABASE_URL.matcher(value).matches() && Secrets.inValue(value) == null) {
      context.report(variable, "url", variable.name());
    } else if (DATABASE_HOST.matcher(variable.name()).matches() && !value.isBlank()) {
      context.report(variable, "host", variable.name(), value);
    }
  }
}
