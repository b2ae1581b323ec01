package fr.gouv.social.fabrique.dockerfile;

import fr.gouv.social.fabrique.dockerfile.DockerfileProblem.Kind;
import fr.gouv.social.fabrique.source.MappedText;
import fr.gouv.social.fabrique.source.Span;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One instruction from its joined line: parser/split_command.go, parser/line_parsers.go and
 * instructions/parse.go.
 */
final class InstructionReader {
  /** How deep ONBUILD is followed into itself; BuildKit refuses the second one. */
  private static final int DEEPEST_TRIGGER = 20;

  private enum FlagType {
    STRING,
    REPEATED,
    BOOLEAN
  }

  private static final Map<String, FlagType> NO_FLAGS = Map.of();

  /** The instructions and their flags; one without a map does not look at its flags at all. */
  private static final Map<String, Map<String, FlagType>> FLAGS =
      Map.ofEntries(
          Map.entry("FROM", Map.of("platform", FlagType.STRING)),
          Map.entry(
              "RUN",
              Map.of(
                  "mount", FlagType.REPEATED,
                  "network", FlagType.STRING,
                  "security", FlagType.STRING,
                  "device", FlagType.REPEATED)),
          Map.entry(
              "COPY",
              Map.of(
                  "from", FlagType.STRING,
                  "chown", FlagType.STRING,
                  "chmod", FlagType.STRING,
                  "link", FlagType.BOOLEAN,
                  "parents", FlagType.BOOLEAN,
                  "exclude", FlagType.REPEATED)),
          Map.entry(
              "ADD",
              Map.of(
                  "chown", FlagType.STRING,
                  "chmod", FlagType.STRING,
                  "link", FlagType.BOOLEAN,
                  "keep-git-dir", FlagType.BOOLEAN,
                  "checksum", FlagType.STRING,
                  "unpack", FlagType.BOOLEAN,
                  "exclude", FlagType.REPEATED)),
          Map.entry(
              "HEALTHCHECK",
              Map.of(
                  "interval", FlagType.STRING,
                  "timeout", FlagType.STRING,
                  "start-period", FlagType.STRING,
                  "start-interval", FlagType.STRING,
                  "retries", FlagType.STRING)),
          Map.entry("CMD", NO_FLAGS),
          Map.entry("ENTRYPOINT", NO_FLAGS),
          Map.entry("ENV", NO_FLAGS),
          Map.entry("EXPOSE", NO_FLAGS),
          Map.entry("LABEL", NO_FLAGS),
          Map.entry("MAINTAINER", NO_FLAGS),
          Map.entry("ONBUILD", NO_FLAGS),
          Map.entry("SHELL", NO_FLAGS),
          Map.entry("USER", NO_FLAGS),
          Map.entry("VOLUME", NO_FLAGS),
          Map.entry("WORKDIR", NO_FLAGS));

  private static final Set<String> KEYWORDS =
      Set.of(
          "ADD",
          "ARG",
          "CMD",
          "COPY",
          "ENTRYPOINT",
          "ENV",
          "EXPOSE",
          "FROM",
          "HEALTHCHECK",
          "LABEL",
          "MAINTAINER",
          "ONBUILD",
          "RUN",
          "SHELL",
          "STOPSIGNAL",
          "USER",
          "VOLUME",
          "WORKDIR");

  private static final Set<String> WITH_JSON =
      Set.of("ADD", "CMD", "COPY", "ENTRYPOINT", "RUN", "SHELL", "VOLUME");

  private static final Pattern STAGE_NAME = Pattern.compile("[a-z][a-z0-9\\-_.]*");

  private final char escape;
  private final List<DockerfileProblem> problems;

  InstructionReader(char escape, List<DockerfileProblem> problems) {
    this.escape = escape;
    this.problems = problems;
  }

