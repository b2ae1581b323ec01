package fr.gouv.social.fabrique.dockerfile;

import fr.gouv.social.fabrique.image.ImageConfig;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.Span;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A stage of a build: a {@code FROM} and what follows it. What is in force in it comes from its own
 * instructions, else from the stage that it is built upon, else from its base image where somebody
 * knows that; where nobody does, a setting that nobody wrote is absent. Values are those of a build
 * without arguments.
 */
public final class Stage implements Located {
  private static final String DEFAULT_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  private static final int LONGEST_FOLDER = 4096;

  /** More triggers than these are not followed. */
  private static final int MOST_TRIGGERS = 100;

  private static final List<String> DEFAULT_SHELL = List.of("/bin/sh", "-c");

  private final List<Stage> all;
  private final int index;
  private final Instruction.From from;
  private final List<Instruction> instructions;
  private final char escape;
  private final Setting<String> baseImage;
  private final @Nullable Stage base;
  private final @Nullable ImageConfig brought;
  private final @Nullable String name;
  private final Scope scope;
  private Setting<String> user;
  private Setting<String> workdir;
  private final TreeMap<Integer, Setting<String>> workdirs = new TreeMap<>();
  private Setting<List<String>> shell;
  private final TreeMap<Integer, Setting<List<String>>> shells = new TreeMap<>();
  private Setting<CommandLine> entrypoint;
  private Setting<CommandLine> command;
  private Setting<Instruction.HealthCheck> healthCheck;

  /**
   * Where a {@code COPY --from} or a mount takes files from.
   *
   * @param instruction the {@code COPY} or {@code RUN}, or the {@code ONBUILD} that holds it
   * @param word the name as written
   * @param stage the stage that it means; null when it is an image or a named context
   */
  public record Source(Instruction instruction, Word word, @Nullable Stage stage)
      implements Located {
    @Override
    public Span span() {
      return word.span();
    }
  }

  Stage(
      List<Stage> all,
      Instruction.From from,
      List<Instruction> instructions,
      Scope global,
      char escape,
      Function<String, @Nullable ImageConfig> bases) {
    this.all = all;
    this.index = all.size();
    this.from = from;
    this.instructions = instructions;
    this.escape = escape;
    this.name = from.stageName();
    this.baseImage = baseImage(from, global, escape);
    this.base = baseImage.value() == null ? null : baseStage(all, baseImage.value());
    String imageName = baseImage.value();
    this.brought = base != null || imageName == null || isScratch() ? null : bases.apply(imageName);
    boolean complete = base != null ? base.scope.isComplete() : isScratch() || brought != null;
    this.scope = Scope.growing(base == null ? null : base.scope, complete);
    int start = from.span().start();
    if (base == null) {
      Setting<String> path =
          isScratch() ? Setting.byDefault(DEFAULT_PATH, from) : Setting.unknown(from);
      scope.set("PATH", start, path);
    }
    Located nowhere = from.image() == null ? from : from.image();
    if (base != null) {
      user = inherited(base.user, nowhere);
      workdir = inherited(base.workdir, nowhere);
      shell = inherited(base.shell, nowhere);
      entrypoint = inherited(base.entrypoint, nowhere);
      command = inherited(base.command, nowhere);
      healthCheck = inherited(base.healthCheck, nowhere);
    } else {
      user = isScratch() ? Setting.byDefault("root", nowhere) : Setting.absent(nowhere);
      workdir = isScratch() ? Setting.byDefault("/", nowhere) : Setting.absent(nowhere);
      shell = Setting.byDefault(DEFAULT_SHELL, nowhere);
      entrypoint = Setting.absent(nowhere);
      command = Setting.absent(nowhere);
      healthCheck = Setting.absent(nowhere);
    }
    ImageConfig image = brought;
    if (image != null) {
      user = fromImage("root".equals(image.userName()) ? "root" : image.user(), "USER");
      if (!image.workdir().isEmpty()) {
        workdir = fromImage(image.workdir(), "WORKDIR");
      }
      // Commands are views of a Dockerfile's text, which an image does not have.
      if (!image.entrypoint().isEmpty()) {
        entrypoint = Setting.unknown(new Brought(nowhere.span(), label("ENTRYPOINT")));
      }
      if (!image.command().isEmpty()) {
        command = Setting.unknown(new Brought(nowhere.span(), label("CMD")));
      }
      if (image.hasHealthCheck()) {
        healthCheck = Setting.unknown(new Brought(nowhere.span(), label("HEALTHCHECK")));
      }
      image
          .environment()
          .forEach((name, value) -> scope.set(name, start, fromImage(value, "ENV " + name)));
    }
    workdirs.put(start, workdir);
    shells.put(start, shell);
    boolean ownCommand = false;
    for (Instruction instruction : effective()) {
      int position = instruction.span().start();
      apply(instruction, position > start ? position : -1, global);
      ownCommand |= instruction instanceof Instruction.Cmd;
      if (instruction instanceof Instruction.Entrypoint && !ownCommand) {
        command = Setting.absent(nowhere);
      }
    }
  }

