package fr.gouv.social.fabrique.shell;

import static java.util.Map.entry;

import fr.gouv.social.fabrique.shell.Argument.Piece;
import fr.gouv.social.fabrique.shell.Command.Context;
import fr.gouv.social.fabrique.shell.Command.Surroundings;
import fr.gouv.social.fabrique.shell.Scope.Exported;
import fr.gouv.social.fabrique.shell.Scope.Value;
import fr.gouv.social.fabrique.shell.Syntax.Assignment;
import fr.gouv.social.fabrique.shell.Syntax.Operator;
import fr.gouv.social.fabrique.shell.Syntax.Redirection;
import fr.gouv.social.fabrique.shell.Syntax.SimpleCommand;
import fr.gouv.social.fabrique.shell.Syntax.Statement;
import fr.gouv.social.fabrique.shell.Word.Part;
import fr.gouv.social.fabrique.source.MappedText;
import fr.gouv.social.fabrique.source.Span;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Follows a script from top to bottom, as a shell would, and notes each command with what is known
 * of its words at that point.
 */
final class Interpretation {
  /** How many commands and scripts may carry one another: {@code sudo env sh -c 'eval …'}. */
  private static final int MAX_CARRIERS = 12;

  /** How much of the depth that a script may have each script around it takes away. */
  private static final int DEPTH_PER_CARRIER = Parser.MAX_DEPTH / MAX_CARRIERS;

  private static final Set<String> DECLARATIONS =
      Set.of("export", "declare", "local", "readonly", "typeset");

  /** POSIX, Shell Command Language, 2.14. */
  private static final Set<String> SPECIAL_BUILTINS =
      Set.of(
          ":",
          ".",
          "break",
          "continue",
          "eval",
          "exec",
          "exit",
          "export",
          "readonly",
          "return",
          "set",
          "shift",
          "times",
          "trap",
          "unset");

  /** Commands that are run to see whether they fail. */
  private static final Set<String> TESTS =
      Set.of("[", "test", "grep", "command", "which", "type", "id", "getent", "false", "hash");

  /**
   * A command whose arguments end in another command.
   *
   * @param valued its options that take a value
   * @param operands how many operands stand before the command
   */
  private record Carrier(Set<String> valued, int operands) {
    static Carrier of(int operands, String... valued) {
      return new Carrier(Set.of(valued), operands);
    }
  }

  private static final Map<String, Carrier> CARRIERS =
      Map.ofEntries(
          entry(
              "sudo",
              Carrier.of(
                  0,
                  "-u",
                  "--user",
                  "-g",
                  "--group",
                  "-h",
                  "--host",
                  "-p",
                  "--prompt",
                  "-C",
                  "--close-from",
                  "-r",
                  "--role",
                  "-t",
                  "--type",
                  "-T",
                  "-U",
                  "-D",
                  "--chdir",
                  "-R",
                  "--chroot")),
          entry("doas", Carrier.of(0, "-u", "-C")),
          entry("env", Carrier.of(0, "-u", "--unset", "-C", "--chdir")),
          entry("exec", Carrier.of(0, "-a")),
          entry("command", Carrier.of(0)),
          entry("builtin", Carrier.of(0)),
          entry("nice", Carrier.of(0, "-n", "--adjustment")),
          entry("ionice", Carrier.of(0, "-c", "-n", "--class", "--classdata")),
          entry("time", Carrier.of(0, "-f", "--format", "-o", "--output")),
          entry(
              "xargs",
              Carrier.of(
                  0,
                  "-I",
                  "-n",
                  "-P",
                  "-L",
                  "-s",
                  "-d",
                  "-E",
                  "-a",
                  "--max-args",
                  "--max-procs",
                  "--max-lines",
                  "--delimiter",
                  "--arg-file",
                  "--max-chars")),
          entry("nohup", Carrier.of(0)),
          entry("setsid", Carrier.of(0)),
          entry("timeout", Carrier.of(1, "-s", "--signal", "-k", "--kill-after")),
          entry("stdbuf", Carrier.of(0, "-i", "-o", "-e", "--input", "--output", "--error")),
          entry("chroot", Carrier.of(1)),
          entry("gosu", Carrier.of(1)),
          entry("su-exec", Carrier.of(1)),
          entry("setpriv", Carrier.of(0)),
          entry("fakeroot", Carrier.of(0)),
          entry("dumb-init", Carrier.of(0)),
          entry("tini", Carrier.of(0, "-p", "-e")),
          entry("catchsegv", Carrier.of(0)),
          entry("eatmydata", Carrier.of(0)),
          entry("unbuffer", Carrier.of(0)),
          entry("busybox", Carrier.of(0)),
          entry("flock", Carrier.of(1, "-w", "--timeout", "-E")),
          entry("taskset", Carrier.of(1)));

