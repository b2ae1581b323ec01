package fr.gouv.social.fabrique.source;

/** The languages of everything that people read. */
public enum Language {
  FR,
  EN;

  /** Whether the noun after a number is singular; French takes the plural from 2 on. */
  public boolean isSingular(long number) {
    return this == FR ? number < 2 : number == 1;
  }

  /** Whether the noun after a number is singular; what is no number takes the plural. */
  public boolean isSingular(String number) {
    return number.equals("1") || this == FR && number.equals("0");
  }
}
