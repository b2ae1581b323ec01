package fr.gouv.social.fabrique.standard;

/** How far files can show that a statement is kept. */
public enum Visibility {
  DECIDABLE,
  /** Files make it likely, with errors both ways. */
  HEURISTIC,
  /** Files show something that goes with it. */
  PROXY,
  NOT_VISIBLE
}
