package fr.gouv.social.fabrique.rule;

import java.util.regex.Pattern;

/** The name of a rule, {@code family/problem}: lower-case words joined by hyphens. */
public record RuleId(String value) implements Comparable<RuleId> {
  private static final Pattern FORM = Pattern.compile("[a-z]+/[a-z0-9]+(-[a-z0-9]+)*");

  public RuleId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("not a rule id: " + value);
    }
  }

  /** Where the subject lives, or what crosses formats: {@code docker}, {@code image}, … */
  public String family() {
    return value.substring(0, value.indexOf('/'));
  }

  @Override
  public int compareTo(RuleId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
