package fr.gouv.social.fabrique.rules.docker;

import fr.gouv.social.fabrique.dockerfile.Instruction;
import fr.gouv.social.fabrique.dockerfile.RunMount;
import fr.gouv.social.fabrique.dockerfile.Stage;
import fr.gouv.social.fabrique.dockerfile.Word;
import fr.gouv.social.fabrique.project.ImageReference;
import fr.gouv.social.fabrique.project.StageScript;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.rule.TextEdit;
import fr.gouv.social.fabrique.rules.facts.ImageSystems;
import fr.gouv.social.fabrique.shell.Argument;
import fr.gouv.social.fabrique.shell.Command;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.Span;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What several themes ask of the scripts of stages. */
final class Scripts {
  private static final Set<String> OFF = Set.of("", "0", "false", "no", "off", "n", "f");

  private Scripts() {}

  /** Whether what the script leaves behind is in the image that is built, not in another stage. */
  static boolean isInImage(StageScript script) {
    Stage last = script.dockerfile().finalStage();
    return script.run() != null && last != null && last.lineage().contains(script.stage());
  }

  /** Whether a cache or a file system in memory is mounted over one of these folders. */
  static boolean isMounted(StageScript script, String... folders) {
    Instruction.Run run = script.run();
    if (run == null) {
      return false;
    }
    for (RunMount mount : run.mounts()) {
      String type = mount.type();
      Word target = mount.target();
      if (target == null || !(type == null || type.equals("cache") || type.equals("tmpfs"))) {
        continue;
      }
      String path = script.stage().expand(target, script.instruction()).text();
      for (String folder : folders) {
        boolean inHome = folder.startsWith("~");
        String place = inHome ? folder.substring(1) : folder;
        if (path == null || covers(path, place) || inHome && isUnderHome(path, place)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean covers(String mounted, String folder) {
    String path = mounted.endsWith("/") ? mounted.substring(0, mounted.length() - 1) : mounted;
    return folder.equals(path) || folder.startsWith(path + "/");
  }

  private static boolean isUnderHome(String mounted, String folder) {
    String path = mounted.endsWith("/") ? mounted.substring(0, mounted.length() - 1) : mounted;
    int hidden = path.indexOf("/.");
    return hidden >= 0 && covers(path.substring(hidden), folder);
  }

  /** Whether a command after the given position removes one of these folders or what is in it. */
  static boolean isRemovedAfter(StageScript script, int position, String... folders) {
    for (Command command : script.commands().subList(position + 1, script.commands().size())) {
      if (command.is("rm", "find") && command.arguments().stream().anyMatch(a -> names(a, folders))
          || command.name().contains("clean") && command.head().shape().contains("/")) {
        return true;
      }
    }
    return false;
  }

  private static boolean names(Argument argument, String... folders) {
    String path = argument.shape();
    if (path.charAt(0) == Argument.UNKNOWN && path.length() == 1) {
      return true;
    }
    for (String folder : folders) {
      String place = folder.startsWith("~") ? folder.substring(1) : folder;
      boolean found =
          folder.startsWith("~")
              ? path.endsWith(place) || path.contains(place + "/")
              : path.equals(place)
                  || path.startsWith(place + "/")
                  || path.contains("{") && place.startsWith(path.substring(0, path.indexOf('{')))
                  || path.endsWith("*") && place.startsWith(path.substring(0, path.length() - 1));
      if (found || covers(path, place) && path.length() > 1) {
        return true;
      }
    }
    return false;
  }

  /** Whether a variable is on for a command; true too when there is no telling. */
  static boolean isOn(StageScript script, Command command, String name) {
    if (command.hasVariable(name)) {
      return isOn(command.variable(name));
    }
    Setting<String> setting = script.stage().scopeBefore(script.instruction()).get(name);
    return setting != null
        && (setting.isUnknown() || setting.value() != null)
        && isOn(setting.value());
  }

  private static boolean isOn(@Nullable String value) {
    return value == null || !OFF.contains(value.toLowerCase(Locale.ROOT));
  }

  /** The system of the image that a stage stands on, as {@link ImageSystems} names it, or null. */
  static @Nullable String system(Stage stage) {
    String image = stage.rootImage().value();
    ImageReference reference = image == null ? null : ImageReference.orNull(image);
    return reference == null ? null : ImageSystems.of(reference);
  }

  /** The scripts of some stages, one stage after the other. */
  static List<StageScript> of(RuleContext context, List<Stage> stages) {
    return stages.stream().flatMap(stage -> context.project().scripts(stage).stream()).toList();
  }

  /**
   * Whether an argument stands in the file as the command receives it, so that it can be edited.
   */
  static boolean isWritten(Argument argument) {
    return argument.span().text().equals(argument.shape());
  }

  /** An edit that adds text after a place. */
  static TextEdit after(Located place, String text) {
    Span span = place.span();
    return new TextEdit(new Span(span.file(), span.end(), span.end()), text);
  }

  /** An edit that adds text before a place. */
  static TextEdit before(Located place, String text) {
    Span span = place.span();
    return new TextEdit(new Span(span.file(), span.start(), span.start()), text);
  }

  /** An edit that adds a command after a script in the shell form, or null where that is unsure. */
  static @Nullable TextEdit append(StageScript script, String text) {
    Instruction.Run run = script.run();
    boolean plain =
        run != null
            && run.heredocs().isEmpty()
            && !script.line().isExec()
            && script.script().comments().isEmpty()
            && script.script().problems().isEmpty();
    return plain ? after(script.line(), text) : null;
  }

  /** From the name of a command to one of its words. */
  static Located upTo(Command command, Argument argument) {
    Span head = command.head().span();
    Span last = argument.span();
    return head.file() == last.file() && last.end() >= head.end() ? head.to(last) : head;
  }
}
