package fr.gouv.social.fabrique.rules.database;

import fr.gouv.social.fabrique.compose.ComposeProject;
import fr.gouv.social.fabrique.compose.ComposeResource;
import fr.gouv.social.fabrique.compose.ComposeResource.Section;
import fr.gouv.social.fabrique.compose.ComposeService;
import fr.gouv.social.fabrique.compose.ComposeVariable;
import fr.gouv.social.fabrique.compose.HealthCheck;
import fr.gouv.social.fabrique.compose.VolumeMount;
import fr.gouv.social.fabrique.project.ImageReference;
import fr.gouv.social.fabrique.project.Version;
import fr.gouv.social.fabrique.rules.facts.OfficialImages;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import fr.gouv.social.fabrique.yaml.YamlScalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A Compose service that runs a database from an image whose entry point is known: the Docker
 * official ones, those built on them, and those of Elastic and OpenSearch.
 *
 * @param major of its release; that of today's {@code latest} for a tag without a version, 0 where
 *     it cannot be known
 */
record ServedDatabase(ComposeService service, Product product, int major) {

  /** What it runs. */
  enum Product {
    POSTGRES("PostgreSQL", "/var/lib/postgresql/data", 18, 5432),
    MYSQL("MySQL", "/var/lib/mysql", 9, 3306),
    MARIADB("MariaDB", "/var/lib/mysql", 12, 3306),
    MONGO("MongoDB", "/data/db", 8, 27017),
    REDIS("Redis", "/data", 8, 6379),
    VALKEY("Valkey", "/data", 9, 6379),
    ELASTICSEARCH("Elasticsearch", "/usr/share/elasticsearch/data", 9, 9200, 9300),
    OPENSEARCH("OpenSearch", "/usr/share/opensearch/data", 3, 9200, 9300);

    private final String text;
    private final String data;
    private final int latest;
    private final Set<Integer> ports;

    Product(String text, String data, int latest, Integer... ports) {
      this.text = text;
      this.data = data;
      this.latest = latest;
      this.ports = Set.of(ports);
    }

