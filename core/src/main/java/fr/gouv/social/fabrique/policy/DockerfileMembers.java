package fr.gouv.social.fabrique.policy;

import static fr.gouv.social.fabrique.policy.Model.COMMAND;
import static fr.gouv.social.fabrique.policy.Model.IMAGE;
import static fr.gouv.social.fabrique.policy.Model.INSTRUCTION;
import static fr.gouv.social.fabrique.policy.Model.STAGE;

import fr.gouv.social.fabrique.dockerfile.CommandLine;
import fr.gouv.social.fabrique.dockerfile.Dockerfile;
import fr.gouv.social.fabrique.dockerfile.Flag;
import fr.gouv.social.fabrique.dockerfile.Instruction;
import fr.gouv.social.fabrique.dockerfile.Stage;
import fr.gouv.social.fabrique.project.StageScript;
import fr.gouv.social.fabrique.shell.Argument;
import fr.gouv.social.fabrique.shell.Command;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.Span;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Stages, instructions and commands of Dockerfiles, as expressions see them. */
final class DockerfileMembers {
  private DockerfileMembers() {}

  /** A command with the script in which it stands. */
  record ScriptCommand(Command command, StageScript script) implements Located {
    @Override
    public Span span() {
      return command.span();
    }

    @Override
    public String label() {
      return command.name();
    }
  }

  static void add() {
    Table<Stage> stage = new Table<>(STAGE, Stage.class);
    stage
        .property("name", Type.TEXT, "son nom, ou rien", "its name, or nothing", Stage::name)
        .property(
            "index",
            Type.NUMBER,
            "sa place, à partir de 0",
            "its place, from 0",
            each -> Values.count(each.index()))
        .linked(
            "isFinal",
            Type.BOOLEAN,
            "si c'est la dernière étape",
            "whether it is the last stage",
            (each, facts) -> isFinal(each, facts))
        .property(
            "base",
            STAGE,
            "l'étape sur laquelle elle est bâtie, ou rien",
            "the stage that it is built upon, or nothing",
            Stage::base)
        .property(
            "image",
            IMAGE,
            "l'image sur laquelle elle repose, à travers ses étapes ; rien pour `scratch`",
            "the image it stands on, through its stages; nothing for `scratch`",
            DockerfileMembers::rootImage)
        .property(
            "isScratch",
            Type.BOOLEAN,
            "si elle ne repose sur rien",
            "whether it stands on nothing",
            Stage::isScratch)
        .property(
            "user",
            Type.TEXT,
            "l'utilisateur de `USER`, ou rien quand l'image décide",
            "the user of `USER`, or nothing where the image decides",
            each -> Values.of(each.effectiveUser()))
        .property(
            "workdir",
            Type.TEXT,
            "le dossier de travail, ou rien quand l'image décide",
            "the working directory, or nothing where the image decides",
            each -> Values.of(each.effectiveWorkdir()))
        .property(
            "labels",
            Type.map(Type.TEXT),
            "les LABEL, ceux de ses étapes compris",
            "the LABELs, those of its stages included",
            each -> settings(each.labels()))
        .property(
            "entrypoint",
            Type.list(Type.TEXT),
            "les mots de ENTRYPOINT, ou rien",
            "the words of ENTRYPOINT, or nothing",
            each -> words(each.entrypoint()))
        .property(
            "command",
            Type.list(Type.TEXT),
            "les mots de CMD, ou rien",
            "the words of CMD, or nothing",
            each -> words(each.command()))
        .property(
            "hasHealthCheck",
            Type.BOOLEAN,
            "s'il y a un HEALTHCHECK autre que NONE",
            "whether there is a HEALTHCHECK other than NONE",
            each -> each.healthCheck().is(check -> !check.isNone()))
        .property(
            "ports",
            Type.list(Type.NUMBER),
            "les ports de EXPOSE",
            "the ports of EXPOSE",
            each ->
                Values.list(
                    each.exposedPorts().stream()
                        .map(port -> Values.of(port, exposed -> Values.count(exposed.first())))))
        .property(
            "instructions",
            Type.list(INSTRUCTION),
            "ses instructions après FROM",
            "its instructions after FROM",
            each -> Values.list(each.instructions().stream()))
        .property(
            "path",
            Type.TEXT,
            "le Dockerfile",
            "the Dockerfile",
            each -> each.span().file().path());
    new Table<>(INSTRUCTION, Instruction.class)
        .property(
            "name",
            Type.TEXT,
            "en majuscules : `COPY`, `RUN`…",
            "in upper case: `COPY`, `RUN`…",
            Instruction::name)
        .property(
            "text",
            Type.TEXT,
            "ce qui suit le mot et les options, avant expansion",
            "what follows the keyword and the flags, before expansion",
            each -> each.arguments().text())
        .property(
            "flags",
            Type.map(Type.TEXT),
            "les options : `--from`, sans les tirets",
            "the flags: `--from`, without the dashes",
            DockerfileMembers::flags)
        .linked(
            "stage",
            STAGE,
            "son étape, ou rien avant le premier FROM",
            "its stage, or nothing before the first FROM",
            (each, facts) -> facts.project().stageOf(each));
    new Table<>(COMMAND, ScriptCommand.class)
        .property(
            "name",
            Type.TEXT,
            "ce qui est lancé, sans chemin : `apt-get` ; vide si on ne peut le savoir",
            "what runs, without its path: `apt-get`; empty where it cannot be known",
            each ->
                each.command().name().isEmpty() ? Unknown.VALUE : (Object) each.command().name())
        .property(
            "arguments",
            Type.list(Type.TEXT),
            "ses arguments, options comprises",
            "its arguments, options included",
            each -> arguments(each.command()))
        .property(
            "text",
            Type.TEXT,
            "la commande comme écrite",
            "the command as written",
            each -> each.command().span().text())
        .property(
            "isPiped",
            Type.BOOLEAN,
            "si elle est dans un tube",
            "whether it is in a pipe",
            each -> each.command().isPiped())
        .property(
            "instruction",
            Type.TEXT,
            "`RUN`, `CMD`, `ENTRYPOINT` ou `HEALTHCHECK`",
            "`RUN`, `CMD`, `ENTRYPOINT` or `HEALTHCHECK`",
            each -> each.script().instruction().name())
        .property("stage", STAGE, "son étape", "its stage", each -> each.script().stage())
        .method(
            "has",
            "option",
            Type.BOOLEAN,
            "si elle a cette option : `command.has('--no-cache')`",
            "whether it has this option: `command.has('--no-cache')`",
            (each, option) -> has(each.command(), option));
  }

