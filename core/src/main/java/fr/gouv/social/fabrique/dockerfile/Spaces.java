package fr.gouv.social.fabrique.dockerfile;

import fr.gouv.social.fabrique.source.MappedText;

/** White space as Go's {@code unicode.IsSpace} and BuildKit's parser understand it. */
final class Spaces {
  private Spaces() {}

  /** The Unicode white space that {@code strings.TrimSpace} removes. */
  static boolean isSpace(int character) {
    return switch (character) {
      case '\t', '\n', 0x0B, '\f', '\r', ' ', 0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F -> true;
      case 0x205F, 0x3000 -> true;
      default -> character >= 0x2000 && character <= 0x200A;
    };
  }

  /** What separates words on a line: {@code reWhitespace} of parser.go. */
  static boolean separates(char character) {
    return character == ' '
        || character == '\t'
        || character == 0x0B
        || character == '\f'
        || character == '\r';
  }

  /** The first offset from {@code from} on that is no white space, at most {@code to}. */
  static int skip(String text, int from, int to) {
    int at = from;
    while (at < to && isSpace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  /** The offset after the last character before {@code to} that is no white space. */
  static int skipBack(String text, int from, int to) {
    int at = to;
    while (at > from && isSpace(text.charAt(at - 1))) {
      at--;
    }
    return at;
  }

  static String strip(String text) {
    int from = skip(text, 0, text.length());
    return text.substring(from, skipBack(text, from, text.length()));
  }

  static MappedText strip(MappedText text) {
    int from = skip(text.text(), 0, text.length());
    return text.sub(from, skipBack(text.text(), from, text.length()));
  }

  static MappedText stripLeading(MappedText text) {
    return text.sub(skip(text.text(), 0, text.length()));
  }
}
