package fr.gouv.social.fabrique.rules.docker;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.dockerfile.Assignment;
import fr.gouv.social.fabrique.dockerfile.Dockerfile;
import fr.gouv.social.fabrique.dockerfile.Expansion;
import fr.gouv.social.fabrique.dockerfile.Flag;
import fr.gouv.social.fabrique.dockerfile.Instruction;
import fr.gouv.social.fabrique.dockerfile.Scope;
import fr.gouv.social.fabrique.dockerfile.Spelling;
import fr.gouv.social.fabrique.dockerfile.Stage;
import fr.gouv.social.fabrique.dockerfile.Word;
import fr.gouv.social.fabrique.project.ImageReference;
import fr.gouv.social.fabrique.project.ImageUse;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.rule.TextEdit;
import fr.gouv.social.fabrique.source.Span;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Stages, their names, their platforms and the images they stand on. */
final class Stages {
  private static final Set<String> RESERVED = Set.of("scratch", "context");

  private static final Set<ImageUse.Role> OF_DOCKERFILES =
      Set.of(ImageUse.Role.FINAL_BASE, ImageUse.Role.BUILD_BASE, ImageUse.Role.COPY_SOURCE);

  /** What a builder on a usual machine would say; any machine would do. */
  private static final Map<String, String> A_PLATFORM =
      Map.ofEntries(
          Map.entry("BUILDPLATFORM", "linux/amd64"),
          Map.entry("BUILDOS", "linux"),
          Map.entry("BUILDOSVERSION", ""),
          Map.entry("BUILDARCH", "amd64"),
          Map.entry("BUILDVARIANT", ""),
          Map.entry("TARGETPLATFORM", "linux/amd64"),
          Map.entry("TARGETOS", "linux"),
          Map.entry("TARGETOSVERSION", ""),
          Map.entry("TARGETARCH", "amd64"),
          Map.entry("TARGETVARIANT", ""),
          Map.entry("TARGETSTAGE", "default"));

  private static final Set<String> SYSTEMS =
      Set.of(
          "aix",
          "android",
          "darwin",
          "dragonfly",
          "freebsd",
          "illumos",
          "ios",
          "js",
          "linux",
          "netbsd",
          "openbsd",
          "plan9",
          "solaris",
          "wasip1",
          "windows");

  private static final Set<String> ARCHITECTURES =
      Set.of(
          "386",
          "amd64",
          "arm",
          "arm64",
          "loong64",
          "mips",
          "mipsle",
          "mips64",
          "mips64le",
          "ppc64",
          "ppc64le",
          "riscv64",
          "s390x",
          "wasm");

  private static final Map<String, String> OTHER_NAMES =
      Map.of(
          "x86_64", "amd64",
          "x86-64", "amd64",
          "i386", "386",
          "aarch64", "arm64",
          "armhf", "arm",
          "armel", "arm",
          "macos", "darwin");

  static final Rule<Dockerfile> DUPLICATE_NAME =
      rule(
          "docker/duplicate-stage-name",
          Dockerfile.class,
          (dockerfile, context) -> {
            Map<String, Word> seen = new HashMap<>();
            for (Stage stage : dockerfile.stages()) {
              Word alias = stage.from().alias();
              String name = stage.name();
              if (alias != null && name != null) {
                Word before = seen.put(name, alias);
                if (before != null) {
                  context.report(alias, "duplicate", name, before.span().line()).related(before);
                }
              }
            }
          });

  static final Rule<Stage> RESERVED_NAME =
      rule(
          "docker/reserved-stage-name",
          Stage.class,
          (stage, context) -> {
            Word alias = stage.from().alias();
            String name = stage.name();
            if (alias != null && name != null && RESERVED.contains(name)) {
              context.report(alias, "reserved", name);
            }
          });

  static final Rule<Dockerfile> CONSTANT_PLATFORM =
      rule("docker/constant-platform", Dockerfile.class, Stages::constantPlatforms);

  static final Rule<Dockerfile> REDUNDANT_PLATFORM =
      rule("docker/redundant-platform", Dockerfile.class, Stages::redundantPlatforms);

  static final Rule<Dockerfile> UNDEFINED_ARG =
      rule("docker/undefined-arg-in-from", Dockerfile.class, Stages::undefinedArguments);

  static final Rule<Dockerfile> INVALID_DEFAULT =
      rule("docker/invalid-default-arg", Dockerfile.class, Stages::invalidDefaults);

  static final Rule<Dockerfile> INVALID_NAME =
      rule("docker/invalid-image-name", Dockerfile.class, Stages::invalidNames);

