package fr.gouv.social.fabrique.policy;

import fr.gouv.social.fabrique.project.Project;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.rule.RuleId;
import fr.gouv.social.fabrique.source.Environment;
import fr.gouv.social.fabrique.source.Located;
import java.time.LocalDate;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The rule that a policy is.
 *
 * @param when what must hold for the policy to speak of a subject, or null for every subject
 * @param condition what is required, or forbidden
 * @param at where to point below the subject, or null for the subject
 * @param evidence whether what keeps it shows that a statement of the standard is kept
 * @param spent what each run has spent, for as long as it lasts
 */
record PolicyRule<S>(
    RuleId id,
    Subject about,
    Class<S> subject,
    @Nullable Expression when,
    Expression condition,
    boolean forbidden,
    @Nullable String at,
    Message message,
    Map<String, Parameters.Parameter> parameters,
    boolean evidence,
    Map<RuleContext, AtomicLong> spent)
    implements Rule<S> {
  static final String MESSAGE = "message";

  private static final int LONGEST_ARGUMENT = 200;

  static <S> PolicyRule<S> of(
      RuleId id,
      Subject about,
      Class<S> subject,
      @Nullable Expression when,
      Expression condition,
      boolean forbidden,
      @Nullable String at,
      Message message,
      Map<String, Parameters.Parameter> parameters,
      boolean evidence) {
    return new PolicyRule<>(
        id,
        about,
        subject,
        when,
        condition,
        forbidden,
        at,
        message,
        parameters,
        evidence,
        Collections.synchronizedMap(new WeakHashMap<>()));
  }

  @Override
  public void check(S each, RuleContext context) {
    AtomicLong run = spent.computeIfAbsent(context, key -> new AtomicLong());
    Facts facts = new ContextFacts(context, parameters);
    for (Located part : about.parts(each)) {
      look(part, facts, run, context);
    }
  }

  private void look(Located part, Facts facts, AtomicLong run, RuleContext context) {
    if (when != null && Operations.truth(when.of(part, facts, run)) != Boolean.TRUE) {
      return;
    }
    Object truth = Operations.truth(condition.of(part, facts, run));
    if (!(truth instanceof Boolean holds)) {
      // What cannot be known is neither good nor bad.
      return;
    }
    if (holds != forbidden) {
      if (evidence) {
        context.keep(about.place(part, at));
      }
      return;
    }
    Located place = about.place(part, at);
    Object[] arguments = new Object[message.arguments().size()];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = shown(message.arguments().get(i).of(part, facts, run));
    }
    context.report(place, MESSAGE, arguments);
  }

  private static String shown(@Nullable Object value) {
    String text = value == null ? "∅" : Operations.show(value);
    return text.length() <= LONGEST_ARGUMENT ? text : text.substring(0, LONGEST_ARGUMENT) + "…";
  }

  @Override
  public String toString() {
    return id.value();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  /** What an evaluation asks of the run of a rule. */
  private record ContextFacts(RuleContext context, Map<String, Parameters.Parameter> parameters)
      implements Facts {
    @Override
    public Project project() {
      return context.project();
    }

    @Override
    public LocalDate asOf() {
      return context.asOf();
    }

    @Override
    public Environment environment(Located at) {
      return context.environment(at);
    }

    @Override
    public @Nullable Object parameter(String name) {
      Parameters.Parameter parameter = parameters.get(name);
      return parameter == null ? null : parameter.value(context.parameter(name));
    }
  }
}