  /**
   * The parts of an instruction.
   *
   * @param name the keyword in upper case
   * @param json its arguments when they are a JSON array
   * @param trigger what ONBUILD is given
   */
  record Parts(
      MappedText line,
      Word keyword,
      String name,
      List<Flag> flags,
      MappedText arguments,
      @Nullable JsonStrings json,
      @Nullable Parts trigger) {

    boolean mayHaveHeredocs() {
      Parts inner = name.equals("ONBUILD") && trigger != null ? trigger : this;
      return (inner.name.equals("RUN") || inner.name.equals("COPY") || inner.name.equals("ADD"))
          && inner.json == null;
    }
  }

  /** Whether a line begins with a known keyword in upper case, as people write them. */
  static boolean startsInstruction(String text, int from, int to) {
    int end = from;
    while (end < to && text.charAt(end) >= 'A' && text.charAt(end) <= 'Z') {
      end++;
    }
    return end < to
        && Spaces.separates(text.charAt(end))
        && KEYWORDS.contains(text.substring(from, end));
  }

  /** Splits a line, which has no white space around it. */
  Parts split(MappedText line) {
    return split(line, 0);
  }

  private Parts split(MappedText line, int depth) {
    String text = line.text();
    int end = wordEnd(text, 0);
    Word keyword = Word.of(line.sub(0, end));
    String name = keyword.toString().toUpperCase(Locale.ROOT);
    List<Flag> flags = new ArrayList<>();
    MappedText arguments = Spaces.strip(line.sub(flags(line, skipSpaces(text, end), flags)));
    JsonStrings json = null;
    Parts trigger = null;
    if (WITH_JSON.contains(name)) {
      json = JsonStrings.parse(arguments);
    } else if (name.equals("HEALTHCHECK")) {
      json = JsonStrings.parse(arguments.sub(healthCheckCommand(arguments)));
    } else if (name.equals("ONBUILD") && !arguments.isEmpty() && depth < DEEPEST_TRIGGER) {
      trigger = split(arguments, depth + 1);
    }
    return new Parts(line, keyword, name, flags, arguments, json, trigger);
  }

