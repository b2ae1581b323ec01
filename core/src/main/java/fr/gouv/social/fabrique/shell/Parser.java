package fr.gouv.social.fabrique.shell;

import fr.gouv.social.fabrique.shell.ShellProblem.Kind;
import fr.gouv.social.fabrique.shell.Syntax.Assignment;
import fr.gouv.social.fabrique.shell.Syntax.HereDocument;
import fr.gouv.social.fabrique.shell.Syntax.Operator;
import fr.gouv.social.fabrique.shell.Syntax.Redirection;
import fr.gouv.social.fabrique.shell.Syntax.Statement;
import fr.gouv.social.fabrique.shell.Word.Literal;
import fr.gouv.social.fabrique.shell.Word.Part;
import fr.gouv.social.fabrique.shell.Word.Quote;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.MappedText;
import fr.gouv.social.fabrique.source.Span;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a script by recursive descent over its characters, because what a character means depends
 * on everything around it. Every step either moves on or ends, whatever the text; positions are
 * those of the mapped text.
 */
final class Parser {
  /** How deep commands and expansions may nest before the rest is left out. */
  static final int MAX_DEPTH = 60;

  private static final int MAX_SUBSCRIPT = 200;

  private static final Set<String> CLOSING =
      Set.of("then", "elif", "else", "fi", "do", "done", "esac", "}");

  private static final List<String> EXPANSION_OPERATORS =
      List.of(
          ":-", ":=", ":?", ":+", "##", "%%", "//", "/#", "/%", "^^", ",,", "-", "=", "?", "+", "#",
          "%", "/", "^", ",", "@", ":");

  private enum Mode {
    NORMAL,
    /** The right side of {@code =~}, where only white space ends a word. */
    REGEX
  }

  private final MappedText mapped;
  private final String text;
  private final List<ShellProblem> problems;
  private final List<Span> comments;
  private int end;
  private int pos;
  private int depth;

  /** The words and characters that enclosing commands wait for. */
  private Map<String, Integer> awaited = new HashMap<>();

  /** Where the next line starts that follows here-document operators; -1 without any. */
  private int documentLine = -1;

  /** Where the bodies read so far for that line end. */
  private int documentsEnd;

  Parser(MappedText mapped, int depth, List<ShellProblem> problems, List<Span> comments) {
    this.mapped = mapped;
    this.text = mapped.text();
    this.end = text.length();
    this.depth = depth;
    this.problems = problems;
    this.comments = comments;
  }

  /** Everything, to the end of the text. */
  List<Statement> script() {
    return list(Set.of());
  }

  // ---- lists, pipelines ----

  private List<Statement> list(Set<String> stops) {
    stops.forEach(stop -> awaited.merge(stop, 1, Integer::sum));
    List<Statement> statements = new ArrayList<>();
    while (true) {
      blanksAndLines();
      if (pos >= end || stopsHere()) {
        break;
      }
      int before = pos;
      Statement statement = statement();
      if (statement != null) {
        statements.add(statement);
      }
      if (pos == before) {
        int length = Math.max(1, keyword().length());
        problem(Kind.UNEXPECTED, text.substring(pos, pos + length), pos, pos + length);
        pos += length;
      }
    }
    stops.forEach(stop -> awaited.merge(stop, -1, Integer::sum));
    return statements;
  }

  /** Whether this list, or one around it, ends here. */
  private boolean stopsHere() {
    char c = text.charAt(pos);
    if (c == ')') {
      return isAwaited(")");
    }
    if (c == ';' && (peek(1) == ';' || peek(1) == '&')) {
      return isAwaited("esac");
    }
    return isAwaited(keyword());
  }

  private boolean isAwaited(String stop) {
    return awaited.getOrDefault(stop, 0) > 0;
  }

  private @Nullable Statement statement() {
    int start = pos;
    Syntax command = andOr();
    if (command == null) {
      return null;
    }
    Span span = command.span();
    blanks();
    boolean background = false;
    if (pos < end) {
      char c = text.charAt(pos);
      if (c == '&' && peek(1) != '&') {
        background = true;
        pos++;
      } else if (c == ';' && peek(1) != ';' && peek(1) != '&') {
        pos++;
      } else if (pos > start && c != ';' && c != ')' && !isLineEnd(pos)) {
        int to = wordEnd(pos);
        problem(Kind.UNEXPECTED, text.substring(pos, to), pos, to);
      }
    }
    return new Statement(command, background, span);
  }

  private @Nullable Syntax andOr() {
    blanks();
    int start = pos;
    Syntax first = pipeline();
    if (first == null) {
      return null;
    }
    List<Syntax> commands = new ArrayList<>(List.of(first));
    List<Operator> operators = new ArrayList<>();
    while (true) {
      blanks();
      boolean and = at("&&");
      if (!and && !at("||")) {
        break;
      }
      int operator = pos;
      pos += 2;
      blanksAndLines();
      Syntax next = pos < end && !stopsHere() ? pipeline() : null;
      if (next == null) {
        problem(Kind.MISSING, "command", operator, operator + 2);
        break;
      }
      operators.add(and ? Operator.AND : Operator.OR);
      commands.add(next);
    }
    return operators.isEmpty()
        ? first
        : new Syntax.AndOr(commands, operators, spanTo(start, commands));
  }

