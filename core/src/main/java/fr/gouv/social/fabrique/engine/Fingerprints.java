package fr.gouv.social.fabrique.engine;

import fr.gouv.social.fabrique.rule.Finding;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * Names findings so that the name survives moved lines: by rule, file, subject and the text of the
 * line, never by its number. Equal ones are told apart by their order in the file.
 */
final class Fingerprints {
  /** Longer lines are generated, and may have many findings: their beginning names them. */
  private static final int LONGEST = 2_000;

  private final Map<String, Integer> seen = new HashMap<>();
  private final MessageDigest digest;

  Fingerprints() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The fingerprint of the next finding; they come in their order. */
  String next(Finding finding) {
    String whole = finding.span().file().line(finding.span().line());
    String line =
        (whole.length() > LONGEST ? whole.substring(0, LONGEST) : whole)
            .strip()
            .replaceAll("\\s+", " ");
    String key =
        String.join(
            "\u0000",
            finding.rule().value(),
            finding.span().file().path(),
            finding.subject(),
            finding.messageKey(),
            line);
    int occurrence = seen.merge(key, 1, Integer::sum);
    byte[] hash = digest.digest((key + "\u0000" + occurrence).getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(hash, 0, 8);
  }
}
