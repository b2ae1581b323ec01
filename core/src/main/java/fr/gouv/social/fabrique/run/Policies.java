package fr.gouv.social.fabrique.run;

import fr.gouv.social.fabrique.config.Baseline;
import fr.gouv.social.fabrique.config.ConfigProblem;
import fr.gouv.social.fabrique.config.ConfigReader;
import fr.gouv.social.fabrique.config.FabriqueConfig;
import fr.gouv.social.fabrique.config.RulePattern;
import fr.gouv.social.fabrique.config.RuleSetting;
import fr.gouv.social.fabrique.engine.Checker;
import fr.gouv.social.fabrique.engine.Issue;
import fr.gouv.social.fabrique.engine.Report;
import fr.gouv.social.fabrique.policy.Evaluation;
import fr.gouv.social.fabrique.policy.Policy;
import fr.gouv.social.fabrique.policy.PolicyExample;
import fr.gouv.social.fabrique.policy.PolicyException;
import fr.gouv.social.fabrique.policy.PolicyProblem;
import fr.gouv.social.fabrique.policy.PolicyReader;
import fr.gouv.social.fabrique.policy.Subject;
import fr.gouv.social.fabrique.project.Outside;
import fr.gouv.social.fabrique.project.Project;
import fr.gouv.social.fabrique.project.ProjectReader;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleId;
import fr.gouv.social.fabrique.rule.RulePage;
import fr.gouv.social.fabrique.rule.RulePages;
import fr.gouv.social.fabrique.rule.RuleSet;
import fr.gouv.social.fabrique.rule.RuleText;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.PathGlob;
import fr.gouv.social.fabrique.source.SourceEntry;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.SourceTree;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.source.Text;
import fr.gouv.social.fabrique.standard.Standard;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The rules that a team wrote itself: read, tried on their examples, and tried out. */
public final class Policies {
  private static final int FILE_LIMIT = 1_000_000;

  private Policies() {}

  /**
   * Rules with the policies of the files that globs name.
   *
   * @param problems where to say what is wrong with them
   */
  static RuleSet added(
      RuleSet rules, Path root, List<YamlPlace> globs, List<ConfigProblem> problems)
      throws Refusal {
    return with(rules, read(rules.pages(), files(root, globs, problems), problems));
  }

  private static List<SourceFile> files(
      Path root, List<YamlPlace> globs, List<ConfigProblem> problems) throws Refusal {
    SourceTree tree;
    try {
      tree = SourceTree.walk(root);
    } catch (IOException unreadable) {
      throw new Refusal(new Text("impossible de lire " + root, "cannot read " + root));
    }
    Map<String, SourceFile> files = new TreeMap<>();
    for (YamlPlace place : globs) {
      PathGlob glob = PathGlob.of(place.text(""));
      boolean found = false;
      for (SourceEntry entry : tree.entries()) {
        if (glob.matches(entry.path())) {
          files.put(entry.path(), entry.file());
          found = true;
        }
      }
      if (!found) {
        problems.add(
            new ConfigProblem(
                place.span(),
                new Text(
                    "aucun fichier ne correspond à ce motif", "no file matches this pattern")));
      }
    }
    return List.copyOf(files.values());
  }

  /** Rules with policies. */
  private static RuleSet with(RuleSet rules, List<Policy> policies) {
    List<Rule<?>> all = new ArrayList<>(rules.rules());
    Map<RulePage, RuleText> pages = new LinkedHashMap<>();
    for (Policy policy : policies) {
      all.add(policy.rule());
      pages.put(policy.page(), policy.text());
    }
    return new RuleSet(rules.version(), all, rules.pages().and(pages));
  }

  /**
   * The policies of files.
   *
   * @param known the rules whose names are taken
   * @param problems where to say what is wrong with them
   */
  private static List<Policy> read(
      RulePages known, List<SourceFile> files, List<ConfigProblem> problems) {
    Standard standard = Standard.builtIn();
    List<Policy> policies = new ArrayList<>();
    for (SourceFile file : files) {
      PolicyReader.Result result =
          PolicyReader.read(
              file,
              id ->
                  known.find(id) != null
                      || policies.stream().anyMatch(each -> each.page().id().equals(id)),
              requirement -> standard.find(requirement) != null);
      policies.addAll(result.policies());
      result.problems().forEach(each -> problems.add(problem(each)));
    }
    return policies;
  }

  /** The policies of files that a user named. */
  public static List<Policy> read(RulePages known, Path root, List<Path> files) throws Refusal {
    List<SourceFile> texts = new ArrayList<>();
    for (Path file : files) {
      texts.add(Run.text(root, file, FILE_LIMIT, new Text("les politiques", "the policies")));
    }
    List<ConfigProblem> problems = new ArrayList<>();
    List<Policy> policies = read(known, texts, problems);
    refuse(problems);
    return policies;
  }

  /** The policies that the configuration of a repository names. */
  public static List<Policy> configured(RulePages known, Path root, @Nullable Path config)
      throws Refusal {
    SourceFile file = Run.configFile(root, config);
    if (file == null) {
      return List.of();
    }
    List<ConfigProblem> problems = new ArrayList<>();
    List<Policy> policies =
        read(known, files(root, ConfigReader.policies(file), problems), problems);
    refuse(problems);
    return policies;
  }

