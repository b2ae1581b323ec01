package fr.gouv.social.fabrique.compose;

import java.util.Locale;

/** IP addresses as text; no name is ever resolved. */
final class Addresses {
  private Addresses() {}

  /** Whether this is an IPv4 or IPv6 address. */
  static boolean isAddress(String text) {
    return text.indexOf(':') < 0 ? isV4(text) : v6Groups(text) >= 0;
  }

  /** Whether this is the address that stands for all: {@code 0.0.0.0}, {@code ::} and the like. */
  static boolean isUnspecified(String text) {
    if (!isAddress(text)) {
      return false;
    }
    String rest = text;
    int lastColon = text.lastIndexOf(':');
    if (lastColon >= 0) {
      String tail = text.substring(lastColon + 1);
      String head = text.substring(0, lastColon + 1);
      if (tail.indexOf('.') >= 0 && head.toLowerCase(Locale.ROOT).endsWith("ffff:")) {
        head = head.substring(0, head.length() - 5);
      }
      rest = head + tail;
    }
    return rest.chars().allMatch(c -> c == '0' || c == ':' || c == '.');
  }

  private static boolean isV4(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) {
      return false;
    }
    for (String part : parts) {
      if (part.isEmpty()
          || part.length() > 3
          || !part.chars().allMatch(c -> c >= '0' && c <= '9')
          || (part.length() > 1 && part.charAt(0) == '0')
          || Integer.parseInt(part) > 255) {
        return false;
      }
    }
    return true;
  }

  /** 0 when the text is an IPv6 address, -1 when it is none. */
  private static int v6Groups(String text) {
    int gap = text.indexOf("::");
    if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
      return -1;
    }
    int groups = 0;
    String[] sides =
        gap < 0
            ? new String[] {text}
            : new String[] {text.substring(0, gap), text.substring(gap + 2)};
    for (int side = 0; side < sides.length; side++) {
      if (sides[side].isEmpty()) {
        if (gap < 0) {
          return -1;
        }
        continue;
      }
      String[] parts = sides[side].split(":", -1);
      for (int i = 0; i < parts.length; i++) {
        boolean last = side == sides.length - 1 && i == parts.length - 1;
        if (last && parts[i].indexOf('.') >= 0) {
          if (!isV4(parts[i])) {
            return -1;
          }
          groups += 2;
        } else if (parts[i].isEmpty()
            || parts[i].length() > 4
            || !parts[i].chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
          return -1;
        } else {
          groups++;
        }
      }
    }
    return gap < 0 ? (groups == 8 ? 0 : -1) : (groups <= 7 ? 0 : -1);
  }
}