  static final Rule<ImageUse> TAG_AND_DIGEST =
      rule(
          "docker/tag-and-digest",
          ImageUse.class,
          (use, context) -> {
            ImageReference reference = use.reference();
            if (OF_DOCKERFILES.contains(use.role())
                && reference.tag().isKnown()
                && reference.digest().isKnown()) {
              RuleContext.Reported reported = context.report(use, "both", reference.tag().value());
              String written = use.span().text();
              int tag = written.indexOf(':' + reference.tag().value() + '@');
              if (tag >= 0) {
                int start = use.span().start() + tag;
                Span span =
                    use.span().file().span(start, start + reference.tag().value().length() + 1);
                reported.unsafeFix(new TextEdit(span, ""));
              }
            }
          });

  static final Rule<ImageUse> MISSING_DIGEST =
      rule(
          "docker/missing-digest",
          ImageUse.class,
          (use, context) -> {
            if (OF_DOCKERFILES.contains(use.role())
                && use.reference().digest().isAbsent()
                && use.reference().tag().isKnown()) {
              context.report(use, "missing", use.reference());
            }
          });

  static final Rule<ImageUse> UNTRUSTED_REGISTRY =
      rule(
          "docker/untrusted-registry",
          ImageUse.class,
          (use, context) -> {
            List<String> trusted = context.list("registries");
            ImageReference reference = use.reference();
            if (OF_DOCKERFILES.contains(use.role())
                && !trusted.isEmpty()
                && reference.registry().isKnown()
                && trusted.stream().noneMatch(each -> trusts(each, reference))) {
              context.report(use, "untrusted", reference, reference.registry().value());
            }
          });

  static final List<Rule<?>> ALL =
      List.of(
          DUPLICATE_NAME,
          RESERVED_NAME,
          CONSTANT_PLATFORM,
          REDUNDANT_PLATFORM,
          UNDEFINED_ARG,
          INVALID_DEFAULT,
          INVALID_NAME,
          TAG_AND_DIGEST,
          MISSING_DIGEST,
          UNTRUSTED_REGISTRY);

  private Stages() {}

  /** A registry or the start of a name, with {@code *} at either end. */
  private static boolean trusts(String pattern, ImageReference reference) {
    String registry = reference.registry().value();
    String name = registry + "/" + (reference.path().isKnown() ? reference.path().value() : "");
    if (pattern.equals("hub.docker.com") || pattern.equals("docker.io")) {
      return reference.isOnDockerHub();
    }
    if (pattern.startsWith("*")) {
      return pattern.length() == 1 || registry.endsWith(pattern.substring(1));
    }
    if (pattern.endsWith("*")) {
      return name.startsWith(pattern.substring(0, pattern.length() - 1));
    }
    return registry.equals(pattern) || name.equals(pattern) || name.startsWith(pattern + "/");
  }

  private static void constantPlatforms(Dockerfile dockerfile, RuleContext context) {
    for (Stage stage : dockerfile.stages()) {
      Flag platform = stage.from().platform();
      Word value = platform == null ? null : platform.value();
      if (platform == null || value == null) {
        continue;
      }
      Expansion expansion =
          Expansion.of(value.toString(), dockerfile.escape(), dockerfile.globalScope());
      List<String> parts = platform(expansion.text());
      if (!expansion.references().isEmpty() || parts.isEmpty()) {
        continue;
      }
      String name = stage.name();
      // A stage named for its platform is there for just that platform.
      if (name == null || parts.stream().noneMatch(name::contains)) {
        context.report(platform, "constant", value).unsafeFix(Edits.delete(platform));
      }
    }
  }

  /** System and architecture of a platform as containerd reads it; empty when it is none. */
  private static List<String> platform(@Nullable String text) {
    if (text == null || !text.matches("[A-Za-z0-9_.()-]+(/[A-Za-z0-9_-]+){0,2}")) {
      return List.of();
    }
    String[] parts = text.toLowerCase(Locale.ROOT).replaceAll("\\([^)]*\\)", "").split("/");
    String first = OTHER_NAMES.getOrDefault(parts[0], parts[0]);
    if (parts.length > 1) {
      return List.of(first, OTHER_NAMES.getOrDefault(parts[1], parts[1]));
    }
    if (SYSTEMS.contains(first)) {
      return List.of(first, "amd64");
    }
    return ARCHITECTURES.contains(first) ? List.of("linux", first) : List.of();
  }

