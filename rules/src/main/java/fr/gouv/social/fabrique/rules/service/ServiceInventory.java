package fr.gouv.social.fabrique.rules.service;

import fr.gouv.social.fabrique.compose.ComposeService;
import fr.gouv.social.fabrique.kontinuous.KontinuousComponent;
import fr.gouv.social.fabrique.kontinuous.KontinuousProject;
import fr.gouv.social.fabrique.kubernetes.Container;
import fr.gouv.social.fabrique.kubernetes.KubernetesObject;
import fr.gouv.social.fabrique.kubernetes.PostgresCluster;
import fr.gouv.social.fabrique.project.DatabaseService;
import fr.gouv.social.fabrique.project.EnvironmentVariable;
import fr.gouv.social.fabrique.project.EnvironmentVariable.Where;
import fr.gouv.social.fabrique.project.ImageReference;
import fr.gouv.social.fabrique.project.ImageUse;
import fr.gouv.social.fabrique.project.OwnImage;
import fr.gouv.social.fabrique.project.Project;
import fr.gouv.social.fabrique.project.ServiceUse;
import fr.gouv.social.fabrique.project.ServiceUse.Standing;
import fr.gouv.social.fabrique.rules.facts.ServiceCatalogue;
import fr.gouv.social.fabrique.rules.facts.ServiceCatalogue.Entry;
import fr.gouv.social.fabrique.rules.facts.ServiceCatalogue.How;
import fr.gouv.social.fabrique.rules.facts.ServiceCatalogue.Need;
import fr.gouv.social.fabrique.source.Environment;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.SourceEntry;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which services a product uses, and where that shows. */
public final class ServiceInventory {
  /** Longer values are documents. */
  private static final int LONGEST = 20_000;

  private static final Pattern HOST =
      Pattern.compile(
          "(?:(?<![\\w.@-])|(?<=@)(?<=://[^\\s/@]{1,200}@))(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.){1,10}[a-z]{2,20}(?![\\w-])");
  private static final Pattern AUTHORITY =
      Pattern.compile(
          "(?:[a-z][a-z0-9+.-]*://)?(?:[^@/\\s]*@)?([a-z0-9.-]+)(?::[0-9]+)?(?:[/?].*)?");
  private static final Pattern COMMENT = Pattern.compile("(?m)^[ \\t]*(?:#|//|;).*$");

  /** Names that only ever lead to the machine or the cluster where one is. */
  static final Pattern LOCAL =
      Pattern.compile(
          "[^.]*|[0-9.]+|.*\\.(?:svc|svc\\.cluster\\.local|local|localhost|localdomain|internal|test|example|invalid)"
              + "|(?:.*\\.)?example\\.(?:com|org|net|fr)|host\\.docker\\.internal"
              + "|.*\\.(?:nip\\.io|sslip\\.io|xip\\.io|minikube)");

  private static final Pattern SENDER =
      Pattern.compile(
          "(?i)(?:.*_)?(?:(?:E?MAIL|SMTP|MAILER|TIPIMAIL|NOTIFICATION)S?_(?:DEFAULT_)?(?:FROM|SENDER)|SENDER_E?MAIL|FROM_E?MAIL|DEFAULT_FROM_EMAIL)(?:_E?MAIL|_ADDRESS)?");
  private static final Pattern ADDRESS = Pattern.compile("[\\w.+-]+@([\\w-]+(?:\\.[\\w-]+)+)");

  private static final String FABRIQUE = "fabrique.social.gouv.fr";

  private static final Comparator<ServiceUse> ORDER =
      Comparator.<ServiceUse>comparingInt(
              use -> Need.valueOf(use.need().key().toUpperCase(Locale.ROOT)).ordinal())
          .thenComparing(ServiceUse::provider)
          .thenComparing(ServiceUse::span)
          .thenComparing(ServiceUse::shown);

  /** Settings of pipelines, which hand what a page needs to the build of its image. */
  private static final Pattern PIPELINE =
      Pattern.compile(
          "\\.github/workflows/[^/]+\\.ya?ml|\\.gitlab-ci\\.ya?ml|\\.woodpecker\\.ya?ml");

  /**
   * Settings that go into what is built: of one's own machine and samples tell nothing of what
   * runs.
   */
  private static final Pattern ENV_FILE =
      Pattern.compile(
          "(?:[^/]+/){0,3}\\.env(?:\\.(?!.*(?i:local|test|sample|example|exemple|dist|template|default))[\\w.-]+)?");

