package fr.gouv.social.fabrique.rule;

import fr.gouv.social.fabrique.project.Project;
import fr.gouv.social.fabrique.source.Environment;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Text;
import java.time.LocalDate;
import java.util.List;

/** What a rule may ask, and where it reports. */
public interface RuleContext {
  /** The whole repository. */
  Project project();

  /** The date for which the check is made. */
  LocalDate asOf();

  /** The environment to which the file of a place belongs. */
  Environment environment(Located at);

  /**
   * The value of a parameter that the rule's page declares, or of a setting of the whole
   * configuration ({@code images.allowed}, {@code kubernetes.version}).
   */
  String parameter(String name);

  /** A parameter as a whole number. */
  default int number(String name) {
    return Integer.parseInt(parameter(name));
  }

  /** A parameter as a list: its value is split at commas. */
  default List<String> list(String name) {
    String value = parameter(name).strip();
    return value.isEmpty() ? List.of() : List.of(value.split("\\s*,\\s*"));
  }

  /**
   * Reports a finding.
   *
   * @param at where; its label is appended to that of the subject
   * @param messageKey a key among the messages of the rule's page
   * @param arguments what stands for {@code {0}} and so on in the message
   * @return the finding, to which related places and a fix may be added before the next call
   */
  Reported report(Located at, String messageKey, Object... arguments);

  /**
   * Notes a place that shows that the subject keeps what the rule asks: the evidence in the
   * conformity matrix. A rule whose page names a requirement calls this where it finds nothing
   * wrong.
   */
  void keep(Located at);

  /**
   * Notes that what the rule asks concerns the repository, though no file shows whether it is kept:
   * without findings and evidence the statement is then not visible, rather than not applicable.
   */
  void concerns();

  /**
   * Lists something that the rule cannot judge, such as an object of a kind that nobody defines
   * here: silence is to mean that something was checked and is fine.
   */
  void notChecked(Located at, Text reason);

  /** A finding that was just reported. */
  interface Reported {
    /** What nobody will read: for who only asks whether a rule has something to say. */
    Reported UNREAD =
        new Reported() {
          @Override
          public Reported related(Located place) {
            return this;
          }

          @Override
          public Reported atMost(Severity severity) {
            return this;
          }

          @Override
          public Reported fix(TextEdit... edits) {
            return this;
          }

          @Override
          public Reported unsafeFix(TextEdit... edits) {
            return this;
          }
        };

    /** Adds a place that matters too. */
    Reported related(Located place);

    /** Lowers the severity of this finding alone, where that of its rule is higher. */
    Reported atMost(Severity severity);

    /** Adds a fix that keeps the meaning of the file but for the defect. */
    Reported fix(TextEdit... edits);

    /** Adds a fix that changes what is built or run: it needs a human's consent. */
    Reported unsafeFix(TextEdit... edits);
  }
}