  private @Nullable Syntax pipeline() {
    int start = pos;
    boolean negated = false;
    boolean timed = false;
    int operator = -1;
    while (true) {
      if (keyword().equals("!")) {
        negated = !negated;
        operator = pos++;
      } else if (keyword().equals("time") && !timed && !isTimeProgram()) {
        timed = true;
        pos += 4;
        blanks();
        if (at("-p") && isDelimiter(pos + 2)) {
          pos += 2;
        }
      } else {
        break;
      }
      blanks();
    }
    int prefixEnd = pos;
    List<Syntax> commands = new ArrayList<>();
    while (true) {
      Syntax command = pos < end && operator >= 0 && stopsHere() ? null : command();
      if (command == null) {
        if (operator >= 0) {
          problem(Kind.MISSING, "command", operator, operator + 1);
        }
        break;
      }
      commands.add(command);
      blanks();
      if (pos >= end || text.charAt(pos) != '|' || peek(1) == '|') {
        break;
      }
      operator = pos;
      pos += peek(1) == '&' ? 2 : 1;
      blanksAndLines();
    }
    if (commands.size() == 1 && !negated && !timed) {
      return commands.get(0);
    }
    if (commands.isEmpty()) {
      boolean prefixed = negated || timed;
      return prefixed
          ? new Syntax.Pipeline(negated, timed, commands, span(start, prefixEnd))
          : null;
    }
    return new Syntax.Pipeline(negated, timed, commands, spanTo(start, commands));
  }

  /** Whether {@code time} stands here with options that only the program of that name takes. */
  private boolean isTimeProgram() {
    int at = pos + 4;
    while (at < end && isBlank(text.charAt(at))) {
      at++;
    }
    return text.startsWith("-", at) && !text.startsWith("-p", at);
  }

  // ---- commands ----

  private @Nullable Syntax command() {
    blanks();
    if (pos >= end) {
      return null;
    }
    if (tooDeep()) {
      return null;
    }
    depth++;
    int start = pos;
    Syntax command = compound();
    if (command == null) {
      command = pos == start ? simpleCommand() : null;
    } else if (!(command instanceof Syntax.Function)) {
      List<Redirection> redirections = new ArrayList<>();
      while (true) {
        blanks();
        Redirection redirection = redirection();
        if (redirection == null) {
          break;
        }
        redirections.add(redirection);
      }
      if (!redirections.isEmpty()) {
        command = new Syntax.Redirected(command, redirections, spanTo(start, redirections));
      }
    }
    depth--;
    return command;
  }

  private boolean tooDeep() {
    if (depth < MAX_DEPTH) {
      return false;
    }
    problem(Kind.TOO_DEEP, "", pos, end);
    pos = end;
    return true;
  }

  private @Nullable Syntax compound() {
    int start = pos;
    if (text.charAt(pos) == '(') {
      int close = peek(1) == '(' ? arithmeticEnd(pos + 2) : -1;
      if (close >= 0) {
        List<Part> parts = within(pos + 2, close);
        pos = close + 2;
        return new Syntax.Arithmetic(parts, span(start, pos));
      }
      pos++;
      List<Statement> body = enclosed(")");
      close(")", start);
      return new Syntax.Subshell(body, span(start, pos));
    }
    String keyword = keyword();
    switch (keyword) {
      case "if":
        return ifCommand();
      case "while", "until":
        pos += 5;
        List<Statement> condition = list(Set.of("do"));
        expect("do", start);
        List<Statement> body = list(Set.of("done"));
        expect("done", start);
        return new Syntax.While(keyword.equals("until"), condition, body, span(start, pos));
      case "for", "select":
        return forCommand(keyword);
      case "case":
        return caseCommand();
      case "function":
        pos += 8;
        blanks();
        Word name = word(Mode.NORMAL);
        blanks();
        if (at("(")) {
          int bracket = pos++;
          blanks();
          close(")", bracket);
        }
        return function(name, start);
      case "{":
        pos++;
        List<Statement> group = list(Set.of("}"));
        expect("}", start);
        return new Syntax.Group(group, span(start, pos));
      case "[[":
        return test();
      default:
        return null;
    }
  }

  private Syntax ifCommand() {
    int start = pos;
    pos += 2;
    List<Syntax.Branch> branches = new ArrayList<>();
    List<Statement> otherwise = List.of();
    int branchStart = start;
    while (true) {
      List<Statement> condition = list(Set.of("then"));
      expect("then", branchStart);
      List<Statement> body = list(Set.of("elif", "else", "fi"));
      branches.add(new Syntax.Branch(condition, body, span(branchStart, pos)));
      branchStart = pos;
      if (keyword().equals("elif")) {
        pos += 4;
        continue;
      }
      if (keyword().equals("else")) {
        pos += 4;
        otherwise = list(Set.of("fi"));
      }
      expect("fi", start);
      return new Syntax.If(branches, otherwise, span(start, pos));
    }
  }

