package fr.gouv.social.fabrique.build;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One example of a page, which is a test: a fenced block whose info string is {@code LANGUAGE
 * bad|good [file=PATH] [as-of=DATE] [with=bad|good]}. Several files in one block are parted by
 * lines {@code === PATH}; a file {@code fabrique.yaml} among them is the configuration. A block
 * {@code LANGUAGE fixed} is the text of the first file of the bad example before it once its fixes
 * are applied.
 *
 * @param files text by path, without marker lines, the first one first
 * @param markers the findings that are expected, none for a good example
 * @param asOf the date of the check, {@code yyyy-mm-dd}
 * @param fixed the first file's text after all fixes, or null where the page does not say
 */
public record PageExample(
    boolean bad,
    Map<String, String> files,
    List<Marker> markers,
    String asOf,
    @Nullable String fixed) {
  private static final Pattern MARKER =
      Pattern.compile("^[ \\t]*(?:#|//|REM)?[ \\t]*(\\^+)[ \\t]+([A-Za-z][A-Za-z0-9-]*)[ \\t]*$");
  private static final String DEFAULT_DATE = "2026-11-22";

  /**
   * An expected finding.
   *
   * @param line 1-based, in the text without markers
   * @param column 1-based
   * @param length of the part of the first line that is underlined
   */
  public record Marker(String file, int line, int column, int length, String key) {}

  /**
   * The example of a fenced block, or null when the block is only an illustration or completes the
   * one before.
   */
  static @Nullable PageExample of(String info, String literal, List<PageExample> before) {
    List<String> words = List.of(info.strip().split("\\s+"));
    if (words.size() < 2) {
      return null;
    }
    String kind = words.get(1);
    if (kind.equals("fixed")) {
      PageExample last = before.remove(before.size() - 1);
      before.add(new PageExample(last.bad, last.files, last.markers, last.asOf, literal));
      return null;
    }
    if (!kind.equals("bad") && !kind.equals("good")) {
      return null;
    }
    Map<String, String> options = new LinkedHashMap<>();
    for (String word : words.subList(2, words.size())) {
      int equals = word.indexOf('=');
      if (equals < 0) {
        throw new IllegalArgumentException("not an option of an example: " + word);
      }
      options.put(word.substring(0, equals), word.substring(equals + 1));
    }
    String file = options.getOrDefault("file", defaultName(words.get(0), literal));
    Map<String, String> files = new LinkedHashMap<>();
    List<Marker> markers = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    int line = 0;
    for (String each : literal.split("\n", -1)) {
      Matcher marker = MARKER.matcher(each);
      if (each.startsWith("=== ")) {
        if (text.length() > 0) {
          files.put(file, text.toString());
        }
        file = each.substring(4).strip();
        text.setLength(0);
        line = 0;
      } else if (marker.matches()) {
        markers.add(
            new Marker(file, line, marker.start(1) + 1, marker.group(1).length(), marker.group(2)));
      } else {
        text.append(each).append('\n');
        line++;
      }
    }
    // The literal ends with a line end, which split turned into one empty line too many.
    text.setLength(Math.max(0, text.length() - 1));
    files.put(file, text.toString());
    boolean bad = kind.equals("bad");
    if (bad == markers.isEmpty()) {
      throw new IllegalArgumentException(
          bad ? "a bad example without a marker" : "a good example with a marker");
    }
    return new PageExample(bad, files, markers, options.getOrDefault("as-of", DEFAULT_DATE), null);
  }

  private static String defaultName(String language, String text) {
    return switch (language) {
      case "dockerfile", "Dockerfile" -> "Dockerfile";
      case "yaml" -> text.contains("apiVersion:") ? "k8s/manifest.yaml" : "compose.yaml";
      case "text" -> "file.txt";
      default -> "file." + language;
    };
  }
}
