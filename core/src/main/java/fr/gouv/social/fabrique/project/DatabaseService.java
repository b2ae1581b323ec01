package fr.gouv.social.fabrique.project;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.source.Step;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A database that a repository runs: a service of a Compose file, a container, a cluster of
 * CloudNativePG or the component of kontinuous that makes one. A program that only talks to one,
 * from an image of the database, is none.
 *
 * @param owner the {@code ComposeService}, {@code Container}, {@code PostgresCluster} or {@code
 *     KontinuousComponent}
 * @param image the image as written; absent or unknown where a cluster leaves it to its operator
 */
public record DatabaseService(Engine engine, Located owner, Setting<String> image)
    implements Located {

  /** What kind of database it is. */
  public enum Engine {
    POSTGRESQL("PostgreSQL", true, "postgres", "docker-entrypoint.sh"),
    MYSQL("MySQL", true, "mysqld", "docker-entrypoint.sh"),
    MARIADB("MariaDB", true, "mariadbd", "mysqld", "docker-entrypoint.sh"),
    SQL_SERVER("SQL Server", true, "sqlservr"),
    ORACLE("Oracle Database", true),
    DB2("Db2", true),
    COCKROACHDB("CockroachDB", true, "start", "start-single-node"),
    MONGODB("MongoDB", false, "mongod", "docker-entrypoint.sh"),
    REDIS("Redis", false, "redis-server", "docker-entrypoint.sh"),
    VALKEY("Valkey", false, "valkey-server", "docker-entrypoint.sh"),
    CASSANDRA("Cassandra", false, "cassandra"),
    COUCHDB("CouchDB", false),
    NEO4J("Neo4j", false),
    INFLUXDB("InfluxDB", false),
    CLICKHOUSE("ClickHouse", false);

    private static final Set<String> CLIENTS =
        Set.of(
            "psql",
            "pg_dump",
            "pg_dumpall",
            "pg_restore",
            "pg_isready",
            "mysql",
            "mysqldump",
            "mysqladmin",
            "mariadb",
            "mariadb-dump",
            "mongosh",
            "mongo",
            "mongodump",
            "redis-cli",
            "valkey-cli");

    private final String text;
    private final boolean relational;
    private final List<String> servers;

    Engine(String text, boolean relational, String... servers) {
      this.text = text;
      this.relational = relational;
      this.servers = List.of(servers);
    }

    /** Whether it keeps tables and speaks SQL for transactions. */
    public boolean isRelational() {
      return relational;
    }

    /** Whether a command starts the database, and not a client of it; empty keeps the image's. */
    public boolean isStartedBy(List<String> command) {
      if (command.isEmpty() || command.get(0).startsWith("-") || servers.isEmpty()) {
        return true;
      }
      String first = command.get(0);
      if (CLIENTS.contains(first.substring(first.lastIndexOf('/') + 1))) {
        return false;
      }
      for (String word : command) {
        for (String server : servers) {
          if (word.equals(server) || word.endsWith("/" + server) || word.contains(server + " ")) {
            return true;
          }
        }
      }
      return false;
    }

    /** The name as its makers write it. */
    @Override
    public String toString() {
      return text;
    }
  }

  /** The last part of the name of an image tells; one that names a tool for a database does not. */
  private static final Map<String, Engine> BY_IMAGE =
      Map.ofEntries(
          Map.entry("postgres", Engine.POSTGRESQL),
          Map.entry("postgresql", Engine.POSTGRESQL),
          Map.entry("postgresql-repmgr", Engine.POSTGRESQL),
          Map.entry("postgis", Engine.POSTGRESQL),
          Map.entry("pgvector", Engine.POSTGRESQL),
          Map.entry("cnpg-pgvector", Engine.POSTGRESQL),
          Map.entry("timescaledb", Engine.POSTGRESQL),
          Map.entry("timescaledb-ha", Engine.POSTGRESQL),
          Map.entry("mysql", Engine.MYSQL),
          Map.entry("mysql-server", Engine.MYSQL),
          Map.entry("percona", Engine.MYSQL),
          Map.entry("percona-server", Engine.MYSQL),
          Map.entry("mariadb", Engine.MARIADB),
          Map.entry("mariadb-galera", Engine.MARIADB),
          Map.entry("azure-sql-edge", Engine.SQL_SERVER),
          Map.entry("oracle-free", Engine.ORACLE),
          Map.entry("oracle-xe", Engine.ORACLE),
          Map.entry("db2", Engine.DB2),
          Map.entry("db2_community", Engine.DB2),
          Map.entry("cockroach", Engine.COCKROACHDB),
          Map.entry("mongo", Engine.MONGODB),
          Map.entry("mongodb", Engine.MONGODB),
          Map.entry("mongodb-community-server", Engine.MONGODB),
          Map.entry("redis", Engine.REDIS),
          Map.entry("redis-stack", Engine.REDIS),
          Map.entry("redis-stack-server", Engine.REDIS),
          Map.entry("valkey", Engine.VALKEY),
          Map.entry("cassandra", Engine.CASSANDRA),
          Map.entry("couchdb", Engine.COUCHDB),
          Map.entry("neo4j", Engine.NEO4J),
          Map.entry("influxdb", Engine.INFLUXDB),
          Map.entry("clickhouse", Engine.CLICKHOUSE),
          Map.entry("clickhouse-server", Engine.CLICKHOUSE));

  /** The engine that an image holds, or null where it is none or cannot be known. */
  public static @Nullable Engine engineOf(ImageReference reference) {
    String name = reference.familiarName();
    if (name == null) {
      return null;
    }
    if (name.startsWith("mcr.microsoft.com/mssql/server")) {
      return Engine.SQL_SERVER;
    }
    if (name.startsWith("container-registry.oracle.com/database/")) {
      return Engine.ORACLE;
    }
    return BY_IMAGE.get(name.substring(name.lastIndexOf('/') + 1));
  }

  /** What its image is called, or null where that is absent or unknown. */
  public @Nullable ImageReference reference() {
    String text = image.value();
    return text == null ? null : ImageReference.orNull(text);
  }

  @Override
  public Span span() {
    return image.isSet() ? image.span() : owner.span();
  }

  @Override
  public String label() {
    return owner.label();
  }

  @Override
  public List<Step> way() {
    return image.isSet() ? image.way() : owner.way();
  }
}