  private Syntax forCommand(String keyword) {
    int start = pos;
    pos += keyword.length();
    blanks();
    if (at("((")) {
      int close = arithmeticEnd(pos + 2);
      if (close >= 0) {
        List<Part> header = within(pos + 2, close);
        pos = close + 2;
        return new Syntax.ArithmeticFor(header, loopBody(start), span(start, pos));
      }
    }
    Word name = word(Mode.NORMAL);
    if (name.parts().isEmpty()) {
      problem(Kind.MISSING, "name", start, start + keyword.length());
    }
    blanksAndLines();
    List<Word> words = null;
    if (keyword().equals("in")) {
      pos += 2;
      words = new ArrayList<>();
      while (true) {
        blanks();
        Word word = word(Mode.NORMAL);
        if (word.parts().isEmpty()) {
          break;
        }
        words.add(word);
      }
    }
    List<Statement> body = loopBody(start);
    return new Syntax.For(keyword.equals("select"), name, words, body, span(start, pos));
  }

  private List<Statement> loopBody(int start) {
    blanks();
    if (at(";")) {
      pos++;
    }
    blanksAndLines();
    if (keyword().equals("{")) {
      pos++;
      List<Statement> body = list(Set.of("}"));
      expect("}", start);
      return body;
    }
    expect("do", start);
    List<Statement> body = list(Set.of("done"));
    expect("done", start);
    return body;
  }

  private Syntax caseCommand() {
    int start = pos;
    pos += 4;
    blanks();
    Word subject = word(Mode.NORMAL);
    blanksAndLines();
    expect("in", start);
    List<Syntax.Arm> arms = new ArrayList<>();
    while (true) {
      blanksAndLines();
      if (pos >= end || isAwaited(keyword()) || keyword().equals("esac")) {
        break;
      }
      int armStart = pos;
      if (at("(")) {
        pos++;
      }
      List<Word> patterns = new ArrayList<>();
      while (true) {
        blanks();
        Word pattern = word(Mode.NORMAL);
        if (!pattern.parts().isEmpty()) {
          patterns.add(pattern);
        }
        blanks();
        if (!at("|")) {
          break;
        }
        pos++;
      }
      if (at(")")) {
        pos++;
      } else {
        problem(Kind.MISSING, ")", armStart, wordEnd(armStart));
      }
      List<Statement> body = list(Set.of("esac"));
      String armEnd = "";
      if (at(";")) {
        armEnd = at(";;&") ? ";;&" : at(";;") ? ";;" : ";&";
        pos += armEnd.length();
      }
      if (pos == armStart) {
        break;
      }
      arms.add(new Syntax.Arm(patterns, body, armEnd, span(armStart, pos)));
    }
    expect("esac", start);
    return new Syntax.Case(subject, arms, span(start, pos));
  }

  private Syntax test() {
    int start = pos;
    pos += 2;
    List<Word> words = new ArrayList<>();
    while (true) {
      blanksAndLines();
      if (pos >= end || at(";")) {
        problem(Kind.UNTERMINATED, "[[", start, start + 2);
        break;
      }
      if (at("]]") && isDelimiter(pos + 2)) {
        pos += 2;
        break;
      }
      int operator = at("&&") || at("||") ? 2 : "()<>&|".indexOf(text.charAt(pos)) >= 0 ? 1 : 0;
      if (operator > 0) {
        Span at = span(pos, pos + operator);
        words.add(
            new Word(List.of(new Literal(mapped.sub(pos, pos + operator), Quote.NONE, at)), at));
        pos += operator;
      } else {
        boolean regex = !words.isEmpty() && "=~".equals(words.get(words.size() - 1).plain());
        words.add(word(regex ? Mode.REGEX : Mode.NORMAL));
      }
    }
    return new Syntax.Test(words, span(start, pos));
  }

  private Syntax function(Word name, int start) {
    blanksAndLines();
    int before = pos;
    Syntax body = pos < end ? command() : null;
    if (body == null) {
      problem(Kind.MISSING, "command", start, before);
      body = new Syntax.Group(List.of(), span(pos, pos));
    }
    String text = name.text();
    return new Syntax.Function(text == null ? "" : text, body, span(start, pos));
  }

  private @Nullable Syntax simpleCommand() {
    int start = pos;
    int last = pos;
    List<Assignment> assignments = new ArrayList<>();
    List<Word> words = new ArrayList<>();
    List<Redirection> redirections = new ArrayList<>();
    if (CLOSING.contains(keyword())) {
      return null;
    }
    while (true) {
      blanks();
      if (pos >= end) {
        break;
      }
      Redirection redirection = redirection();
      if (redirection != null) {
        redirections.add(redirection);
        last = pos;
        continue;
      }
      if (at("(")) {
        if (words.size() == 1 && assignments.isEmpty() && redirections.isEmpty()) {
          int bracket = pos++;
          blanks();
          if (at(")")) {
            pos++;
            return function(words.get(0), start);
          }
          pos = bracket;
        }
        break;
      }
      int value = words.isEmpty() ? assignmentValue(pos) : -1;
      if (value >= 0) {
        assignments.add(assignment(value));
        last = pos;
        continue;
      }
      int before = pos;
      Word word = word(Mode.NORMAL);
      if (pos == before) {
        break;
      }
      words.add(word);
      last = pos;
    }
    if (last == start) {
      return null;
    }
    return new Syntax.SimpleCommand(assignments, words, redirections, span(start, last));
  }

