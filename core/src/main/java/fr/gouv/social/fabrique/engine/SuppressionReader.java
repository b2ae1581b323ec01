package fr.gouv.social.fabrique.engine;

import fr.gouv.social.fabrique.config.RulePattern;
import fr.gouv.social.fabrique.kubernetes.KubernetesObject;
import fr.gouv.social.fabrique.kubernetes.Workload;
import fr.gouv.social.fabrique.project.Comments;
import fr.gouv.social.fabrique.project.Project;
import fr.gouv.social.fabrique.rule.Finding;
import fr.gouv.social.fabrique.rule.RuleId;
import fr.gouv.social.fabrique.rule.RulePage;
import fr.gouv.social.fabrique.rule.RulePages;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.yaml.YamlMapping;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import fr.gouv.social.fabrique.yaml.YamlScalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the suppressions that stand in the files: comments and annotations of ours, and those
 * written for other tools, which count through the aliases of our rules so that a team can move
 * over without touching its files.
 */
final class SuppressionReader {
  private static final Pattern OURS =
      Pattern.compile("fabrique:(ignore-file|ignore)\\b[ \\t]*(.*)");
  private static final Pattern BEHIND =
      Pattern.compile("\\S[ \\t]+(#[ \\t]*fabrique:ignore\\b[^\\r\\n]*)");
  private static final Pattern HADOLINT =
      Pattern.compile("hadolint\\s+(global\\s+)?ignore\\s*=\\s*([A-Z0-9, \\t]+?)\\s*(#.*)?$");
  private static final Pattern BUILDKIT =
      Pattern.compile("check\\s*=\\s*(?:\\S*;)?skip=([A-Za-z,]+).*");
  private static final Pattern CHECKOV = Pattern.compile("checkov:skip=([A-Z0-9_]+)(?::(.*))?");
  private static final Pattern TRIVY = Pattern.compile("(?:trivy|tfsec):ignore:([A-Za-z0-9-]+).*");
  private static final Pattern DCLINT =
      Pattern.compile("dclint\\s+(disable-file|disable-line|disable)\\b\\s*([a-z, -]*)");
  private static final Pattern KICS =
      Pattern.compile("kics-scan\\s+(ignore-line|ignore-block|ignore|disable=([0-9a-f,-]+))");

  private static final Pattern SHELLCHECK =
      Pattern.compile("shellcheck\\s+(?:\\S+\\s+)*?disable=([A-Z0-9,-]+|all)(?:\\s+(#.*))?.*");
  private static final Pattern SHELLCHECK_CODES = Pattern.compile("SC(\\d{1,6})(?:-SC(\\d{1,6}))?");

  /** The rule whose findings name a code of shellcheck first. */
  private static final RuleId SHELLCHECK_RULE = new RuleId("docker/shellcheck");

  private static final String OUR_ANNOTATION = "fabrique.social.gouv.fr/ignore";

  private final RulePages pages;
  private final List<SuppressionProblem> problems;
  private final List<Suppression> found = new ArrayList<>();

  SuppressionReader(RulePages pages, List<SuppressionProblem> problems) {
    this.pages = pages;
    this.problems = problems;
  }

  List<Suppression> read(Project project) {
    for (Comments comments : project.subjects(Comments.class)) {
      for (Span comment : comments.all()) {
        comment(comment, comments);
      }
      behindInstructions(comments);
    }
    for (KubernetesObject object : project.objects().objects()) {
      annotations(object.at("metadata.annotations"), object.root().span());
    }
    for (Workload workload : project.objects().all(Workload.class)) {
      YamlPlace template = workload.template().at("metadata.annotations");
      annotations(template, workload.object().root().span());
    }
    return found;
  }

  /** What looks like an exception at the end of an instruction is a part of the instruction. */
  private void behindInstructions(Comments comments) {
    SourceFile file = comments.file();
    if (comments.units().isEmpty() || !file.text().contains("fabrique:ignore")) {
      return;
    }
    Matcher matcher = BEHIND.matcher(file.text());
    while (matcher.find()) {
      Span at = file.span(matcher.start(1), matcher.end(1));
      if (comments.all().stream().noneMatch(each -> each.contains(at))) {
        problems.add(new SuppressionProblem(SuppressionProblem.Kind.NO_COMMENT, at, ""));
      }
    }
  }

