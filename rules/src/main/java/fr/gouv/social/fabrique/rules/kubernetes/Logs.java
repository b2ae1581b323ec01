package fr.gouv.social.fabrique.rules.kubernetes;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.kubernetes.Container;
import fr.gouv.social.fabrique.kubernetes.EnvVar;
import fr.gouv.social.fabrique.kubernetes.Volume;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where logs go. */
final class Logs {
  /** {@code LOG_FILE}, {@code APP_LOG_DIR}, {@code LOGGING_FILE_NAME}. */
  private static final Pattern VARIABLE =
      Pattern.compile(
          "(?:.*_)?LOG(?:S|GING)?_?(?:FILE|PATH|DIR|DIRECTORY|FOLDER)(?:_?(?:NAME|PATH))?");

  private static final Pattern OPTION =
      Pattern.compile(
          "-{1,2}(?:[Dd])?((?:[a-z]+[._-])*log(?:s|ging)?[._-]?(?:file|path|dir)(?:[._-]?(?:name|path))?)=(\\S+)",
          Pattern.CASE_INSENSITIVE);

  /** A path that is no stream of the process. */
  private static final Pattern FILE =
      Pattern.compile("(?!/dev/(?:stdout|stderr|null|fd/)|/proc/)(?:\\.{0,2}/).+|[\\w.-]+\\.log");

  private static final Pattern FOLDER = Pattern.compile("(?!/dev/)(?:/.*)?/logs?(?:/.*)?");
  private static final Pattern TAIL =
      Pattern.compile(
          "(?s).*\\btail\\s+(?:-\\S+\\s+)*(?:-n\\s*\\+?\\d+\\s+)?(?:-\\S+\\s+)*(\\S*log\\S*).*");

  static final Rule<Container> LOG_TO_FILE =
      rule("kubernetes/log-to-file", Container.class, Logs::logToFile);

  /** All rules of the theme. */
  static final List<Rule<?>> ALL = List.of(LOG_TO_FILE);

  private Logs() {}

  private static void logToFile(Container container, RuleContext context) {
    for (EnvVar variable : container.env()) {
      Setting<String> value = variable.value();
      if (VARIABLE.matcher(variable.name()).matches() && value.is(Logs::isFile)) {
        context.report(
            value, "variable", container.name(), variable.name(), String.valueOf(value.value()));
      }
    }
    List<YamlPlace> words = new ArrayList<>(container.items("command"));
    words.addAll(container.items("args"));
    for (YamlPlace word : words) {
      Matcher option = OPTION.matcher(word.text(""));
      Matcher tail = TAIL.matcher(word.text(""));
      if (option.lookingAt() && isFile(option.group(2))) {
        context.report(word, "option", container.name(), option.group(2));
      } else if (tail.matches() && isFile(tail.group(1))) {
        context.report(word, "tail", container.name(), tail.group(1));
      }
    }
    List<String> texts = words.stream().map(word -> word.text("")).toList();
    Matcher tail = TAIL.matcher(String.join(" ", texts));
    if (texts.contains("tail") && tail.matches() && isFile(tail.group(1))) {
      context.report(words.get(texts.indexOf("tail")), "tail", container.name(), tail.group(1));
    }
    for (YamlPlace mount : container.volumeMounts()) {
      String path = mount.key("mountPath").text("");
      Volume volume = container.pod().volume(mount.key("name").text(""));
      if (FOLDER.matcher(path).matches()
          && isWritten(container, mount, volume)
          && !path.contains("$")) {
        context.report(mount, "volume", container.name(), path);
      }
    }
  }

  private static boolean isFile(String value) {
    return FILE.matcher(value).matches() && !value.contains("${") && !value.contains("{{");
  }

  /** Agents that collect logs read those of the node, and a folder of the node may be read too. */
  private static boolean isWritten(Container container, YamlPlace mount, @Nullable Volume volume) {
    if (mount.key("readOnly").bool().isTrue() || container.workload().kind().equals("DaemonSet")) {
      return false;
    }
    if (volume == null) {
      return container.workload().kind().equals("StatefulSet");
    }
    return volume.type().equals("emptyDir")
        || volume.type().equals("persistentVolumeClaim")
        || volume.type().equals("ephemeral");
  }
}
