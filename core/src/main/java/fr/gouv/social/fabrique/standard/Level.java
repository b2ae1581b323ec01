package fr.gouv.social.fabrique.standard;

/** What the standard says of a statement. */
public enum Level {
  OBLIGATION,
  RECOMMANDATION,
  /** Its prose, and the good practice of the field. */
  PRATIQUE
}
