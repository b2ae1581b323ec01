package fr.gouv.social.fabrique.compose;

import fr.gouv.social.fabrique.source.Span;

/** What loading one project may cost: nodes made, and files read. */
final class Budget {
  /** As compose-go (loader/reset.go): nodes of one document, aliases not followed. */
  static final int DOCUMENT_NODES = 100_000;

  private static final long NODES = 3_000_000;
  private static final int FILES = 1_000;

  private long nodes;
  private int files;

  /** Ends the loading of a project. */
  static final class Exceeded extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Span at;

    Exceeded(Span at) {
      super(null, null, false, false);
      this.at = at;
    }

    Span at() {
      return at;
    }
  }

  void spend(long count, Span at) {
    nodes += count;
    if (nodes > NODES) {
      throw new Exceeded(at);
    }
  }

  void spendFile(Span at) {
    files++;
    if (files > FILES) {
      throw new Exceeded(at);
    }
  }
}