  private Assignment assignment(int value) {
    int start = pos;
    boolean append = text.charAt(value - 2) == '+';
    String target = text.substring(start, value - (append ? 2 : 1));
    int bracket = target.indexOf('[');
    String subscript = bracket < 0 ? null : target.substring(bracket + 1, target.length() - 1);
    String name = bracket < 0 ? target : target.substring(0, bracket);
    pos = value;
    Word word;
    if (at("(")) {
      Part array = array();
      word = new Word(List.of(array), array.span());
    } else {
      word = word(Mode.NORMAL);
    }
    return new Assignment(name, subscript, append, word, span(start, pos));
  }

  /** Where the value starts when an assignment starts at {@code from}, else -1. */
  private int assignmentValue(int from) {
    int at = from;
    if (at >= end || !Word.isNameStart(text.charAt(at))) {
      return -1;
    }
    while (at < end && isNamePart(text.charAt(at))) {
      at++;
    }
    if (at < end && text.charAt(at) == '[') {
      int nesting = 0;
      int limit = Math.min(end, at + MAX_SUBSCRIPT);
      for (; at < limit; at++) {
        char c = text.charAt(at);
        if (c == '\n') {
          return -1;
        } else if (c == '[') {
          nesting++;
        } else if (c == ']' && --nesting == 0) {
          at++;
          break;
        }
      }
      if (nesting > 0) {
        return -1;
      }
    }
    if (at < end && text.charAt(at) == '+') {
      at++;
    }
    return at < end && text.charAt(at) == '=' ? at + 1 : -1;
  }

  private Part array() {
    int start = pos++;
    List<Word> elements = new ArrayList<>();
    while (true) {
      blanksAndLines();
      if (pos >= end) {
        break;
      }
      int before = pos;
      elements.add(word(Mode.NORMAL));
      if (pos == before) {
        elements.remove(elements.size() - 1);
        break;
      }
    }
    close(")", start);
    return new Word.Array(elements, span(start, pos));
  }

  // ---- redirections and here-documents ----

  private @Nullable Redirection redirection() {
    if (pos >= end) {
      return null;
    }
    int start = pos;
    int at = pos;
    if (text.charAt(at) == '{') {
      at++;
      while (at < end && isNamePart(text.charAt(at))) {
        at++;
      }
      if (at >= end || text.charAt(at) != '}') {
        return null;
      }
      at++;
    } else {
      while (at < end && isDigit(text.charAt(at))) {
        at++;
      }
    }
    String operator = redirectionOperator(at);
    if (operator == null || operator.startsWith("&") && at > start) {
      return null;
    }
    String descriptor = text.substring(start, at);
    pos = at + operator.length();
    blanks();
    int targetStart = pos;
    Word target = word(Mode.NORMAL);
    if (target.parts().isEmpty()) {
      problem(Kind.MISSING, "word", at, at + operator.length());
    }
    HereDocument document = null;
    if (operator.equals("<<") || operator.equals("<<-")) {
      document = hereDocument(targetStart, operator.equals("<<-"));
    }
    return new Redirection(descriptor, operator, target, document, span(start, pos));
  }

  private @Nullable String redirectionOperator(int at) {
    for (String operator :
        List.of("<<<", "<<-", "<<", "<&", "<>", "&>>", "&>", ">>", ">&", ">|", "<", ">")) {
      if (text.startsWith(operator, at) && at + operator.length() <= end) {
        boolean process = operator.length() == 1 && at + 1 < end && text.charAt(at + 1) == '(';
        return process ? null : operator;
      }
    }
    return null;
  }

  /** The body for the delimiter that stands from {@code from} up to here. */
  private HereDocument hereDocument(int from, boolean stripTabs) {
    String raw = text.substring(from, pos);
    boolean quoted = raw.chars().anyMatch(c -> c == '\'' || c == '"' || c == '\\');
    StringBuilder delimiter = new StringBuilder();
    raw.chars()
        .filter(c -> c != '\'' && c != '"' && c != '\\')
        .forEach(c -> delimiter.append((char) c));
    if (documentLine < pos) {
      documentLine = nextLine(pos);
      documentsEnd = documentLine;
    }
    int start = documentsEnd;
    int at = start;
    int bodyEnd = -1;
    StringBuilder stripped = new StringBuilder();
    List<Integer> kept = new ArrayList<>();
    while (at < end) {
      int newline = text.indexOf('\n', at);
      int next = newline < 0 || newline >= end ? end : newline + 1;
      int lineStart = at;
      while (stripTabs && lineStart < next && text.charAt(lineStart) == '\t') {
        lineStart++;
      }
      int lineEnd = next > lineStart && text.charAt(next - 1) == '\n' ? next - 1 : next;
      if (lineEnd > lineStart && text.charAt(lineEnd - 1) == '\r') {
        lineEnd--;
      }
      if (lineEnd - lineStart == delimiter.length()
          && text.startsWith(delimiter.toString(), lineStart)) {
        bodyEnd = at;
        at = next;
        break;
      }
      if (stripTabs) {
        stripped.append(text, lineStart, next);
        for (int i = lineStart; i < next; i++) {
          kept.add(i);
        }
      }
      at = next;
    }
    if (bodyEnd < 0) {
      problem(Kind.UNTERMINATED, "<<" + delimiter, from, pos);
      bodyEnd = end;
    }
    documentsEnd = at;
    MappedText body;
    if (stripTabs) {
      int[] offsets = new int[kept.size() + 1];
      for (int i = 0; i < kept.size(); i++) {
        offsets[i] = mapped.offsetAt(kept.get(i));
      }
      offsets[kept.size()] =
          kept.isEmpty() ? mapped.offsetAt(Math.min(start, end)) : offsets[kept.size() - 1] + 1;
      body = MappedText.of(stripped.toString(), offsets, mapped.file());
    } else {
      body = mapped.sub(Math.min(start, bodyEnd), bodyEnd);
    }
    if (quoted || depth >= MAX_DEPTH) {
      return new HereDocument(body, List.of(new Literal(body, Quote.SINGLE, body.span())));
    }
    Parser inner = new Parser(body, depth + 1, problems, comments);
    return new HereDocument(body, inner.quotedParts(Stop.DOCUMENT));
  }

