package fr.gouv.social.fabrique.source;

/** One text in both languages. */
public record Text(String fr, String en) {

  /** The text in one language. */
  public String in(Language language) {
    return language == Language.FR ? fr : en;
  }

  /** The same characters in both languages. */
  public static Text same(String text) {
    return new Text(text, text);
  }
}
