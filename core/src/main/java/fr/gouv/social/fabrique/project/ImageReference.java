package fr.gouv.social.fabrique.project;

import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The name of an image as Docker and Kubernetes read it: the grammar and the normalisation of
 * github.com/distribution/reference ({@code regexp.go}, {@code normalize.go}). A part that holds an
 * unexpanded variable ({@code $TAG}, {@code ${TAG}}, {@code {{ .Values.tag }}}) is unknown, and so
 * is every part that the variable may bring along.
 *
 * @param text as written
 * @param registry with its port; {@code docker.io} by default
 * @param path the repository within its registry; {@code library/} stands before the name of an
 *     official image
 * @param tag absent by default: {@code latest} is not filled in
 * @param digest absent by default; with its algorithm, {@code sha256:…}
 */
public record ImageReference(String text, Part registry, Part path, Part tag, Part digest) {
  private static final String DOCKER_HUB = "docker.io";
  private static final int LONGEST_NAME = 255;

  private static final Pattern DOMAIN =
      Pattern.compile(
          "(?:(?:[A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9])"
              + "(?:\\.(?:[A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9]))*|\\[[a-fA-F0-9:]+\\])"
              + "(?::[0-9]+)?");
  private static final Pattern PATH_COMPONENT =
      Pattern.compile("[a-z0-9]++(?:(?:[._]|__|-++)[a-z0-9]++)*+");
  private static final Pattern TAG = Pattern.compile("\\w[\\w.-]{0,127}");
  private static final Pattern DIGEST =
      Pattern.compile("[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}");
  private static final Pattern IDENTIFIER = Pattern.compile("[a-f0-9]{64}");

  /** How much is known of a part. */
  public enum State {
    KNOWN,
    ABSENT,
    /** It holds, or may hold, the value of a variable. */
    UNKNOWN
  }

  /**
   * One part of a reference.
   *
   * @param value normalised when known; as written, perhaps empty, when unknown; empty when absent
   * @param start the offset in {@link ImageReference#text()} at which it is written
   * @param end the offset after it; equal to {@code start} when nothing is written
   */
  public record Part(State state, String value, int start, int end) {
    public boolean isKnown() {
      return state == State.KNOWN;
    }

    public boolean isAbsent() {
      return state == State.ABSENT;
    }

    public boolean isUnknown() {
      return state == State.UNKNOWN;
    }

    /** Whether the part is known to be the given text. */
    public boolean is(String text) {
      return isKnown() && value.equals(text);
    }
  }

  /** What {@link #parse} gives: a reference, or the reason why there is none. */
  public sealed interface Parsed {}

  /** A text that is a reference. */
  public record Valid(ImageReference reference) implements Parsed {}

  /** A text that no container engine takes as a reference. */
  public record Invalid(String text, Reason reason) implements Parsed {}

  /** Why a text is no reference. */
  public enum Reason {
    EMPTY,
    /** 64 hexadecimal digits are the identifier of an image, not a name. */
    IDENTIFIER,
    UPPERCASE,
    REGISTRY,
    PATH,
    TAG,
    DIGEST,
    /** More than 255 characters of registry and path. */
    TOO_LONG
  }

  /** Reads a reference; never throws. */
  public static Parsed parse(String text) {
    if (text.isEmpty()) {
      return new Invalid(text, Reason.EMPTY);
    }
    // Offsets stay the same, and no delimiter within a variable is taken for one of the reference.
    String masked = mask(text);
    if (masked.indexOf(MASK) < 0) {
      Reason reason = reject(text);
      if (reason != null) {
        return new Invalid(text, reason);
      }
    } else {
      Reason reason = rejectAround(masked);
      if (reason != null) {
        return new Invalid(text, reason);
      }
    }
    return new Valid(split(text, masked));
  }

  /** The reference in a text, or null where there is none. */
  public static @Nullable ImageReference orNull(String text) {
    return parse(text) instanceof Valid valid ? valid.reference() : null;
  }

  /** Whether registry and path are known. */
  public boolean isNamed() {
    return registry.isKnown() && path.isKnown();
  }

