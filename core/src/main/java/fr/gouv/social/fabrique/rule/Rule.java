package fr.gouv.social.fabrique.rule;

import java.util.function.BiConsumer;

/** One check over one kind of subject. Stateless, and called by several threads at once. */
public interface Rule<S> {
  /** Its name; a page of the same name says the rest. */
  RuleId id();

  /** The kind of thing it looks at: each one in the repository is shown to it once. */
  Class<S> subject();

  /** Looks at one subject and reports what is wrong with it. */
  void check(S subject, RuleContext context);

  /** A rule from its name, its subject and its check. */
  static <S> Rule<S> rule(
      String id, Class<S> subject, BiConsumer<? super S, ? super RuleContext> check) {
    RuleId ruleId = new RuleId(id);
    return new Rule<>() {
      @Override
      public RuleId id() {
        return ruleId;
      }

      @Override
      public Class<S> subject() {
        return subject;
      }

      @Override
      public void check(S each, RuleContext context) {
        check.accept(each, context);
      }

      @Override
      public String toString() {
        return id;
      }
    };
  }
}