  /** Programs and their data, by the end of the name. */
  private static final Set<String> PROGRAMS =
      Set.of(
          "js", "cjs", "mjs", "jsx", "ts", "cts", "mts", "tsx", "vue", "json", "py", "rb", "php");

  /** Words by which a file is known in which programs keep addresses. */
  private static final List<String> SETTINGS =
      List.of(
          "matomo",
          "piwik",
          "sentry",
          "tarteaucitron",
          "analytics",
          "track",
          "config",
          "environment",
          "settings",
          "constant");

  private static final Set<String> SETTINGS_FOLDERS =
      Set.of("config", "configs", "environment", "environments");

  private static final Set<String> TRIALS =
      Set.of(
          "test",
          "tests",
          "__tests__",
          "e2e",
          "cypress",
          "doc",
          "docs",
          "example",
          "examples",
          "mock",
          "mocks",
          ".github");

  /** So many of them are read. */
  private static final int MOST_SETTINGS = 200;

  /** The address under which a program sends its exceptions, with the key of its project. */
  private static final Pattern DSN =
      Pattern.compile("https://[0-9a-f]{16,64}(?::[0-9a-f]+)?@([a-z0-9.-]+)/[0-9]+");

  private static final Pattern WEB = Pattern.compile("(?:https:)?//([a-z0-9.-]+)");

  private static final Pattern PIPELINE_VARIABLE =
      Pattern.compile(
          "(?m)^[ \\t]*(?:-[ \\t]+)?[\"']?([A-Z][A-Z0-9]*_[A-Z0-9_]+)[\"']?(?:=|[ \\t]*:[ \\t]+)[\"']?([^\\s\"']*)");

  private static final Pattern MANIFEST = Pattern.compile("(?:[^/]+/){0,3}package\\.json");
  private static final Pattern DEPENDENCY =
      Pattern.compile("\"([@\\w./-]{1,100})\"\\s*:\\s*\"(?:[\\^~<>=]*\\d|workspace:|\\*)");

  /** Larger files of these kinds are generated. */
  private static final long LARGEST = 200_000;

  private static final Pattern NOT_WORD = Pattern.compile("[^A-Z0-9]+");

  private record Key(String need, String provider, String shown, Span span) {}

  private final Project project;
  private final ServiceCatalogue catalogue;
  private final List<ServiceUse> uses = new ArrayList<>();
  private final Set<Key> seen = new HashSet<>();

  /** What only names tell so far: the first place of each need and provider. */
  private final Map<List<String>, ServiceUse> named = new LinkedHashMap<>();

  private ServiceInventory(Project project, Map<String, String> settings) {
    this.project = project;
    this.catalogue = new ServiceCatalogue(settings);
  }

  /** What a template leaves open has no name in any language. */
  private static final String TEMPLATE = "{{ … }}";

  /** All uses, by need, provider and place. */
  public static List<ServiceUse> of(Project project, Map<String, String> settings) {
    ServiceInventory inventory = new ServiceInventory(project, settings);
    inventory.take();
    inventory.takeNamed();
    inventory.uses.sort(ORDER);
    return inventory.uses;
  }

