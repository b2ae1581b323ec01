package fr.gouv.social.fabrique.run;

import fr.gouv.social.fabrique.report.Wording;
import fr.gouv.social.fabrique.rule.RuleId;
import fr.gouv.social.fabrique.rule.RulePage;
import fr.gouv.social.fabrique.rule.RulePages;
import fr.gouv.social.fabrique.rule.RuleText;
import fr.gouv.social.fabrique.schema.Spelling;
import fr.gouv.social.fabrique.source.Language;
import fr.gouv.social.fabrique.source.Text;
import java.util.List;

/** The page of a rule as a person reads it in a terminal. */
public final class Explanation {
  private Explanation() {}

  /**
   * The rules that a name means: an id, the problem in it alone, or the name of the check in
   * another tool.
   *
   * @return one at least
   * @throws Refusal when there is none
   */
  public static List<RulePage> find(RulePages pages, String name) throws Refusal {
    List<RulePage> found =
        pages.all().stream()
            .filter(
                page -> {
                  RuleId id = page.id();
                  return id.value().equals(name)
                      || id.value().endsWith("/" + name)
                      || page.aliases().stream()
                          .anyMatch(
                              alias ->
                                  alias.equalsIgnoreCase(name)
                                      || alias
                                          .substring(alias.indexOf(':') + 1)
                                          .equalsIgnoreCase(name));
                })
            .toList();
    if (found.isEmpty()) {
      String meant =
          Spelling.nearest(name, pages.all().stream().map(page -> page.id().value()).toList());
      throw new Refusal(
          new Text(
              "règle inconnue « "
                  + name
                  + " »"
                  + (meant == null
                      ? " ; « fabrique rules » les liste"
                      : " ; vouliez-vous « " + meant + " » ?"),
              "unknown rule “"
                  + name
                  + "”"
                  + (meant == null
                      ? "; “fabrique rules” lists them"
                      : "; did you mean “" + meant + "”?")));
    }
    return found;
  }

  /** What a page says, with its examples. */
  public static String of(RulePage page, RuleText text, Language language) {
    boolean french = language == Language.FR;
    String colon = french ? " : " : ": ";
    StringBuilder out = new StringBuilder();
    out.append(page.id()).append(" — ").append(page.title().in(language)).append("\n\n");
    out.append(french ? "Gravité" : "Severity")
        .append(colon)
        .append(Wording.word(page.severity(), language))
        .append(page.enabled() ? "" : french ? " (désactivée)" : " (off)")
        .append('\n');
    if (page.requirement() != null) {
      out.append("Standard").append(colon).append(page.requirement()).append('\n');
    }
    page.parameters()
        .forEach(
            (name, value) ->
                out.append(french ? "Paramètre" : "Parameter")
                    .append(colon)
                    .append(name)
                    .append(" = ")
                    .append(value)
                    .append('\n'));
    if (!page.aliases().isEmpty()) {
      out.append(french ? "Ailleurs" : "Elsewhere")
          .append(colon)
          .append(String.join(", ", page.aliases()))
          .append('\n');
    }
    out.append('\n').append(text.markdown().in(language).strip()).append('\n');
    example(french ? "Ne va pas" : "Wrong", text.bad(), out);
    example(french ? "Va" : "Right", text.good(), out);
    return out.append('\n').toString();
  }

  private static void example(String title, String example, StringBuilder out) {
    if (!example.isBlank()) {
      out.append('\n').append(title).append("\n\n");
      example.stripTrailing().lines().forEach(line -> out.append("    ").append(line).append('\n'));
    }
  }
}
