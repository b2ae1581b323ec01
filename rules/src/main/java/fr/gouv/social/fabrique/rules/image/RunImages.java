package fr.gouv.social.fabrique.rules.image;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.compose.ComposeService;
import fr.gouv.social.fabrique.compose.ComposeVariable;
import fr.gouv.social.fabrique.compose.PortMapping;
import fr.gouv.social.fabrique.dockerfile.ExposedPort;
import fr.gouv.social.fabrique.dockerfile.Instruction;
import fr.gouv.social.fabrique.kontinuous.KontinuousComponent;
import fr.gouv.social.fabrique.kontinuous.KontinuousVariable;
import fr.gouv.social.fabrique.kubernetes.Container;
import fr.gouv.social.fabrique.kubernetes.ContainerPort;
import fr.gouv.social.fabrique.kubernetes.EnvVar;
import fr.gouv.social.fabrique.kubernetes.KubernetesObject;
import fr.gouv.social.fabrique.kubernetes.Probe;
import fr.gouv.social.fabrique.project.ImageReference;
import fr.gouv.social.fabrique.project.OwnImage;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.rules.facts.RootImages;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a Dockerfile says of an image against what the files that run it ask of it. */
final class RunImages {
  private static final Pattern DATABASE_SECRET =
      Pattern.compile("[\\w-]+-app|\\{\\{ *\\.Values\\.global\\.pgSecretName *}}");

  static final Rule<OwnImage> REFUSED_USER =
      rule("image/refused-user", OwnImage.class, RunImages::refusedUser);

  static final Rule<OwnImage> OTHER_USER =
      rule("image/other-user", OwnImage.class, RunImages::otherUser);

  static final Rule<OwnImage> OTHER_PORT =
      rule("image/other-port", OwnImage.class, RunImages::otherPort);

  static final Rule<OwnImage> IGNORED_HEALTHCHECK =
      rule("image/ignored-healthcheck", OwnImage.class, RunImages::healthCheck);

  static final List<Rule<?>> ALL =
      List.of(REFUSED_USER, OTHER_USER, OTHER_PORT, IGNORED_HEALTHCHECK);

  private RunImages() {}

  // Who runs it

  private static @Nullable Setting<Boolean> runAsNonRoot(OwnImage image) {
    return image.runner() instanceof Container container
        ? container.securityContext().runAsNonRoot()
        : image.runner() instanceof KontinuousComponent component ? component.runAsNonRoot() : null;
  }

  private static @Nullable Setting<Long> runAsUser(OwnImage image) {
    return image.runner() instanceof Container container
        ? container.securityContext().runAsUser()
        : image.runner() instanceof KontinuousComponent component ? component.runAsUser() : null;
  }

  /** The kubelet's verifyRunAsNonRoot (pkg/kubelet/kuberuntime/security_context.go). */
  private static void refusedUser(OwnImage image, RuleContext context) {
    Setting<Boolean> nonRoot = runAsNonRoot(image);
    Setting<Long> runAs = runAsUser(image);
    Setting<String> user = image.stage().effectiveUser();
    if (nonRoot == null
        || runAs == null
        || !nonRoot.isTrue()
        || !runAs.isAbsent()
        || user.isUnknown()) {
      return;
    }
    String name = user.value();
    if (name == null) {
      String base = image.stage().rootImage().value();
      ImageReference reference = base == null ? null : ImageReference.orNull(base);
      String familiar = reference == null ? null : reference.familiarName();
      if (familiar != null && RootImages.NAMES.contains(familiar)) {
        context.report(nonRoot, "root", image.label()).related(image.stage());
      }
      return;
    }
    String id = name.indexOf(':') < 0 ? name : name.substring(0, name.indexOf(':'));
    if (id.matches("0+")) {
      context.report(nonRoot, "root", image.label()).related(user);
    } else if (!id.matches("[0-9]+")) {
      context.report(nonRoot, "named", image.label(), id).related(user);
    }
  }

  private static void otherUser(OwnImage image, RuleContext context) {
    Setting<Long> runAs = runAsUser(image);
    Long asked = runAs == null ? null : runAs.value();
    Setting<String> user = image.stage().effectiveUser();
    String name = user.value();
    if (runAs == null || asked == null || asked == 0 || name == null) {
      return;
    }
    String id = name.indexOf(':') < 0 ? name : name.substring(0, name.indexOf(':'));
    // Root in the image is a finding of the Dockerfile.
    if (id.matches("0*[1-9][0-9]{0,9}") && Long.parseLong(id) != asked) {
      context.report(runAs, "other", image.label(), asked, id).related(user);
    }
  }

  // Where it listens

  /** A port that something expects the image to serve. */
  private record Expected(int port, String key, Located at) {}