  /** The start of the line after the one that {@code from} is on, line ends in quotes aside. */
  private int nextLine(int from) {
    char quote = 0;
    for (int i = from; i < end; i++) {
      char c = text.charAt(i);
      if (c == '\\' && quote != '\'') {
        i += i + 2 < end && text.charAt(i + 1) == '\r' ? 2 : 1;
      } else if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '\n') {
        return i + 1;
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if (c == '#' && isBlank(text.charAt(i - 1))) {
        int line = text.indexOf('\n', i);
        return line < 0 || line >= end ? end : line + 1;
      }
    }
    int line = quote == 0 ? -1 : text.indexOf('\n', from);
    return line < 0 || line >= end ? end : line + 1;
  }

  // ---- words ----

  private Word word(Mode mode) {
    List<Part> parts = new ArrayList<>();
    int start = pos;
    int run = pos;
    int groups = 0;
    while (pos < end) {
      char c = text.charAt(pos);
      if (c == '\\') {
        run = flush(run, parts);
        int continued = continuation(pos);
        if (continued > 0) {
          pos += continued;
          run = pos;
          if (pos - continued == start) {
            start = pos;
          }
        } else if (pos + 1 < end) {
          run = escape(parts);
        } else {
          pos++;
        }
        continue;
      }
      Part part = null;
      if (c == '\'' || c == '"' || c == '`' || c == '$') {
        int before = pos;
        flush(run, parts);
        part = expansion(false);
        if (part == null) {
          pos = before + 1;
          run = before;
          continue;
        }
      } else if ((c == '<' || c == '>') && peek(1) == '(' && mode == Mode.NORMAL) {
        flush(run, parts);
        part = processSubstitution();
      } else if (c == '(' && groups == 0 && isArrayStart(start, parts)) {
        flush(run, parts);
        part = array();
      }
      if (part != null) {
        parts.add(part);
        run = pos;
        continue;
      }
      if (isLineEnd(pos)) {
        break;
      }
      boolean opens =
          c == '('
              && (mode == Mode.REGEX
                  || groups > 0
                  || pos > run && "?*+@!".indexOf(text.charAt(pos - 1)) >= 0);
      if (opens) {
        groups++;
      } else if (groups > 0) {
        groups -= c == ')' ? 1 : 0;
      } else if (isBlank(c) || mode == Mode.NORMAL && isMeta(c)) {
        break;
      }
      pos++;
    }
    flush(run, parts);
    return new Word(parts, span(Math.min(start, pos), pos));
  }

  /** Whether all that the word holds so far is {@code name=}, as after {@code declare}. */
  private boolean isArrayStart(int start, List<Part> parts) {
    return parts.isEmpty() && assignmentValue(start) == pos;
  }

  private int flush(int run, List<Part> parts) {
    if (pos > run) {
      parts.add(new Literal(mapped.sub(run, pos), Quote.NONE, span(run, pos)));
    }
    return pos;
  }

  private int escape(List<Part> parts) {
    parts.add(new Literal(mapped.sub(pos + 1, pos + 2), Quote.ESCAPE, span(pos, pos + 2)));
    pos += 2;
    return pos;
  }

  /** The quote or expansion that starts here; null when the {@code $} stands for itself. */
  private @Nullable Part expansion(boolean inQuotes) {
    int start = pos;
    if (depth >= MAX_DEPTH) {
      tooDeep();
      return new Literal(mapped.sub(start, end), Quote.SINGLE, span(start, end));
    }
    depth++;
    Part part =
        switch (text.charAt(pos)) {
          case '\'' -> singleQuoted();
          case '"' -> doubleQuoted(start);
          case '`' -> backquoted(inQuotes);
          default -> dollar(inQuotes);
        };
    depth--;
    return part;
  }

  private Part singleQuoted() {
    int start = pos;
    int close = text.indexOf('\'', pos + 1);
    if (close < 0 || close >= end) {
      problem(Kind.UNTERMINATED, "'", start, start + 1);
      pos = end;
      return new Literal(mapped.sub(start + 1, end), Quote.SINGLE, span(start, end));
    }
    pos = close + 1;
    return new Literal(mapped.sub(start + 1, close), Quote.SINGLE, span(start, pos));
  }

