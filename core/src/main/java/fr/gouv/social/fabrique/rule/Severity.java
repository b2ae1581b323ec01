package fr.gouv.social.fabrique.rule;

/** What a continuous integration acts on, the gravest first. */
public enum Severity {
  ERROR,
  WARNING,
  INFO;

  /** Whether this is as grave as the other one, or graver. */
  public boolean atLeast(Severity other) {
    return compareTo(other) <= 0;
  }
}
