package fr.gouv.social.fabrique.dockerfile;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.Span;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A stage of a build: a {@code FROM} and what follows it. What is in force in it comes from its own
 * instructions, else from the stage that it is built upon; what its base image brings is not known
 * here, so that a setting nobody wrote is absent. Values are those of a build without arguments.
 */
public final class Stage implements Located {
  private static final String DEFAULT_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  private static final List<String> DEFAULT_SHELL = List.of("/bin/sh", "-c");

  private final List<Stage> all;
  private final int index;
  private final Instruction.From from;
  private final List<Instruction> instructions;
  private final char escape;
  private final Setting<String> baseImage;
  private final @Nullable Stage base;
  private final Scope scope;

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
      char escape) {
    this.all = all;
    this.index = all.size();
    this.from = from;
    this.instructions = instructions;
    this.escape = escape;
    this.baseImage = baseImage(from, global, escape);
    this.base = baseImage.value() == null ? null : baseStage(all, baseImage.value());
    boolean complete = base != null ? base.scope.isComplete() : isScratch();
    this.scope = Scope.growing(base == null ? null : base.scope, complete);
    int start = from.span().start();
    if (base == null) {
      Setting<String> path =
          isScratch() ? Setting.byDefault(DEFAULT_PATH, from) : Setting.unknown(from);
      scope.set("PATH", start, path);
    }
    for (Instruction instruction : effective()) {
      int position = Math.max(start, instruction.span().start());
      boolean own = position == instruction.span().start() && position > start;
      if (instruction instanceof Instruction.Env env) {
        set(env, own ? position : start);
      } else if (instruction instanceof Instruction.Arg arg) {
        declare(arg, scope, global, escape, own ? -1 : start);
      }
    }
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
    return from.stageName();
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
      if (trigger != null) {
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

  private <T> Setting<T> from(Stage stage, T value, Located at) {
    Setting<T> setting = Setting.explicit(value, at);
    return stage == this ? setting : setting.inherited();
  }

  /** What to point at when a setting is nowhere written. */
  private Located nowhere() {
    Word image = from.image();
    return image == null ? from : image;
  }

  /** The user of {@code USER}; {@code root} upon nothing, absent when the base image decides. */
  public Setting<String> effectiveUser() {
    Setting<String> user =
        lineage().get(0).isScratch()
            ? Setting.byDefault("root", nowhere())
            : Setting.absent(nowhere());
    for (Stage stage : lineage()) {
      for (Instruction instruction : stage.effective()) {
        if (instruction instanceof Instruction.User set && set.user() != null) {
          user = setting(set.user(), stage, set);
        }
      }
    }
    return user;
  }

  /** The folder of {@code WORKDIR}s put together; absent when the base image decides. */
  public Setting<String> effectiveWorkdir() {
    Setting<String> folder =
        lineage().get(0).isScratch()
            ? Setting.byDefault("/", nowhere())
            : Setting.absent(nowhere());
    for (Stage stage : lineage()) {
      for (Instruction instruction : stage.effective()) {
        if (instruction instanceof Instruction.Workdir set && set.path() != null) {
          Setting<String> path = setting(set.path(), stage, set);
          folder = path.value() == null ? path : join(folder, path.value(), path);
        }
      }
    }
    return folder;
  }

  private static Setting<String> join(Setting<String> folder, String path, Setting<String> set) {
    if (path.startsWith("/")) {
      return new Setting<>(Paths.clean(path), set.origin(), set.at());
    }
    if (Paths.isAbsolute(path)) {
      return set;
    }
    return folder.value() == null
        ? Setting.unknown(set.at())
        : new Setting<>(Paths.clean(folder.value() + "/" + path), set.origin(), set.at());
  }

  /** The shell of the shell form: that of {@code SHELL}, else {@code /bin/sh -c}. */
  public Setting<List<String>> effectiveShell() {
    return effectiveShell(Integer.MAX_VALUE);
  }

  /** The shell that an instruction of this stage uses. */
  public Setting<List<String>> shellFor(Instruction instruction) {
    return effectiveShell(instruction.span().start());
  }

  private Setting<List<String>> effectiveShell(int before) {
    Setting<List<String>> shell = Setting.byDefault(DEFAULT_SHELL, nowhere());
    for (Stage stage : lineage()) {
      for (Instruction instruction : stage.effective()) {
        if (instruction instanceof Instruction.Shell set
            && set.command().isExec()
            && !set.command().isEmpty()
            && set.span().start() < before) {
          shell = from(stage, set.command().strings(), set);
        }
      }
    }
    return shell;
  }

  /** The command of {@code ENTRYPOINT}, absent when none of its stages sets one. */
  public Setting<CommandLine> entrypoint() {
    Setting<CommandLine> entrypoint = Setting.absent(nowhere());
    for (Stage stage : lineage()) {
      for (Instruction instruction : stage.effective()) {
        if (instruction instanceof Instruction.Entrypoint set) {
          entrypoint = from(stage, set.command(), set);
        }
      }
    }
    return entrypoint;
  }

  /**
   * The command of {@code CMD}, absent when none of its stages sets one. An {@code ENTRYPOINT}
   * drops the command that its stage inherited (dispatchEntrypoint of dockerfile2llb/convert.go).
   */
  public Setting<CommandLine> command() {
    Setting<CommandLine> command = Setting.absent(nowhere());
    for (Stage stage : lineage()) {
      boolean own = false;
      for (Instruction instruction : stage.effective()) {
        if (instruction instanceof Instruction.Cmd set) {
          command = from(stage, set.command(), set);
          own = true;
        } else if (instruction instanceof Instruction.Entrypoint && !own) {
          command = Setting.absent(nowhere());
        }
      }
    }
    return command;
  }

  /** The {@code HEALTHCHECK}, {@code NONE} too; absent when none of its stages sets one. */
  public Setting<Instruction.HealthCheck> healthCheck() {
    Setting<Instruction.HealthCheck> check = Setting.absent(nowhere());
    for (Stage stage : lineage()) {
      for (Instruction instruction : stage.effective()) {
        if (instruction instanceof Instruction.HealthCheck set) {
          check = from(stage, set, set);
        }
      }
    }
    return check;
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