  private Part doubleQuoted(int start) {
    int quote = pos++;
    List<Part> parts = quotedParts(Stop.QUOTE);
    if (at("\"")) {
      pos++;
    } else {
      problem(Kind.UNTERMINATED, "\"", quote, quote + 1);
    }
    return new Word.DoubleQuoted(parts, start < quote, span(start, pos));
  }

  private enum Stop {
    /** The closing double quote. */
    QUOTE,
    /** The end of a here-document, where double quotes are ordinary. */
    DOCUMENT,
    /** The closing brace of an expansion. */
    BRACE,
    /** The same within double quotes, where single quotes are ordinary. */
    QUOTED_BRACE
  }

  /** Parts of a text in which white space and operators are ordinary characters. */
  private List<Part> quotedParts(Stop stop) {
    List<Part> parts = new ArrayList<>();
    int run = pos;
    while (pos < end) {
      char c = text.charAt(pos);
      if (c == '"' && stop == Stop.QUOTE
          || c == '}' && (stop == Stop.BRACE || stop == Stop.QUOTED_BRACE)) {
        break;
      }
      if (c == '\\') {
        int continued = continuation(pos);
        if (continued > 0) {
          flush(run, parts);
          pos += continued;
          run = pos;
        } else if (pos + 1 < end && escapes(stop, text.charAt(pos + 1))) {
          flush(run, parts);
          run = escape(parts);
        } else {
          pos += pos + 1 < end ? 2 : 1;
        }
        continue;
      }
      boolean starts =
          c == '$'
              || c == '`'
              || c == '"' && (stop == Stop.BRACE || stop == Stop.QUOTED_BRACE)
              || c == '\'' && stop == Stop.BRACE;
      if (!starts) {
        pos++;
        continue;
      }
      int before = pos;
      flush(run, parts);
      Part part = expansion(stop != Stop.BRACE);
      if (part == null) {
        run = before;
        pos = before + 1;
      } else {
        parts.add(part);
        run = pos;
      }
    }
    flush(run, parts);
    return parts;
  }

  private static boolean escapes(Stop stop, char c) {
    return switch (stop) {
      case QUOTE -> c == '$' || c == '`' || c == '"' || c == '\\';
      case DOCUMENT -> c == '$' || c == '`' || c == '\\';
      case QUOTED_BRACE -> c == '$' || c == '`' || c == '"' || c == '\\' || c == '}';
      case BRACE -> true;
    };
  }

  private Part backquoted(boolean inQuotes) {
    int start = pos++;
    StringBuilder inner = new StringBuilder();
    List<Integer> kept = new ArrayList<>();
    while (pos < end && text.charAt(pos) != '`') {
      char next = peek(1);
      boolean escaped = next == '`' || next == '\\' || next == '$' || inQuotes && next == '"';
      if (text.charAt(pos) == '\\' && escaped) {
        pos++;
      }
      kept.add(pos);
      inner.append(text.charAt(pos++));
    }
    int close = pos;
    if (pos < end) {
      pos++;
    } else {
      problem(Kind.UNTERMINATED, "`", start, start + 1);
    }
    int[] offsets = new int[kept.size() + 1];
    for (int i = 0; i < kept.size(); i++) {
      offsets[i] = mapped.offsetAt(kept.get(i));
    }
    offsets[kept.size()] = mapped.span(start, Math.max(start + 1, close)).end();
    MappedText script = MappedText.of(inner.toString(), offsets, mapped.file());
    List<Statement> statements = new Parser(script, depth, problems, comments).script();
    return new Word.CommandSubstitution(statements, span(start, pos));
  }

  private @Nullable Part dollar(boolean inQuotes) {
    int start = pos;
    char c = peek(1);
    if (c == '(') {
      int close = peek(2) == '(' ? arithmeticEnd(pos + 3) : -1;
      if (close >= 0) {
        List<Part> parts = within(pos + 3, close);
        pos = close + 2;
        return new Word.Arithmetic(parts, span(start, pos));
      }
      pos += 2;
      List<Statement> statements = enclosed(")");
      close(")", start);
      return new Word.CommandSubstitution(statements, span(start, pos));
    }
    if (c == '{') {
      return braced(inQuotes);
    }
    if (c == '[') {
      int close = text.indexOf(']', pos);
      int line = text.indexOf('\n', pos);
      if (close < 0 || close >= end || line >= 0 && line < close) {
        return null;
      }
      List<Part> parts = within(pos + 2, close);
      pos = close + 1;
      return new Word.Arithmetic(parts, span(start, pos));
    }
    if (c == '\'' && !inQuotes) {
      return ansiQuoted();
    }
    if (c == '"' && !inQuotes) {
      pos++;
      return doubleQuoted(start);
    }
    int nameEnd = pos + 1;
    if (Word.isNameStart(c)) {
      while (nameEnd < end && isNamePart(text.charAt(nameEnd))) {
        nameEnd++;
      }
    } else if (isDigit(c) || isSpecial(c)) {
      nameEnd++;
    } else {
      return null;
    }
    pos = nameEnd;
    return new Word.Variable(
        text.substring(start + 1, nameEnd), null, "", null, span(start, nameEnd));
  }