  /**
   * The name as people write it: {@code node}, {@code hasura/graphql-engine}, {@code
   * ghcr.io/socialgouv/docker/nginx}.
   *
   * @return null when it is not known
   */
  public @Nullable String familiarName() {
    if (!isNamed()) {
      return null;
    }
    if (!isOnDockerHub()) {
      return registry.value + "/" + path.value;
    }
    String remainder = path.value.substring(path.value.indexOf('/') + 1);
    return isInOfficialNamespace() && remainder.indexOf('/') < 0 ? remainder : path.value;
  }

  /** Whether it is known to be served by Docker Hub. */
  public boolean isOnDockerHub() {
    return registry.is(DOCKER_HUB);
  }

  /** Whether it is known to lie in the namespace of the Docker official images. */
  public boolean isInOfficialNamespace() {
    return isOnDockerHub() && path.isKnown() && path.value.startsWith("library/");
  }

  @Override
  public String toString() {
    return text;
  }

  // A character that no reference may hold.
  private static final char MASK = '\0';

  private static String mask(String text) {
    char[] masked = text.toCharArray();
    int at = 0;
    while (at < masked.length) {
      int end = variableEnd(text, at);
      if (end > at) {
        Arrays.fill(masked, at, end, MASK);
        at = end;
      } else {
        masked[at] = masked[at] == MASK ? ' ' : masked[at];
        at++;
      }
    }
    return new String(masked);
  }

  /** The offset after the variable that starts at an offset, or that offset where there is none. */
  private static int variableEnd(String text, int at) {
    if (text.startsWith("{{", at)) {
      int close = text.indexOf("}}", at);
      return close < 0 ? text.length() : close + 2;
    }
    if (text.charAt(at) != '$' || at + 1 == text.length()) {
      return at;
    }
    char next = text.charAt(at + 1);
    if (next == '(') {
      int close = text.indexOf(')', at);
      return close < 0 ? text.length() : close + 1;
    }
    if (next == '{') {
      int depth = 0;
      for (int i = at + 1; i < text.length(); i++) {
        depth += text.charAt(i) == '{' ? 1 : text.charAt(i) == '}' ? -1 : 0;
        if (depth == 0) {
          return i + 1;
        }
      }
      return text.length();
    }
    int end = at + 1;
    while (end < text.length() && (text.charAt(end) == '_' || isLetterOrDigit(text.charAt(end)))) {
      end++;
    }
    return end == at + 1 ? at : end;
  }

  /** The offset at which the path starts: 0, or after the slash that ends the registry. */
  private static int pathStart(String masked) {
    int slash = masked.indexOf('/');
    int digest = digestSign(masked);
    if (slash < 0 || (digest >= 0 && digest < slash)) {
      return 0;
    }
    String first = masked.substring(0, slash);
    boolean registry =
        first.indexOf('.') >= 0
            || first.indexOf(':') >= 0
            || first.equals("localhost")
            || !first.equals(first.toLowerCase(Locale.ROOT));
    return registry ? slash + 1 : 0;
  }

  private static int digestSign(String masked) {
    return masked.indexOf('@');
  }

  /** Where the last component of the name starts. */
  private static int lastComponent(String masked, int pathStart, int end) {
    return Math.max(pathStart, masked.lastIndexOf('/', end - 1) + 1);
  }

  /** The offset of the colon before the tag, or -1. */
  private static int tagSign(String masked, int pathStart) {
    int end = digestSign(masked) < 0 ? masked.length() : digestSign(masked);
    int colon = masked.indexOf(':', lastComponent(masked, pathStart, end));
    return colon < end ? colon : -1;
  }

