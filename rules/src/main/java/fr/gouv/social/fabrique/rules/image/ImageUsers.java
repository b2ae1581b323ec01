package fr.gouv.social.fabrique.rules.image;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.dockerfile.Stage;
import fr.gouv.social.fabrique.image.ImageConfig;
import fr.gouv.social.fabrique.kubernetes.Container;
import fr.gouv.social.fabrique.kubernetes.ContainerPort;
import fr.gouv.social.fabrique.kubernetes.IntOrString;
import fr.gouv.social.fabrique.kubernetes.Probe;
import fr.gouv.social.fabrique.project.InspectedImage;
import fr.gouv.social.fabrique.project.OwnImage;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Setting;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** As whom a built image runs, on which ports, and whether its manifests agree. */
final class ImageUsers {
  static final Rule<InspectedImage> ROOT =
      rule("image/root-user", InspectedImage.class, ImageUsers::root);

  static final Rule<InspectedImage> REFUSED =
      rule("image/built-for-refused-user", InspectedImage.class, ImageUsers::refused);

  static final Rule<InspectedImage> OTHER =
      rule("image/built-for-other-user", InspectedImage.class, ImageUsers::other);

  static final Rule<InspectedImage> PORT =
      rule("image/unexposed-port", InspectedImage.class, ImageUsers::ports);

  /** All rules of the theme. */
  static final List<Rule<?>> ALL = List.of(ROOT, REFUSED, OTHER, PORT);

  private ImageUsers() {}

  private static void root(InspectedImage inspected, RuleContext context) {
    ImageConfig config = inspected.image().config();
    String reference = inspected.image().reference();
    if (!inspected.own() || inspected.image().os().equals("windows")) {
      return;
    }
    if (!config.isRoot()) {
      context.keep(inspected.userPlace());
      return;
    }
    Stage stage = inspected.stage();
    String written = stage == null ? null : stage.effectiveUser().value();
    if (written == null) {
      context.report(inspected.userPlace(), "root", reference);
    } else if (!isRoot(written)) {
      context.report(inspected.userPlace(), "stale", reference, written);
    }
    // Else the Dockerfile itself says root, and docker/root-user says so.
  }

  private static boolean isRoot(String user) {
    return user.replaceFirst(":.*", "").strip().matches("root|0+|");
  }

  private static void refused(InspectedImage inspected, RuleContext context) {
    ImageConfig config = inspected.image().config();
    for (Container container : inspected.containers()) {
      Setting<Boolean> nonRoot = container.securityContext().runAsNonRoot();
      Setting<Long> user = container.securityContext().runAsUser();
      if (!nonRoot.isTrue()
          || !user.isAbsent()
          || container.pod().isWindows()
          || isSeenInFiles(inspected, container, context)) {
        continue;
      }
      String reference = inspected.image().reference();
      if (config.isRoot()) {
        context.report(nonRoot, "root", container.name(), reference);
      } else if (!config.hasNumericUser()) {
        context.report(nonRoot, "named", container.name(), reference, config.userName());
      }
    }
  }

  /** Whether the Dockerfile says the same as the image, and rules on files compare it already. */
  private static boolean isSeenInFiles(
      InspectedImage inspected, Container container, RuleContext context) {
    return context.project().subjects(OwnImage.class).stream()
        .anyMatch(
            own ->
                own.runner().equals(container)
                    && own.stage().effectiveUser().is(inspected.image().config().user()::equals));
  }

  private static void other(InspectedImage inspected, RuleContext context) {
    ImageConfig config = inspected.image().config();
    if (!config.hasNumericUser() || config.isRoot()) {
      return;
    }
    for (Container container : inspected.containers()) {
      Setting<Long> user = container.securityContext().runAsUser();
      Long value = user.value();
      if (user.isSet()
          && value != null
          && value != Long.parseLong(config.userName())
          && !isSeenInFiles(inspected, container, context)) {
        context.report(
            user,
            "other",
            container.name(),
            value,
            inspected.image().reference(),
            config.userName());
      }
    }
  }

  private static void ports(InspectedImage inspected, RuleContext context) {
    List<Integer> exposed = inspected.image().config().portNumbers("tcp");
    if (exposed.isEmpty()) {
      return;
    }
    for (Container container : inspected.containers()) {
      Map<Long, Located> listened = new LinkedHashMap<>();
      boolean known = true;
      for (ContainerPort port : container.ports()) {
        Long number = port.number().value();
        known &= number != null;
        if (number != null && port.protocol().equalsIgnoreCase("TCP")) {
          listened.put(number, port.number());
        }
      }
      if (listened.isEmpty() && known) {
        for (Probe.Kind kind : Probe.Kind.values()) {
          Setting<IntOrString> port = container.probe(kind).port();
          Integer number = port.value() == null ? null : port.value().number();
          if (number != null) {
            listened.putIfAbsent((long) number, port);
          }
        }
      }
      boolean meets =
          listened.keySet().stream().anyMatch(each -> exposed.contains(each.intValue()));
      if (!known || meets) {
        continue;
      }
      listened.forEach(
          (number, place) -> {
            if (!isChosen(container, number)) {
              context.report(
                  place,
                  "unexposed",
                  container.name(),
                  number,
                  inspected.image().reference(),
                  exposed.stream()
                      .map(String::valueOf)
                      .sorted()
                      .reduce((a, b) -> a + ", " + b)
                      .orElse(""));
            }
          });
    }
  }

  /** Whether a variable tells the program to listen there. */
  private static boolean isChosen(Container container, long port) {
    String number = String.valueOf(port);
    return container.env().stream()
        .map(variable -> variable.value())
        .anyMatch(
            value ->
                value.isUnknown()
                    || value.is(text -> text.equals(number) || text.endsWith(":" + number)));
  }
}
