package fr.gouv.social.fabrique.source;

/** The languages of everything that people read. */
public enum Language {
  FR,
  EN
}