  private static ImageReference split(String text, String masked) {
    int pathStart = pathStart(masked);
    int at = digestSign(masked);
    int nameAndTagEnd = at < 0 ? text.length() : at;
    int colon = tagSign(masked, pathStart);
    int nameEnd = colon < 0 ? nameAndTagEnd : colon;
    int last = lastComponent(masked, pathStart, nameEnd);

    // A variable behind the last slash may bring a tag along, and one at the end a digest.
    int end = Math.max(colon, Math.min(last, text.length()));
    Part digest =
        at >= 0
            ? part(text, masked, at + 1, text.length())
            : missing(masked.indexOf(MASK, end) >= 0, text.length());
    Part tag =
        colon >= 0
            ? part(text, masked, colon + 1, nameAndTagEnd)
            : missing(
                masked.substring(Math.min(last, nameEnd), nameEnd).indexOf(MASK) >= 0, nameEnd);
    Part registry;
    if (pathStart > 0) {
      Part written = part(text, masked, 0, pathStart - 1);
      registry =
          written.is("index.docker.io")
              ? new Part(State.KNOWN, DOCKER_HUB, written.start, written.end)
              : written;
    } else {
      // A variable before the first slash may hold a registry, with its slash or without it.
      int first = masked.indexOf('/') < 0 ? nameEnd : Math.min(masked.indexOf('/'), nameEnd);
      registry =
          masked.substring(0, first).indexOf(MASK) >= 0
              ? new Part(State.UNKNOWN, "", 0, 0)
              : new Part(State.KNOWN, DOCKER_HUB, 0, 0);
    }
    Part path = part(text, masked, pathStart, nameEnd);
    if (path.isKnown() && registry.is(DOCKER_HUB) && path.value.indexOf('/') < 0) {
      path = new Part(State.KNOWN, "library/" + path.value, path.start, path.end);
    } else if (registry.isUnknown() && pathStart == 0) {
      path = new Part(State.UNKNOWN, path.value, path.start, path.end);
    }
    return new ImageReference(text, registry, path, tag, digest);
  }

  private static Part part(String text, String masked, int start, int end) {
    return new Part(
        masked.substring(start, end).indexOf(MASK) >= 0 ? State.UNKNOWN : State.KNOWN,
        text.substring(start, end),
        start,
        end);
  }

  private static Part missing(boolean perhapsInVariable, int at) {
    return new Part(perhapsInVariable ? State.UNKNOWN : State.ABSENT, "", at, at);
  }

  private static @Nullable Reason reject(String text) {
    if (IDENTIFIER.matcher(text).matches()) {
      return Reason.IDENTIFIER;
    }
    int at = digestSign(text);
    if (at >= 0) {
      Reason reason = rejectDigest(text.substring(at + 1));
      if (reason != null) {
        return reason;
      }
    }
    int pathStart = pathStart(text);
    int end = at < 0 ? text.length() : at;
    int colon = tagSign(text, pathStart);
    if (colon >= 0) {
      if (!TAG.matcher(text.substring(colon + 1, end)).matches()) {
        return Reason.TAG;
      }
      end = colon;
    }
    String path = text.substring(Math.min(pathStart, end), end);
    int length =
        (pathStart > 0
                ? pathStart
                : DOCKER_HUB.length() + 1 + (path.indexOf('/') < 0 ? "library/".length() : 0))
            + path.length();
    if (length > LONGEST_NAME) {
      return Reason.TOO_LONG;
    }
    if (pathStart > 0 && !DOMAIN.matcher(text.substring(0, pathStart - 1)).matches()) {
      return Reason.REGISTRY;
    }
    if (!path.equals(path.toLowerCase(Locale.ROOT))) {
      return Reason.UPPERCASE;
    }
    for (String component : path.split("/", -1)) {
      if (!PATH_COMPONENT.matcher(component).matches()) {
        return Reason.PATH;
      }
    }
    return null;
  }

  /** What can be told of a text with variables: characters that no part may hold. */
  private static @Nullable Reason rejectAround(String masked) {
    for (int i = 0; i < masked.length(); i++) {
      char c = masked.charAt(i);
      if (c != MASK && "./:@_-+[]".indexOf(c) < 0 && !isLetterOrDigit(c)) {
        return Reason.PATH;
      }
    }
    int at = digestSign(masked);
    if (at >= 0 && masked.indexOf(MASK, at) < 0) {
      Reason reason = rejectDigest(masked.substring(at + 1));
      if (reason != null) {
        return reason;
      }
    }
    return null;
  }

  private static boolean isLetterOrDigit(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
  }

  private static @Nullable Reason rejectDigest(String digest) {
    // Longer than any digest: no need to look.
    if (digest.length() > 256 || !DIGEST.matcher(digest).matches()) {
      return Reason.DIGEST;
    }
    // opencontainers/go-digest: three algorithms, in lower case, with the digits of each.
    int colon = digest.indexOf(':');
    int digits =
        switch (digest.substring(0, colon)) {
          case "sha256" -> 64;
          case "sha384" -> 96;
          case "sha512" -> 128;
          default -> -1;
        };
    String hex = digest.substring(colon + 1);
    return hex.length() == digits && hex.equals(hex.toLowerCase(Locale.ROOT))
        ? null
        : Reason.DIGEST;
  }
}