  private Part braced(boolean inQuotes) {
    int start = pos;
    pos += 2;
    String operator = "";
    char c = peek(0);
    if ((c == '#' || c == '!') && (isNamePart(peek(1)) || peek(1) == '@' || peek(1) == '*')) {
      operator = c == '#' ? "length" : "indirect";
      pos++;
    }
    int nameStart = pos;
    if (pos < end && isSpecial(text.charAt(pos))) {
      pos++;
    } else {
      while (pos < end && isNamePart(text.charAt(pos))) {
        pos++;
      }
    }
    String name = text.substring(nameStart, pos);
    String subscript = null;
    if (at("[")) {
      int close = text.indexOf(']', pos);
      if (close > 0 && close < end && close - pos < MAX_SUBSCRIPT) {
        subscript = text.substring(pos + 1, close);
        pos = close + 1;
      }
    }
    Word operand = null;
    if (!at("}")) {
      for (String candidate : EXPANSION_OPERATORS) {
        if (at(candidate)) {
          operator = operator.isEmpty() ? candidate : operator;
          pos += candidate.length();
          break;
        }
      }
      int operandStart = pos;
      // In quotes, "${x:-it's}" holds an apostrophe, while "${x#'it'}" holds a quoted pattern.
      boolean ordinary =
          inQuotes
              && !operator.isEmpty()
              && "-=?+".contains(operator.substring(operator.length() - 1));
      List<Part> parts = quotedParts(ordinary ? Stop.QUOTED_BRACE : Stop.BRACE);
      operand = new Word(parts, span(operandStart, pos));
    }
    if (at("}")) {
      pos++;
      if (name.isEmpty()) {
        problem(Kind.MISSING, "name", start, pos);
      }
    } else {
      problem(Kind.UNTERMINATED, "${", start, start + 2);
    }
    return new Word.Variable(name, subscript, operator, operand, span(start, pos));
  }

  /** {@code $'…'} with its escapes decoded (Bash Reference Manual, 3.1.2.4). */
  private Part ansiQuoted() {
    int start = pos;
    pos += 2;
    StringBuilder value = new StringBuilder();
    List<Integer> offsets = new ArrayList<>();
    while (pos < end && text.charAt(pos) != '\'') {
      int at = mapped.offsetAt(pos);
      int before = value.length();
      char c = text.charAt(pos++);
      if (c != '\\' || pos >= end) {
        value.append(c);
      } else {
        decode(value);
      }
      for (int i = before; i < value.length(); i++) {
        offsets.add(at);
      }
    }
    int close = pos;
    if (pos < end) {
      pos++;
    } else {
      problem(Kind.UNTERMINATED, "$'", start, start + 2);
    }
    int[] places = new int[offsets.size() + 1];
    for (int i = 0; i < offsets.size(); i++) {
      places[i] = offsets.get(i);
    }
    places[offsets.size()] = mapped.span(start, close).end();
    return new Literal(
        MappedText.of(value.toString(), places, mapped.file()), Quote.ANSI_C, span(start, pos));
  }

  private void decode(StringBuilder value) {
    char c = text.charAt(pos++);
    switch (c) {
      case 'n' -> value.append('\n');
      case 't' -> value.append('\t');
      case 'r' -> value.append('\r');
      case 'a' -> value.append('\u0007');
      case 'b' -> value.append('\b');
      case 'e', 'E' -> value.append('\u001b');
      case 'f' -> value.append('\f');
      case 'v' -> value.append('\u000b');
      case '\\', '\'', '"', '?' -> value.append(c);
      case 'x' -> number(value, 16, 2);
      case 'u' -> number(value, 16, 4);
      case 'U' -> number(value, 16, 8);
      case '0', '1', '2', '3', '4', '5', '6', '7' -> {
        pos--;
        number(value, 8, 3);
      }
      default -> value.append('\\').append(c);
    }
  }

  private void number(StringBuilder value, int radix, int digits) {
    int code = 0;
    int limit = Math.min(end, pos + digits);
    while (pos < limit && Character.digit(text.charAt(pos), radix) >= 0) {
      code = code * radix + Character.digit(text.charAt(pos++), radix);
    }
    value.appendCodePoint(Character.isValidCodePoint(code) ? code : 0xFFFD);
  }

  private Part processSubstitution() {
    int start = pos;
    if (depth >= MAX_DEPTH) {
      tooDeep();
      return new Literal(mapped.sub(start, end), Quote.SINGLE, span(start, end));
    }
    boolean read = text.charAt(pos) == '<';
    pos += 2;
    depth++;
    List<Statement> statements = enclosed(")");
    depth--;
    close(")", start);
    return new Word.ProcessSubstitution(read, statements, span(start, pos));
  }

  /** A list that nothing outside its brackets can end. */
  private List<Statement> enclosed(String closing) {
    Map<String, Integer> outside = awaited;
    awaited = new HashMap<>();
    List<Statement> statements = list(Set.of(closing));
    awaited = outside;
    return statements;
  }

  // ---- arithmetic ----

