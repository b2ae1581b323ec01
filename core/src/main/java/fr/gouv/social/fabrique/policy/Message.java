package fr.gouv.social.fabrique.policy;

import fr.gouv.social.fabrique.source.Text;
import java.util.ArrayList;
import java.util.List;

/**
 * A message with expressions in braces, in both languages.
 *
 * @param pattern the message with {@code {0}} and so on for the expressions
 * @param arguments the expressions, those of both languages once each
 */
record Message(Text pattern, List<Expression> arguments) {
  /** What {@link fr.gouv.social.fabrique.rule.RulePage} has digits for. */
  private static final int MOST = 10;

  /** Compiles one expression of a message. */
  interface Compile {
    Expression of(String text, Syntax.Place place);
  }

  /** A message as written in each language, each with its place. */
  static Message of(
      String fr, Syntax.Place frenchPlace, String en, Syntax.Place englishPlace, Compile compile) {
    List<String> texts = new ArrayList<>();
    List<Expression> arguments = new ArrayList<>();
    String french = pattern(fr, frenchPlace, compile, texts, arguments);
    String english = pattern(en, englishPlace, compile, texts, arguments);
    return new Message(new Text(french, english), List.copyOf(arguments));
  }

  private static String pattern(
      String written,
      Syntax.Place place,
      Compile compile,
      List<String> texts,
      List<Expression> arguments) {
    StringBuilder out = new StringBuilder();
    int from = 0;
    for (int open = written.indexOf('{'); open >= 0; open = written.indexOf('{', from)) {
      int close = close(written, open);
      if (close < 0) {
        throw new PolicyException(
            place.of(open, written.length()),
            "cette accolade n'est pas fermée",
            "this brace is not closed");
      }
      String text = written.substring(open + 1, close);
      int start = open + 1;
      int index = texts.indexOf(text.strip());
      if (index < 0) {
        index = texts.size();
        if (index == MOST) {
          throw new PolicyException(
              place.of(open, close + 1),
              "un message a " + MOST + " expressions au plus",
              "a message has " + MOST + " expressions at most");
        }
        arguments.add(compile.of(text, (a, b) -> place.of(start + a, start + b)));
        texts.add(text.strip());
      }
      out.append(written, from, open).append('{').append(index).append('}');
      from = close + 1;
    }
    return out.append(written, from, written.length()).toString();
  }

  /** The brace that closes another one, texts and inner braces apart; -1 where none does. */
  private static int close(String written, int open) {
    int depth = 0;
    char quote = 0;
    for (int at = open; at < written.length(); at++) {
      char c = written.charAt(at);
      if (quote != 0) {
        at += c == '\\' ? 1 : 0;
        quote = c == quote ? 0 : quote;
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if (c == '{') {
        depth++;
      } else if (c == '}' && --depth == 0) {
        return at;
      }
    }
    return -1;
  }
}
