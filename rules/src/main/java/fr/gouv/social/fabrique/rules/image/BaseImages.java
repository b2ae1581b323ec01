package fr.gouv.social.fabrique.rules.image;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.project.ImageReference;
import fr.gouv.social.fabrique.project.ImageUse;
import fr.gouv.social.fabrique.project.ImageUse.Role;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.rules.facts.EndOfLife;
import fr.gouv.social.fabrique.rules.facts.EndOfLife.Component;
import fr.gouv.social.fabrique.rules.facts.EndOfLife.Cycle;
import fr.gouv.social.fabrique.rules.facts.EndOfLife.State;
import fr.gouv.social.fabrique.rules.facts.EndOfLife.Status;
import fr.gouv.social.fabrique.rules.facts.ImageSystems;
import fr.gouv.social.fabrique.rules.facts.OfficialImages;
import fr.gouv.social.fabrique.rules.facts.OfficialImages.OfficialImage;
import fr.gouv.social.fabrique.rules.facts.SocialGouvImages;
import fr.gouv.social.fabrique.rules.facts.SocialGouvImages.SocialGouvImage;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Where images come from, and whether somebody still maintains them. */
final class BaseImages {
  /** Images that are run as they are, and those that final images stand on. */
  private static final Set<Role> RUN =
      Set.of(Role.FINAL_BASE, Role.COMPOSE_SERVICE, Role.CONTAINER);

  /** Words of tags that choose a variant and no version. */
  private static final Set<String> VARIANTS =
      Set.of(
          "alpine",
          "slim",
          "apache",
          "cli",
          "fpm",
          "zts",
          "jdk",
          "jre",
          "perl",
          "management",
          "builder",
          "current",
          "latest",
          "edge",
          "rolling",
          "nightly");

  // An LTS line older than that has no successor: the product has given the notion up.
  private static final int YEARS_BETWEEN_LTS = 3;

  static final Rule<ImageUse> UNOFFICIAL =
      rule("image/unofficial", ImageUse.class, BaseImages::unofficial);

  static final Rule<ImageUse> END_OF_LIFE =
      rule("image/end-of-life", ImageUse.class, BaseImages::endOfLife);

  static final Rule<ImageUse> NOT_LTS = rule("image/not-lts", ImageUse.class, BaseImages::notLts);

  static final Rule<ImageUse> DEBIAN_BASED =
      rule("image/debian-based", ImageUse.class, BaseImages::debianBased);

  static final Rule<ImageUse> UNPINNED =
      rule("image/unpinned", ImageUse.class, BaseImages::unpinned);

  static final Rule<ImageUse> WITHOUT_DIGEST =
      rule(
          "image/without-digest",
          ImageUse.class,
          (use, context) -> {
            if (use.text().isSet() && use.reference().digest().isAbsent()) {
              context.report(use, "missing", use.reference());
            }
          });

  static final Rule<ImageUse> UNLISTED_REGISTRY =
      rule(
          "image/unlisted-registry",
          ImageUse.class,
          (use, context) -> {
            ImageReference image = use.reference();
            String registry = image.isOnDockerHub() ? "docker.io" : image.registry().value();
            boolean known = image.isOnDockerHub() || image.registry().isKnown();
            if (known && !context.list("registries").contains(registry)) {
              context.report(use, "other", registry);
            }
          });

  /** All rules of the theme. */
  static final List<Rule<?>> ALL =
      List.of(
          UNOFFICIAL,
          END_OF_LIFE,
          NOT_LTS,
          DEBIAN_BASED,
          UNPINNED,
          WITHOUT_DIGEST,
          UNLISTED_REGISTRY);

  private BaseImages() {}

  private static void unofficial(ImageUse use, RuleContext context) {
    String name = use.reference().familiarName();
    if (use.role() != Role.FINAL_BASE || name == null) {
      return;
    }
    String key = unofficial(use.reference());
    if (key == null || isAllowed(name, context)) {
      context.keep(use);
      return;
    }
    OfficialImage official = OfficialImages.of(use.reference());
    if (official != null && official.removed() != null) {
      context.report(use, key, name, official.removed());
    } else {
      context.report(use, key, name);
    }
  }