  /** A place at which a base image brings something that nobody wrote there. */
  private record Brought(Span span, String label) implements Located {}

  private String label(String setting) {
    return baseImage.value() + " › " + setting;
  }

  private Setting<String> fromImage(String value, String setting) {
    Located image = from.image() == null ? from : from.image();
    return Setting.explicit(value, new Brought(image.span(), label(setting))).inherited();
  }

  /** What its base image sets; null where that is a stage, nothing, or not known. */
  public @Nullable ImageConfig brought() {
    return brought;
  }

  /**
   * Carries out one instruction.
   *
   * @param position its place when it is one of this stage's own, -1 for a trigger
   */
  private void apply(Instruction instruction, int position, Scope global) {
    int start = from.span().start();
    if (instruction instanceof Instruction.Env env) {
      set(env, position < 0 ? start : position);
    } else if (instruction instanceof Instruction.Arg arg) {
      declare(arg, scope, global, escape, position < 0 ? start : -1);
    } else if (instruction instanceof Instruction.User set && set.user() != null) {
      user = expanded(set.user());
    } else if (instruction instanceof Instruction.Workdir set && set.path() != null) {
      workdir = join(workdir, expanded(set.path()));
      workdirs.put(position < 0 ? start : position, workdir);
    } else if (instruction instanceof Instruction.Shell set
        && set.command().isExec()
        && !set.command().isEmpty()) {
      shell = Setting.explicit(set.command().strings(), set);
      shells.put(position < 0 ? start : position, shell);
    } else if (instruction instanceof Instruction.Entrypoint set) {
      entrypoint = Setting.explicit(set.command(), set);
    } else if (instruction instanceof Instruction.Cmd set) {
      command = Setting.explicit(set.command(), set);
    } else if (instruction instanceof Instruction.HealthCheck set) {
      healthCheck = Setting.explicit(set, set);
    }
  }

  /** What nobody wrote in the base is missing here too, at this stage's own place. */
  private static <T> Setting<T> inherited(Setting<T> setting, Located nowhere) {
    return setting.origin() == Setting.Origin.DEFAULT
        ? new Setting<>(setting.value(), Setting.Origin.DEFAULT, nowhere)
        : setting.inherited();
  }

  /** A word with the variables as they are now. */
  private Setting<String> expanded(Word word) {
    String text = Expansion.of(word.toString(), escape, scope).text();
    return text == null ? Setting.unknown(word) : Setting.explicit(text, word);
  }

  private static Setting<String> baseImage(Instruction.From from, Scope global, char escape) {
    Word image = from.image();
    if (image == null) {
      return Setting.unknown(from);
    }
    Expansion expansion = Expansion.of(image.toString(), escape, global);
    if (expansion.text() == null) {
      return Setting.unknown(image);
    }
    return expansion.references().isEmpty()
        ? Setting.explicit(expansion.text(), image)
        : Setting.byDefault(expansion.text(), image);
  }

  /** FROM compares as written with names in lower case: {@code FROM Build} is no stage. */
  private static @Nullable Stage baseStage(List<Stage> before, String name) {
    for (int i = before.size() - 1; i >= 0; i--) {
      if (name.equals(before.get(i).name())) {
        return before.get(i);
      }
    }
    return null;
  }

  static @Nullable Stage named(List<Stage> stages, String name) {
    return baseStage(stages, Dockerfile.lower(name));
  }

  private void set(Instruction.Env env, int position) {
    Map<String, Setting<String>> values = new LinkedHashMap<>();
    for (Assignment assignment : env.assignments()) {
      String name = Expansion.of(assignment.name(), escape, scope).text();
      if (name != null) {
        values.put(name, value(assignment, scope, escape));
      }
    }
    values.forEach((name, value) -> scope.set(name, position, value));
  }

  private static Setting<String> value(Assignment assignment, Scope scope, char escape) {
    Word word = assignment.value();
    String text = word == null ? null : Expansion.of(word.toString(), escape, scope).text();
    return text == null ? Setting.unknown(assignment) : Setting.explicit(text, assignment);
  }

  static void declare(Instruction.Arg arg, Scope scope, @Nullable Scope global, char escape) {
    declare(arg, scope, global, escape, -1);
  }

