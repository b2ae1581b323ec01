package fr.gouv.social.fabrique.rules.kubernetes;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.kubernetes.Container;
import fr.gouv.social.fabrique.kubernetes.EnvVar;
import fr.gouv.social.fabrique.kubernetes.KubernetesObject;
import fr.gouv.social.fabrique.kubernetes.Service;
import fr.gouv.social.fabrique.kubernetes.ServiceAccount;
import fr.gouv.social.fabrique.project.ImageReference;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.rule.TextEdit;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import fr.gouv.social.fabrique.yaml.YamlScalar;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** When and from where nodes pull the images of containers. */
final class PulledImages {
  private static final String ALWAYS = "Always";
  private static final String OLD_REGISTRY = "k8s.gcr.io";

  /** The options of git-sync that name a program to run, without {@code GITSYNC_} or dashes. */
  private static final Set<String> COMMANDS =
      Set.of("git", "exechook_command", "sync_hook_command");

  static final Rule<Container> NOT_ALWAYS_PULLED =
      rule(
          "kubernetes/not-always-pulled",
          Container.class,
          (container, context) -> {
            Setting<String> policy = container.imagePullPolicy();
            ImageReference image = image(container);
            // What a digest names never changes.
            if (image != null
                && image.digest().isAbsent()
                && policy.is(value -> !value.equals(ALWAYS))) {
              Edits.set(
                  context.report(
                      policy, "policy", container.name(), String.valueOf(policy.value())),
                  container.place(),
                  "imagePullPolicy",
                  ALWAYS);
            }
          });

  static final Rule<Container> STALE_LATEST =
      rule(
          "kubernetes/stale-latest",
          Container.class,
          (container, context) -> {
            Setting<String> policy = container.imagePullPolicy();
            ImageReference image = image(container);
            if (image != null
                && image.digest().isAbsent()
                && (image.tag().isAbsent() || image.tag().is("latest"))
                && policy.isSet()
                && policy.is(value -> !value.equals(ALWAYS))) {
              Edits.set(
                  context.report(
                      policy, "stale", container.name(), image, String.valueOf(policy.value())),
                  policy,
                  ALWAYS);
            }
          });

  static final Rule<Container> DEPRECATED_REGISTRY =
      rule(
          "kubernetes/deprecated-registry",
          Container.class,
          (container, context) -> {
            Setting<String> image = container.image();
            String text = image.value();
            if (text == null || !text.startsWith(OLD_REGISTRY + "/")) {
              return;
            }
            RuleContext.Reported reported = context.report(image, "frozen", container.name(), text);
            if (image.at() instanceof YamlPlace place
                && place.node() instanceof YamlScalar scalar) {
              Span span = scalar.span();
              int start = span.start() + span.text().indexOf(OLD_REGISTRY);
              Span registry = new Span(span.file(), start, start + OLD_REGISTRY.length());
              if (registry.text().equals(OLD_REGISTRY)) {
                reported.fix(new TextEdit(registry, "registry.k8s.io"));
              }
            }
          });

  static final Rule<Container> MISSING_PULL_SECRET =
      rule(
          "kubernetes/missing-pull-secret",
          Container.class,
          (container, context) -> {
            ImageReference image = image(container);
            if (image == null
                || !image.registry().isKnown()
                || container.object().isPartial()
                || context.list("registries").stream()
                    .noneMatch(pattern -> names(pattern, image.registry().value()))) {
              return;
            }
            ServiceAccount account = context.project().objects().accountOf(container.pod());
            boolean elsewhere =
                account == null && !container.pod().serviceAccountName().is("default"::equals);
            if (container.pod().has("imagePullSecrets")) {
              context.keep(container.pod().at("imagePullSecrets"));
            } else if (account != null && account.has("imagePullSecrets")) {
              context.keep(account.at("imagePullSecrets"));
            } else if (!elsewhere) {
              context.report(
                  container.image(), "missing", container.name(), image.registry().value());
            }
          });

