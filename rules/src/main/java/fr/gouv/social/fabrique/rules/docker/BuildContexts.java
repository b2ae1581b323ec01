package fr.gouv.social.fabrique.rules.docker;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.dockerfile.DockerIgnore;
import fr.gouv.social.fabrique.dockerfile.Instruction;
import fr.gouv.social.fabrique.dockerfile.RunMount;
import fr.gouv.social.fabrique.dockerfile.Stage;
import fr.gouv.social.fabrique.dockerfile.Word;
import fr.gouv.social.fabrique.project.BuildContext;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.rule.Severity;
import fr.gouv.social.fabrique.rule.TextEdit;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.Span;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a build takes from its context. */
final class BuildContexts {
  /** Without a wildcard but before its extension, as in {@code package*.json}. */
  private static final Pattern NAMED_FILE = Pattern.compile("(?:.*/)?[^/]*\\.[A-Za-z0-9]+");

  /** How many names a message shows. */
  private static final int SHOWN = 6;

  static final Rule<BuildContext> MISSING_IGNORE =
      rule("docker/missing-dockerignore", BuildContext.class, BuildContexts::missing);

  static final Rule<BuildContext> INCOMPLETE_IGNORE =
      rule("docker/incomplete-dockerignore", BuildContext.class, BuildContexts::incomplete);

  static final Rule<BuildContext> COPY_IGNORED =
      rule("docker/copy-ignored", BuildContext.class, BuildContexts::copyIgnored);

  static final Rule<BuildContext> WHOLE_CONTEXT =
      rule("docker/whole-context-copied", BuildContext.class, BuildContexts::wholeContext);

  static final List<Rule<?>> ALL =
      List.of(MISSING_IGNORE, INCOMPLETE_IGNORE, COPY_IGNORED, WHOLE_CONTEXT);

  /**
   * Something taken from the context.
   *
   * @param path as the context sees it, {@code .} for all of it
   * @param filtered whether the instruction itself leaves some of it out
   */
  private record Taken(String path, boolean filtered, Instruction by, Located at) {
    /** Whether a path of the context comes along with it. */
    boolean brings(String other) {
      return !filtered && (path.equals(".") || other.equals(path) || other.startsWith(path + "/"));
    }
  }

  private BuildContexts() {}

  private static void missing(BuildContext build, RuleContext context) {
    List<Taken> taken = taken(build);
    DockerIgnore ignore = build.ignore();
    if (ignore != null) {
      context.keep(ignore.file().span(0, 0));
    } else if (!taken.isEmpty()) {
      Taken widest = taken.get(0);
      for (Taken each : taken) {
        widest = breadth(each, build) > breadth(widest, build) ? each : widest;
      }
      boolean wide = breadth(widest, build) > 0;
      RuleContext.Reported reported =
          context.report(
              widest.at(),
              wide ? "missing" : "named",
              build.folder().isEmpty() ? "." : build.folder(),
              widest.path());
      if (!wide) {
        // BuildKit transfers what is named and nothing else: nothing slips into the image.
        reported.atMost(Severity.INFO);
      }
    }
  }

  /** 2 for all of the context, 1 for a folder, 0 for what brings nothing unnamed into the image. */
  private static int breadth(Taken taken, BuildContext build) {
    if (!(taken.by() instanceof Instruction.Transfer)) {
      return 0;
    }
    if (taken.path().equals(".")) {
      return 2;
    }
    String path = build.inRepository(taken.path());
    boolean isFile =
        build.tree().entry(path) != null
            || !build.tree().hasFolder(path) && NAMED_FILE.matcher(taken.path()).matches();
    return isFile ? 0 : 1;
  }

  private static void incomplete(BuildContext build, RuleContext context) {
    DockerIgnore ignore = build.ignore();
    if (ignore == null) {
      return;
    }
    List<Taken> taken = taken(build);
    List<String> there = there(build, context.list("entries"));
    Set<String> brought = new LinkedHashSet<>();
    Taken first = null;
    for (Taken each : taken) {
      for (String path : there) {
        if (each.brings(path) && !ignore.ignores(path) && brought.add(path) && first == null) {
          first = each;
        }
      }
    }
    if (first == null) {
      if (!taken.isEmpty()) {
        context.keep(ignore.file().span(0, 0));
      }
      return;
    }
    SourceFile file = ignore.file();
    String start = file.text().isEmpty() || file.text().endsWith("\n") ? "" : "\n";
    int end = file.text().length();
    context
        .report(first.at(), "brought", shown(brought), first.by().name())
        .related(file.span(0, 0))
        .unsafeFix(new TextEdit(file.span(end, end), start + String.join("\n", brought) + "\n"));
  }

