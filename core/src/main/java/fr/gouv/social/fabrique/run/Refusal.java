package fr.gouv.social.fabrique.run;

import fr.gouv.social.fabrique.config.ConfigProblem;
import fr.gouv.social.fabrique.source.Text;
import java.util.List;

/** A run that cannot be made as asked: wrong usage, a wrong configuration, nothing to check. */
public final class Refusal extends Exception {
  private final Text text;
  private final transient List<ConfigProblem> problems;

  public Refusal(Text text) {
    this(text, List.of());
  }

  /**
   * A refusal with the places that cause it.
   *
   * @param problems of the configuration, empty when it is not the cause
   */
  public Refusal(Text text, List<ConfigProblem> problems) {
    super(text.en());
    this.text = text;
    this.problems = List.copyOf(problems);
  }

  /** What is wrong, in both languages. */
  public Text text() {
    return text;
  }

  /** What is wrong with the configuration. */
  public List<ConfigProblem> problems() {
    return problems;
  }
}