    /** The ports on which it listens. */
    Set<Integer> ports() {
      return ports;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  private static final Map<String, Product> IMAGES =
      Map.ofEntries(
          Map.entry("postgres", Product.POSTGRES),
          Map.entry("postgis/postgis", Product.POSTGRES),
          Map.entry("imresamu/postgis", Product.POSTGRES),
          Map.entry("mdillon/postgis", Product.POSTGRES),
          Map.entry("pgvector/pgvector", Product.POSTGRES),
          Map.entry("timescale/timescaledb", Product.POSTGRES),
          Map.entry("mysql", Product.MYSQL),
          Map.entry("mariadb", Product.MARIADB),
          Map.entry("mongo", Product.MONGO),
          Map.entry("redis", Product.REDIS),
          Map.entry("valkey/valkey", Product.VALKEY),
          Map.entry("elasticsearch", Product.ELASTICSEARCH),
          Map.entry("elastic/elasticsearch", Product.ELASTICSEARCH),
          Map.entry("docker.elastic.co/elasticsearch/elasticsearch", Product.ELASTICSEARCH),
          Map.entry("opensearchproject/opensearch", Product.OPENSEARCH));

  private static final Pattern POSTGRES_IN_TAG = Pattern.compile("(?:^|-)pg(\\d+)");
  private static final Set<String> CLIENTS =
      Set.of("psql", "pg_dump", "pg_restore", "mysqldump", "mongodump", "redis-cli", "valkey-cli");

  /** The database that a service runs, or null. */
  static @Nullable ServedDatabase of(ComposeService service) {
    String text = service.image().value();
    ImageReference image =
        text == null || service.build() != null ? null : ImageReference.orNull(text);
    String name = image == null ? null : OfficialImages.hubName(image);
    Product product = name == null ? null : IMAGES.get(name);
    if (image == null || product == null || !startsServer(service)) {
      return null;
    }
    return new ServedDatabase(service, product, major(image, product));
  }

  /** An entry point of one's own may do anything; a client is no server. */
  private static boolean startsServer(ComposeService service) {
    if (!service.isComplete() || service.place().key("entrypoint").isPresent()) {
      return false;
    }
    List<YamlScalar> command = service.command();
    String first = command.isEmpty() ? "" : command.get(0).value();
    boolean shell = first.endsWith("sh");
    return !CLIENTS.contains(first.substring(first.lastIndexOf('/') + 1)) && !shell;
  }

  private static int major(ImageReference image, Product product) {
    ImageReference.Part tag = image.tag();
    if (tag.isUnknown()) {
      return 0;
    }
    if (tag.isAbsent()) {
      return image.digest().isAbsent() ? product.latest : 0;
    }
    Matcher postgres = POSTGRES_IN_TAG.matcher(tag.value());
    if (product == Product.POSTGRES && postgres.find()) {
      return Integer.parseInt(postgres.group(1));
    }
    Version version = Version.leading(tag.value());
    if (version == null) {
      return tag.value().matches("[0-9a-f]{7,}|v\\d.*|.*\\d{2,}.*") ? 0 : product.latest;
    }
    long major = version.parts().get(0);
    return major > 99 ? 0 : (int) major;
  }

  /** The folder of its data, without variables that move it. */
  String dataFolder() {
    return product == Product.POSTGRES && major >= 18 ? "/var/lib/postgresql" : product.data;
  }

  /** Whether a mount keeps its data. */
  boolean keepsData() {
    String folder = dataFolder();
    return mountOf(
            product == Product.POSTGRES && major >= 18 ? folder + "/" + major + "/docker" : folder)
        != null;
  }

  String name() {
    return service.name();
  }

  /** The first of some variables that is set, or null. */
  @Nullable ComposeVariable variable(String... names) {
    for (String name : names) {
      ComposeVariable variable = service.variable(name);
      if (variable != null) {
        return variable;
      }
    }
    return null;
  }

  /** The known value of a variable, or null. */
  @Nullable String value(String name) {
    ComposeVariable variable = service.variable(name);
    return variable == null ? null : variable.value().value();
  }

  /** Whether all its variables can be seen. */
  boolean showsEnvironment() {
    return !service.place().key("env_file").isPresent();
  }

  /** The place of its environment. */
  YamlPlace environment() {
    return service.place().key("environment");
  }

  /** The words of its command as they are known. */
  List<String> command() {
    List<String> words = new ArrayList<>();
    service.command().forEach(word -> words.add(word.value()));
    return words;
  }

  /** The words of its health check in one line, or nothing. */
  String healthTest() {
    HealthCheck check = service.healthCheck();
    if (check == null || check.isDisabled()) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    check.test().forEach(word -> text.append(word.value()).append(' '));
    return text.toString().strip();
  }

  /** The mount at a path, or at a folder above it; null where there is none. */
  @Nullable VolumeMount mountOf(String path) {
    for (VolumeMount mount : service.volumes()) {
      YamlScalar target = mount.target();
      if (target != null && target.isKnown()) {
        String clean = clean(target.value());
        if (path.equals(clean) || path.startsWith(clean.equals("/") ? "/" : clean + "/")) {
          return mount;
        }
      }
    }
    return null;
  }

  /** The mount just at a path, or null. */
  @Nullable VolumeMount mountAt(String path) {
    for (VolumeMount mount : service.volumes()) {
      YamlScalar target = mount.target();
      if (target != null && target.isKnown() && clean(target.value()).equals(path)) {
        return mount;
      }
    }
    return null;
  }

  /** Whether a mount leads to a place that cannot be known. */
  boolean hasUnknownMount() {
    return service.volumes().stream()
            .anyMatch(mount -> mount.target() == null || !mount.target().isKnown())
        || service.place().key("volumes_from").isPresent();
  }

  /** Where its secrets are in the container. */
  List<String> secretTargets() {
    List<String> targets = new ArrayList<>();
    ComposeProject project = service.project();
    for (YamlPlace item : service.place().key("secrets").items()) {
      String target = item.key("target").text();
      String source = item.text() == null ? item.key("source").text("") : item.text("");
      ComposeResource secret = project.resources(Section.SECRETS).get(source);
      String path = target == null ? source : target;
      if (secret != null || target != null || !source.isEmpty()) {
        targets.add(path.startsWith("/") ? path : "/run/secrets/" + path);
      }
    }
    return targets;
  }

  static String clean(String path) {
    String clean = path.replaceAll("/+", "/");
    return clean.length() > 1 && clean.endsWith("/")
        ? clean.substring(0, clean.length() - 1)
        : clean;
  }
}