  private void comment(Span comment, Comments comments) {
    String text = comment.text().replaceFirst("^#+\\s*", "");
    Matcher matcher;
    if ((matcher = OURS.matcher(text)).lookingAt()) {
      ours(comment, matcher.group(1), matcher.group(2), comments);
    } else if ((matcher = HADOLINT.matcher(text)).lookingAt()) {
      boolean all = matcher.group(1) != null;
      List<String> checks = words(matcher.group(2));
      Span scope = all ? comments.file().all() : covered(comment, comments);
      foreign(comment, "hadolint", checks, scope, reason(matcher.group(3)));
      shellcheck(comment, checks, scope, reason(matcher.group(3)));
    } else if ((matcher = SHELLCHECK.matcher(text)).lookingAt()) {
      shellcheck(
          comment, words(matcher.group(1)), covered(comment, comments), reason(matcher.group(2)));
    } else if ((matcher = BUILDKIT.matcher(text)).lookingAt()) {
      boolean directive = comments.directives().contains(comment);
      Span scope = directive ? comments.file().all() : covered(comment, comments);
      List<String> checks = words(matcher.group(1));
      if (checks.contains("all")) {
        wholeTool(comment, "buildkit", scope);
      } else {
        foreign(comment, "buildkit", checks, scope, null);
      }
    } else if ((matcher = CHECKOV.matcher(text)).lookingAt()) {
      foreign(
          comment, "checkov", words(matcher.group(1)), comments.around(comment), matcher.group(2));
    } else if ((matcher = TRIVY.matcher(text)).lookingAt()) {
      foreign(comment, "trivy", List.of(trivy(matcher.group(1))), covered(comment, comments), null);
    } else if ((matcher = DCLINT.matcher(text)).lookingAt()) {
      dclint(comment, matcher.group(1), matcher.group(2), comments);
    } else if ((matcher = KICS.matcher(text)).lookingAt()) {
      kics(comment, matcher.group(1), matcher.group(2), comments);
    }
  }

  private void ours(Span comment, String verb, String rest, Comments comments) {
    int dashes = rest.indexOf("--");
    List<String> names = words(dashes < 0 ? rest : rest.substring(0, dashes));
    String reason = dashes < 0 ? null : reason(rest.substring(dashes + 2));
    Span scope = verb.equals("ignore-file") ? comments.file().all() : covered(comment, comments);
    add(comment, names, scope, reason, verb.equals("ignore-file"));
  }

  private void add(
      Span at, List<String> names, Span scope, @Nullable String reason, boolean namesMayBeMissing) {
    if (reason == null) {
      problems.add(
          new SuppressionProblem(SuppressionProblem.Kind.NO_REASON, at, String.join(", ", names)));
      return;
    }
    for (String name : names) {
      RulePattern pattern = new RulePattern(name);
      if (pages.all().stream().noneMatch(page -> pattern.matches(page.id()))) {
        problems.add(new SuppressionProblem(SuppressionProblem.Kind.UNKNOWN_RULE, at, name));
        return;
      }
    }
    if (names.isEmpty() && !namesMayBeMissing) {
      problems.add(new SuppressionProblem(SuppressionProblem.Kind.UNKNOWN_RULE, at, ""));
      return;
    }
    List<RulePattern> patterns = names.stream().map(RulePattern::new).toList();
    Predicate<RuleId> rules =
        names.isEmpty()
            ? rule -> true
            : rule -> patterns.stream().anyMatch(pattern -> pattern.matches(rule));
    found.add(new Suppression(at, names, rules, within(scope), reason, null, false));
  }

  private void foreign(
      Span at, String tool, List<String> checks, Span scope, @Nullable String reason) {
    List<String> aliases = checks.stream().map(check -> tool + ":" + check).toList();
    Predicate<RuleId> rules = Suppressions.byAliases(pages, aliases);
    found.add(new Suppression(at, aliases, rules, within(scope), reason, null, true));
  }

  /** Codes of shellcheck, ranges of them, or {@code all}. */
  private void shellcheck(Span at, List<String> codes, Span scope, @Nullable String reason) {
    Predicate<Finding> covers = finding -> codes.contains("all");
    boolean any = codes.contains("all");
    for (String code : codes) {
      Matcher range = SHELLCHECK_CODES.matcher(code);
      if (range.matches()) {
        int first = Integer.parseInt(range.group(1));
        int last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
        covers = covers.or(finding -> isBetween(finding.arguments().get(0), first, last));
        any = true;
      }
    }
    if (any) {
      Predicate<Finding> place = within(scope);
      Predicate<Finding> named = covers;
      found.add(
          new Suppression(
              at,
              codes,
              SHELLCHECK_RULE::equals,
              finding ->
                  finding.rule().equals(SHELLCHECK_RULE)
                      && place.test(finding)
                      && named.test(finding),
              reason,
              null,
              true));
    }
  }

  private static boolean isBetween(String code, int first, int last) {
    int number = code.matches("SC[0-9]{1,6}") ? Integer.parseInt(code.substring(2)) : -1;
    return first <= number && number <= last;
  }

