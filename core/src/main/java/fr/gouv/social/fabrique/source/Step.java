package fr.gouv.social.fabrique.source;

/** One step by which a value came from where it is written to where it is used. */
public record Step(Kind kind, Span at) {

  /** What carried the value. */
  public enum Kind {
    ALIAS("par l'ancre", "by the anchor"),
    MERGE_KEY("par la clé de fusion", "by the merge key"),
    EXTENDS("par extends", "by extends"),
    INCLUDE("par include", "by include"),
    OVERRIDE("en surcharge de ce fichier", "as an override of this file"),
    VARIABLE("par la variable", "by the variable");

    private final Text text;

    Kind(String fr, String en) {
      this.text = new Text(fr, en);
    }

    /** What is said of the place of such a step. */
    public Text text() {
      return text;
    }
  }
}
