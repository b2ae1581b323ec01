package fr.gouv.social.fabrique.shell;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Span;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One program or builtin that a script runs, with what surrounds it. {@link ShellScript#commands}
 * gives all of them.
 *
 * <pre>{@code
 * List<Command> commands = script.commands(stage.variables(), Interpreter.DEFAULT);
 * for (Command command : commands) {
 *   if (command.is("wget") && !command.has("-q", "--quiet", "-nv", "--progress")) {
 *     context.report(command.head(), "noisy");
 *   }
 *   if (command.is("useradd")) {
 *     Options options = command.options("-u", "--uid", "-g", "--gid", "-d", "-s");
 *     Argument uid = options.value("-u", "--uid");   // -u 1000, -u1000, -ru1000, --uid=1000
 *     Argument user = options.operands().get(0);
 *   }
 *   PackageCommand packages = PackageCommand.of(command);
 *   if (packages != null && packages.action() == Action.UPDATE) {
 *     boolean used = commands.subList(command.position() + 1, commands.size()).stream()
 *         .map(PackageCommand::of).anyMatch(later -> later != null && later.action() == Action.INSTALL);
 *   }
 * }
 * }</pre>
 *
 * <p>{@code sudo apt-get update} is two commands: {@code sudo}, with three words, and {@code
 * apt-get}, whose {@link #carrier} is the first one.
 */
public final class Command implements Located {

  /** What a command may stand in, at any distance. */
  public enum Context {
    /** The condition of an {@code if}, {@code while} or {@code until}, or after {@code !}. */
    CONDITION,
    /** Runs only in some cases: a branch, after {@code ||}, after a test and {@code &&}. */
    CONDITIONAL,
    LOOP,
    /** The body of a function, or what {@code trap} keeps for later. */
    FUNCTION,
    SUBSHELL,
    /** {@code $(…)}, backquotes or {@code <(…)}. */
    SUBSTITUTION,
    /** A script within the script: {@code sh -c '…'}, {@code eval}, {@code bash <<EOF}. */
    SCRIPT,
    BACKGROUND
  }

  /** Where a command stands. */
  record Surroundings(
      Set<Context> contexts,
      @Nullable Command carrier,
      Syntax.@Nullable Pipeline pipeline,
      int pipelineIndex,
      Syntax.@Nullable AndOr chain,
      int chainIndex,
      int depth) {}

  private final Syntax.SimpleCommand syntax;
  private final List<Argument> words;
  private final String name;
  private final Surroundings surroundings;
  private final boolean errexit;
  private final boolean pipefail;
  private final Scope.@Nullable Exported exported;
  private int position;

  Command(
      Syntax.SimpleCommand syntax,
      List<Argument> words,
      Surroundings surroundings,
      Scope scope,
      Scope.@Nullable Exported exported) {
    this.syntax = syntax;
    this.words = List.copyOf(words);
    String head = this.words.get(0).text();
    this.name = head == null ? "" : head.substring(head.lastIndexOf('/') + 1);
    this.surroundings = surroundings;
    this.errexit = scope.errexit;
    this.pipefail = scope.pipefail;
    this.exported = exported;
  }

  void place(int position) {
    this.position = position;
  }

  /** The base name of what runs, such as {@code apt-get}; empty when it cannot be known. */
  public String name() {
    return name;
  }

  /** Whether it has one of these base names. */
  public boolean is(String... names) {
    for (String each : names) {
      if (each.equals(name)) {
        return true;
      }
    }
    return false;
  }

  /** The word that names the command. */
  public Argument head() {
    return words.get(0);
  }

  /** What it is given, options and operands alike. */
  public List<Argument> arguments() {
    return words.subList(1, words.size());
  }

  /** From the first to the last of its words, without what carries it. */
  @Override
  public Span span() {
    Span first = head().word().span();
    Span last = words.get(words.size() - 1).word().span();
    return first.file() == last.file() && last.end() >= first.start() ? first.to(last) : first;
  }

  /** The simple command of the script that it is, or that it is a part of. */
  public Syntax.SimpleCommand syntax() {
    return syntax;
  }

  /** Its place in the list of all commands, from 0. */
  public int position() {
    return position;
  }

  /**
   * The command that runs this one, as {@code sudo} or {@code sh -c} do, or whose words hold it.
   */
  public @Nullable Command carrier() {
    return surroundings.carrier;
  }

  /** What it stands in, at any distance. */
  public Set<Context> contexts() {
    return surroundings.contexts;
  }

  /** Whether it stands in such a context, at any distance. */
  public boolean isIn(Context context) {
    return surroundings.contexts.contains(context);
  }

  /** The pipeline of which it is an element itself, null without one. */
  public Syntax.@Nullable Pipeline pipeline() {
    return surroundings.pipeline;
  }

  /** Its place in {@link #pipeline}, from 0. */
  public int pipelineIndex() {
    return surroundings.pipelineIndex;
  }

  /** Whether its output goes into another command, so that its failure goes unseen. */
  public boolean isPiped() {
    Syntax.Pipeline pipeline = surroundings.pipeline;
    return pipeline != null && surroundings.pipelineIndex + 1 < pipeline.commands().size();
  }

  /** The list with {@code &&} and {@code ||} of which it is an element itself, null without one. */
  public Syntax.@Nullable AndOr chain() {
    return surroundings.chain;
  }

  /** Whether both are elements of the same list with {@code &&} and {@code ||}. */
  public boolean isChainedWith(Command other) {
    return surroundings.chain != null && surroundings.chain == other.surroundings.chain;
  }

  /** The operator before it in its chain; null for the first one and without a chain. */
  public Syntax.@Nullable Operator operatorBefore() {
    Syntax.AndOr chain = surroundings.chain;
    int index = surroundings.chainIndex;
    return chain == null || index == 0 ? null : chain.operators().get(index - 1);
  }

  /** The operator after it in its chain; null for the last one and without a chain. */
  public Syntax.@Nullable Operator operatorAfter() {
    Syntax.AndOr chain = surroundings.chain;
    int index = surroundings.chainIndex;
    return chain == null || index == chain.operators().size() ? null : chain.operators().get(index);
  }

  /** Whether {@code set -e} is in force. */
  public boolean errexit() {
    return errexit;
  }

  /** Whether {@code set -o pipefail} is in force. */
  public boolean pipefail() {
    return pipefail;
  }

  /** Whether the script itself gives it this variable, by {@code X=y command}, env or export. */
  public boolean hasVariable(String name) {
    return find(name) != null;
  }

  /**
   * The value that the script itself gives to a variable in its environment; null when it gives
   * none, and when the value cannot be known ({@link #hasVariable} tells).
   */
  public @Nullable String variable(String name) {
    Scope.Exported found = find(name);
    return found == null ? null : found.value();
  }

  private Scope.@Nullable Exported find(String name) {
    for (Scope.Exported each = exported; each != null; each = each.next()) {
      if (each.name().equals(name)) {
        return each;
      }
    }
    return null;
  }

  Scope.@Nullable Exported exported() {
    return exported;
  }

  /** The first of these options that is given, null without any: see {@link #options}. */
  public @Nullable Argument flag(String... names) {
    return options().find(names);
  }

  /** Whether one of these options is given: see {@link #options}. */
  public boolean has(String... names) {
    return flag(names) != null;
  }

  /**
   * Options and operands told apart. {@code --name}, {@code --name=value}, {@code -x}, and {@code
   * -xyz} for {@code -x -y -z}; nothing after {@code --} is an option. A whole word such as {@code
   * -nv} also counts as an option of that name.
   *
   * @param valued the options that take a value, in the same word or the next one
   */
  public Options options(String... valued) {
    return options(Set.of(valued));
  }

  /** As {@link #options(String...)}. */
  public Options options(Set<String> valued) {
    return Options.of(arguments(), 0, valued);
  }

  /**
   * An option that is given.
   *
   * @param name with its dashes
   * @param value its shape as in {@link Argument#shape}; null without one
   * @param at the word that holds the option
   * @param separate the word that holds its value when that is another one, else null
   */
  public record Option(
      String name, @Nullable String value, Argument at, @Nullable Argument separate)
      implements Located {
    @Override
    public Span span() {
      return at.span();
    }
  }

  /** The options of a command in their order, and what is left. */
  public record Options(List<Option> all, List<Argument> operands) {

    static Options of(List<Argument> arguments, int from, Set<String> valued) {
      List<Option> options = new ArrayList<>();
      List<Argument> operands = new ArrayList<>();
      for (int i = from; i < arguments.size(); i++) {
        Argument argument = arguments.get(i);
        String shape = argument.shape();
        if (shape.equals("--")) {
          operands.addAll(arguments.subList(i + 1, arguments.size()));
          break;
        }
        if (shape.length() < 2 || shape.charAt(0) != '-') {
          operands.add(argument);
          continue;
        }
        int equals = shape.indexOf('=');
        String whole = equals < 0 ? shape : shape.substring(0, equals);
        Argument next = i + 1 < arguments.size() ? arguments.get(i + 1) : null;
        boolean isLong = shape.startsWith("--");
        if (isLong || valued.contains(whole) || equals == 2) {
          boolean apart = equals < 0 && valued.contains(whole) && next != null;
          String value = equals >= 0 ? shape.substring(equals + 1) : null;
          options.add(
              new Option(
                  whole,
                  apart && next != null ? next.shape() : value,
                  argument,
                  apart ? next : null));
          i += apart ? 1 : 0;
          continue;
        }
        options.add(
            new Option(whole, equals < 0 ? null : shape.substring(equals + 1), argument, null));
        for (int letter = 1; letter < shape.length() && shape.length() > 2; letter++) {
          String name = "-" + shape.charAt(letter);
          if (!valued.contains(name)) {
            options.add(new Option(name, null, argument, null));
            continue;
          }
          boolean apart = letter + 1 == shape.length() && next != null;
          String value = letter + 1 < shape.length() ? shape.substring(letter + 1) : null;
          options.add(
              new Option(
                  name,
                  apart && next != null ? next.shape() : value,
                  argument,
                  apart ? next : null));
          i += apart ? 1 : 0;
          break;
        }
      }
      return new Options(options, operands);
    }

    /** The word that holds the first of these options, null without any. */
    public @Nullable Argument find(String... names) {
      Option option = option(names);
      return option == null ? null : option.at;
    }

    /** Whether one of these options is given. */
    public boolean has(String... names) {
      return option(names) != null;
    }

    /** The value of the last of these options, as a shape; null without any. */
    public @Nullable String value(String... names) {
      String value = null;
      for (Option option : all) {
        if (option.value != null && Arrays.asList(names).contains(option.name)) {
          value = option.value;
        }
      }
      return value;
    }

    /** The first of these options, null without any. */
    public @Nullable Option option(String... names) {
      for (Option option : all) {
        if (Arrays.asList(names).contains(option.name)) {
          return option;
        }
      }
      return null;
    }
  }

  @Override
  public String toString() {
    return String.join(" ", words.stream().map(Argument::shape).toList());
  }
}
