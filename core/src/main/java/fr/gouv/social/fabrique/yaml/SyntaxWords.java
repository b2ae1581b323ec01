package fr.gouv.social.fabrique.yaml;

import fr.gouv.social.fabrique.source.Text;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the parser refuses, in words that tell the mistake rather than the state of a parser. The
 * parser speaks English and has no codes: its words are the codes.
 */
final class SyntaxWords {
  /** Lines that git leaves where both sides changed the same. */
  private static final Pattern CONFLICT = Pattern.compile("(?m)^(?:<{7} .*|={7}|>{7} .*)$");

  private static final Pattern START = Pattern.compile("found character '(.)' that cannot start");
  private static final Pattern ESCAPE = Pattern.compile("found unknown escape character (.)");
  private static final Pattern TAG = Pattern.compile("found undefined tag handle (\\S+)");
  private static final Pattern CLOSING = Pattern.compile("but found '([}\\]])'");
  private static final Pattern CODE_POINT = Pattern.compile("unprintable character (U\\+\\w+)");

  private SyntaxWords() {}

  /** The first mark of a conflict in a text, or null. */
  static @Nullable Matcher conflict(String text) {
    Matcher found = CONFLICT.matcher(text);
    return text.contains("<<<<<<< ") && found.find() ? found : null;
  }

  static Text conflict() {
    return new Text(
        "des marques de conflit de git sont restées", "marks of a git conflict were left");
  }

  /** Whether the mistake is where a quote or bracket opens rather than where the parser gave up. */
  static boolean isUnclosed(String context, String problem) {
    return context.equals("while scanning a quoted scalar") && isEnd(problem)
        || problem.startsWith("expected ',' or");
  }

  private static boolean isEnd(String problem) {
    return problem.equals("found unexpected end of stream")
        || problem.equals("found unexpected document separator");
  }

  /**
   * The mistake in words.
   *
   * @param context what the parser was at, or empty
   * @param problem what it says
   * @param before the text of the line before the place
   */
  static Text of(String context, String problem, String before) {
    if (problem.contains("TAB")) {
      return new Text(
          "une tabulation sert d'indentation, et YAML n'admet que des espaces",
          "a tab is used to indent, and YAML takes spaces only");
    }
    if (context.equals("while scanning a quoted scalar") && isEnd(problem)) {
      return new Text("ce guillemet n'est jamais fermé", "this quote is never closed");
    }
    if (problem.startsWith("expected ',' or")) {
      String bracket = problem.startsWith("expected ',' or ']'") ? "[" : "{";
      return new Text(
          "« " + bracket + " » n'est pas fermé, ou une virgule manque entre deux éléments",
          "“" + bracket + "” is not closed, or a comma is missing between two items");
    }
    if (problem.equals("mapping values are not allowed here")) {
      return before.contains(": ")
          ? new Text(
              "« : » suivi d'une espace dans une valeur ; mettez la valeur entre guillemets",
              "“:” and a space in a value; put the value in quotes")
          : new Text(
              "cette clé n'est pas alignée avec les autres, ou « : » manque sur la ligne d'avant",
              "this key is not aligned with the others, or “:” is missing on the line before");
    }
    if (problem.startsWith("expected <block end>")) {
      return blockEnd(problem, before);
    }
    if (problem.equals("sequence entries are not allowed here")) {
      return new Text(
          "une liste à tirets commence sur la ligne qui suit sa clé",
          "a list with dashes starts on the line after its key");
    }
    if (problem.equals("could not find expected ':'")) {
      return new Text("« : » manque après cette clé", "“:” is missing after this key");
    }
    if (context.equals("while scanning an alias") || context.equals("while scanning an anchor")) {
      String sign = context.endsWith("alias") ? "*" : "&";
      return new Text(
          "une valeur qui commence par « " + sign + " » se met entre guillemets",
          "a value that starts with “" + sign + "” has to be quoted");
    }
    if (context.equals("while scanning a block scalar") && problem.startsWith("expected ")) {
      return new Text(
          "après « | » ou « > » ne viennent que « + », « - » ou un chiffre de 1 à 9",
          "only “+”, “-” or a digit from 1 to 9 follows “|” or “>”");
    }
    if (problem.contains("leading empty lines contain more spaces")) {
      return new Text(
          "une ligne vide est plus indentée que le texte qui la suit",
          "an empty line is indented deeper than the text after it");
    }
    if (problem.startsWith("expected '<document start>'")
        || problem.startsWith("expected '<document end>'")) {
      return new Text(
          "« --- » manque avant ce document, ou ce texte suit sa fin",
          "“---” is missing before this document, or this text follows its end");
    }
    return oneCharacter(problem);
  }

  private static Text blockEnd(String problem, String before) {
    Matcher closing = CLOSING.matcher(problem);
    if (closing.find()) {
      return new Text(
          "« " + closing.group(1) + " » ne ferme rien",
          "“" + closing.group(1) + "” closes nothing");
    }
    String last = before.stripTrailing();
    if (last.endsWith("\"") || last.endsWith("'")) {
      return new Text(
          "du texte suit un guillemet fermant ; un guillemet dans la valeur s'écrit '' ou \\\"",
          "text follows a closing quote; a quote in the value is written '' or \\\"");
    }
    return problem.contains("'<anchor>'") || problem.contains("'<scalar>'")
        ? Text.same(problem)
        : new Text(
            "cette ligne n'est pas alignée avec celles de son niveau",
            "this line is not aligned with those of its level");
  }

  private static Text oneCharacter(String problem) {
    Matcher found = START.matcher(problem);
    if (found.find()) {
      return new Text(
          "une valeur qui commence par « " + found.group(1) + " » se met entre guillemets",
          "a value that starts with “" + found.group(1) + "” has to be quoted");
    }
    found = ESCAPE.matcher(problem);
    if (found.find()) {
      return new Text(
          "« \\" + found.group(1) + " » n'est pas un échappement ; « \\ » s'écrit « \\\\ » ici",
          "“\\" + found.group(1) + "” is no escape; “\\” is written “\\\\” here");
    }
    found = TAG.matcher(problem);
    if (found.find()) {
      return new Text(
          "le préfixe d'étiquette « " + found.group(1) + " » n'est pas déclaré",
          "the tag handle “" + found.group(1) + "” is not declared");
    }
    found = CODE_POINT.matcher(problem);
    if (found.find()) {
      return new Text(
          "caractère de contrôle " + found.group(1), "control character " + found.group(1));
    }
    return Text.same(problem);
  }
}
