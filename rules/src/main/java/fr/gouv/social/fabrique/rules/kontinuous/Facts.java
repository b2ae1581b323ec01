package fr.gouv.social.fabrique.rules.kontinuous;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.kontinuous.KontinuousComponent;
import fr.gouv.social.fabrique.kontinuous.KontinuousProject;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.source.Environment;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Span;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What one rule finds in the components of one project. A value that several environments share is
 * one fact, reported once with the environments in which it holds.
 */
final class Facts {
  private record Found(Located at, String key, List<Object> arguments) {}

  private final RuleContext context;
  private final Map<Span, Found> found = new LinkedHashMap<>();
  private final Map<Span, TreeSet<Environment>> environments = new LinkedHashMap<>();
  private final List<Located> kept = new ArrayList<>();
  private Environment environment = Environment.UNKNOWN;
  private boolean undecided;

  private Facts(RuleContext context) {
    this.context = context;
  }

  /** What is looked at: each component of each environment. */
  @FunctionalInterface
  interface Check {
    void check(KontinuousComponent component, Facts facts);
  }

  /**
   * A rule over the components. Its messages have the environments as their last argument; of
   * different facts at one place, that of the environment nearest to production is told.
   */
  static Rule<KontinuousProject> ruleOf(String problem, Check check) {
    return rule(
        "kontinuous/" + problem,
        KontinuousProject.class,
        (project, context) -> {
          Facts facts = new Facts(context);
          for (Environment each : List.of(Environment.PROD, Environment.PREPROD, Environment.DEV)) {
            facts.environment = each;
            for (KontinuousComponent component : project.components()) {
              if (component.environment() == each) {
                check.check(component, facts);
              }
            }
          }
          facts.report();
        });
  }

  RuleContext context() {
    return context;
  }

  /** Something wrong. */
  void found(Located at, String key, Object... arguments) {
    Found fact = new Found(at, key, List.of(arguments));
    Found first = found.putIfAbsent(at.span(), fact);
    if (first == null || first.key.equals(key) && first.arguments.equals(fact.arguments)) {
      environments.computeIfAbsent(at.span(), span -> new TreeSet<>()).add(environment);
    }
  }

  /** A place that shows that something is right. */
  void kept(Located at) {
    kept.add(at);
  }

  /**
   * What holds of a component shows in no file. In production, what other components or
   * environments show is then no evidence that the project keeps the rule.
   */
  void undecided() {
    undecided |= environment == Environment.PROD;
    context.concerns();
  }

  private void report() {
    if (!undecided) {
      kept.forEach(context::keep);
    }
    found.forEach(
        (span, fact) -> {
          List<Object> arguments = new ArrayList<>(fact.arguments);
          arguments.add(
              environments.getOrDefault(span, new TreeSet<>()).stream()
                  .map(KontinuousProject::name)
                  .collect(Collectors.joining(", ")));
          context.report(fact.at, fact.key, arguments.toArray());
        });
  }
}
