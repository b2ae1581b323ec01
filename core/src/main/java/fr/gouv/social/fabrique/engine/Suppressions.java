package fr.gouv.social.fabrique.engine;

import fr.gouv.social.fabrique.config.FabriqueConfig;
import fr.gouv.social.fabrique.config.Ignore;
import fr.gouv.social.fabrique.config.RulePattern;
import fr.gouv.social.fabrique.project.Project;
import fr.gouv.social.fabrique.rule.Finding;
import fr.gouv.social.fabrique.rule.RuleId;
import fr.gouv.social.fabrique.rule.RulePage;
import fr.gouv.social.fabrique.rule.RulePages;
import fr.gouv.social.fabrique.source.PathGlob;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** All exceptions of one repository, those of its files and those of its configuration. */
final class Suppressions {
  private final List<Suppression> global;
  private final Map<String, List<Suppression>> byFile;
  private final List<SuppressionProblem> problems;
  private final LocalDate asOf;

  private Suppressions(
      List<Suppression> global,
      Map<String, List<Suppression>> byFile,
      List<SuppressionProblem> problems,
      LocalDate asOf) {
    this.global = global;
    this.byFile = byFile;
    this.problems = problems;
    this.asOf = asOf;
  }

  static Suppressions of(Project project, FabriqueConfig config, RulePages pages) {
    List<Suppression> global = new ArrayList<>();
    Map<String, List<Suppression>> byFile = new HashMap<>();
    List<SuppressionProblem> problems = new ArrayList<>();
    if (config.suppressions()) {
      SuppressionReader reader = new SuppressionReader(pages, problems);
      for (Suppression each : reader.read(project)) {
        byFile.computeIfAbsent(each.span().file().path(), path -> new ArrayList<>()).add(each);
      }
      config.ignores().forEach(ignore -> global.add(of(ignore)));
    }
    return new Suppressions(global, byFile, problems, config.asOf());
  }

  private static Suppression of(Ignore ignore) {
    List<String> names = ignore.rules().stream().map(RulePattern::text).toList();
    Predicate<RuleId> rules =
        rule -> ignore.rules().stream().anyMatch(pattern -> pattern.matches(rule));
    String path = ignore.path();
    PathGlob glob = path == null ? null : PathGlob.of(path);
    return new Suppression(
        ignore.at(),
        names,
        rules,
        finding ->
            (glob == null || glob.matches(finding.span().file().path()))
                && (matches(ignore.object(), object(finding))
                    || isOfService(ignore.object(), finding.subject()))
                && matches(ignore.container(), container(finding)),
        ignore.reason(),
        ignore.until(),
        false);
  }

  /** {@code Kind/name}, or the name of a service. */
  private static String object(Finding finding) {
    String subject = finding.subject();
    int end = subject.indexOf(" › ");
    // The template of a rendered object stands behind it in parentheses.
    return (end < 0 ? subject : subject.substring(0, end)).replaceFirst(" \\(.*", "");
  }

  private static final String SERVICES = "services.";

  /** Whether a subject such as {@code services.web.image} lies in the service that is named. */
  private static boolean isOfService(@Nullable String pattern, String subject) {
    if (pattern == null || !subject.startsWith(SERVICES)) {
      return false;
    }
    PathGlob name = PathGlob.of(pattern);
    // Names of services may hold dots.
    for (int end = SERVICES.length() + 1; end <= subject.length(); end++) {
      if ((end == subject.length() || subject.charAt(end) == '.')
          && name.matches(subject.substring(SERVICES.length(), end))) {
        return true;
      }
    }
    return false;
  }

  /** The name between the brackets of {@code containers[api]}, or nothing. */
  private static String container(Finding finding) {
    String subject = finding.subject();
    int at = subject.toLowerCase(Locale.ROOT).indexOf("containers[");
    int end = at < 0 ? -1 : subject.indexOf(']', at);
    return end < 0 ? "" : subject.substring(subject.indexOf('[', at) + 1, end);
  }

  private static boolean matches(@Nullable String pattern, String name) {
    if (pattern == null) {
      return true;
    }
    // A pattern without a kind speaks of the name alone.
    String compared = pattern.indexOf('/') < 0 ? name.substring(name.lastIndexOf('/') + 1) : name;
    return PathGlob.of(pattern).matches(compared);
  }

  /**
   * Finds what covers each finding.
   *
   * @param found gains what is wrong with the suppressions, once they were used
   * @return for each finding its suppression, or null
   */
  List<@Nullable Suppression> apply(List<Finding> findings, List<SuppressionProblem> found) {
    List<@Nullable Suppression> covers = new ArrayList<>();
    Set<Suppression> used = new HashSet<>();
    for (Finding finding : findings) {
      Suppression cover = null;
      for (Suppression each : byFile.getOrDefault(finding.span().file().path(), List.of())) {
        if (each.covers(finding)) {
          used.add(each);
          cover = cover == null && !each.expired(asOf) ? each : cover;
        }
      }
      for (Suppression each : global) {
        if (each.covers(finding)) {
          used.add(each);
          cover = cover == null && !each.expired(asOf) ? each : cover;
        }
      }
      covers.add(cover);
    }
    found.addAll(problems);
    byFile.values().forEach(each -> each.forEach(one -> judge(one, used, found)));
    global.forEach(each -> judge(each, used, found));
    return covers;
  }

  private void judge(
      Suppression suppression, Set<Suppression> used, List<SuppressionProblem> found) {
    String names = String.join(", ", suppression.names());
    if (suppression.expired(asOf)) {
      found.add(new SuppressionProblem(SuppressionProblem.Kind.EXPIRED, suppression.span(), names));
    } else if (!suppression.foreign() && !used.contains(suppression)) {
      // Those for other tools may serve a check that we do not have.
      found.add(new SuppressionProblem(SuppressionProblem.Kind.UNUSED, suppression.span(), names));
    }
  }

  /** The rules whose pages name one of some aliases. */
  static Predicate<RuleId> byAliases(RulePages pages, List<String> aliases) {
    Set<RuleId> ids = new HashSet<>();
    for (String alias : aliases) {
      for (RulePage page : pages.byAlias(alias)) {
        ids.add(page.id());
      }
    }
    return ids::contains;
  }
}
