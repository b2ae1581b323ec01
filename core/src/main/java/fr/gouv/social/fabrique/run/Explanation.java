package fr.gouv.social.fabrique.run;

import fr.gouv.social.fabrique.report.Paint;
import fr.gouv.social.fabrique.report.Wording;
import fr.gouv.social.fabrique.rule.RuleId;
import fr.gouv.social.fabrique.rule.RulePage;
import fr.gouv.social.fabrique.rule.RulePages;
import fr.gouv.social.fabrique.rule.RuleText;
import fr.gouv.social.fabrique.schema.Spelling;
import fr.gouv.social.fabrique.source.Language;
import fr.gouv.social.fabrique.source.Text;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The page of a rule as a person reads it in a terminal. */
public final class Explanation {
  private static final int WIDTH = 96;
  private static final String INDENT = "    ";
  private static final Set<String> NO_START = Set.of(":", ";", "!", "?", "»");
  private static final Pattern LINK = Pattern.compile("\\[([^]]+)]\\(([^)]+)\\)");
  private static final Pattern STRONG = Pattern.compile("\\*\\*([^*]+)\\*\\*");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  private Explanation() {}

  /** Whether a name means any rule. */
  public static boolean knows(RulePages pages, String name) {
    return !named(pages, name).isEmpty();
  }

  /**
   * The rules that a name means: an id, the problem in it alone, or the name of the check in
   * another tool.
   *
   * @return one at least
   * @throws Refusal when there is none
   */
  public static List<RulePage> find(RulePages pages, String name) throws Refusal {
    List<RulePage> found = named(pages, name);
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

  private static List<RulePage> named(RulePages pages, String name) {
    return pages.all().stream()
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
  }

  /**
   * What a page says, with its examples.
   *
   * @param colours whether the reader's terminal shows them
   */
  public static String of(RulePage page, RuleText text, Language language, boolean colours) {
    Paint paint = new Paint(colours);
    boolean french = language == Language.FR;
    String colon = french ? " : " : ": ";
    StringBuilder out = new StringBuilder();
    out.append(paint.in(Paint.BOLD, page.id().value()))
        .append(" — ")
        .append(page.title().in(language))
        .append("\n\n");
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
      String aliases = (french ? "Ailleurs" : "Elsewhere") + colon;
      out.append(filled(aliases + String.join(", ", page.aliases()))).append('\n');
    }
    prose(text.markdown().in(language), paint, out);
    example(french ? "À éviter" : "Wrong", text.bad(), paint, out);
    example(french ? "Correct" : "Right", text.good(), paint, out);
    return out.append('\n').toString();
  }

  /** The Markdown that our pages use: paragraphs, code, links and strong words. */
  private static void prose(String markdown, Paint paint, StringBuilder out) {
    StringBuilder paragraph = new StringBuilder();
    boolean code = false;
    for (String line : (markdown.strip() + "\n\n").split("\n", -1)) {
      boolean fence = line.startsWith("```");
      if (code) {
        out.append(fence ? "" : INDENT + line + "\n");
      } else if (fence || line.isBlank()) {
        if (!paragraph.isEmpty()) {
          out.append('\n')
              .append(painted(filled(withoutLinks(paragraph.toString())), paint))
              .append('\n');
          paragraph.setLength(0);
        }
        out.append(fence ? "\n" : "");
      } else {
        paragraph.append(line.strip()).append(' ');
      }
      code ^= fence;
    }
  }

  /** Links by their text, with the address when it is not another rule's page. */
  private static String withoutLinks(String text) {
    return LINK.matcher(text)
        .replaceAll(
            link -> {
              String name = link.group(1);
              String address = link.group(2);
              boolean told = !address.startsWith("http") || address.contains(name);
              return Matcher.quoteReplacement(told ? name : name + " (" + address + ")");
            });
  }

  private static String painted(String text, Paint paint) {
    String strong =
        STRONG
            .matcher(text)
            .replaceAll(word -> Matcher.quoteReplacement(paint.in(Paint.BOLD, word.group(1))));
    return CODE.matcher(strong)
        .replaceAll(
            word ->
                Matcher.quoteReplacement(
                    paint.isOn() ? paint.in(Paint.CYAN, word.group(1)) : word.group()));
  }

  /** The text in lines that are easy to read; what must stay together does. */
  private static String filled(String text) {
    StringBuilder out = new StringBuilder();
    int column = 0;
    for (String word : text.strip().split(" +")) {
      // French puts spaces before some marks that may not begin a line.
      boolean glued = NO_START.contains(word) || out.toString().endsWith("«");
      if (column > 0) {
        boolean breaks = column + 1 + word.length() > WIDTH && !glued;
        out.append(breaks ? '\n' : ' ');
        column = breaks ? 0 : column + 1;
      }
      out.append(word);
      column += word.length();
    }
    return out.toString();
  }

  private static void example(String title, String example, Paint paint, StringBuilder out) {
    if (!example.isBlank()) {
      out.append('\n').append(paint.in(Paint.BOLD, title)).append("\n\n");
      example.stripTrailing().lines().forEach(line -> out.append(INDENT).append(line).append('\n'));
    }
  }
}