  private final Expander expander;
  private final List<Command> commands = new ArrayList<>();
  private final Set<String> changedByFunctions = new HashSet<>();

  Interpretation(Variables variables) {
    this.expander = new Expander(variables);
  }

  List<Command> commands(ShellScript script, Interpreter interpreter) {
    new Assigned(changedByFunctions, true).in(script.statements());
    Surroundings top = new Surroundings(Set.of(), null, null, 0, null, 0, 0);
    statements(script.statements(), Scope.outermost(interpreter), top);
    commands.sort(Comparator.comparingInt(command -> command.head().word().span().start()));
    for (int i = 0; i < commands.size(); i++) {
      commands.get(i).place(i);
    }
    return List.copyOf(commands);
  }

  // ---- the tree ----

  private void statements(List<Statement> statements, Scope scope, Surroundings around) {
    Surroundings plain =
        new Surroundings(around.contexts(), around.carrier(), null, 0, null, 0, around.depth());
    for (Statement statement : statements) {
      if (statement.background()) {
        run(statement.command(), scope.inner(), within(plain, Context.BACKGROUND));
      } else {
        run(statement.command(), scope, plain);
      }
    }
  }

  private void run(Syntax syntax, Scope scope, Surroundings around) {
    if (syntax instanceof SimpleCommand command) {
      simple(command, scope, around);
    } else if (syntax instanceof Syntax.Pipeline pipeline) {
      pipeline(pipeline, scope, around);
    } else if (syntax instanceof Syntax.AndOr chain) {
      chain(chain, scope, around);
    } else if (syntax instanceof Syntax.If choice) {
      choice(choice, scope, around);
    } else if (syntax instanceof Syntax.While loop) {
      Scope inner = loopScope(scope, loop.body());
      statements(loop.condition(), inner, within(around, Context.CONDITION));
      statements(loop.body(), inner, within(around, Context.LOOP));
      join(scope, List.of(inner), true, loop.span());
    } else if (syntax instanceof Syntax.For loop) {
      loop(loop, scope, around);
    } else if (syntax instanceof Syntax.ArithmeticFor loop) {
      substitutions(loop.header(), scope, around);
      Scope inner = loopScope(scope, loop.body());
      statements(loop.body(), inner, within(around, Context.LOOP));
      join(scope, List.of(inner), true, loop.span());
    } else if (syntax instanceof Syntax.Case choice) {
      cases(choice, scope, around);
    } else if (syntax instanceof Syntax.Function function) {
      Scope body = scope.inner();
      body.inFunction = true;
      statements(
          List.of(new Statement(function.body(), false, function.body().span())),
          body,
          within(around, Context.FUNCTION));
    } else if (syntax instanceof Syntax.Subshell subshell) {
      statements(subshell.body(), scope.inner(), within(around, Context.SUBSHELL));
    } else if (syntax instanceof Syntax.Group group) {
      statements(group.body(), scope, around);
    } else if (syntax instanceof Syntax.Arithmetic arithmetic) {
      substitutions(arithmetic.parts(), scope, around);
    } else if (syntax instanceof Syntax.Test test) {
      test.words().forEach(word -> substitutions(word.parts(), scope, around));
    } else if (syntax instanceof Syntax.Redirected redirected) {
      run(redirected.command(), scope, around);
      redirections(redirected.redirections(), scope, around);
    }
  }

  private void pipeline(Syntax.Pipeline pipeline, Scope scope, Surroundings around) {
    Surroundings inside = pipeline.negated() ? within(around, Context.CONDITION) : around;
    List<Syntax> members = pipeline.commands();
    for (int i = 0; i < members.size(); i++) {
      run(
          members.get(i),
          members.size() == 1 ? scope : scope.inner(),
          new Surroundings(
              inside.contexts(),
              inside.carrier(),
              members.size() == 1 ? null : pipeline,
              members.size() == 1 ? 0 : i,
              inside.chain(),
              inside.chainIndex(),
              inside.depth()));
    }
  }