  private static void redundantPlatforms(Dockerfile dockerfile, RuleContext context) {
    for (Stage stage : dockerfile.stages()) {
      Flag platform = stage.from().platform();
      Word value = platform == null ? null : platform.value();
      if (platform == null || value == null) {
        continue;
      }
      List<Expansion.Reference> references =
          Expansion.of(value.toString(), dockerfile.escape(), dockerfile.globalScope())
              .references();
      if (references.size() == 1
          && references.get(0).name().equals("TARGETPLATFORM")
          && references.get(0).from() == 0
          && references.get(0).to() == value.toString().length()) {
        context.report(platform, "redundant").fix(Edits.delete(platform));
      }
    }
  }

  private static void undefinedArguments(Dockerfile dockerfile, RuleContext context) {
    Scope scope = dockerfile.globalScope();
    for (Stage stage : dockerfile.stages()) {
      Flag platform = stage.from().platform();
      undefined(dockerfile, stage.from().image(), scope, context);
      undefined(dockerfile, platform == null ? null : platform.value(), scope, context);
    }
  }

  private static void undefined(
      Dockerfile dockerfile, @Nullable Word word, Scope scope, RuleContext context) {
    if (word == null || !word.hasVariable()) {
      return;
    }
    Set<String> seen = new HashSet<>();
    for (Expansion.Reference each :
        Expansion.of(word.toString(), dockerfile.escape(), scope).references()) {
      if (scope.get(each.name()) != null || !seen.add(each.name())) {
        continue;
      }
      Span at = word.place(each.from(), each.to());
      String meant = Spelling.closest(each.name(), scope.names());
      if (meant.isEmpty()) {
        context.report(at, "undefined", each.name());
      } else {
        context
            .report(at, "similar", each.name(), meant)
            .unsafeFix(new TextEdit(at, at.text().replaceFirst(each.name(), meant)));
      }
    }
  }

  /** BuildKit refuses these whatever the arguments: "failed to parse stage name". */
  private static void invalidNames(Dockerfile dockerfile, RuleContext context) {
    for (Stage stage : dockerfile.stages()) {
      Word image = stage.from().image();
      if (image != null && stage.base() == null) {
        invalidName(dockerfile, image, context);
      }
      for (Stage.Source source : stage.sources()) {
        boolean index = source.word().toString().matches("[+-]?[0-9]+");
        if (source.stage() == null && !index) {
          invalidName(dockerfile, source.word(), context);
        }
      }
    }
  }

  private static void invalidName(Dockerfile dockerfile, Word word, RuleContext context) {
    Expansion expansion =
        Expansion.of(word.toString(), dockerfile.escape(), dockerfile.globalScope());
    String name = expansion.text();
    if (name == null
        || name.isEmpty()
        || !expansion.references().isEmpty()
        || !(ImageReference.parse(name) instanceof ImageReference.Invalid invalid)) {
      return;
    }
    String lower = name.toLowerCase(Locale.ROOT);
    if (invalid.reason() == ImageReference.Reason.UPPERCASE) {
      RuleContext.Reported reported = context.report(word, "uppercase", name);
      if (word.span().text().equals(name) && ImageReference.orNull(lower) != null) {
        reported.unsafeFix(new TextEdit(word.span(), lower));
      }
    } else {
      context.report(word, "invalid", name);
    }
  }

  private static void invalidDefaults(Dockerfile dockerfile, RuleContext context) {
    Map<String, String> values = new HashMap<>(A_PLATFORM);
    for (Instruction.Arg arg : dockerfile.globalArguments()) {
      for (Assignment assignment : arg.assignments()) {
        Word value = assignment.value();
        String text =
            value == null
                ? null
                : Expansion.of(value.toString(), dockerfile.escape(), Scope.of(values, arg)).text();
        if (value != null && text == null) {
          return;
        }
        if (text != null) {
          values.put(assignment.name(), text);
        }
      }
    }
    for (Stage stage : dockerfile.stages()) {
      Word image = stage.from().image();
      Expansion expansion =
          image == null
              ? null
              : Expansion.of(image.toString(), dockerfile.escape(), Scope.of(values, dockerfile));
      if (image == null || expansion == null) {
        continue;
      }
      String text = expansion.text();
      if (text == null && expansion.failure() != null) {
        continue;
      }
      String name = text == null ? "" : text;
      // A name without variables is wrong in any build: docker/invalid-image-name says so.
      if (!expansion.references().isEmpty()
          && ImageReference.parse(name) instanceof ImageReference.Invalid) {
        context.report(image, name.isEmpty() ? "empty" : "invalid", image, name);
      }
    }
  }
}
