package fr.gouv.social.fabrique.standard;

/** Whether a repository keeps a statement. */
public enum Verdict {
  KEPT,
  BROKEN,
  /** It has nothing that the statement speaks of. */
  NOT_APPLICABLE,
  /** Files cannot show it, and nobody attested it. */
  NOT_VISIBLE,
  /**
   * Somebody gave their word for it in the configuration, and files do not show the contrary; nor
   * do they show it for certain.
   */
  ATTESTED
}