  static void refuse(List<ConfigProblem> problems) throws Refusal {
    if (!problems.isEmpty()) {
      throw new Refusal(new Text("des politiques sont fausses", "policies are wrong"), problems);
    }
  }

  static ConfigProblem problem(PolicyProblem problem) {
    return new ConfigProblem(problem.span(), problem.message());
  }

  /**
   * What became of an example.
   *
   * @param expected the places that it marks as {@code path:line:column}; for one that is bad and
   *     marks none, empty
   * @param found the places of the findings
   */
  public record Outcome(
      Policy policy, PolicyExample example, List<String> expected, List<String> found) {
    /** Whether the policy does what the example says. */
    public boolean passes() {
      return example.bad() && expected.isEmpty() ? !found.isEmpty() : expected.equals(found);
    }
  }

  /**
   * Tries policies on their examples, each alone.
   *
   * @param today the date for which they are tried
   * @throws Refusal when an evaluation asks for more than it may
   */
  public static List<Outcome> test(List<Policy> policies, LocalDate today) throws Refusal {
    List<Outcome> outcomes = new ArrayList<>();
    for (Policy policy : policies) {
      for (PolicyExample example : policy.examples()) {
        outcomes.add(outcome(policy, example, today));
      }
    }
    return outcomes;
  }

  private static Outcome outcome(Policy policy, PolicyExample example, LocalDate today)
      throws Refusal {
    RuleSet alone =
        with(
            new RuleSet("", List.of(), new RulePages(List.of(), InputStream::nullInputStream)),
            List.of(policy));
    RuleId id = policy.page().id();
    FabriqueConfig config =
        FabriqueConfig.defaults(today)
            .withRules(
                List.of(
                    new RuleSetting(
                        new RulePattern(id.value()), false, null, example.parameters())));
    Report report =
        new Checker(alone, Standard.builtIn())
            .check("example", SourceTree.of(example.files()), config, Baseline.NONE);
    Run.refuseFailedPolicies(report);
    List<String> found =
        report.issues().stream()
            .filter(Issue::isActive)
            .map(issue -> issue.finding())
            .filter(finding -> finding.rule().equals(id))
            .map(finding -> finding.span().toString())
            .sorted()
            .toList();
    return new Outcome(policy, example, example.markers().stream().sorted().toList(), found);
  }

  /**
   * What an expression gives for one subject.
   *
   * @param at where the subject is written
   * @param label the subject in the words of the field
   */
  public record Value(Span at, String label, String value) {}

  /**
   * Evaluates an expression for each subject of a file.
   *
   * @param subject what it is about, or null for what it can be about and the file has
   * @throws Refusal when it is wrong
   */
  public static Map<Subject, List<Value>> eval(
      String expression, @Nullable Subject subject, Path file, FabriqueConfig config)
      throws Refusal {
    Path root = Run.root(file);
    List<String> part = Run.within(root, List.of(file));
    Project project;
    try {
      project =
          ProjectReader.read(
              SourceTree.walk(root, part, SourceTree.DEFAULT_LIMIT),
              config.environments(),
              List.of(),
              config.definitions(),
              Outside.nothing());
    } catch (IOException unreadable) {
      throw new Refusal(new Text("impossible de lire " + root, "cannot read " + root));
    }
    Map<Subject, List<Value>> values = new LinkedHashMap<>();
    PolicyProblem wrong = null;
    for (Subject each : subject == null ? candidates(expression) : List.of(subject)) {
      List<Located> found =
          each.in(project).stream()
              .filter(
                  located ->
                      each == Subject.PROJECT
                          || part.isEmpty()
                          || SourceTree.isIn(located.span().file().path(), part))
              .toList();
      if (found.isEmpty()) {
        continue;
      }
      try {
        Evaluation evaluation = Evaluation.of(expression, each);
        List<Value> rows = new ArrayList<>();
        for (Located located : found) {
          rows.add(
              new Value(
                  located.span(), located.label(), evaluation.of(located, project, config.asOf())));
        }
        values.put(each, rows);
      } catch (PolicyException refused) {
        // The mistake that comes last in the expression is that of the subject it was meant for.
        PolicyProblem problem = refused.problem();
        wrong = wrong == null || problem.span().start() > wrong.span().start() ? problem : wrong;
      }
    }
    if (values.isEmpty() && wrong != null) {
      throw new Refusal(
          new Text("l'expression est fausse", "the expression is wrong"), List.of(problem(wrong)));
    }
    if (values.isEmpty()) {
      throw new Refusal(
          new Text(
              file + " n'a rien de tel : " + (subject == null ? "aucun sujet" : subject),
              file + " has nothing of the kind: " + (subject == null ? "no subject" : subject)));
    }
    return values;
  }

  /** The subjects that an expression names; all where it names none. */
  private static List<Subject> candidates(String expression) {
    Set<String> words = new HashSet<>(List.of(expression.split("\\W+")));
    List<Subject> all = List.of(Subject.values());
    List<Subject> named = all.stream().filter(each -> words.contains(each.variable())).toList();
    return named.isEmpty() ? all : named;
  }
}
