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
    Split split = split(node);
    if (split != null) {
      return split.words();
    }
    return node instanceof YamlScalar scalar && !scalar.isNull() ? List.of(scalar) : List.of();
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

  /**
   * A text in words, as Compose takes it apart (go-shellwords).
   *
   * @param cut where Compose stops reading, at an operator that a shell would know; -1 if nowhere
   * @param isWhole whether quotes, backquotes and parentheses are closed: Compose refuses others
   */
  record Split(List<YamlScalar> words, int cut, boolean isWhole) {}

  /** A text in words; null for what is none, or too long to be taken apart. */
  static @Nullable Split split(@Nullable YamlNode node) {
    return node instanceof YamlScalar scalar
            && !scalar.isNull()
            && scalar.value().length() <= LONGEST
        ? new Splitting(scalar).split()
        : null;
  }

  private static final class Splitting {
    private final YamlScalar scalar;
    private final char[] text;
    private final List<YamlScalar> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private int start = -1;
    private boolean isPlain = true;

    Splitting(YamlScalar scalar) {
      this.scalar = scalar;
      // What is not known is neither a quote nor an operator.
      this.text = KeyValue.masked(scalar);
    }

    Split split() {
      char quote = 0;
      boolean backquoted = false;
      boolean substituted = false;
      for (int i = 0; i < text.length; i++) {
        char c = text[i];
        boolean isQuoted = quote != 0 || backquoted || substituted;
        if (!isQuoted && " \t\r\n".indexOf(c) >= 0) {
          end(i);
          continue;
        }
        if (!isQuoted && ";&|<>".indexOf(c) >= 0) {
          if (c == '>' && start >= 0 && Character.isDigit(text[start])) {
            start = -1;
          }
          end(i);
          return new Split(words, i, true);
        }
        start = start < 0 ? i : start;
        if (c == '\\' && quote != '\'') {
          i++;
          if (i == text.length) {
            end(i);
            return new Split(words, -1, false);
          }
          word.append(text[i]);
          isPlain = false;
        } else if (c == quote) {
          quote = 0;
        } else if ((c == '"' || c == '\'') && quote == 0 && !substituted) {
          quote = c;
          isPlain = false;
        } else {
          if (c == '`' && quote == 0 && !substituted) {
            backquoted = !backquoted;
          } else if (c == ')' && quote == 0 && !backquoted) {
            substituted = !substituted;
          } else if (c == '(' && quote == 0 && !backquoted) {
            if (substituted || word.length() == 0 || word.charAt(word.length() - 1) != '$') {
              end(text.length);
              return new Split(words, -1, false);
            }
            substituted = true;
          }
          word.append(c);
        }
      }
      end(text.length);
      return new Split(words, -1, quote == 0 && !backquoted && !substituted);
    }

    private void end(int at) {
      if (start >= 0) {
        words.add(
            isPlain
                ? KeyValue.part(scalar, start, at)
                : unquoted(scalar, start, at, word.toString()));
      }
      start = -1;
      word.setLength(0);
      isPlain = true;
    }
  }

  private static YamlScalar unquoted(YamlScalar scalar, int from, int to, String value) {
    return scalar.isKnown(from, to)
        ? Trees.scalar(scalar.place(from, to), value, scalar.way())
        : KeyValue.part(scalar, from, to);
  }
}