  private void chain(Syntax.AndOr chain, Scope scope, Surroundings around) {
    Scope current = scope;
    Surroundings inside = around;
    for (int i = 0; i < chain.commands().size(); i++) {
      Surroundings here =
          new Surroundings(inside.contexts(), inside.carrier(), null, 0, chain, i, inside.depth());
      Operator before = i == 0 ? null : chain.operators().get(i - 1);
      if (before == Operator.OR) {
        Scope branch = current.inner();
        run(chain.commands().get(i), branch, within(here, Context.CONDITIONAL));
        if (!leaves(chain.commands().get(i))) {
          join(current, List.of(branch), true, chain.span());
        }
        continue;
      }
      if (before == Operator.AND && isTest(chain.commands().get(i - 1))) {
        inside = within(inside, Context.CONDITIONAL);
        here = within(here, Context.CONDITIONAL);
        current = current == scope ? scope.inner() : current;
      }
      run(chain.commands().get(i), current, here);
    }
    if (current != scope) {
      join(scope, List.of(current), true, chain.span());
    }
  }

  private void choice(Syntax.If choice, Scope scope, Surroundings around) {
    List<Scope> branches = new ArrayList<>();
    for (Syntax.Branch branch : choice.branches()) {
      statements(branch.condition(), scope, within(around, Context.CONDITION));
      branch(branch.body(), scope, around, branches);
    }
    if (!choice.otherwise().isEmpty()) {
      branch(choice.otherwise(), scope, around, branches);
    }
    join(scope, branches, choice.otherwise().isEmpty(), choice.span());
  }

  private void cases(Syntax.Case choice, Scope scope, Surroundings around) {
    substitutions(choice.subject().parts(), scope, around);
    List<Scope> branches = new ArrayList<>();
    boolean complete = false;
    for (Syntax.Arm arm : choice.arms()) {
      arm.patterns().forEach(pattern -> substitutions(pattern.parts(), scope, around));
      complete |= arm.patterns().stream().anyMatch(pattern -> "*".equals(pattern.plain()));
      branch(arm.body(), scope, around, branches);
    }
    join(scope, branches, !complete, choice.span());
  }

  /** Follows one branch; one that leaves the script has no part in what comes after. */
  private void branch(
      List<Statement> body, Scope scope, Surroundings around, List<Scope> branches) {
    Scope inner = scope.inner();
    statements(body, inner, within(around, Context.CONDITIONAL));
    if (body.isEmpty() || !leaves(body.get(body.size() - 1).command())) {
      branches.add(inner);
    }
  }

  private void loop(Syntax.For loop, Scope scope, Surroundings around) {
    List<List<Piece>> items = new ArrayList<>();
    if (loop.words() != null) {
      for (Word word : loop.words()) {
        substitutions(word.parts(), scope, around);
        for (Argument argument : expander.fields(word, scope, true)) {
          items.add(argument.pieces());
        }
      }
    }
    Value value = items.isEmpty() ? unknown(loop.span()) : Value.oneOf(items);
    Scope inner = loopScope(scope, loop.body());
    String name = loop.name().text();
    inner.set(name == null ? "" : name, value);
    statements(loop.body(), inner, within(around, Context.LOOP));
    join(scope, List.of(inner), true, loop.span());
  }

  /** The scope of a loop's body: an earlier round may have changed what the body assigns. */
  private static Scope loopScope(Scope scope, List<Statement> body) {
    Scope inner = scope.inner();
    Set<String> names = new LinkedHashSet<>();
    new Assigned(names, false).in(body);
    for (String name : names) {
      inner.set(name, unknown(body.get(0).span()));
    }
    return inner;
  }

  private void join(Scope scope, List<Scope> branches, boolean orNone, Span place) {
    scope.join(
        branches,
        orNone,
        name -> name.isEmpty() ? unknown(place) : expander.lookup(name, scope, place));
  }