  /** Each variable is declared at the place of its own name: the next one may use it. */
  private static void declare(
      Instruction.Arg arg, Scope scope, @Nullable Scope global, char escape, int position) {
    for (Assignment assignment : arg.assignments()) {
      int at = position >= 0 ? position : assignment.key().span().start();
      if (assignment.value() != null) {
        Setting<String> value = value(assignment, scope, escape);
        scope.set(
            assignment.name(),
            at,
            value.value() == null ? value : Setting.byDefault(value.value(), assignment));
        continue;
      }
      Setting<String> inherited = global == null ? null : global.get(assignment.name());
      if (inherited != null && (inherited.isUnknown() || inherited.value() != null)) {
        scope.set(assignment.name(), at, inherited);
      } else if (scope.get(assignment.name()) == null) {
        scope.set(assignment.name(), at, Setting.absent(assignment));
      }
    }
  }

  /** Its place among the stages, from 0. */
  public int index() {
    return index;
  }

  /** The instruction that opens it. */
  public Instruction.From from() {
    return from;
  }

  /** Its name in lower case, null when it has none. */
  public @Nullable String name() {
    return name;
  }

  /** Its instructions after {@code FROM}. */
  public List<Instruction> instructions() {
    return instructions;
  }

  /** Its instructions of one kind. */
  public <I extends Instruction> List<I> instructions(Class<I> kind) {
    return instructions.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** What is carried out in it: the triggers of the stage that it is built upon, then its own. */
  public List<Instruction> effective() {
    if (base == null) {
      return instructions;
    }
    List<Instruction> effective = new ArrayList<>();
    for (Instruction.OnBuild onBuild : base.instructions(Instruction.OnBuild.class)) {
      Instruction trigger = onBuild.trigger();
      if (trigger != null && effective.size() < MOST_TRIGGERS) {
        effective.add(trigger);
      }
    }
    effective.addAll(instructions);
    return effective;
  }

  /** The earlier stage that it is built upon, null when its base is an image. */
  public @Nullable Stage base() {
    return base;
  }

  /** The stages from the one upon an image up to this one. */
  public List<Stage> lineage() {
    List<Stage> lineage = new ArrayList<>();
    for (Stage stage = this; stage != null; stage = stage.base) {
      lineage.add(stage);
    }
    Collections.reverse(lineage);
    return lineage;
  }

  /**
   * What {@code FROM} names after expansion, be it an image or a stage: explicit without variables,
   * a default where the {@code ARG}s' defaults decide, unknown where one has none.
   */
  public Setting<String> baseImage() {
    return baseImage;
  }

  /** The image at the bottom: that of the first stage it is built upon, inherited if so. */
  public Setting<String> rootImage() {
    Stage root = lineage().get(0);
    return root == this ? baseImage : root.baseImage.inherited();
  }

  /** Whether it is built upon nothing. */
  public boolean isScratch() {
    return "scratch".equals(baseImage.value());
  }

  /** The variables at its end. */
  public Scope scope() {
    return scope;
  }

  /**
   * The variables that an instruction sees.
   *
   * @param place an instruction, or one assignment of an {@code ARG}, which sees those before it
   */
  public Scope scopeBefore(Located place) {
    return scope.before(place.span().start());
  }

  /** A word of one of its instructions after expansion. */
  public Expansion expand(Word word, Instruction instruction) {
    return Expansion.of(word.toString(), escape, scopeBefore(instruction));
  }

  private Setting<String> setting(Word word, Stage stage, Instruction instruction) {
    String text = stage.expand(word, instruction).text();
    if (text == null) {
      return Setting.unknown(word);
    }
    Setting<String> setting = Setting.explicit(text, word);
    return stage == this ? setting : setting.inherited();
  }

  /**
   * The user of {@code USER}, else that of a base image that is known; {@code root} upon nothing,
   * absent when a base image decides that nobody knows.
   */
  public Setting<String> effectiveUser() {
    return user;
  }

  /** The folder of {@code WORKDIR}s put together; absent when the base image decides. */
  public Setting<String> effectiveWorkdir() {
    return workdir;
  }

  /** The folder in which an instruction of this stage runs; absent when the base image decides. */
  public Setting<String> workdirBefore(Instruction instruction) {
    return before(workdirs, instruction);
  }

  private static <T> T before(TreeMap<Integer, T> history, Instruction instruction) {
    Map.Entry<Integer, T> before = history.lowerEntry(instruction.span().start());
    return before == null ? history.firstEntry().getValue() : before.getValue();
  }

  private static Setting<String> join(Setting<String> folder, Setting<String> set) {
    String path = set.value();
    if (path == null || (Paths.isAbsolute(path) && !path.startsWith("/"))) {
      return set;
    }
    if (path.startsWith("/")) {
      return Setting.explicit(Paths.clean(path), set.at());
    }
    // A folder that grows without end is not followed.
    return folder.value() == null || folder.value().length() > LONGEST_FOLDER
        ? Setting.unknown(set.at())
        : Setting.explicit(Paths.clean(folder.value() + "/" + path), set.at());
  }

  /** The shell of the shell form: that of {@code SHELL}, else {@code /bin/sh -c}. */
  public Setting<List<String>> effectiveShell() {
    return shell;
  }

  /** The shell that an instruction of this stage uses. */
  public Setting<List<String>> shellFor(Instruction instruction) {
    return before(shells, instruction);
  }

  /** The command of {@code ENTRYPOINT}, absent when none of its stages sets one. */
  public Setting<CommandLine> entrypoint() {
    return entrypoint;
  }

  /**
   * The command of {@code CMD}, absent when none of its stages sets one. An {@code ENTRYPOINT}
   * drops the command that its stage inherited (dispatchEntrypoint of dockerfile2llb/convert.go).
   */
  public Setting<CommandLine> command() {
    return command;
  }

  /** The {@code HEALTHCHECK}, {@code NONE} too; absent when none of its stages sets one. */
  public Setting<Instruction.HealthCheck> healthCheck() {
    return healthCheck;
  }

  /** The ports of {@code EXPOSE}, in the order of the file; unknown where a variable decides. */
  public List<Setting<ExposedPort>> exposedPorts() {
    List<Setting<ExposedPort>> ports = new ArrayList<>();
    for (Stage stage : lineage()) {
      for (Instruction instruction : stage.effective()) {
        if (instruction instanceof Instruction.Expose expose) {
          for (Word word : expose.ports()) {
            stage
                .ports(expose, word)
                .forEach(port -> ports.add(stage == this ? port : port.inherited()));
          }
        }
      }
    }
    return ports;
  }

  /** The ports of one word of an {@code EXPOSE}: none for one that BuildKit refuses. */
  public List<Setting<ExposedPort>> ports(Instruction.Expose expose, Word word) {
    List<String> texts = Expansion.split(word.toString(), escape, scopeBefore(expose));
    if (texts == null) {
      return List.of(Setting.unknown(word));
    }
    List<Setting<ExposedPort>> ports = new ArrayList<>();
    for (String text : texts) {
      ExposedPort port = ExposedPort.parse(text);
      if (port != null) {
        ports.add(Setting.explicit(port, word));
      }
    }
    return ports;
  }

  /** The labels by name; one whose name is not known is left out. */
  public Map<String, Setting<String>> labels() {
    Map<String, Setting<String>> labels = new LinkedHashMap<>();
    for (Stage stage : lineage()) {
      for (Instruction instruction : stage.effective()) {
        if (instruction instanceof Instruction.Label label) {
          for (Assignment assignment : label.assignments()) {
            String name = stage.expand(assignment.key(), label).text();
            Word value = assignment.value();
            if (name != null && value != null) {
              labels.put(name, setting(value, stage, label));
            }
          }
        }
      }
    }
    return labels;
  }

  /** Where it copies and mounts from other than the build context, triggers included. */
  public List<Source> sources() {
    List<Source> sources = new ArrayList<>();
    for (Instruction instruction : effective()) {
      if (instruction instanceof Instruction.Copy copy && copy.from() != null) {
        sources.add(source(instruction, copy.from(), true));
      } else if (instruction instanceof Instruction.Run run) {
        for (RunMount mount : run.mounts()) {
          Word mounted = mount.from();
          if (mounted != null) {
            sources.add(source(instruction, mounted, false));
          }
        }
      }
    }
    return sources;
  }

  /** A stage by its name, for COPY by its number too; of two with one name, the last. */
  private Source source(Instruction instruction, Word word, boolean byNumber) {
    String name = word.toString();
    Stage found = named(all, name);
    if (byNumber && name.matches("[+-]?[0-9]{1,9}")) {
      int number = Integer.parseInt(name);
      found = number >= 0 && number < all.size() ? all.get(number) : null;
    }
    return new Source(instruction, word, found);
  }

  /** From {@code FROM} to the end of its last instruction. */
  @Override
  public Span span() {
    return instructions.isEmpty()
        ? from.span()
        : from.span().to(instructions.get(instructions.size() - 1).span());
  }

  @Override
  public String label() {
    String name = name();
    return name == null ? "stage " + index : name;
  }

  @Override
  public String toString() {
    return label();
  }
}
