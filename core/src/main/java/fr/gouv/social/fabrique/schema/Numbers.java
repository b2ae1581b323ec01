package fr.gouv.social.fabrique.schema;

import org.jspecify.annotations.Nullable;

/** The whole numbers of YAML, as go-yaml v3 reads them (resolve.go). */
public final class Numbers {
  private Numbers() {}

  /**
   * The value of a whole number: decimal, {@code 0x} hexadecimal, {@code 0o} or leading-zero octal,
   * {@code 0b} binary, underscores between digits; null for anything else and for what does not fit
   * in 64 bits.
   */
  public static @Nullable Long integer(String text) {
    String digits = text.replace("_", "");
    boolean negative = digits.startsWith("-");
    if (negative || digits.startsWith("+")) {
      digits = digits.substring(1);
    }
    int radix = 10;
    if (digits.startsWith("0x")) {
      radix = 16;
    } else if (digits.startsWith("0o")) {
      radix = 8;
    } else if (digits.startsWith("0b")) {
      radix = 2;
    }
    if (radix != 10) {
      digits = digits.substring(2);
    } else if (digits.length() > 1 && digits.startsWith("0")) {
      radix = 8;
    }
    if (digits.isEmpty() || Character.digit(digits.charAt(0), radix) < 0) {
      return null;
    }
    try {
      return Long.parseLong(negative ? "-" + digits : digits, radix);
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