  /** The key of the message that says what is wrong with the origin of an image, or null. */
  private static @Nullable String unofficial(ImageReference reference) {
    OfficialImage official = OfficialImages.of(reference);
    if (official != null) {
      return switch (official.status()) {
        case ACTIVE, RESERVED -> null;
        case DEPRECATED -> "deprecated";
        case REMOVED -> official.removed() == null ? "abandoned" : "removed";
      };
    }
    SocialGouvImage own = SocialGouvImages.of(reference);
    if (own != null) {
      return switch (own.status()) {
        case LISTED -> null;
        case UNLISTED -> "unlisted";
        case RETIRED -> "retired";
      };
    }
    return SocialGouvImages.isInFolder(reference) ? "unlisted" : "unofficial";
  }

  private static boolean isAllowed(String name, RuleContext context) {
    List<String> allowed = new ArrayList<>(context.list("allowed"));
    allowed.addAll(context.list("images.allowed"));
    for (String pattern : allowed) {
      if (pattern.endsWith("*")
          ? name.startsWith(pattern.substring(0, pattern.length() - 1))
          : name.equals(pattern)) {
        return true;
      }
    }
    return false;
  }

  private static void endOfLife(ImageUse use, RuleContext context) {
    List<Component> components = EndOfLife.componentsOf(use.reference());
    boolean ended = false;
    for (Component component : components) {
      Status status = component.cycle().status(context.asOf());
      boolean extended = status.state() == State.EXTENDED && component.main();
      if (status.state() == State.ENDED || extended) {
        ended = true;
        reportEnd(use, component, status, context);
      }
      // Whoever leaves a product that has ended chooses a new platform with it.
      if (ended && component.main()) {
        break;
      }
    }
    if (!ended && !components.isEmpty()) {
      context.keep(use);
    }
  }

  private static void reportEnd(
      ImageUse use, Component component, Status status, RuleContext context) {
    LocalDate until = status.until();
    if (until == null) {
      context.report(use, "ended-undated", component.cycle());
    } else if (status.state() == State.EXTENDED) {
      context.report(use, "extended", component.cycle(), until);
    } else {
      context.report(use, component.main() ? "ended" : "platform-ended", component.cycle(), until);
    }
  }

  private static void notLts(ImageUse use, RuleContext context) {
    if (!RUN.contains(use.role())) {
      return;
    }
    for (Component component : EndOfLife.componentsOf(use.reference())) {
      Cycle cycle = component.cycle();
      Status status = cycle.status(context.asOf());
      Cycle recommended = cycle.product().recommended(context.asOf());
      if (!component.main()
          || !cycle.product().hasLts()
          || status.state() == State.ENDED
          || recommended == null
          || recommended.released().isBefore(context.asOf().minusYears(YEARS_BETWEEN_LTS))) {
        continue;
      }
      if (status.lts()) {
        context.keep(use);
      } else {
        context.report(use, "not-lts", cycle, recommended.name());
      }
    }
  }

  private static void debianBased(ImageUse use, RuleContext context) {
    if (!RUN.contains(use.role())) {
      return;
    }
    String system = ImageSystems.of(use.reference());
    if (ImageSystems.DEBIAN.equals(system)) {
      context.report(use, "debian", use.reference());
    } else if (ImageSystems.UBUNTU.equals(system)) {
      context.report(use, "ubuntu", use.reference());
    } else if (system != null) {
      context.keep(use);
    }
  }

  private static void unpinned(ImageUse use, RuleContext context) {
    ImageReference reference = use.reference();
    String name = reference.familiarName();
    if ("scratch".equals(name) || reference.digest().isUnknown() || reference.tag().isUnknown()) {
      return;
    }
    if (reference.digest().isKnown()) {
      context.keep(use);
    } else if (reference.tag().isAbsent()) {
      // A bare name that is no known image may be that of a named context.
      if (use.role() != ImageUse.Role.COPY_SOURCE
          || name == null
          || name.indexOf('/') >= 0
          || OfficialImages.of(reference) != null) {
        context.report(use, "no-tag", reference);
      }
    } else if (reference.tag().is("latest")) {
      context.report(use, "latest", reference);
    } else if (namesOnlyAVariant(reference)) {
      context.report(use, "variant-only", reference);
    } else {
      context.keep(use);
    }
  }

  /** {@code node:alpine} is {@code node:latest} on Alpine. */
  private static boolean namesOnlyAVariant(ImageReference reference) {
    if (OfficialImages.of(reference) == null) {
      return false;
    }
    for (String word : reference.tag().value().split("[-_]")) {
      if (!VARIANTS.contains(word)) {
        return false;
      }
    }
    return true;
  }
}