  /**
   * Only where none of the expected ports is among those of {@code EXPOSE}, and nothing that the
   * container is given could move it there.
   */
  private static void otherPort(OwnImage image, RuleContext context) {
    List<String> exposed = new ArrayList<>();
    List<ExposedPort> ports = new ArrayList<>();
    for (Setting<ExposedPort> each : image.stage().exposedPorts()) {
      ExposedPort port = each.value();
      if (port == null) {
        return;
      }
      ports.add(port);
      exposed.add(
          port.first() == port.last() ? "" + port.first() : port.first() + "-" + port.last());
    }
    List<Expected> expected = expected(image.runner());
    if (ports.isEmpty() || expected == null || expected.isEmpty()) {
      return;
    }
    for (Expected each : expected) {
      for (ExposedPort port : ports) {
        if (port.first() <= each.port && each.port <= port.last()) {
          return;
        }
      }
    }
    Expected first = expected.get(0);
    if (!mayBeMoved(image.runner(), first.port, context)) {
      Located stage = image.stage().exposedPorts().get(0);
      context
          .report(first.at, first.key, image.label(), first.port, String.join(", ", exposed))
          .related(stage);
    }
  }

  /** What a container is asked for, or null where some of it is not known. */
  private static @Nullable List<Expected> expected(Located runner) {
    List<Expected> expected = new ArrayList<>();
    if (runner instanceof Container container) {
      for (ContainerPort port : container.ports()) {
        Long number = port.number().value();
        if (number == null) {
          return null;
        }
        expected.add(new Expected(number.intValue(), "container", port.number()));
      }
      for (Probe.Kind kind : Probe.Kind.values()) {
        Probe probe = container.probe(kind);
        Integer number = probe.port().value() == null ? null : probe.port().value().number();
        if (probe.port().isUnknown()) {
          return null;
        }
        if (number != null) {
          expected.add(new Expected(number, "probe", probe.port()));
        }
      }
    } else if (runner instanceof KontinuousComponent component) {
      boolean served = component.chart().equals("app") || component.chart().equals("hasura");
      Long number = served ? component.containerPort().value() : null;
      if (number != null) {
        expected.add(
            new Expected(
                number.intValue(),
                component.containerPort().isSet() ? "container" : "default",
                component.containerPort()));
      }
    } else if (runner instanceof ComposeService service) {
      for (PortMapping port : service.ports()) {
        PortMapping.Range target = port.target().value();
        if (target == null || port.error() != null || target.size() > 1) {
          return null;
        }
        expected.add(new Expected(target.first(), "mapping", port));
      }
    }
    return expected;
  }

  /** Whether a command or a variable that is given to the container may choose the port. */
  private static boolean mayBeMoved(Located runner, int port, RuleContext context) {
    String number = String.valueOf(port);
    List<@Nullable String> given = new ArrayList<>();
    if (runner instanceof Container container) {
      given.addAll(container.command());
      given.addAll(container.args());
      for (EnvVar variable : container.env()) {
        given.add(
            variable.value().isAbsent() && isPort(variable.name())
                ? null
                : variable.value().value());
      }
      if (mayBring(container.items("envFrom"), context)) {
        return true;
      }
    } else if (runner instanceof KontinuousComponent component) {
      if (mayBring(component.at("envFrom").items(), context)
          || component.at("entrypoint").isPresent()
          || component.at("args").isPresent()) {
        return true;
      }
      for (KontinuousVariable variable : component.variables()) {
        given.add(variable.value().value());
      }
    } else if (runner instanceof ComposeService service) {
      service.command().forEach(word -> given.add(word.value()));
      service.entrypoint().forEach(word -> given.add(word.value()));
      for (ComposeVariable variable : service.environment()) {
        given.add(variable.value().value());
      }
      if (service.place().key("env_file").isPresent()
          || service.place().key("network_mode").isPresent()) {
        return true;
      }
    }
    return given.stream().anyMatch(each -> each == null || each.contains(number));
  }

  /**
   * Whether a ConfigMap or secret may bring a variable that chooses a port. Those that
   * CloudNativePG makes ({@code pg-app}) only lead to the database.
   */
  private static boolean mayBring(List<YamlPlace> envFrom, RuleContext context) {
    for (YamlPlace each : envFrom) {
      YamlPlace map = each.at("configMapRef.name");
      YamlPlace secret = each.at("secretRef.name");
      String name = (map.isPresent() ? map : secret).text("");
      if (secret.isPresent() && DATABASE_SECRET.matcher(name).matches()) {
        continue;
      }
      Set<String> kinds = map.isPresent() ? Set.of("ConfigMap") : Set.of("SealedSecret", "Secret");
      List<KubernetesObject> sources =
          context.project().objects().objects().stream()
              .filter(object -> kinds.contains(object.kind()) && object.name().equals(name))
              .toList();
      if (sources.isEmpty() || sources.stream().anyMatch(RunImages::namesPort)) {
        return true;
      }
    }
    return false;
  }

  private static boolean namesPort(KubernetesObject object) {
    for (String path : List.of("data", "stringData", "spec.encryptedData")) {
      for (YamlPlace value : object.at(path).values()) {
        if (isPort(value.label())) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isPort(String name) {
    return name.contains("PORT") || name.contains("LISTEN") || name.contains("ADDR");
  }

  // How it says that it is well

  private static void healthCheck(OwnImage image, RuleContext context) {
    Instruction.HealthCheck check = image.stage().healthCheck().value();
    if (check == null || check.isNone()) {
      return;
    }
    if (image.runner() instanceof Container container
        && container.isLongRunning()
        && !container.workload().isBatch()
        && !container.object().isPartial()
        && !container.probe(Probe.Kind.LIVENESS).isPresent()
        && !container.probe(Probe.Kind.READINESS).isPresent()) {
      context.report(container.image(), "ignored", container.name()).related(check);
    }
  }
}
