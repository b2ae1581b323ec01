package fr.gouv.social.fabrique.image;

import fr.gouv.social.fabrique.source.Text;

/** An engine that cannot be asked, or that does not answer. */
public final class EngineException extends Exception {
  private final transient Text text;
  private final boolean lasting;

  /**
   * What went wrong, and what to do about it.
   *
   * @param lasting whether the next question would end the same: nobody is there, or nobody may ask
   */
  public EngineException(Text text, boolean lasting) {
    super(text.en());
    this.text = text;
    this.lasting = lasting;
  }

  /** What went wrong, in both languages. */
  public Text text() {
    return text;
  }

  /** Whether the engine itself is the trouble, not one image. */
  public boolean isLasting() {
    return lasting;
  }
}