  private static boolean leaves(Syntax syntax) {
    if (syntax instanceof Syntax.Group group && !group.body().isEmpty()) {
      return leaves(group.body().get(group.body().size() - 1).command());
    }
    if (syntax instanceof Syntax.AndOr chain) {
      return leaves(chain.commands().get(chain.commands().size() - 1));
    }
    return syntax instanceof SimpleCommand command
        && !command.words().isEmpty()
        && Set.of("exit", "return", "exec").contains(text(command.words().get(0)));
  }

  private static boolean isTest(Syntax syntax) {
    if (syntax instanceof Syntax.Pipeline pipeline && !pipeline.commands().isEmpty()) {
      int last = pipeline.commands().size() - 1;
      return pipeline.negated() || isTest(pipeline.commands().get(last));
    }
    if (syntax instanceof Syntax.Redirected redirected) {
      return isTest(redirected.command());
    }
    return syntax instanceof Syntax.Test
        || syntax instanceof Syntax.Arithmetic
        || syntax instanceof SimpleCommand command
            && !command.words().isEmpty()
            && TESTS.contains(text(command.words().get(0)));
  }

  private static String text(Word word) {
    String text = word.text();
    return text == null ? "" : text;
  }

  private static Value unknown(Span place) {
    return Value.scalar(List.of(Piece.unknown(place, false)));
  }

  private static Surroundings within(Surroundings around, Context context) {
    Set<Context> contexts = EnumSet.of(context);
    contexts.addAll(around.contexts());
    return new Surroundings(
        Set.copyOf(contexts),
        around.carrier(),
        around.pipeline(),
        around.pipelineIndex(),
        around.chain(),
        around.chainIndex(),
        around.depth());
  }

  private static Surroundings carried(Surroundings around, Command carrier) {
    return new Surroundings(
        around.contexts(),
        carrier,
        around.pipeline(),
        around.pipelineIndex(),
        around.chain(),
        around.chainIndex(),
        around.depth() + 1);
  }

  // ---- simple commands ----

  private void simple(SimpleCommand syntax, Scope scope, Surroundings around) {
    List<Argument> words = new ArrayList<>();
    for (Word word : syntax.words()) {
      words.addAll(expander.fields(word, scope, !words.isEmpty()));
    }
    Exported exported = scope.exported;
    Command command = null;
    boolean stays =
        words.isEmpty()
            || scope.keepsAssignments && SPECIAL_BUILTINS.contains(words.get(0).shape());
    for (Assignment assignment : syntax.assignments()) {
      Value value = assigned(assignment, scope);
      if (stays) {
        assign(assignment.name(), value, scope);
      }
      if (!words.isEmpty()) {
        exported = new Exported(assignment.name(), text(value), exported);
      }
    }
    if (!words.isEmpty()) {
      command = command(syntax, words, scope, exported, around);
    }
    Surroundings inside = command == null ? around : carried(around, command);
    for (Assignment assignment : syntax.assignments()) {
      substitutions(assignment.value().parts(), scope, inside);
    }
    for (Word word : syntax.words()) {
      substitutions(word.parts(), scope, inside);
    }
    redirections(syntax.redirections(), scope, inside);
  }

  /** Notes a command, what it changes, and the commands that it runs itself. */
  private Command command(
      SimpleCommand syntax,
      List<Argument> words,
      Scope scope,
      @Nullable Exported exported,
      Surroundings around) {
    Command command = new Command(syntax, words, around, scope, exported);
    commands.add(command);
    effect(command, scope);
    if (around.depth() < MAX_CARRIERS) {
      carry(command, scope, carried(around, command));
    }
    return command;
  }

  private void effect(Command command, Scope scope) {
    String name = command.name();
    List<Argument> arguments = command.arguments();
    if (DECLARATIONS.contains(name)) {
      for (Argument argument : arguments) {
        Assignment assignment = argument.word().asAssignment();
        if (assignment != null) {
          assign(assignment.name(), assigned(assignment, scope), scope);
        }
        String variable = assignment == null ? argument.text() : assignment.name();
        if (name.equals("export") && variable != null && Word.isName(variable)) {
          Value value = expander.lookup(variable, scope, argument.span());
          scope.exported = new Exported(variable, text(value), scope.exported);
        }
      }
    } else if (name.equals("set")) {
      set(arguments, scope);
    } else if (name.equals("unset")) {
      for (Argument argument : arguments) {
        scope.set(argument.shape(), Value.EMPTY);
      }
    } else if (command.is("read", "mapfile", "readarray", "getopts")) {
      for (Argument argument : arguments) {
        scope.set(argument.shape(), unknown(argument.span()));
      }
    }
  }

