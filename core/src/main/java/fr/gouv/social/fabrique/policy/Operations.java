package fr.gouv.social.fabrique.policy;

import fr.gouv.social.fabrique.kubernetes.Quantity;
import fr.gouv.social.fabrique.project.ImageReference;
import fr.gouv.social.fabrique.source.Located;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What operators do. Truth has three values (Kleene): what cannot be known decides nothing, and
 * hides nothing that the rest decides.
 */
final class Operations {
  private static final MathContext PRECISION = MathContext.DECIMAL128;

  private Operations() {}

  /** True, false or unknown: null is false, and what is no boolean cannot be judged. */
  static Object truth(@Nullable Object value) {
    return value == null
        ? Boolean.FALSE
        : value instanceof Boolean ? value : (Object) Unknown.VALUE;
  }

  static Object not(Object truth) {
    return truth instanceof Boolean known ? (Object) !known : Unknown.VALUE;
  }

  /** Whether two values are the same. */
  static Object equal(@Nullable Object one, @Nullable Object other, Frame frame) {
    if (one instanceof Unknown || other instanceof Unknown) {
      return Unknown.VALUE;
    }
    if (one == null || other == null) {
      return one == other;
    }
    if (one instanceof List<?> left && other instanceof List<?> right) {
      return equalLists(left, right, frame);
    }
    String text = text(one);
    String otherText = text(other);
    if (text != null && otherText != null) {
      frame.read(text);
      if (text.equals(otherText)) {
        return true;
      }
    }
    BigDecimal number = number(one);
    BigDecimal otherNumber = number(other);
    if (number != null && otherNumber != null) {
      return number.compareTo(otherNumber) == 0;
    }
    // A number and a text that a file holds: the text may be a number.
    if (number != null && otherText != null) {
      BigDecimal parsed = Values.number(otherText);
      return parsed != null && number.compareTo(parsed) == 0;
    }
    if (otherNumber != null && text != null) {
      BigDecimal parsed = Values.number(text);
      return parsed != null && otherNumber.compareTo(parsed) == 0;
    }
    if (one instanceof Comparable<?> && one.getClass() == other.getClass()) {
      return order(one, other) == 0;
    }
    return one.equals(other);
  }

  private static Object equalLists(List<?> left, List<?> right, Frame frame) {
    frame.spend(left.size());
    if (left.size() != right.size()) {
      return left.contains(Unknown.MORE) || right.contains(Unknown.MORE) ? Unknown.VALUE : false;
    }
    Object all = Boolean.TRUE;
    for (int i = 0; i < left.size(); i++) {
      Object same = equal(left.get(i), right.get(i), frame);
      if (same == Boolean.FALSE) {
        return false;
      }
      all = same instanceof Boolean ? all : same;
    }
    return all;
  }

  @SuppressWarnings("unchecked")
  private static int order(Object one, Object other) {
    return ((Comparable<Object>) one).compareTo(other);
  }

  /**
   * How two values compare: an Integer, or null where one is absent, or unknown where they have no
   * order.
   */
  static @Nullable Object compare(@Nullable Object one, @Nullable Object other) {
    if (one instanceof Unknown || other instanceof Unknown) {
      return Unknown.VALUE;
    }
    if (one == null || other == null) {
      return null;
    }
    BigDecimal left = number(one);
    BigDecimal right = number(other);
    if (left == null && right != null && one instanceof String text) {
      left = Values.number(text);
    } else if (right == null && left != null && other instanceof String text) {
      right = Values.number(text);
    }
    if (left != null && right != null) {
      return left.compareTo(right);
    }
    return one instanceof Comparable<?>
            && one.getClass() == other.getClass()
            && !(one instanceof String)
            && !(one instanceof Boolean)
        ? (Object) order(one, other)
        : Unknown.VALUE;
  }

  /** The number that a value is, or null. */
  static @Nullable BigDecimal number(Object value) {
    if (value instanceof BigDecimal number) {
      return number;
    }
    if (value instanceof Quantity quantity) {
      return quantity.value();
    }
    return value instanceof Values.Scalar scalar ? scalar.value() : null;
  }

  /** The text that a value is, or null. */
  static @Nullable String text(@Nullable Object value) {
    if (value instanceof String text) {
      return text;
    }
    return value instanceof Values.Scalar scalar ? scalar.text() : null;
  }

  /**
   * What an arithmetic operator makes; what is absent stays absent, and a number beyond reason is
   * unknown.
   */
  static @Nullable Object arithmetic(char operator, @Nullable Object one, @Nullable Object other) {
    if (one instanceof Unknown || other instanceof Unknown) {
      return Unknown.VALUE;
    }
    if (one == null || other == null) {
      return null;
    }
    BigDecimal left = number(one);
    BigDecimal right = number(other);
    if (left == null || right == null) {
      return Unknown.VALUE;
    }
    if ((operator == '/' || operator == '%') && right.signum() == 0) {
      return Unknown.VALUE;
    }
    @Nullable BigDecimal made =
        switch (operator) {
          case '+' -> left.add(right, PRECISION);
          case '-' -> left.subtract(right, PRECISION);
          case '*' -> left.multiply(right, PRECISION);
          case '/' -> left.divide(right, PRECISION);
          default -> remainder(left, right);
        };
    return made == null || !Values.isReasonable(made) ? Unknown.VALUE : made;
  }

  private static @Nullable BigDecimal remainder(BigDecimal left, BigDecimal right) {
    try {
      return left.remainder(right, PRECISION);
    } catch (ArithmeticException tooFarApart) {
      return null;
    }
  }

  /** Whether a value holds nothing. */
  static Object empty(@Nullable Object value) {
    if (value == null || value.equals("")) {
      return true;
    }
    if (value instanceof Unknown) {
      return Unknown.VALUE;
    }
    List<?> elements =
        value instanceof List<?> list ? list : value instanceof Entries map ? map.names() : null;
    if (elements == null) {
      return false;
    }
    for (Object each : elements) {
      if (each != Unknown.MORE) {
        return false;
      }
    }
    return elements.isEmpty() ? (Object) true : Unknown.VALUE;
  }

  /** A value as people read it; one without end is cut. */
  static String show(@Nullable Object value) {
    StringBuilder out = new StringBuilder();
    show(value, out);
    return out.toString();
  }

  private static void show(@Nullable Object value, StringBuilder out) {
    if (value instanceof Collection<?> list) {
      int start = out.length();
      for (Object each : list) {
        if (out.length() > Frame.LONGEST_TEXT) {
          return;
        }
        out.append(out.length() == start ? "" : ", ");
        show(each, out);
      }
    } else if (value != null) {
      out.append(showOne(value));
    }
  }

  private static String showOne(Object value) {
    if (value instanceof BigDecimal number) {
      BigDecimal plain = number.stripTrailingZeros();
      return plain.scale() < -20 || plain.scale() > 20 ? plain.toString() : plain.toPlainString();
    }
    if (value instanceof Unknown) {
      return value == Unknown.MORE ? "…" : "?";
    }
    if (value instanceof ImageReference image) {
      return image.text();
    }
    if (value instanceof Located located && !(value instanceof Entries)) {
      return located.label();
    }
    return value.toString();
  }
}