  private static String shown(Set<String> paths) {
    List<String> all = List.copyOf(paths);
    return all.size() <= SHOWN
        ? String.join(", ", all)
        : String.join(", ", all.subList(0, SHOWN)) + "…";
  }

  /**
   * The entries of the list of reference that a build would find: those in the repository, and
   * those that every working copy has though no commit holds them.
   */
  private static List<String> there(BuildContext build, List<String> entries) {
    List<String> there = new ArrayList<>();
    List<String> packages = new ArrayList<>();
    for (String path : build.tree().paths()) {
      boolean within = build.folder().isEmpty() || path.startsWith(build.folder() + "/");
      if (within && (path.equals("package.json") || path.endsWith("/package.json"))) {
        String inContext = build.inContext(path);
        packages.add(inContext.substring(0, inContext.length() - "package.json".length()));
      }
    }
    for (String entry : entries) {
      String path = build.inRepository(entry);
      if (entry.equals("node_modules")) {
        packages.forEach(folder -> there.add(folder + entry));
      } else if (entry.equals(".git")
          ? build.folder().isEmpty()
          : build.tree().entry(path) != null || build.tree().hasFolder(path)) {
        there.add(entry);
      }
    }
    return there;
  }

  private static void copyIgnored(BuildContext build, RuleContext context) {
    DockerIgnore ignore = build.ignore();
    if (ignore == null) {
      return;
    }
    for (Taken each : taken(build)) {
      if (!(each.by() instanceof Instruction.Transfer)) {
        continue;
      }
      String path = each.path();
      DockerIgnore.Pattern pattern = ignore.deciding(path);
      boolean whole = path.equals(".");
      if (pattern == null
          || pattern.exception()
          || (whole && !Set.of("*", "**", "**/*").contains(pattern.text()))
          || (ignore.hasExceptions() && (whole || mayHoldExceptions(ignore, path)))) {
        continue;
      }
      context
          .report(each.at(), whole ? "everything" : "ignored", path, pattern.text())
          .related(pattern);
    }
  }

  /** Whether a later {@code !} may bring back something below a folder that is left out. */
  private static boolean mayHoldExceptions(DockerIgnore ignore, String path) {
    for (DockerIgnore.Pattern each : ignore.patterns()) {
      boolean wild = each.text().matches(".*[*?\\[\\\\].*");
      if (each.exception() && (wild || each.text().startsWith(path + "/"))) {
        return true;
      }
    }
    return path.matches(".*[*?\\[\\\\].*");
  }

  private static void wholeContext(BuildContext build, RuleContext context) {
    for (Taken each : taken(build)) {
      if (each.path().equals(".")
          && !each.filtered()
          && each.by() instanceof Instruction.Transfer) {
        context.report(each.at(), "whole", each.by().name());
      }
    }
  }

  /** All that a Dockerfile takes from its context and that can be told, in order. */
  private static List<Taken> taken(BuildContext build) {
    List<Taken> taken = new ArrayList<>();
    for (Stage stage : build.dockerfile().stages()) {
      for (Instruction instruction : stage.instructions()) {
        if (instruction instanceof Instruction.Transfer transfer
            && !(transfer instanceof Instruction.Copy copy && copy.from() != null)) {
          boolean filtered = transfer.flag("exclude") != null;
          for (Word source : transfer.paths()) {
            String path = path(stage.expand(source, instruction).text());
            if (path != null) {
              taken.add(new Taken(path, filtered, instruction, source));
            }
          }
        } else if (instruction instanceof Instruction.Run run) {
          for (RunMount mount : run.mounts()) {
            Span at = mount.span();
            if ("bind".equals(mount.type()) && mount.from() == null) {
              // A mounted folder leaves no trace in the image.
              taken.add(new Taken(".", true, instruction, at));
            }
          }
        }
      }
    }
    return taken;
  }

  /** The path of a source within the context; null for an address and for what is not known. */
  private static @Nullable String path(@Nullable String source) {
    if (source == null
        || source.isEmpty()
        || source.contains("://")
        || source.startsWith("git@")
        || source.matches("[A-Za-z]:[\\\\/].*")) {
      return null;
    }
    List<String> parts = new ArrayList<>();
    for (String part : source.split("/+")) {
      if (part.equals("..")) {
        if (!parts.isEmpty()) {
          parts.remove(parts.size() - 1);
        }
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    String path = String.join("/", parts);
    return path.isEmpty() || path.equals("*") || path.equals("**") ? "." : path;
  }
}