  private void take() {
    for (EnvironmentVariable variable : project.subjects(EnvironmentVariable.class)) {
      boolean local =
          variable.where() == Where.COMPOSE_SERVICE || variable.where() == Where.COMPOSE_BUILD;
      Environment environment = environment(variable, local);
      addSender(variable, environment, local);
      if (!addHosts(variable, environment)) {
        addNamed(variable.name(), environment, variable);
      }
    }
    for (ImageUse use : project.subjects(ImageUse.class)) {
      boolean local = use.role() == ImageUse.Role.COMPOSE_SERVICE;
      String name = use.reference().familiarName();
      if (name != null && (local || use.role() == ImageUse.Role.CONTAINER)) {
        Environment environment = environment(use, local);
        addHosted(catalogue.find(How.IMAGE, name), name, environment, use);
        addRegistry(use, name, environment);
      }
    }
    project.subjects(OwnImage.class).forEach(this::addRegistry);
    for (Container container : project.objects().all(Container.class)) {
      // A template takes the image from somewhere.
      if (container.image().isUnknown()) {
        String text = container.at("image").text("");
        Environment environment = environment(container, false);
        addNamed(Need.REGISTRY, TEMPLATE, text, environment, container.image());
      }
    }
    for (DatabaseService database : project.subjects(DatabaseService.class)) {
      addDatabase(database);
    }
    for (KubernetesObject object : project.objects().objects()) {
      if (object.kind().equals("SealedSecret")) {
        Environment environment = environment(object, false);
        addNamed(object.name(), environment, object);
        for (YamlPlace key : object.at("spec.encryptedData").values()) {
          addNamed(key.name(), environment, key);
        }
      }
      if (!object.group().isEmpty()) {
        String kind = object.kind() + "." + object.group();
        Environment environment = environment(object, false);
        addHosted(catalogue.find(How.KIND, kind), object.label(), environment, object);
        hosts(object).forEach(host -> addDomain(host.string(), environment));
      }
    }
    for (KontinuousComponent component : project.subjects(KontinuousComponent.class)) {
      for (YamlPlace secret : component.secrets()) {
        addNamed(secret.text(""), environment(component, false), secret);
      }
      if (component.runsOwnImage()) {
        addRegistry(component);
      }
      if (component.isExposed()) {
        addDomain(component.host(), environment(component.host(), false));
      }
    }
    for (KontinuousProject each : project.subjects(KontinuousProject.class)) {
      for (YamlPlace values : each.values().values()) {
        YamlPlace host = values.key("global").key("host");
        addDomain(host.string(), environment(host, false));
      }
    }
    // What is deployed tells more than what pipelines and libraries do.
    int read = 0;
    for (SourceEntry entry : project.tree().entries()) {
      String path = entry.path();
      boolean manifest = MANIFEST.matcher(path).matches();
      boolean variables =
          PIPELINE.matcher(path).matches()
              || entry.name().startsWith(".env") && ENV_FILE.matcher(path).matches();
      boolean settings = !manifest && !variables && isSettings(entry) && read < MOST_SETTINGS;
      if (!manifest && !variables && !settings
          || entry.size() > LARGEST
          || entry.problem() != null) {
        continue;
      }
      if (manifest) {
        addDependencies(entry.file());
      } else if (variables) {
        addPipeline(entry.file());
      } else {
        read++;
        addSettings(entry.file());
      }
    }
  }

  /** A Compose file that is not said to be for something else is for developing. */
  private Environment environment(Located at, boolean compose) {
    Environment environment = project.environment(at);
    return compose && environment == Environment.UNKNOWN ? Environment.DEV : environment;
  }

  private void add(
      Need need,
      String provider,
      Standing standing,
      boolean hosted,
      String shown,
      Environment environment,
      Located at) {
    Standing real = standing;
    if (standing == Standing.ALTERNATIVE && catalogue.isAllowed(need, shown)) {
      real = Standing.ALLOWED;
    } else if (standing == Standing.ALTERNATIVE && hosted && environment == Environment.DEV) {
      real = Standing.STAND_IN;
    }
    if (seen.add(new Key(need.key(), provider, shown, at.span()))) {
      uses.add(new ServiceUse(need.words(), provider, real, hosted, shown, environment, at));
    }
  }

  private void addHosted(@Nullable Entry entry, String shown, Environment environment, Located at) {
    if (entry != null) {
      boolean hosted = entry.standing() != Standing.PLATFORM;
      add(entry.need(), entry.provider(), entry.standing(), hosted, shown, environment, at);
    }
  }

  /** Whether the value of a variable shows a host that says who provides a service. */
  private boolean addHosts(EnvironmentVariable variable, Environment environment) {
    String value = variable.value().value();
    if (value == null || value.length() > LONGEST || value.isBlank()) {
      return false;
    }
    boolean shown = false;
    Entry named = catalogue.find(How.NAME, variable.name().toUpperCase(Locale.ROOT));
    String text = value.toLowerCase(Locale.ROOT);
    if (text.indexOf('\n') >= 0) {
      text = COMMENT.matcher(text).replaceAll("");
    }
    Set<String> hosts = new LinkedHashSet<>();
    if (text.indexOf('.') >= 0) {
      Matcher matcher = HOST.matcher(text);
      while (matcher.find()) {
        hosts.add(matcher.group());
      }
    }
    Matcher authority = AUTHORITY.matcher(text.strip());
    if (named != null && authority.matches()) {
      hosts.add(authority.group(1));
    }
    for (String host : hosts) {
      Entry entry = catalogue.find(How.HOST, host);
      if (entry != null && (entry.standing() != Standing.STAND_IN || named != null)) {
        shown = true;
        add(entry.need(), entry.provider(), entry.standing(), false, host, environment, variable);
      } else if (entry == null && named != null && !LOCAL.matcher(host).matches()) {
        Standing standing = isPublic(host) ? Standing.PLATFORM : Standing.ALTERNATIVE;
        shown = true;
        add(named.need(), host, standing, false, host, environment, variable);
      }
    }
    return shown;
  }

