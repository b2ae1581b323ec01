package fr.gouv.social.fabrique.rule;

import fr.gouv.social.fabrique.source.Text;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the page of a rule says in its front matter.
 *
 * @param severity of its findings, unless the configuration says otherwise
 * @param enabled whether it runs unless the configuration says otherwise
 * @param requirement the statement of the standard that it decides, or null
 * @param since the rule set that brought it; empty for what belongs to none and always runs
 * @param aliases {@code tool:check} names of the same check in other tools
 * @param messages by key; {@code {0}} and so on stand for the arguments of a finding
 * @param fix the title of its fix, or null where it has none
 * @param parameters names with their defaults, as written in a configuration
 */
public record RulePage(
    RuleId id,
    Severity severity,
    boolean enabled,
    @Nullable String requirement,
    String since,
    List<String> aliases,
    Text title,
    Map<String, Text> messages,
    @Nullable Text fix,
    Map<String, String> parameters) {
  public RulePage {
    aliases = List.copyOf(aliases);
    messages = Map.copyOf(messages);
    parameters = Map.copyOf(parameters);
  }

  /** The message of a finding of this rule, with its arguments in place. */
  public Text message(Finding finding) {
    Text pattern = messages.get(finding.messageKey());
    if (pattern == null) {
      throw new IllegalArgumentException(id + " has no message " + finding.messageKey());
    }
    return new Text(
        fill(pattern.fr(), finding.arguments()), fill(pattern.en(), finding.arguments()));
  }

  private static String fill(String pattern, List<String> arguments) {
    String filled = pattern;
    if (filled.indexOf('{') < 0) {
      return filled;
    }
    StringBuilder out = new StringBuilder(pattern.length() + 32);
    for (int at = 0; at < pattern.length(); at++) {
      char c = pattern.charAt(at);
      if (c == '{'
          && at + 2 < pattern.length()
          && pattern.charAt(at + 2) == '}'
          && Character.digit(pattern.charAt(at + 1), 10) >= 0
          && Character.digit(pattern.charAt(at + 1), 10) < arguments.size()) {
        out.append(arguments.get(Character.digit(pattern.charAt(at + 1), 10)));
        at += 2;
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }
}
