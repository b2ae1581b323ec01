package fr.gouv.social.fabrique.policy;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Span;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Files that break or keep a policy. Lines of {@code ^^^^} mark what is wrong in the line above
 * them; they are taken out of the text, as in the pages of the rules.
 *
 * @param bad whether the policy is to find something
 * @param files texts by path, without the marker lines
 * @param parameters values by name, as a configuration would set them
 * @param markers what is to be found; empty when that something is found will do
 * @param span where the example is written
 */
public record PolicyExample(
    boolean bad,
    Map<String, String> files,
    Map<String, String> parameters,
    List<String> markers,
    Span span)
    implements Located {
  private static final Pattern MARKER = Pattern.compile("[ \\t#]*(\\^+)[ \\t]*");

  /**
   * An example as written.
   *
   * @param written texts by path, with marker lines
   */
  static PolicyExample of(
      boolean bad, Map<String, String> written, Map<String, String> parameters, Span span) {
    Map<String, String> files = new LinkedHashMap<>();
    List<String> markers = new ArrayList<>();
    written.forEach(
        (path, text) -> {
          StringBuilder kept = new StringBuilder();
          int line = 0;
          for (String each : text.split("(?<=\n)")) {
            Matcher marker = MARKER.matcher(each.stripTrailing());
            if (marker.matches()) {
              markers.add(path + ":" + line + ":" + (marker.start(1) + 1));
            } else {
              kept.append(each);
              line++;
            }
          }
          files.put(path, kept.toString());
        });
    return new PolicyExample(bad, files, parameters, markers, span);
  }
}
