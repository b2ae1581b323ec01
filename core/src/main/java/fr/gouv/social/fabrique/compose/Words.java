package fr.gouv.social.fabrique.compose;

import fr.gouv.social.fabrique.yaml.YamlNode;
import fr.gouv.social.fabrique.yaml.YamlScalar;
import fr.gouv.social.fabrique.yaml.YamlSequence;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The words of a command: those of a list, or those of a text, which no shell expands. */
final class Words {
  /** Longer texts are one word: finding the place of each word would cost too much. */
  private static final int LONGEST = 20_000;

  private Words() {}

  static List<YamlScalar> of(@Nullable YamlNode node) {
    if (node instanceof YamlSequence sequence) {
      return scalars(sequence);
    }
    return node instanceof YamlScalar scalar && !scalar.isNull() ? split(scalar) : List.of();
  }

  static List<YamlScalar> scalars(YamlSequence sequence) {
    List<YamlScalar> words = new ArrayList<>();
    for (YamlNode item : sequence.items()) {
      if (item instanceof YamlScalar scalar) {
        words.add(scalar);
      }
    }
    return words;
  }

  private static List<YamlScalar> split(YamlScalar scalar) {
    String text = scalar.value();
    if (text.length() > LONGEST) {
      return List.of(scalar);
    }
    List<YamlScalar> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    int start = -1;
    char quote = 0;
    boolean plain = true;
    for (int i = 0; i <= text.length(); i++) {
      char c = i < text.length() ? text.charAt(i) : ' ';
      boolean blank = Character.isWhitespace(c) && (quote == 0 || i == text.length());
      if (blank) {
        if (start >= 0) {
          words.add(
              plain
                  ? KeyValue.part(scalar, start, i)
                  : unquoted(scalar, start, i, word.toString()));
        }
        start = -1;
        word.setLength(0);
        plain = true;
        quote = 0;
        continue;
      }
      start = start < 0 ? i : start;
      if (c == quote) {
        quote = 0;
      } else if (quote == 0 && (c == '\'' || c == '"')) {
        quote = c;
        plain = false;
      } else if (c == '\\' && quote != '\'' && i + 1 < text.length()) {
        i++;
        word.append(text.charAt(i));
        plain = false;
      } else {
        word.append(c);
      }
    }
    return words;
  }

  private static YamlScalar unquoted(YamlScalar scalar, int from, int to, String value) {
    return scalar.isKnown(from, to)
        ? Trees.scalar(scalar.place(from, to), value, scalar.way())
        : KeyValue.part(scalar, from, to);
  }
}
