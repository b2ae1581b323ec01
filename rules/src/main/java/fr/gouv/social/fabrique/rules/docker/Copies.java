package fr.gouv.social.fabrique.rules.docker;

import static fr.gouv.social.fabrique.rule.Rule.rule;
import static java.util.stream.Collectors.joining;

import fr.gouv.social.fabrique.dockerfile.Dockerfile;
import fr.gouv.social.fabrique.dockerfile.Flag;
import fr.gouv.social.fabrique.dockerfile.Instruction;
import fr.gouv.social.fabrique.dockerfile.Spelling;
import fr.gouv.social.fabrique.dockerfile.Stage;
import fr.gouv.social.fabrique.dockerfile.Word;
import fr.gouv.social.fabrique.project.StageScript;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.rule.TextEdit;
import fr.gouv.social.fabrique.shell.Argument;
import fr.gouv.social.fabrique.shell.Command;
import fr.gouv.social.fabrique.source.Span;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What {@code COPY} and {@code ADD} put where, and with which rights. */
final class Copies {
  private static final Pattern ARCHIVE =
      Pattern.compile("(?i).*\\.(tar|t?gz|tgz|bz2|tbz2?|xz|txz|zst|tzst|Z)");

  /** What {@code ADD} unpacks is a tar archive, compressed or not; a single file stays as it is. */
  private static final Pattern TAR = Pattern.compile("(?i).*\\.(tar(\\..*)?|tgz|tbz2?|txz|tzst)");

  private static final Set<String> DECOMPRESSORS =
      Set.of(
          "gunzip", "gzip", "zcat", "gzcat", "pigz", "unpigz", "bunzip2", "bzip2", "bzcat", "unxz",
          "xz", "xzcat", "unzstd", "zstd", "zstdcat", "7z", "7za", "7zr", "unar");
  private static final Pattern REMOTE =
      Pattern.compile("(?i)(https?|git|ssh)://.*|git@.*|.*\\.git(#.*)?");
  private static final Pattern SYSTEM_FOLDER =
      Pattern.compile("/(bin|sbin|lib(32|64)?|etc|boot|usr/(local/)?(bin|sbin|lib(32|64)?))(/.*)?");
  private static final int OTHERS_WRITE = 2;
  private static final int SHORT_NAME = 3;

  static final Rule<Instruction.Add> ADD =
      rule("docker/add-instead-of-copy", Instruction.Add.class, Copies::add);

  static final Rule<Stage> COPIED_ARCHIVE =
      rule("docker/copied-archive", Stage.class, Copies::copiedArchives);

  static final Rule<Stage> DESTINATION_NOT_FOLDER =
      rule(
          "docker/copy-destination-not-folder",
          Stage.class,
          (stage, context) -> transfers(stage).forEach(each -> destination(stage, each, context)));

  static final Rule<Dockerfile> UNKNOWN_SOURCE =
      rule("docker/copy-from-unknown", Dockerfile.class, Copies::unknownSources);

  static final Rule<Stage> ROOT_TO_ROOT =
      rule("docker/copy-root-to-root", Stage.class, Copies::rootToRoot);

  static final Rule<Stage> RELATIVE_DESTINATION =
      rule("docker/relative-copy-destination", Stage.class, Copies::relativeDestinations);

  static final Rule<Stage> OWNED_EXECUTABLE =
      rule("docker/user-owned-executable", Stage.class, Copies::ownedExecutables);

  static final Rule<Instruction> WRITABLE_COPY =
      rule(
          "docker/world-writable-copy",
          Instruction.class,
          (instruction, context) -> {
            Flag flag =
                instruction instanceof Instruction.Transfer ? instruction.flag("chmod") : null;
            Word mode = flag == null ? null : flag.value();
            if (flag != null && mode != null && letsOthersWrite(mode.toString())) {
              RuleContext.Reported reported = context.report(flag, "mode", mode);
              String text = mode.toString();
              if (text.matches("[0-7]+") && mode.span().text().equals(text)) {
                int last = text.charAt(text.length() - 1) - '0';
                reported.unsafeFix(
                    Edits.replace(
                        mode, text.substring(0, text.length() - 1) + (last & ~OTHERS_WRITE)));
              }
            }
          });

  static final Rule<StageScript> WRITABLE =
      rule("docker/world-writable", StageScript.class, Copies::writable);

  static final List<Rule<?>> ALL =
      List.of(
          ADD,
          COPIED_ARCHIVE,
          DESTINATION_NOT_FOLDER,
          UNKNOWN_SOURCE,
          ROOT_TO_ROOT,
          RELATIVE_DESTINATION,
          OWNED_EXECUTABLE,
          WRITABLE_COPY,
          WRITABLE);