  private static void set(List<Argument> arguments, Scope scope) {
    for (int i = 0; i < arguments.size(); i++) {
      String shape = arguments.get(i).shape();
      boolean on = shape.startsWith("-");
      if (!on && !shape.startsWith("+") || shape.startsWith("--")) {
        return;
      }
      if (shape.indexOf('e') > 0) {
        scope.errexit = on;
      }
      if (shape.endsWith("o") && i + 1 < arguments.size()) {
        Argument option = arguments.get(++i);
        scope.pipefail = option.is("pipefail") ? on : scope.pipefail;
        scope.errexit = option.is("errexit") ? on : scope.errexit;
      }
    }
  }

  private Value assigned(Assignment assignment, Scope scope) {
    Value value = expander.value(assignment.value(), scope);
    if (assignment.subscript() != null) {
      return unknown(assignment.span());
    }
    if (!assignment.append()) {
      return value;
    }
    Value before = expander.lookup(assignment.name(), scope, assignment.span());
    if (!expander.spend(
        before.items().stream().mapToInt(List::size).sum() + before.items().size())) {
      return unknown(assignment.span());
    }
    if (before.kind() == Value.Kind.ARRAY && value.kind() == Value.Kind.ARRAY) {
      List<List<Piece>> all = new ArrayList<>(before.items());
      all.addAll(value.items());
      return new Value(Value.Kind.ARRAY, all);
    }
    if (before.kind() == Value.Kind.SCALAR && value.kind() == Value.Kind.SCALAR) {
      List<Piece> all = new ArrayList<>(before.items().get(0));
      all.addAll(value.items().get(0));
      return Value.scalar(all);
    }
    return unknown(assignment.span());
  }

  private void assign(String name, Value value, Scope scope) {
    boolean known = scope.inFunction || !changedByFunctions.contains(name);
    scope.set(name, known ? value : unknownLike(value));
  }

  private static Value unknownLike(Value value) {
    for (List<Piece> item : value.items()) {
      for (Piece piece : item) {
        return unknown(piece.use());
      }
    }
    return value;
  }

  private static @Nullable String text(Value value) {
    if (value.kind() != Value.Kind.SCALAR) {
      return null;
    }
    StringBuilder text = new StringBuilder();
    value.items().get(0).forEach(piece -> text.append(piece.text()));
    return text.indexOf(String.valueOf(Argument.UNKNOWN)) < 0 ? text.toString() : null;
  }

  // ---- commands within commands ----

  private void carry(Command command, Scope scope, Surroundings around) {
    String name = command.name();
    List<Argument> arguments = command.arguments();
    Carrier carrier = CARRIERS.get(name);
    if (carrier != null) {
      carry(command, carrier, scope, around);
    } else if (command.is("su", "runuser")) {
      Command.Options options = command.options("-c", "--command", "-u", "-s", "--shell", "-g");
      Command.Option script = options.option("-c", "--command");
      if (script != null && script.separate() != null) {
        script(script.separate().mapped(), scope.inner(), around);
      } else if (options.has("-u") && !options.operands().isEmpty()) {
        command(command.syntax(), options.operands(), scope, command.exported(), around);
      }
    } else if (name.equals("find")) {
      find(command, scope, around);
    } else if (name.equals("eval") && !arguments.isEmpty()) {
      script(joined(arguments), scope, around);
    } else if (name.equals("trap") && arguments.size() > 1 && !arguments.get(0).is("-", "")) {
      script(arguments.get(0).mapped(), scope.inner(), within(around, Context.FUNCTION));
    } else if (!name.isEmpty()) {
      Interpreter interpreter = Interpreter.of(List.of(name));
      if (interpreter.isPosix()) {
        shell(command, scope, around);
      }
    }
  }

