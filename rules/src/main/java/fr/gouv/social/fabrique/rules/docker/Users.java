package fr.gouv.social.fabrique.rules.docker;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.dockerfile.Dockerfile;
import fr.gouv.social.fabrique.dockerfile.Stage;
import fr.gouv.social.fabrique.project.ImageReference;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.rules.facts.SocialGouvImages;
import fr.gouv.social.fabrique.rules.facts.SocialGouvImages.SocialGouvImage;
import fr.gouv.social.fabrique.source.Setting;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who runs the image: the user in force at the end of the last stage. */
final class Users {
  /** What the last {@code USER} of well-known images says, by their name. */
  private static final Map<String, String> NON_ROOT =
      Map.ofEntries(
          Map.entry("nginxinc/nginx-unprivileged", "101"),
          Map.entry("elasticsearch", "1000"),
          Map.entry("logstash", "1000"),
          Map.entry("kibana", "1000"),
          Map.entry("solr", "8983"),
          Map.entry("open-liberty", "1001"),
          Map.entry("jenkins/jenkins", "jenkins"),
          Map.entry("curlimages/curl", "curl_user"),
          Map.entry("grafana/grafana", "472"),
          Map.entry("grafana/grafana-enterprise", "472"),
          Map.entry("grafana/grafana-oss", "472"),
          Map.entry("grafana/loki", "10001"),
          Map.entry("quay.io/keycloak/keycloak", "1000"),
          Map.entry("prom/alertmanager", "nobody"),
          Map.entry("prom/node-exporter", "nobody"),
          Map.entry("prom/prometheus", "nobody"),
          Map.entry("haproxy", "haproxy"),
          Map.entry("memcached", "memcache"),
          Map.entry("varnish", "varnish"));

  private static final String DISTROLESS = "gcr.io/distroless/";

  /** The user of the nonroot variants of distroless images. */
  private static final String DISTROLESS_NON_ROOT = "65532";

  static final Rule<Dockerfile> ROOT = rule("docker/root-user", Dockerfile.class, Users::root);

  static final Rule<Dockerfile> MISSING =
      rule("docker/missing-user", Dockerfile.class, Users::missing);

  static final Rule<Dockerfile> NAMED = rule("docker/named-user", Dockerfile.class, Users::named);

  static final Rule<Dockerfile> INHERITED =
      rule("docker/inherited-user", Dockerfile.class, Users::inherited);

  static final List<Rule<?>> ALL = List.of(ROOT, MISSING, NAMED, INHERITED);

  private Users() {}

  private static void root(Dockerfile dockerfile, RuleContext context) {
    Stage stage = dockerfile.finalStage();
    Setting<String> user = stage == null ? null : stage.effectiveUser();
    if (stage == null || user == null || user.isUnknown()) {
      context.concerns();
      return;
    }
    String value = user.value();
    if (user.isSet() && value != null) {
      if (isRoot(value)) {
        context.report(user, "root", value);
      } else if (isNumeric(value) || !Dependencies.isForDevelopment(dockerfile.file().path())) {
        context.keep(user);
      }
    } else if (baseUser(stage) != null) {
      context.keep(user);
    }
  }

  private static void missing(Dockerfile dockerfile, RuleContext context) {
    Stage stage = dockerfile.finalStage();
    Setting<String> user = stage == null ? null : stage.effectiveUser();
    if (stage == null || user == null || user.isUnknown() || !isRun(stage)) {
      return;
    }
    Setting<String> image = stage.rootImage();
    if (user.isSet()) {
      if (isNumeric(user.value())) {
        context.keep(user);
      }
    } else if (stage.lineage().get(0).isScratch()) {
      context.report(user, "scratch");
    } else if (image.value() != null && !isWindows(image.value())) {
      SocialGouvImage own = own(image.value());
      if (own != null && own.hasNumericUser()) {
        context.keep(user);
      } else if (baseUser(stage) == null) {
        context.report(user, "missing", image.value());
      }
    }
  }

  private static void named(Dockerfile dockerfile, RuleContext context) {
    Stage stage = dockerfile.finalStage();
    Setting<String> user = stage == null ? null : stage.effectiveUser();
    if (stage == null || user == null || user.isUnknown()) {
      context.concerns();
      return;
    }
    String value = user.value();
    if (user.isSet() && value != null) {
      if (isNumeric(value)) {
        context.keep(user);
      } else if (Dependencies.isForDevelopment(dockerfile.file().path())) {
        // No cluster runs it.
        return;
      } else if (!isRoot(value) && !name(value).matches("(?i)Container(User|Administrator)")) {
        context.report(user, "named", name(value));
      }
      return;
    }
    String image = stage.rootImage().value();
    String inherited = baseUser(stage);
    if (image != null && inherited != null && !isNumeric(inherited)) {
      context.report(user, "inherited", image, inherited);
    }
  }

  private static void inherited(Dockerfile dockerfile, RuleContext context) {
    Stage stage = dockerfile.finalStage();
    Setting<String> user = stage == null ? null : stage.effectiveUser();
    if (stage == null || user == null || !user.isAbsent()) {
      return;
    }
    String image = stage.rootImage().value();
    String inherited = baseUser(stage);
    if (image != null && own(image) == null && inherited != null && isNumeric(inherited)) {
      context.report(user, "inherited", image, inherited);
    }
  }

  /** A stage upon nothing that starts nothing only hands files over: {@code docker build -o}. */
  private static boolean isRun(Stage stage) {
    return !stage.lineage().get(0).isScratch()
        || !stage.entrypoint().isAbsent()
        || !stage.command().isAbsent();
  }

  /** The user that the base image is known to set, null when it is root or not known. */
  private static @Nullable String baseUser(Stage stage) {
    String image = stage.rootImage().value();
    ImageReference reference = image == null ? null : ImageReference.orNull(image);
    String name = reference == null ? null : reference.familiarName();
    if (reference == null || name == null) {
      return null;
    }
    SocialGouvImage own = SocialGouvImages.of(reference);
    if (own != null) {
      return own.user();
    }
    if (name.startsWith(DISTROLESS)) {
      return reference.tag().isKnown() && reference.tag().value().contains("nonroot")
          ? DISTROLESS_NON_ROOT
          : null;
    }
    return NON_ROOT.get(name);
  }

  private static @Nullable SocialGouvImage own(String image) {
    ImageReference reference = ImageReference.orNull(image);
    return reference == null ? null : SocialGouvImages.of(reference);
  }

  private static boolean isWindows(String image) {
    return image.startsWith("mcr.microsoft.com/windows")
        || image.startsWith("mcr.microsoft.com/dotnet/framework")
        || image.contains("nanoserver")
        || image.contains("windowsservercore");
  }

  private static String name(String user) {
    int colon = user.indexOf(':');
    return colon < 0 ? user : user.substring(0, colon);
  }

  private static boolean isRoot(String user) {
    return name(user).matches("root|0+");
  }

  private static boolean isNumeric(@Nullable String user) {
    return user != null && name(user).matches("0*[1-9][0-9]*");
  }
}