  private static int wordEnd(String text, int from) {
    int end = from;
    while (end < text.length() && !Spaces.separates(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private static int skipSpaces(String text, int from) {
    int at = from;
    while (at < text.length() && Spaces.separates(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static int healthCheckCommand(MappedText arguments) {
    String text = arguments.text();
    int end = 0;
    while (end < text.length() && !Spaces.isSpace(text.charAt(end))) {
      end++;
    }
    return Spaces.skip(text, end, text.length());
  }

  /** Reads the flags from an offset on and says where the arguments start. */
  private int flags(MappedText line, int from, List<Flag> flags) {
    String text = line.text();
    int at = from;
    while (true) {
      at = skipSpaces(text, at);
      if (!text.startsWith("--", at)) {
        return at;
      }
      int start = at;
      MappedText.Builder word = new MappedText.Builder(line.file());
      char quote = 0;
      while (at < text.length()) {
        char character = text.charAt(at);
        if (quote == 0 && Spaces.separates(character)) {
          break;
        }
        if (quote == 0 && (character == '\'' || character == '"')) {
          quote = character;
        } else if (quote != 0 && character == quote) {
          quote = 0;
        } else if (character != escape) {
          word.add(character, line.offsetAt(at));
        } else if (at + 1 < text.length()) {
          at++;
          word.add(text.charAt(at), line.offsetAt(at));
        } else {
          quote = 0;
        }
        at++;
      }
      MappedText flag = word.build(line.offsetAt(start));
      if (flag.text().equals("--")) {
        return at;
      }
      flags.add(Flag.of(flag, line.span(start, at)));
    }
  }

  /** The instruction that some parts make. */
  Instruction instruction(
      Parts parts,
      Span span,
      List<Comment> comments,
      List<Span> emptyLines,
      List<Heredoc> heredocs) {
    Statement statement =
        new Statement(
            span,
            parts.line,
            parts.keyword,
            parts.flags,
            parts.arguments,
            comments,
            emptyLines,
            heredocs);
    if (parts.json != null && !parts.json.onlyStrings()) {
      problem(Kind.JSON_NOT_STRINGS, parts.arguments.span(), parts.name);
    }
    boolean healthCheckNone =
        parts.name.equals("HEALTHCHECK")
            && wordAt(parts.arguments, 0).toString().equalsIgnoreCase("NONE");
    Map<String, FlagType> allowed = FLAGS.get(parts.name);
    if (allowed != null && !healthCheckNone) {
      checkFlags(parts, allowed);
    }
    return switch (parts.name) {
      case "FROM" -> from(statement);
      case "RUN" -> run(parts, statement);
      case "CMD" -> new Instruction.Cmd(statement, commandLine(parts.arguments, parts.json));
      case "ENTRYPOINT" ->
          new Instruction.Entrypoint(statement, commandLine(parts.arguments, parts.json));
      case "SHELL" -> shell(parts, statement);
      case "COPY", "ADD" -> transfer(parts, statement);
      case "ENV", "LABEL" -> environment(parts, statement);
      case "ARG" -> arg(statement);
      case "EXPOSE" -> new Instruction.Expose(statement, required(parts, listed(parts.arguments)));
      case "USER" -> new Instruction.User(statement, rest(parts));
      case "WORKDIR" -> new Instruction.Workdir(statement, rest(parts));
      case "STOPSIGNAL" -> new Instruction.StopSignal(statement, rest(parts));
      case "MAINTAINER" -> new Instruction.Maintainer(statement, rest(parts));
      case "VOLUME" -> volume(parts, statement);
      case "HEALTHCHECK" -> healthCheck(parts, statement, healthCheckNone);
      case "ONBUILD" -> onBuild(parts, statement);
      default -> {
        problem(
            Kind.UNKNOWN_INSTRUCTION,
            parts.keyword.span(),
            parts.keyword.toString(),
            Spelling.closest(parts.name, KEYWORDS));
        yield new Instruction.Unknown(statement);
      }
    };
  }

  private Instruction from(Statement statement) {
    List<Word> words = listed(statement.arguments());
    Word image = words.isEmpty() ? null : words.get(0);
    boolean named = words.size() == 3 && words.get(1).toString().equalsIgnoreCase("as");
    if (!named && words.size() != 1) {
      problem(
          Kind.FROM_ARGUMENTS,
          words.isEmpty() ? statement.keyword().span() : statement.arguments().span());
    }
    if (!named) {
      return new Instruction.From(statement, image, null, null);
    }
    Word alias = words.get(2);
    if (!STAGE_NAME.matcher(alias.toString().toLowerCase(Locale.ROOT)).matches()) {
      problem(Kind.INVALID_STAGE_NAME, alias.span(), alias.toString());
    }
    return new Instruction.From(statement, image, words.get(1), alias);
  }

  private Instruction run(Parts parts, Statement statement) {
    List<RunMount> mounts = new ArrayList<>();
    for (Flag flag : parts.flags) {
      Word value = flag.value();
      if (value == null) {
        continue;
      }
      switch (flag.name()) {
        case "mount" -> {
          RunMount mount = RunMount.parse(value.text());
          if (mount == null) {
            problem(Kind.INVALID_MOUNT, flag.span(), "csv", value.toString());
          } else {
            mounts.add(mount);
          }
        }
        case "network" -> checkValue(flag, value, "default", "none", "host");
        case "security" -> checkValue(flag, value, "sandbox", "insecure");
        default -> {}
      }
    }
    return new Instruction.Run(statement, commandLine(parts.arguments, parts.json), mounts);
  }

  private void checkValue(Flag flag, Word value, String... allowed) {
    if (!List.of(allowed).contains(value.toString())) {
      problem(
          Kind.INVALID_FLAG_VALUE,
          value.text().isEmpty() ? flag.span() : value.span(),
          "--" + flag.name(),
          value.toString(),
          String.join(", ", allowed));
    }
  }

  private static CommandLine commandLine(MappedText text, @Nullable JsonStrings json) {
    return json != null
        ? new CommandLine(CommandLine.Form.EXEC, text, json.words())
        : new CommandLine(CommandLine.Form.SHELL, text, List.of());
  }

  private Instruction shell(Parts parts, Statement statement) {
    CommandLine command = commandLine(parts.arguments, parts.json);
    if (command.isEmpty()) {
      problem(Kind.MISSING_ARGUMENT, parts.keyword.span(), parts.name);
    } else if (!command.isExec()) {
      problem(Kind.SHELL_NOT_JSON, parts.arguments.span());
    }
    return new Instruction.Shell(statement, command);
  }

  private Instruction transfer(Parts parts, Statement statement) {
    List<Word> words = parts.json != null ? parts.json.words() : listed(parts.arguments);
    Word destination = words.size() < 2 ? null : words.get(words.size() - 1);
    if (destination == null) {
      problem(Kind.MISSING_DESTINATION, parts.keyword.span(), parts.name);
    } else if (HeredocMarker.of(destination) != null) {
      problem(Kind.HEREDOC_DESTINATION, destination.span(), parts.name);
    }
    List<Word> sources = destination == null ? words : words.subList(0, words.size() - 1);
    return parts.name.equals("COPY")
        ? new Instruction.Copy(statement, sources, destination)
        : new Instruction.Add(statement, sources, destination);
  }

  private Instruction environment(Parts parts, Statement statement) {
    List<Word> words = words(parts.arguments);
    List<Assignment> assignments = new ArrayList<>();
    boolean legacy = !words.isEmpty() && words.get(0).toString().indexOf('=') < 0;
    if (words.isEmpty()) {
      problem(Kind.MISSING_ARGUMENT, parts.keyword.span(), parts.name);
    } else if (legacy) {
      Word key = wordAt(parts.arguments, 0);
      int value = skipSpaces(parts.arguments.text(), key.text().length());
      if (value == parts.arguments.length()) {
        problem(Kind.MISSING_VALUE, parts.arguments.span(), parts.name, key.toString());
      } else {
        assignments.add(new Assignment(key, Word.of(parts.arguments.sub(value))));
      }
    } else {
      for (Word word : words) {
        Assignment assignment = assignment(word);
        if (assignment.value() == null) {
          problem(Kind.MISSING_EQUALS, word.span(), parts.name, word.toString());
          continue;
        }
        if (assignment.name().isEmpty()) {
          problem(Kind.BLANK_NAME, word.span(), parts.name);
        }
        assignments.add(assignment);
      }
    }
    return parts.name.equals("ENV")
        ? new Instruction.Env(statement, assignments, legacy)
        : new Instruction.Label(statement, assignments, legacy);
  }

  private Instruction arg(Statement statement) {
    List<Assignment> assignments = new ArrayList<>();
    for (Word word : words(statement.arguments())) {
      Assignment assignment = assignment(word);
      if (assignment.name().isEmpty()) {
        problem(Kind.BLANK_NAME, word.span(), "ARG");
      }
      assignments.add(assignment);
    }
    if (assignments.isEmpty()) {
      problem(Kind.MISSING_ARGUMENT, statement.keyword().span(), "ARG");
    }
    return new Instruction.Arg(statement, assignments);
  }

  private static Assignment assignment(Word word) {
    int equals = word.toString().indexOf('=');
    return equals < 0
        ? new Assignment(word, null)
        : new Assignment(Word.of(word.text().sub(0, equals)), Word.of(word.text().sub(equals + 1)));
  }

  private Instruction volume(Parts parts, Statement statement) {
    List<Word> paths = parts.json != null ? parts.json.words() : listed(parts.arguments);
    for (Word path : required(parts, paths)) {
      if (Spaces.strip(path.toString()).isEmpty()) {
        problem(Kind.EMPTY_VOLUME, path.span());
      }
    }
    return new Instruction.Volume(statement, paths);
  }

  private Instruction healthCheck(Parts parts, Statement statement, boolean none) {
    if (parts.arguments.isEmpty()) {
      problem(Kind.MISSING_ARGUMENT, parts.keyword.span(), parts.name);
      return new Instruction.HealthCheck(statement, null, null);
    }
    int start = healthCheckCommand(parts.arguments);
    MappedText type = Spaces.strip(parts.arguments.sub(0, start));
    CommandLine command = commandLine(parts.arguments.sub(start), parts.json);
    if (none) {
      if (!command.isEmpty()) {
        problem(Kind.HEALTHCHECK_NONE_ARGUMENTS, command.span());
      }
      return new Instruction.HealthCheck(
          statement, Word.of(type), command.isEmpty() ? null : command);
    }
    if (!type.text().equalsIgnoreCase("CMD")) {
      problem(Kind.HEALTHCHECK_TYPE, type.span(), type.text());
    } else if (command.isEmpty()) {
      problem(Kind.HEALTHCHECK_WITHOUT_COMMAND, type.span());
    }
    for (Flag flag : parts.flags) {
      Word value = flag.value();
      if (value == null || value.text().isEmpty()) {
        continue;
      }
      if (flag.name().equals("retries")) {
        if (!Numbers.isNatural(value.toString())) {
          problem(Kind.INVALID_FLAG_VALUE, value.span(), "--retries", value.toString(), "0, 1, 2…");
        }
      } else if (FLAGS.getOrDefault(parts.name, NO_FLAGS).containsKey(flag.name())) {
        Double nanoseconds = Numbers.duration(value.toString());
        if (nanoseconds == null || (nanoseconds != 0 && nanoseconds < 1e6)) {
          problem(
              Kind.INVALID_FLAG_VALUE,
              value.span(),
              "--" + flag.name(),
              value.toString(),
              "0, 500ms, 30s, 1m30s…");
        }
      }
    }
    return new Instruction.HealthCheck(statement, Word.of(type), command);
  }

  private Instruction onBuild(Parts parts, Statement statement) {
    Parts inner = parts.trigger;
    if (inner == null) {
      problem(Kind.MISSING_ARGUMENT, parts.keyword.span(), parts.name);
      return new Instruction.OnBuild(statement, null);
    }
    if (Set.of("ONBUILD", "FROM", "MAINTAINER").contains(inner.name)) {
      problem(Kind.FORBIDDEN_TRIGGER, inner.keyword.span(), inner.name);
    }
    Span span =
        inner.keyword.span().file().span(inner.keyword.span().start(), statement.span().end());
    return new Instruction.OnBuild(
        statement, instruction(inner, span, List.of(), List.of(), statement.heredocs()));
  }

  private List<Word> required(Parts parts, List<Word> words) {
    if (words.isEmpty()) {
      problem(Kind.MISSING_ARGUMENT, parts.keyword.span(), parts.name);
    }
    return words;
  }

  private @Nullable Word rest(Parts parts) {
    if (parts.arguments.isEmpty()) {
      problem(Kind.MISSING_ARGUMENT, parts.keyword.span(), parts.name);
      return null;
    }
    return Word.of(parts.arguments);
  }

  private static Word wordAt(MappedText text, int from) {
    return Word.of(text.sub(from, wordEnd(text.text(), from)));
  }

  /** What white space separates, whatever the quotes. */
  private static List<Word> listed(MappedText text) {
    List<Word> words = new ArrayList<>();
    for (int at = 0; at < text.length(); at = skipSpaces(text.text(), at)) {
      Word word = wordAt(text, at);
      words.add(word);
      at += word.text().length();
    }
    return words;
  }

  /** What white space separates outside quotes; quotes and escapes stay (parseWords). */
  private List<Word> words(MappedText line) {
    String text = line.text();
    List<Word> words = new ArrayList<>();
    int at = Spaces.skip(text, 0, text.length());
    while (at < text.length()) {
      int start = at;
      int end = at;
      char quote = 0;
      while (at < text.length() && (quote != 0 || !Spaces.isSpace(text.charAt(at)))) {
        char character = text.charAt(at);
        if (quote == 0 && (character == '\'' || character == '"')) {
          quote = character;
        } else if (character == quote) {
          quote = 0;
        } else if (character == escape && quote != '\'') {
          at++;
        }
        at++;
        // An escape at the very end is left out.
        end = at > text.length() ? end : at;
      }
      at = Spaces.skip(text, Math.min(at, text.length()), text.length());
      if (end > start) {
        words.add(Word.of(line.sub(start, end)));
      }
    }
    return words;
  }

  private void checkFlags(Parts parts, Map<String, FlagType> allowed) {
    Set<String> seen = new HashSet<>();
    for (Flag flag : parts.flags) {
      String name = "--" + flag.name();
      FlagType type = allowed.get(flag.name());
      if (type == null) {
        problem(
            Kind.UNKNOWN_FLAG,
            flag.nameSpan(),
            parts.name,
            name,
            Spelling.closest(flag.name(), allowed.keySet()));
        continue;
      }
      if (!seen.add(flag.name()) && type != FlagType.REPEATED) {
        problem(Kind.DUPLICATE_FLAG, flag.span(), parts.name, name);
      }
      Word value = flag.value();
      if (type == FlagType.BOOLEAN ? value != null && value.text().isEmpty() : value == null) {
        problem(Kind.FLAG_WITHOUT_VALUE, flag.span(), parts.name, name);
      } else if (type == FlagType.BOOLEAN
          && value != null
          && !value.toString().equalsIgnoreCase("true")
          && !value.toString().equalsIgnoreCase("false")) {
        problem(Kind.FLAG_NOT_BOOLEAN, value.span(), parts.name, name, value.toString());
      }
    }
  }

  private void problem(Kind kind, Span span, String... arguments) {
    problems.add(new DockerfileProblem(kind, span, List.of(arguments)));
  }

  /** Numbers as Go reads them. */
  static final class Numbers {
    private static final Pattern DURATION_PART =
        Pattern.compile("([0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)");
    private static final Map<String, Double> UNITS =
        Map.of(
            "ns", 1.0, "us", 1e3, "µs", 1e3, "μs", 1e3, "ms", 1e6, "s", 1e9, "m", 6e10, "h",
            3.6e12);

    private Numbers() {}

    /** Whether it is a whole number of 32 bits that is not negative. */
    static boolean isNatural(String text) {
      String digits = text.startsWith("+") || text.equals("-0") ? text.substring(1) : text;
      return digits.matches("[0-9]{1,100}")
          && new java.math.BigInteger(digits).bitLength() < Integer.SIZE;
    }

    /** The nanoseconds of a duration such as {@code 1m30s}, null when it is invalid. */
    static @Nullable Double duration(String text) {
      String rest = text.startsWith("-") || text.startsWith("+") ? text.substring(1) : text;
      if (rest.equals("0")) {
        return 0.0;
      }
      Matcher part = DURATION_PART.matcher(rest);
      double sum = 0;
      int at = 0;
      while (at < rest.length() && part.region(at, rest.length()).lookingAt()) {
        sum += Double.parseDouble(part.group(1)) * UNITS.getOrDefault(part.group(2), 0.0);
        at = part.end();
      }
      boolean valid = at == rest.length() && at > 0 && sum < Long.MAX_VALUE;
      return valid ? Double.valueOf(text.startsWith("-") ? -sum : sum) : null;
    }
  }
}