  private void carry(Command command, Carrier carrier, Scope scope, Surroundings around) {
    List<Argument> arguments = command.arguments();
    Exported exported = command.exported();
    boolean replaced = false;
    int at = 0;
    while (at < arguments.size()) {
      String shape = arguments.get(at).shape();
      if (shape.length() < 2 || shape.charAt(0) != '-') {
        break;
      }
      at++;
      if (shape.equals("--")) {
        break;
      }
      if (command.is("command") && !shape.equals("-p")) {
        return;
      }
      replaced |= shape.startsWith("-I") || shape.equals("-i") || shape.startsWith("--replace");
      boolean cluster = !shape.startsWith("--");
      String last = cluster ? "-" + shape.charAt(shape.length() - 1) : shape;
      boolean inWord =
          cluster && shape.length() > 2 && carrier.valued.contains(shape.substring(0, 2));
      at += carrier.valued.contains(last) && !inWord ? 1 : 0;
    }
    at += carrier.operands;
    boolean assigns = command.is("env", "sudo", "doas");
    while (assigns && at < arguments.size() && arguments.get(at).shape().indexOf('=') > 0) {
      Argument argument = arguments.get(at++);
      int equals = argument.shape().indexOf('=');
      String text = argument.text();
      exported =
          new Exported(
              argument.shape().substring(0, equals),
              text == null ? null : text.substring(equals + 1),
              exported);
    }
    if (at >= arguments.size()) {
      return;
    }
    List<Argument> words = new ArrayList<>(arguments.subList(at, arguments.size()));
    if (command.is("xargs") && !replaced) {
      Word word = command.head().word();
      words.add(new Argument(word, List.of(Piece.unknown(word.span(), false)), true));
    }
    command(command.syntax(), words, scope, exported, around);
  }

  private void find(Command command, Scope scope, Surroundings around) {
    List<Argument> arguments = command.arguments();
    for (int i = 0; i < arguments.size(); i++) {
      if (arguments.get(i).is("-exec", "-execdir", "-ok", "-okdir")) {
        int from = i + 1;
        int to = from;
        while (to < arguments.size() && !arguments.get(to).is(";", "+")) {
          to++;
        }
        if (to > from) {
          command(command.syntax(), arguments.subList(from, to), scope, command.exported(), around);
        }
        i = to;
      }
    }
  }

  private void shell(Command command, Scope scope, Surroundings around) {
    List<Argument> arguments = command.arguments();
    boolean isScript = false;
    boolean reads = true;
    List<String> words = new ArrayList<>(List.of(command.name()));
    int at = 0;
    while (at < arguments.size()) {
      String shape = arguments.get(at).shape();
      if (!shape.startsWith("-") && !shape.startsWith("+")) {
        break;
      }
      words.add(shape);
      at++;
      boolean isLong = shape.startsWith("--");
      isScript |= !isLong && shape.indexOf('c') > 0;
      if (!isLong && (shape.endsWith("o") || shape.endsWith("O")) && at < arguments.size()) {
        words.add(arguments.get(at++).shape());
      } else if (command.is("bash") && (shape.equals("--rcfile") || shape.equals("--init-file"))) {
        at++;
      }
    }
    reads = at == arguments.size() || words.contains("-s");
    Scope inner = scope.inner();
    inner.startWith(Interpreter.of(words));
    if (isScript && at < arguments.size()) {
      script(arguments.get(at).mapped(), inner, around);
    } else if (!isScript && reads) {
      for (Redirection redirection : command.syntax().redirections()) {
        if (redirection.document() != null) {
          script(redirection.document().body(), inner, around);
        } else if (redirection.operator().equals("<<<")) {
          for (Argument text : expander.fields(redirection.target(), scope, false)) {
            script(text.mapped(), inner, around);
          }
        }
      }
    }
  }

  private void script(MappedText text, Scope scope, Surroundings around) {
    ShellScript script = ShellScript.parse(text, around.depth() * DEPTH_PER_CARRIER);
    statements(script.statements(), scope, within(around, Context.SCRIPT));
  }