  static final Rule<Container> TILLER =
      rule(
          "kubernetes/tiller",
          Container.class,
          (container, context) -> {
            if (isNamed(container, "tiller")) {
              context.report(container.image(), "tiller", container.name());
            }
          });

  static final Rule<Service> TILLER_SERVICE =
      rule(
          "kubernetes/tiller-service",
          Service.class,
          (service, context) -> {
            Map<String, String> labels = service.object().labels();
            if (labels.getOrDefault("name", "").equals("tiller")
                || service.at("spec.selector.name").text("").equals("tiller")
                || service.object().name().equals("tiller-deploy")) {
              context.report(
                  service.object().at("metadata.name"), "tiller", service.object().name());
            }
          });

  static final Rule<Container> GIT_SYNC =
      rule(
          "kubernetes/git-sync-command",
          Container.class,
          (container, context) -> {
            if (!isNamed(container, "git-sync")) {
              return;
            }
            for (EnvVar each : container.env()) {
              if (COMMANDS.contains(
                  each.name().replaceFirst("^GIT_?SYNC_", "").toLowerCase(Locale.ROOT))) {
                context.report(each, "command", container.name(), each.name());
              }
            }
            for (YamlPlace each : container.items("args")) {
              String name = each.text("").split("=", 2)[0].replaceFirst("^--?", "");
              if (each.text("").startsWith("-") && COMMANDS.contains(name.replace('-', '_'))) {
                context.report(each, "command", container.name(), each.text("").split("=", 2)[0]);
              }
            }
          });

  static final Rule<KubernetesObject> OPEN_PREFIX =
      rule(
          "kubernetes/open-image-prefix",
          KubernetesObject.class,
          (object, context) -> {
            if (!object.is("K8sAllowedRepos", "constraints.gatekeeper.sh")) {
              return;
            }
            for (YamlPlace each : object.items("spec.parameters.repos")) {
              String text = each.text("");
              if (!text.isEmpty()
                  && References.isPlain(text)
                  && !text.endsWith("/")
                  && !text.endsWith("*")
                  && text.indexOf('@') < 0) {
                RuleContext.Reported reported = context.report(each, "open", text);
                if (each.node() instanceof YamlScalar scalar
                    && scalar.style() == YamlScalar.Style.PLAIN) {
                  reported.unsafeFix(new TextEdit(scalar.span(), text + "/"));
                }
              }
            }
          });

  static final Rule<Container> DASHBOARD =
      rule(
          "kubernetes/dashboard",
          Container.class,
          (container, context) -> {
            if (isNamed(container, "kubernetes-dashboard-amd64")
                || isNamed(container, "kubernetesui/dashboard")
                || isNamed(container, "kubernetesui/dashboard-web")
                || container.workload().podLabels().containsValue("kubernetes-dashboard")) {
              context.report(container.image(), "dashboard", container.name());
            }
          });

  /** All rules of the theme. */
  static final List<Rule<?>> ALL =
      List.of(
          NOT_ALWAYS_PULLED,
          STALE_LATEST,
          DEPRECATED_REGISTRY,
          MISSING_PULL_SECRET,
          TILLER,
          TILLER_SERVICE,
          GIT_SYNC,
          OPEN_PREFIX,
          DASHBOARD);

  private PulledImages() {}

  /** The image, or null where it is not known for sure. */
  private static @Nullable ImageReference image(Container container) {
    String text = container.image().value();
    return text == null ? null : ImageReference.orNull(text);
  }

  /** Whether the repository of the image ends with some folders. */
  private static boolean isNamed(Container container, String end) {
    ImageReference image = image(container);
    return image != null
        && image.path().isKnown()
        && ("/" + image.path().value()).endsWith("/" + end);
  }

  private static boolean names(String pattern, String registry) {
    return pattern.endsWith("*")
        ? registry.startsWith(pattern.substring(0, pattern.length() - 1))
        : registry.equals(pattern);
  }
}