  private Copies() {}

  private static List<Instruction.Transfer> transfers(Stage stage) {
    List<Instruction.Transfer> transfers = new ArrayList<>();
    for (Instruction each : stage.instructions()) {
      if (each instanceof Instruction.Transfer transfer) {
        transfers.add(transfer);
      }
    }
    return transfers;
  }

  /** What an image from elsewhere holds is not known: it may be a single program. */
  private static void rootToRoot(Stage stage, RuleContext context) {
    for (Stage.Source source : stage.sources()) {
      Stage from = source.stage();
      if (!(source.instruction() instanceof Instruction.Copy copy)
          || from == null
          || from.lineage().get(0).isScratch()
          || stage.lineage().get(0).isScratch()
          || isForeign(from)) {
        continue;
      }
      Word to = copy.destination();
      if (to != null && to.toString().equals("/")) {
        for (Word each : copy.paths()) {
          if (each.toString().equals("/")) {
            context.report(each, "all", source.word());
          }
        }
      }
    }
  }

  /** Whether a stage is only a name for an image that no known system is in. */
  private static boolean isForeign(Stage stage) {
    return Scripts.system(stage) == null
        && stage.lineage().stream()
            .flatMap(each -> each.effective().stream())
            .noneMatch(
                each -> each instanceof Instruction.Run || each instanceof Instruction.Transfer);
  }

  private static void add(Instruction.Add add, RuleContext context) {
    Stage stage = context.project().stageOf(add);
    if (stage == null || add.sources().isEmpty()) {
      return;
    }
    for (String flag : List.of("checksum", "keep-git-dir", "unpack")) {
      if (add.flag(flag) != null) {
        return;
      }
    }
    for (Word source : add.paths()) {
      String text = stage.expand(source, add).text();
      if (text == null
          || REMOTE.matcher(text).matches()
          || ARCHIVE.matcher(text).matches()
          || text.endsWith("*")) {
        return;
      }
    }
    context
        .report(add.keyword(), "add")
        .fix(
            Edits.replace(add.keyword(), add.keyword().toString().equals("add") ? "copy" : "COPY"));
  }

  private static void copiedArchives(Stage stage, RuleContext context) {
    for (Instruction.Copy copy : stage.instructions(Instruction.Copy.class)) {
      if (copy.from() != null) {
        continue;
      }
      for (Word source : copy.paths()) {
        String text = stage.expand(source, copy).text();
        if (text == null || !ARCHIVE.matcher(text).matches()) {
          continue;
        }
        String name = text.substring(text.lastIndexOf('/') + 1);
        Command extraction = extraction(stage, copy, name, context);
        if (extraction != null) {
          context.report(source, "extracted", name, extraction.name()).related(extraction);
        }
      }
    }
  }

  private static @Nullable Command extraction(
      Stage stage, Instruction.Copy copy, String name, RuleContext context) {
    for (StageScript script : context.project().scripts(stage)) {
      if (script.span().start() < copy.span().start()) {
        continue;
      }
      for (Command command : script.commands()) {
        boolean extracts =
            command.is("tar", "bsdtar", "gtar", "star") && isExtraction(command)
                || DECOMPRESSORS.contains(command.name()) && TAR.matcher(name).matches();
        if (extracts
            && command.arguments().stream()
                .map(Argument::text)
                .anyMatch(text -> text != null && isNamed(text, name))) {
          return command;
        }
      }
    }
    return null;
  }

  /** Whether a path ends in a name; either may hold wildcards. */
  private static boolean isNamed(String path, String name) {
    String last = path.substring(path.lastIndexOf('/') + 1);
    return last.equals(name)
        || last.indexOf('*') >= 0 && last.length() > 1 && wildcard(last).matcher(name).matches()
        || name.indexOf('*') >= 0 && wildcard(name).matcher(last).matches();
  }

  private static Pattern wildcard(String name) {
    return Pattern.compile(
        Arrays.stream(name.split("\\*+", -1)).map(Pattern::quote).collect(joining(".*")));
  }

  private static boolean isExtraction(Command command) {
    String first = command.arguments().isEmpty() ? null : command.arguments().get(0).text();
    return command.has("-x", "--extract", "--get")
        || (first != null && first.matches("-?[a-zA-Z]*x[a-zA-Z]*"));
  }

