package fr.gouv.social.fabrique.source;

import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The value in force at a place, and where it comes from.
 *
 * @param value null when nothing is set and there is no default, and when the value cannot be known
 * @param at what to point at: where the value is written, or where it is missing
 */
public record Setting<T>(@Nullable T value, Origin origin, Located at) implements Located {

  /** Where a value comes from. */
  public enum Origin {
    /** Written at this very place. */
    EXPLICIT,
    /** Written further out, such as the pod of a container. */
    INHERITED,
    /** Not written: the default of the specification, or nothing at all. */
    DEFAULT,
    /** Written, but not knowable from files: a variable without a value, a template. */
    UNKNOWN
  }

  public static <T> Setting<T> explicit(T value, Located at) {
    return new Setting<>(value, Origin.EXPLICIT, at);
  }

  public static <T> Setting<T> absent(Located at) {
    return new Setting<>(null, Origin.DEFAULT, at);
  }

  public static <T> Setting<T> byDefault(T value, Located at) {
    return new Setting<>(value, Origin.DEFAULT, at);
  }

  public static <T> Setting<T> unknown(Located at) {
    return new Setting<>(null, Origin.UNKNOWN, at);
  }

  /** The same value, seen from a place that inherits it. */
  public Setting<T> inherited() {
    return origin == Origin.EXPLICIT ? new Setting<>(value, Origin.INHERITED, at) : this;
  }

  /** Whether the value cannot be known: rules then neither accuse nor acquit. */
  public boolean isUnknown() {
    return origin == Origin.UNKNOWN;
  }

  /** Whether somebody wrote it, here or further out. */
  public boolean isSet() {
    return origin == Origin.EXPLICIT || origin == Origin.INHERITED;
  }

  /** Whether nobody wrote it and there is no default. */
  public boolean isAbsent() {
    return value == null && origin == Origin.DEFAULT;
  }

  /** Whether the value is known to be true. */
  public boolean isTrue() {
    return Boolean.TRUE.equals(value);
  }

  /** Whether the value is known to be false. */
  public boolean isFalse() {
    return Boolean.FALSE.equals(value);
  }

  /** Whether there is a value and the condition holds for it. */
  public boolean is(Predicate<? super T> condition) {
    return value != null && condition.test(value);
  }

  @Override
  public Span span() {
    return at.span();
  }

  @Override
  public String label() {
    return at.label();
  }

  @Override
  public List<Step> way() {
    return at.way();
  }
}
