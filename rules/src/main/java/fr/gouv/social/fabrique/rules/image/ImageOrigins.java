package fr.gouv.social.fabrique.rules.image;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.image.BuiltImage;
import fr.gouv.social.fabrique.project.ImageReference;
import fr.gouv.social.fabrique.project.ImageUse;
import fr.gouv.social.fabrique.project.InspectedImage;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/** Where a built image comes from, and whether it is still what its name says. */
final class ImageOrigins {
  /** Reproducible builds date their images before there were any. */
  private static final int FIRST_IMAGES = 2013;

  static final Rule<InspectedImage> OLD =
      rule("image/old", InspectedImage.class, ImageOrigins::old);

  static final Rule<InspectedImage> LABELS =
      rule("image/missing-label", InspectedImage.class, ImageOrigins::labels);

  static final Rule<InspectedImage> DRIFT =
      rule("image/tag-drift", InspectedImage.class, ImageOrigins::drift);

  static final Rule<InspectedImage> STALE_BASE =
      rule("image/stale-base", InspectedImage.class, ImageOrigins::staleBase);

  /** All rules of the theme. */
  static final List<Rule<?>> ALL = List.of(OLD, LABELS, DRIFT, STALE_BASE);

  private ImageOrigins() {}

  private static void old(InspectedImage inspected, RuleContext context) {
    Instant created = inspected.image().created();
    if (!inspected.own() || created == null) {
      return;
    }
    LocalDate day = created.atZone(ZoneOffset.UTC).toLocalDate();
    long age = ChronoUnit.DAYS.between(day, context.asOf());
    if (day.getYear() >= FIRST_IMAGES && age > context.number("max-days")) {
      context.report(inspected.origin(), "old", inspected.image().reference(), age, day);
    }
  }

  private static void labels(InspectedImage inspected, RuleContext context) {
    if (!inspected.own()) {
      return;
    }
    Map<String, String> labels = inspected.image().config().labels();
    List<String> missing =
        context.list("required").stream()
            .filter(label -> labels.getOrDefault(label, "").isBlank())
            .toList();
    if (!missing.isEmpty()) {
      context.report(
          inspected.origin(), "missing", inspected.image().reference(), String.join(", ", missing));
    }
  }

  private static void drift(InspectedImage inspected, RuleContext context) {
    String published = inspected.published();
    if (published == null) {
      return;
    }
    for (ImageUse use : inspected.uses()) {
      ImageReference reference = use.reference();
      String name = reference.familiarName();
      if (name == null || !reference.tag().isKnown()) {
        continue;
      }
      String tagged = name + ":" + reference.tag().value();
      if (reference.digest().isKnown()) {
        if (!reference.digest().is(published)) {
          context.report(
              use, "pinned", tagged, shortened(reference.digest().value()), shortened(published));
        }
      } else {
        String here = inspected.image().digestOf(name);
        if (!published.equals(here)) {
          context.report(use, "published", tagged, shortened(published));
        }
      }
    }
  }

  private static String shortened(String digest) {
    return digest.length() > 19 ? digest.substring(0, 19) + "…" : digest;
  }

  private static void staleBase(InspectedImage inspected, RuleContext context) {
    BuiltImage base = inspected.base();
    BuiltImage image = inspected.image();
    boolean told = image.history().stream().anyMatch(step -> step.layer() >= 0);
    if (base == null || base.layers().isEmpty() || !told) {
      return;
    }
    if (!image.isBuiltUpon(base) && !image.layers().equals(base.layers())) {
      context.report(inspected.origin(), "stale", image.reference(), base.reference());
    }
  }
}