  /** What a pipeline sets: only under the name of an address, for much of it is for itself. */
  private void addPipeline(SourceFile file) {
    Environment environment = environment(file.span(0, 0), false);
    Matcher line = PIPELINE_VARIABLE.matcher(file.text());
    while (line.find()) {
      String name = line.group(1);
      String value = line.group(2);
      Span at = file.span(line.start(1), line.end());
      if (catalogue.find(How.NAME, name) != null && !value.contains("{{")) {
        addHosts(
            new EnvironmentVariable(name, Setting.explicit(value, at), Where.DOCKERFILE_ARG, at),
            environment);
      }
      addNamed(name, environment, at);
    }
  }

  /** Whether programs keep addresses in a file, by its name or that of its folder. */
  private static boolean isSettings(SourceEntry entry) {
    String name = entry.name().toLowerCase(Locale.ROOT);
    if (!PROGRAMS.contains(name.substring(name.lastIndexOf('.') + 1))) {
      return false;
    }
    String path = entry.path();
    int end = path.lastIndexOf('/');
    String folder = end < 0 ? "" : path.substring(path.lastIndexOf('/', end - 1) + 1, end);
    return (SETTINGS.stream().anyMatch(name::contains) || SETTINGS_FOLDERS.contains(folder))
        && Stream.of(path.split("/")).noneMatch(TRIALS::contains);
  }

  /** What a program has in its own settings: the platform's addresses, and where exceptions go. */
  private void addSettings(SourceFile file) {
    String text = file.text();
    if (!text.contains("//")) {
      return;
    }
    Environment environment = environment(file.span(0, 0), false);
    for (Pattern pattern : List.of(DSN, WEB)) {
      Matcher address = pattern.matcher(text);
      while (address.find()) {
        String host = address.group(1);
        Entry entry = catalogue.find(How.HOST, host);
        boolean told =
            entry != null
                && (pattern == DSN
                    ? entry.need() == Need.EXCEPTIONS
                    : entry.need() == Need.ANALYTICS && entry.standing() == Standing.PLATFORM);
        if (entry != null && told) {
          Span at = file.span(address.start(1), address.end(1));
          add(entry.need(), entry.provider(), entry.standing(), false, host, environment, at);
        }
      }
    }
  }

  private void addDependencies(SourceFile file) {
    Matcher dependency = DEPENDENCY.matcher(file.text());
    while (dependency.find()) {
      Span at = file.span(dependency.start(1), dependency.end(1));
      addNamed(dependency.group(1), Environment.UNKNOWN, at);
    }
  }

  /** Notes what the name of a variable, a key, a secret or a library tells. */
  private void addNamed(String name, Environment environment, Located at) {
    if (name.isEmpty() || isUnresolved(name)) {
      return;
    }
    String words = "_" + NOT_WORD.matcher(name.toUpperCase(Locale.ROOT)).replaceAll("_") + "_";
    Entry entry = catalogue.find(How.HINT, words);
    if (entry != null) {
      addNamed(entry.need(), entry.provider(), name, environment, at);
    }
  }

  private void addNamed(
      Need need, String provider, String name, Environment environment, Located at) {
    named.putIfAbsent(
        List.of(need.key(), provider),
        new ServiceUse(need.words(), provider, Standing.NAMED, false, name, environment, at));
  }

  /** A name counts where nothing else shows a service for the same need. */
  private void takeNamed() {
    Set<String> shown = new HashSet<>();
    for (ServiceUse use : uses) {
      if (use.standing() != Standing.STAND_IN) {
        shown.add(use.need().key());
      }
    }
    for (ServiceUse use : named.values()) {
      if (!shown.contains(use.need().key())) {
        uses.add(use);
      }
    }
  }

  /** Whether the State keeps a domain. */
  private static boolean isPublic(String host) {
    return host.equals("gouv.fr") || host.endsWith(".gouv.fr");
  }

