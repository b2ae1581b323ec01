package fr.gouv.social.fabrique.rule;

import fr.gouv.social.fabrique.source.Language;
import fr.gouv.social.fabrique.source.Text;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
  private static final Pattern ARGUMENT =
      Pattern.compile("\\{([0-9])(?::([^{}|]*)\\|([^{}|]*))?\\}");

  public RulePage {
    aliases = List.copyOf(aliases);
    messages = Map.copyOf(messages);
    parameters = Map.copyOf(parameters);
  }

  /**
   * The message of a finding of this rule, with its arguments in place: <code>{0}</code> is the
   * first, <code>{0:place|places}</code> the word that goes with it where it is a number.
   */
  public Text message(Finding finding) {
    Text pattern = messages.get(finding.messageKey());
    if (pattern == null) {
      throw new IllegalArgumentException(id + " has no message " + finding.messageKey());
    }
    return new Text(
        fill(pattern.fr(), finding.arguments(), Language.FR),
        fill(pattern.en(), finding.arguments(), Language.EN));
  }

  private static String fill(String pattern, List<String> arguments, Language language) {
    if (pattern.indexOf('{') < 0) {
      return pattern;
    }
    StringBuilder out = new StringBuilder(pattern.length() + 32);
    Matcher matcher = ARGUMENT.matcher(pattern);
    int at = 0;
    while (matcher.find()) {
      int index = Integer.parseInt(matcher.group(1));
      if (index < arguments.size()) {
        String argument = arguments.get(index);
        String one = matcher.group(2);
        String many = matcher.group(3);
        boolean isOne = language.isSingular(argument);
        out.append(pattern, at, matcher.start());
        out.append(one == null ? argument : isOne ? one : many);
        at = matcher.end();
      }
    }
    return out.append(pattern, at, pattern.length()).toString();
  }
}