  /** Exceptions of a tool that name no check cover every check that we share with it. */
  private void wholeTool(Span at, String tool, Span scope) {
    Predicate<RuleId> rules =
        rule -> {
          RulePage page = pages.find(rule);
          return page != null
              && page.aliases().stream().anyMatch(alias -> alias.startsWith(tool + ":"));
        };
    found.add(new Suppression(at, List.of(tool + ":*"), rules, within(scope), null, null, true));
  }

  private void dclint(Span comment, String verb, String rules, Comments comments) {
    boolean top = comment.line() == 1;
    Span scope =
        switch (verb) {
          case "disable-file" -> comments.file().all();
          case "disable-line" -> lineOf(comment, comments);
          default -> top ? comments.file().all() : covered(comment, comments);
        };
    List<String> names = words(rules);
    if (names.isEmpty()) {
      wholeTool(comment, "dclint", scope);
    } else {
      foreign(comment, "dclint", names, scope, null);
    }
  }

  private void kics(Span comment, String verb, @Nullable String ids, Comments comments) {
    if (ids != null) {
      foreign(comment, "kics", words(ids), comments.file().all(), null);
    } else {
      Span scope = verb.equals("ignore") ? comments.file().all() : covered(comment, comments);
      wholeTool(comment, "kics", scope);
    }
  }

  private void annotations(YamlPlace annotations, Span scope) {
    if (!(annotations.node() instanceof YamlMapping mapping)) {
      return;
    }
    for (YamlMapping.Entry entry : mapping.entries()) {
      String name = entry.name();
      String value = entry.value() instanceof YamlScalar scalar ? scalar.value().strip() : "";
      Span at = entry.span();
      if (name.equals(OUR_ANNOTATION)) {
        for (String each : value.split("[\\n;]")) {
          int dashes = each.indexOf("--");
          List<String> names = words(dashes < 0 ? each : each.substring(0, dashes));
          if (!names.isEmpty() || dashes >= 0) {
            add(at, names, scope, dashes < 0 ? null : reason(each.substring(dashes + 2)), false);
          }
        }
      } else if (name.startsWith("ignore-check.kube-linter.io/")) {
        foreign(
            at,
            "kube-linter",
            List.of(name.substring(name.indexOf('/') + 1)),
            scope,
            reason(value));
      } else if (name.equals("kube-linter.io/ignore-all")) {
        wholeTool(at, "kube-linter", scope);
      } else if (name.equals("kube-score/ignore")) {
        foreign(at, "kube-score", words(value), scope, null);
      } else if (name.equals("polaris.fairwinds.com/exempt") && value.equals("true")) {
        wholeTool(at, "polaris", scope);
      } else if (name.startsWith("polaris.fairwinds.com/")
          && name.endsWith("-exempt")
          && value.equals("true")) {
        String check = name.substring(name.indexOf('/') + 1, name.length() - "-exempt".length());
        foreign(at, "polaris", List.of(check), scope, null);
      } else if (name.startsWith("checkov.io/skip")) {
        int equals = value.indexOf('=');
        String check = equals < 0 ? value : value.substring(0, equals);
        foreign(
            at,
            "checkov",
            List.of(check.strip()),
            scope,
            equals < 0 ? null : reason(value.substring(equals + 1)));
      }
    }
  }

  /** A comment behind something covers its line, one above something covers all of that. */
  private static Span covered(Span comment, Comments comments) {
    if (comments.isTrailing(comment)) {
      return lineOf(comment, comments);
    }
    Span below = comments.below(comment);
    return below == null ? comment : below;
  }

  private static Span lineOf(Span comment, Comments comments) {
    SourceFile file = comments.file();
    return file.span(file.lineStart(comment.line()), comment.end());
  }

  /** A finding is covered when it starts within the place. */
  private static Predicate<Finding> within(Span scope) {
    return finding ->
        finding.span().file().path().equals(scope.file().path())
            && finding.span().start() >= scope.start()
            && finding.span().start() <= scope.end();
  }

  /** {@code DS002} and {@code AVD-DS-0002} are older names of {@code DS-0002}. */
  private static String trivy(String id) {
    Matcher parts =
        Pattern.compile("(?:AVD-)?([A-Z]+)-?(\\d+)").matcher(id.toUpperCase(Locale.ROOT));
    if (!parts.matches()) {
      return id;
    }
    String digits = parts.group(2);
    return parts.group(1) + "-" + "0".repeat(Math.max(0, 4 - digits.length())) + digits;
  }

  private static @Nullable String reason(@Nullable String text) {
    String reason = text == null ? "" : text.replaceFirst("^[#\\s]+", "").strip();
    return reason.isEmpty() ? null : reason;
  }

  private static List<String> words(String list) {
    List<String> words = new ArrayList<>();
    for (String word : list.strip().split("[,\\s]+")) {
      if (!word.isEmpty()) {
        words.add(word);
      }
    }
    return words;
  }
}