  private void addSender(EnvironmentVariable variable, Environment environment, boolean local) {
    if (!SENDER.matcher(variable.name()).matches()) {
      return;
    }
    String value = variable.value().value();
    Matcher matcher = value == null ? null : ADDRESS.matcher(value);
    if (matcher == null || !matcher.find()) {
      addNamed(Need.SENDER, variable.name(), variable.name(), environment, variable);
      return;
    }
    String domain = matcher.group(1).toLowerCase(Locale.ROOT);
    if (isPublic(domain) || !LOCAL.matcher(domain).matches()) {
      Standing other =
          local && environment == Environment.DEV ? Standing.STAND_IN : Standing.ALTERNATIVE;
      Standing standing = isPublic(domain) ? Standing.PLATFORM : other;
      add(Need.SENDER, domain, standing, false, domain, environment, variable);
    }
  }

  /**
   * Whoever deploys an image of a known registry uses it; of others, images that are built here
   * tell.
   */
  private void addRegistry(ImageUse use, String name, Environment environment) {
    Entry entry = catalogue.find(How.REGISTRY, name);
    if (entry != null) {
      add(entry.need(), entry.provider(), entry.standing(), false, name, environment, use);
    }
  }

  private void addRegistry(KontinuousComponent component) {
    Setting<String> registry = component.registry();
    String host = registry.value();
    YamlPlace imagePackage = component.at("imagePackage");
    if (registry.isAbsent()) {
      add(
          Need.REGISTRY,
          "Harbor",
          Standing.PLATFORM,
          false,
          imagePackage.text(component.chart()),
          environment(component, false),
          imagePackage);
    } else if (host != null && !isUnresolved(host)) {
      Entry entry = catalogue.find(How.REGISTRY, host + "/" + component.chart());
      add(
          Need.REGISTRY,
          entry == null ? host : entry.provider(),
          entry == null ? Standing.ALTERNATIVE : entry.standing(),
          false,
          host,
          environment(registry, false),
          registry);
    } else {
      addNamed(
          Need.REGISTRY,
          imagePackage.text(component.chart()),
          imagePackage.text(component.chart()),
          environment(component, false),
          component);
    }
  }

  private void addRegistry(OwnImage image) {
    if (image.runner() instanceof Container container) {
      String text = container.image().value();
      ImageReference reference = text == null ? null : ImageReference.orNull(text);
      String name = reference == null ? null : reference.familiarName();
      if (reference != null && name != null && catalogue.find(How.REGISTRY, name) == null) {
        String registry = reference.registry().value();
        boolean local = registry.startsWith("localhost") || registry.startsWith("127.");
        add(
            Need.REGISTRY,
            reference.isOnDockerHub() ? "Docker Hub" : registry,
            local ? Standing.STAND_IN : Standing.ALTERNATIVE,
            false,
            name,
            environment(container, false),
            container.image());
      }
    }
  }

  private void addDatabase(DatabaseService database) {
    String engine = database.engine().toString();
    String image = database.image().value();
    String shown = image == null ? database.label() : image.replaceFirst("@.*", "");
    if (database.owner() instanceof PostgresCluster
        || database.owner() instanceof KontinuousComponent) {
      add(
          Need.DATABASE,
          "CloudNativePG",
          Standing.PLATFORM,
          false,
          shown,
          environment(database.owner(), false),
          database);
    } else {
      Environment environment =
          environment(database.owner(), database.owner() instanceof ComposeService);
      add(Need.DATABASE, engine, Standing.ALTERNATIVE, true, shown, environment, database);
    }
  }

  /** The hosts under which an Ingress or a route is reached. */
  static List<YamlPlace> hosts(KubernetesObject object) {
    List<YamlPlace> hosts = new ArrayList<>();
    if (object.is("Ingress", "networking.k8s.io", "extensions")) {
      object.items("spec.rules").forEach(rule -> hosts.add(rule.key("host")));
    } else if (object.is("HTTPRoute", "gateway.networking.k8s.io")) {
      hosts.addAll(object.items("spec.hostnames"));
    }
    return hosts;
  }

  private void addDomain(Setting<String> at, Environment environment) {
    String text = at.value();
    String host = text == null ? "" : text.toLowerCase(Locale.ROOT);
    if (host.isEmpty() || isUnresolved(host) || LOCAL.matcher(host).matches()) {
      return;
    }
    boolean own = host.equals(FABRIQUE) || host.endsWith("." + FABRIQUE);
    add(
        Need.DOMAIN,
        own ? FABRIQUE : isPublic(host) ? "gouv.fr" : host,
        isPublic(host) ? Standing.PLATFORM : Standing.ALTERNATIVE,
        false,
        host,
        environment,
        at);
  }

  static boolean isUnresolved(String text) {
    return text.contains("{{") || text.contains("${") || text.contains("$(");
  }
}
