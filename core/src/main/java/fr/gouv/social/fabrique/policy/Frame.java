package fr.gouv.social.fabrique.policy;

import fr.gouv.social.fabrique.source.Span;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One evaluation: what it looks at, the parameters of its lambdas, and what it may still spend. */
final class Frame {
  /** What one evaluation may take, counted in nodes visited and elements passed. */
  static final int STEPS = 1_000_000;

  /** What one policy may take for all subjects of a run. */
  static final long STEPS_OF_A_RUN = 100_000_000;

  /** Characters of a text that an expression makes. */
  static final int LONGEST_TEXT = 500_000;

  /** Elements of a list that an expression makes. */
  static final int LONGEST_LIST = 200_000;

  private static final int CHARACTERS_FOR_A_STEP = 64;
  private static final int CHARACTERS_MADE_FOR_A_STEP = 16;

  private final Object subject;
  private final Facts facts;
  private final @Nullable Object[] slots;
  private final Span at;
  private final AtomicLong run;
  private int left = STEPS;

  Frame(Object subject, Facts facts, int slots, Span at, AtomicLong run) {
    this.subject = subject;
    this.facts = facts;
    this.slots = new @Nullable Object[slots];
    this.at = at;
    this.run = run;
  }

  Object subject() {
    return subject;
  }

  Facts facts() {
    return facts;
  }

  @Nullable Object slot(int index) {
    return slots[index];
  }

  void slot(int index, @Nullable Object value) {
    slots[index] = value;
  }

  /** Pays for work, or ends the evaluation. */
  void spend(long steps) {
    if (steps > left) {
      throw new PolicyException(
          at,
          "l'évaluation demande plus de " + STEPS + " pas",
          "the evaluation takes more than " + STEPS + " steps");
    }
    left -= (int) steps;
  }

  /** Counts this evaluation towards its run. */
  void close() {
    if (run.addAndGet(STEPS - left) > STEPS_OF_A_RUN) {
      throw new PolicyException(
          at,
          "la politique demande plus de " + STEPS_OF_A_RUN + " pas pour tout le projet",
          "the policy takes more than " + STEPS_OF_A_RUN + " steps for the whole project");
    }
  }

  /** Pays for reading a text. */
  void read(String text) {
    spend(1 + text.length() / CHARACTERS_FOR_A_STEP);
  }

  /** Pays for a text that is made: it costs memory as well as time. */
  String made(String text) {
    room(text.length());
    spend(1 + text.length() / CHARACTERS_MADE_FOR_A_STEP);
    return text;
  }

  /** Pays for what a property gives: lists are made anew each time. */
  @Nullable Object given(@Nullable Object value) {
    if (value instanceof List<?> list) {
      spend(list.size());
    }
    return value;
  }

  /** Refuses a text that would be too long, before it is made. */
  void room(long length) {
    if (length > LONGEST_TEXT) {
      throw new PolicyException(
          at,
          "l'évaluation fait un texte de plus de " + LONGEST_TEXT + " caractères",
          "the evaluation makes a text of more than " + LONGEST_TEXT + " characters");
    }
  }

  /** Refuses a list that is too long. */
  void roomInList(int size) {
    if (size > LONGEST_LIST) {
      throw new PolicyException(
          at,
          "l'évaluation fait une liste de plus de " + LONGEST_LIST + " éléments",
          "the evaluation makes a list of more than " + LONGEST_LIST + " elements");
    }
  }

  PolicyException refused(String fr, String en) {
    return new PolicyException(at, fr, en);
  }

  /** A lambda with the evaluation in which it stands. Its parameters have slots of their own. */
  record Closure(int firstSlot, Expr body, int size, Frame frame) {
    @Nullable Object apply(@Nullable Object input) {
      frame.spend(size);
      frame.slots[firstSlot] = input;
      return body.of(frame);
    }

    @Nullable Object apply(@Nullable Object one, @Nullable Object other) {
      frame.spend(size);
      frame.slots[firstSlot] = one;
      frame.slots[firstSlot + 1] = other;
      return body.of(frame);
    }
  }
}
