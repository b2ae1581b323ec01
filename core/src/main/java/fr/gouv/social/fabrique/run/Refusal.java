package fr.gouv.social.fabrique.run;

import fr.gouv.social.fabrique.config.ConfigProblem;
import fr.gouv.social.fabrique.schema.Spelling;
import fr.gouv.social.fabrique.source.Text;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** A run that cannot be made as asked: wrong usage, a wrong configuration, nothing to check. */
public final class Refusal extends Exception {
  private final Text text;
  private final transient List<ConfigProblem> problems;

  public Refusal(Text text) {
    this(text, List.of());
  }

  /**
   * A refusal with the places that cause it.
   *
   * @param problems of the configuration, empty when it is not the cause
   */
  public Refusal(Text text, List<ConfigProblem> problems) {
    super(text.en());
    this.text = text;
    this.problems = List.copyOf(problems);
  }

  /**
   * A refusal because a file cannot be read or written.
   *
   * @param text what cannot be done
   * @param cause what the system says of it
   */
  Refusal(Text text, Path file, Exception cause) {
    this(because(text, cause(file, cause)));
  }

  private static Text because(Text text, Text cause) {
    return new Text(text.fr() + " : " + cause.fr(), text.en() + ": " + cause.en());
  }

  private static Text cause(Path file, Exception cause) {
    if (Files.isDirectory(file)) {
      return new Text("c'est un dossier, pas un fichier", "it is a folder, not a file");
    }
    Path place = file.toAbsolutePath();
    while (place.getParent() != null && !Files.exists(place)) {
      place = place.getParent();
    }
    if (!place.equals(file.toAbsolutePath()) && !Files.isDirectory(place)) {
      return new Text(
          place + " est un fichier, pas un dossier", place + " is a file, not a folder");
    }
    if (cause instanceof NoSuchFileException) {
      return new Text("il n'existe pas", "it does not exist");
    }
    if (cause instanceof CharacterCodingException) {
      return new Text("ce n'est pas de l'UTF-8", "it is not UTF-8");
    }
    if (cause instanceof AccessDeniedException) {
      return new Text(
          "l'accès est refusé ; voyez les droits de " + place,
          "access is denied; see the permissions of " + place);
    }
    String reason =
        cause instanceof FileSystemException refused ? refused.getReason() : cause.getMessage();
    return Text.same(reason == null ? cause.getClass().getSimpleName() : reason);
  }

  /**
   * A refusal of a word that is none of those that may stand there.
   *
   * @param what names the word and what it was to be, in both languages
   * @param known the words that may stand there
   */
  public static Refusal unknown(Text what, String word, List<String> known) {
    Text wrong = new Text(what.fr() + " n'existe pas", what.en() + " does not exist");
    Text meant = Spelling.suggesting(wrong, Spelling.nearest(word, known));
    String all = String.join(", ", known);
    return new Refusal(
        new Text(
            meant.fr() + " (possible : " + all + ")", meant.en() + " (possible: " + all + ")"));
  }

  /** What is wrong, in both languages. */
  public Text text() {
    return text;
  }

  /** What is wrong with the configuration. */
  public List<ConfigProblem> problems() {
    return problems;
  }
}