  /**
   * Where the {@code ))} stands that closes an arithmetic expression whose text starts at {@code
   * from}; -1 when its brackets do not close together, so that it is a subshell in brackets.
   */
  private int arithmeticEnd(int from) {
    int open = 2;
    char quote = 0;
    for (int i = from; i < end; i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
      } else if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == '(') {
        open++;
      } else if (c == ')' && --open == 1) {
        return i + 1 < end && text.charAt(i + 1) == ')' ? i : -1;
      }
    }
    return -1;
  }

  private List<Part> within(int from, int to) {
    int outerEnd = end;
    pos = from;
    end = to;
    List<Part> parts = quotedParts(Stop.DOCUMENT);
    end = outerEnd;
    return parts;
  }

  // ---- characters ----

  private void blanks() {
    while (pos < end) {
      char c = text.charAt(pos);
      int continued = c == '\\' ? continuation(pos) : 0;
      if (continued > 0) {
        pos += continued;
      } else if (isBlank(c) && !isLineEnd(pos)) {
        pos++;
      } else if (c == '#') {
        int start = pos;
        while (pos < end && !isLineEnd(pos)) {
          pos++;
        }
        Span comment = span(start, pos);
        // A look ahead may come by twice.
        if (comments.isEmpty() || !comments.get(comments.size() - 1).equals(comment)) {
          comments.add(comment);
        }
      } else {
        return;
      }
    }
  }

  private void blanksAndLines() {
    while (true) {
      blanks();
      if (pos >= end || !isLineEnd(pos)) {
        return;
      }
      pos += text.charAt(pos) == '\r' ? 2 : 1;
      if (pos == documentLine) {
        pos = Math.min(end, Math.max(pos, documentsEnd));
        documentLine = -1;
      }
    }
  }

  /** The length of the line continuation at a place, 0 without one. */
  private int continuation(int at) {
    if (at >= end || text.charAt(at) != '\\') {
      return 0;
    }
    if (at + 1 < end && text.charAt(at + 1) == '\n') {
      return 2;
    }
    boolean both = at + 2 < end && text.charAt(at + 1) == '\r' && text.charAt(at + 2) == '\n';
    return both ? 3 : 0;
  }

  private boolean isLineEnd(int at) {
    char c = text.charAt(at);
    return c == '\n' || c == '\r' && at + 1 < end && text.charAt(at + 1) == '\n';
  }

  private boolean isDelimiter(int at) {
    return at >= end
        || isBlank(text.charAt(at))
        || isMeta(text.charAt(at))
        || isLineEnd(at)
        || continuation(at) > 0;
  }

  /** The reserved word that stands here on its own, or nothing. */
  private String keyword() {
    if (pos >= end) {
      return "";
    }
    char first = text.charAt(pos);
    int to = pos;
    if (first == '{' || first == '}' || first == '!') {
      to++;
    } else if (at("[[")) {
      to += 2;
    } else {
      while (to < end && to < pos + 9 && text.charAt(to) >= 'a' && text.charAt(to) <= 'z') {
        to++;
      }
    }
    if (to == pos || !isDelimiter(to)) {
      return "";
    }
    String word = text.substring(pos, to);
    return switch (word) {
      case "if",
          "then",
          "elif",
          "else",
          "fi",
          "for",
          "select",
          "in",
          "do",
          "done",
          "while",
          "until",
          "case",
          "esac",
          "function",
          "time",
          "{",
          "}",
          "!",
          "[[" ->
          word;
      default -> "";
    };
  }

  private int wordEnd(int from) {
    int to = from + 1;
    while (to < end && to < from + 40 && !isDelimiter(to)) {
      to++;
    }
    return to;
  }

  /** Takes a reserved word, or says that it is missing in the command that starts there. */
  private void expect(String keyword, int start) {
    blanksAndLines();
    if (keyword().equals(keyword)) {
      pos += keyword.length();
    } else {
      problem(Kind.MISSING, keyword, start, wordEnd(start));
    }
  }

  private void close(String bracket, int start) {
    blanksAndLines();
    if (at(bracket)) {
      pos++;
    } else {
      int to = Math.min(end, start + (text.charAt(start) == '(' ? 1 : 2));
      problem(Kind.UNTERMINATED, text.substring(start, to), start, to);
    }
  }

  private boolean at(String expected) {
    return text.startsWith(expected, pos) && pos + expected.length() <= end;
  }

  private char peek(int ahead) {
    return pos + ahead < end ? text.charAt(pos + ahead) : 0;
  }

  private void problem(Kind kind, String what, int from, int to) {
    Span at = span(from, Math.max(from, Math.min(to, end)));
    ShellProblem last = problems.isEmpty() ? null : problems.get(problems.size() - 1);
    if (last == null || last.kind() != kind || last.span().start() != at.start()) {
      problems.add(new ShellProblem(kind, what, at));
    }
  }

  private Span span(int from, int to) {
    return mapped.span(from, to);
  }

  private Span spanTo(int start, List<? extends Located> items) {
    int last = items.get(items.size() - 1).span().end();
    int first = mapped.offsetAt(start);
    return mapped.file().span(first, Math.max(first, last));
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\r';
  }

  private static boolean isMeta(char c) {
    return c == ';' || c == '&' || c == '|' || c == '<' || c == '>' || c == '(' || c == ')';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isNamePart(char c) {
    return Word.isNameStart(c) || isDigit(c);
  }

  private static boolean isSpecial(char c) {
    return c == '@' || c == '*' || c == '#' || c == '?' || c == '-' || c == '$' || c == '!';
  }
}