  private static void destination(Stage stage, Instruction.Transfer transfer, RuleContext context) {
    Word to = transfer.destination();
    if (to == null || transfer.sources().size() < 2) {
      return;
    }
    String text = stage.expand(to, transfer).text();
    if (text != null && !text.isEmpty() && !text.matches("(?s).*[/\\\\]|\\.|.*/\\.{1,2}|\\.\\.")) {
      RuleContext.Reported reported =
          context.report(to, "several", transfer.name(), transfer.sources().size(), text);
      if (to.span().text().equals(to.toString()) && !to.toString().matches(".*[\"']")) {
        reported.fix(Edits.insert(to.span().file(), to.span().end(), "/"));
      }
    }
  }

  private static void unknownSources(Dockerfile dockerfile, RuleContext context) {
    List<String> names = new ArrayList<>();
    for (Stage stage : dockerfile.stages()) {
      if (stage.name() != null) {
        names.add(stage.name());
      }
    }
    for (Stage stage : dockerfile.stages()) {
      for (Stage.Source source : stage.sources()) {
        String name = source.word().toString();
        // Anything that reads like an image is one: only a slip of the pen is left.
        if (source.stage() == null && name.matches("[A-Za-z][A-Za-z0-9_-]*")) {
          String meant = Spelling.closest(name, names);
          // Of two short names, two letters apart make another name.
          if (Math.min(name.length(), meant.length()) > SHORT_NAME) {
            context.report(source, "similar", name, meant).unsafeFix(Edits.replace(source, meant));
          }
        }
      }
    }
  }

  private static void relativeDestinations(Stage stage, RuleContext context) {
    boolean set =
        stage.lineage().stream()
            .anyMatch(
                each -> each != stage && !each.instructions(Instruction.Workdir.class).isEmpty());
    for (Instruction each : stage.instructions()) {
      set |= each instanceof Instruction.Workdir;
      if (set || !(each instanceof Instruction.Transfer transfer)) {
        continue;
      }
      Word to = transfer.destination();
      String text = to == null ? null : stage.expand(to, transfer).text();
      if (to != null
          && text != null
          && !text.isEmpty()
          && !text.startsWith("/")
          && !text.startsWith("$")
          && !text.matches("[A-Za-z]:.*|\\\\.*")) {
        context.report(to, "relative", text);
      }
    }
  }

  private static void ownedExecutables(Stage stage, RuleContext context) {
    for (Instruction.Transfer transfer : transfers(stage)) {
      Flag flag = transfer.flag("chown");
      Word owner = flag == null ? null : flag.value();
      String user = owner == null ? null : stage.expand(owner, transfer).text();
      Word to = transfer.destination();
      String text = to == null ? null : stage.expand(to, transfer).text();
      if (flag != null
          && user != null
          && text != null
          && !user.matches("(root|0+)?(:.*)?")
          && (SYSTEM_FOLDER.matcher(text).matches() || text.matches(".*\\.(sh|bin|exe|so)"))) {
        context.report(flag, "owned", text, user);
      }
    }
  }

  private static boolean letsOthersWrite(String mode) {
    if (mode.matches("[0-7]{1,5}")) {
      // With the sticky bit, as in /tmp, nobody changes what belongs to others.
      boolean sticky = mode.matches("0*[1357][0-7]{3}");
      return !sticky && ((mode.charAt(mode.length() - 1) - '0') & OTHERS_WRITE) != 0;
    }
    for (String clause : mode.split(",")) {
      // Without a letter for whom, the umask keeps others out.
      if (clause.matches("[ug]*[oa][ugoa]*[+=][rxXst]*w[rwxXst]*")) {
        return true;
      }
    }
    return false;
  }

  private static void writable(StageScript script, RuleContext context) {
    if (script.run() == null) {
      return;
    }
    for (Command command : script.commands()) {
      if (!command.is("chmod")) {
        continue;
      }
      Argument mode = null;
      boolean temporary = false;
      for (Argument argument : command.arguments()) {
        String text = argument.text();
        boolean option = text != null && (text.matches("--.+|-[cfvR]+"));
        mode = mode == null && !option ? argument : mode;
        temporary |= text != null && text.matches("(/var)?/tmp/?");
      }
      String text = mode == null ? null : mode.text();
      if (mode == null || text == null || temporary) {
        continue;
      }
      if (text.matches("[0-7]*[67][0-7]{3}|0*[24][0-7]{3}|[ugoa]*[+=][rwxXt]*s[rwxXst]*")) {
        context.report(mode, "setuid", text);
      } else if (letsOthersWrite(text)) {
        RuleContext.Reported reported = context.report(mode, "mode", text);
        Span at = mode.span();
        if (text.matches("[0-7]+") && at.text().equals(text)) {
          int last = text.charAt(text.length() - 1) - '0';
          reported.unsafeFix(
              new TextEdit(at, text.substring(0, text.length() - 1) + (last & ~OTHERS_WRITE)));
        }
      }
    }
  }
}