  private static @Nullable Object rootImage(Stage stage) {
    Stage root = stage.lineage().get(0);
    if (root.isScratch()) {
      return null;
    }
    String value = stage.rootImage().value();
    return value != null
        ? Values.image(value)
        : root.from().image() == null
            ? Unknown.VALUE
            : Values.image(root.from().image().toString());
  }

  private static Entries settings(Map<String, Setting<String>> map) {
    Map<String, @Nullable Object> texts = new LinkedHashMap<>();
    map.forEach((name, setting) -> texts.put(name, Values.of(setting)));
    return Entries.of(texts, false);
  }

  private static @Nullable Object words(Setting<CommandLine> setting) {
    return Values.of(
        setting,
        line -> line.isExec() ? Values.list(line.strings().stream()) : List.of(line.text().text()));
  }

  private static Object isFinal(Stage stage, Facts facts) {
    Dockerfile dockerfile = facts.project().dockerfile(stage.span().file().path());
    return dockerfile != null && dockerfile.finalStage() == stage;
  }

  private static Entries flags(Instruction instruction) {
    Map<String, Object> flags = new LinkedHashMap<>();
    for (Flag flag : instruction.flags()) {
      flags.put(flag.name(), Values.text(flag.text()));
    }
    return Entries.of(flags, false);
  }

  private static List<Object> arguments(Command command) {
    return Values.list(
        command.arguments().stream()
            .map(
                each ->
                    each.text() != null
                        ? each.text()
                        : each.mayBeSeveral() ? (Object) Unknown.MORE : Unknown.VALUE));
  }

  private static Object has(Command command, String option) {
    if (command.has(option)) {
      return true;
    }
    return command.arguments().stream().allMatch(Argument::isKnown)
        ? (Object) false
        : Unknown.VALUE;
  }
}