  /** The arguments with a space between each two, as {@code eval} reads them. */
  private static MappedText joined(List<Argument> arguments) {
    if (arguments.size() == 1) {
      return arguments.get(0).mapped();
    }
    StringBuilder text = new StringBuilder();
    List<Integer> offsets = new ArrayList<>();
    int last = arguments.get(0).word().span().start();
    for (Argument argument : arguments) {
      MappedText mapped = argument.mapped();
      for (int i = 0; i < mapped.length(); i++) {
        last = Math.max(last, mapped.offsetAt(i));
        offsets.add(last);
      }
      text.append(mapped.text()).append(' ');
      offsets.add(last);
    }
    int[] places = new int[offsets.size() + 1];
    for (int i = 0; i < offsets.size(); i++) {
      places[i] = offsets.get(i);
    }
    places[offsets.size()] = last;
    return MappedText.of(text.toString(), places, arguments.get(0).word().span().file());
  }

  private void redirections(List<Redirection> redirections, Scope scope, Surroundings around) {
    for (Redirection redirection : redirections) {
      substitutions(redirection.target().parts(), scope, around);
      if (redirection.document() != null) {
        substitutions(redirection.document().parts(), scope, around);
      }
    }
  }

  private void substitutions(List<Part> parts, Scope scope, Surroundings around) {
    for (Part part : parts) {
      if (part instanceof Word.CommandSubstitution substitution) {
        statements(substitution.statements(), scope.inner(), within(around, Context.SUBSTITUTION));
      } else if (part instanceof Word.ProcessSubstitution substitution) {
        statements(substitution.statements(), scope.inner(), within(around, Context.SUBSTITUTION));
      } else if (part instanceof Word.DoubleQuoted quoted) {
        substitutions(quoted.parts(), scope, around);
      } else if (part instanceof Word.Variable variable && variable.operand() != null) {
        substitutions(variable.operand().parts(), scope, around);
      } else if (part instanceof Word.Arithmetic arithmetic) {
        substitutions(arithmetic.parts(), scope, around);
      } else if (part instanceof Word.Array array) {
        array.elements().forEach(element -> substitutions(element.parts(), scope, around));
      }
    }
  }

  /**
   * Collects the names that some code assigns.
   *
   * @param functionsOnly only what the bodies of functions assign beyond themselves
   */
  private record Assigned(Set<String> names, boolean functionsOnly) {

    void in(List<Statement> statements) {
      statements.forEach(statement -> in(statement.command()));
    }

    private void in(Syntax syntax) {
      if (syntax instanceof SimpleCommand command) {
        if (!functionsOnly) {
          in(command);
        }
      } else if (syntax instanceof Syntax.Pipeline pipeline) {
        if (pipeline.commands().size() == 1) {
          in(pipeline.commands().get(0));
        }
      } else if (syntax instanceof Syntax.AndOr chain) {
        chain.commands().forEach(this::in);
      } else if (syntax instanceof Syntax.If choice) {
        choice.branches().forEach(branch -> in(branch.body()));
        in(choice.otherwise());
      } else if (syntax instanceof Syntax.While loop) {
        in(loop.condition());
        in(loop.body());
      } else if (syntax instanceof Syntax.For loop) {
        if (!functionsOnly) {
          names.add(text(loop.name()));
        }
        in(loop.body());
      } else if (syntax instanceof Syntax.ArithmeticFor loop) {
        in(loop.body());
      } else if (syntax instanceof Syntax.Case choice) {
        choice.arms().forEach(arm -> in(arm.body()));
      } else if (syntax instanceof Syntax.Group group) {
        in(group.body());
      } else if (syntax instanceof Syntax.Redirected redirected) {
        in(redirected.command());
      } else if (syntax instanceof Syntax.Function function) {
        new Assigned(names, false).in(function.body());
      }
    }

    private void in(SimpleCommand command) {
      String name = command.words().isEmpty() ? "" : text(command.words().get(0));
      if (name.isEmpty() || SPECIAL_BUILTINS.contains(name)) {
        command.assignments().forEach(assignment -> names.add(assignment.name()));
      }
      if (command.words().isEmpty()) {
        return;
      }
      boolean reads = Set.of("read", "mapfile", "readarray", "getopts").contains(name);
      for (Word word : command.words().subList(1, command.words().size())) {
        Assignment assignment = name.equals("export") ? word.asAssignment() : null;
        if (assignment != null) {
          names.add(assignment.name());
        } else if (reads && Word.isName(text(word))) {
          names.add(text(word));
        }
      }
    }
  }
}
