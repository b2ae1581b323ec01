package fr.gouv.social.fabrique.dockerfile;

import fr.gouv.social.fabrique.dockerfile.DockerfileProblem.Kind;
import fr.gouv.social.fabrique.image.ImageConfig;
import fr.gouv.social.fabrique.source.MappedText;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.Span;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads Dockerfiles as BuildKit's frontend/dockerfile/parser does, but goes on after an error.
 * Never throws.
 */
public final class DockerfileReader {
  /** The longest line that BuildKit reads, in bytes without its line feed. */
  private static final int LONGEST_LINE = 65_535;

  private static final Pattern DIRECTIVE =
      Pattern.compile("([a-zA-Z][a-zA-Z0-9]*)[\\t\\n\\f\\r ]*=");

  private final Function<String, @Nullable ImageConfig> bases;
  private final SourceFile file;
  private final String text;
  private final List<Directive> directives = new ArrayList<>();
  private final List<Comment> comments = new ArrayList<>();
  private final List<Instruction> instructions = new ArrayList<>();
  private final List<DockerfileProblem> problems = new ArrayList<>();
  private final Map<String, Integer> lastLines = new HashMap<>();
  private final Map<String, Integer> lastLinesAfterTabs = new HashMap<>();
  private char escape = '\\';

  // The line that was read last: without its line end, and where the next one starts.
  private int lineStart;
  private int lineEnd;
  private int nextLine;

  private DockerfileReader(SourceFile file, Function<String, @Nullable ImageConfig> bases) {
    this.bases = bases;
    this.file = file;
    this.text = file.text();
  }

  /** Reads a file: whatever is wrong with it is among the problems, everything else is read. */
  public static Dockerfile read(SourceFile file) {
    return read(file, image -> null);
  }

  /**
   * Reads a file whose base images somebody knows.
   *
   * @param bases what the image of a name sets, or null where that is not known
   */
  public static Dockerfile read(SourceFile file, Function<String, @Nullable ImageConfig> bases) {
    return new DockerfileReader(file, bases).read();
  }

  private Dockerfile read() {
    boolean atTop = true;
    Set<Directive.Kind> seen = EnumSet.noneOf(Directive.Kind.class);
    List<Comment> pending = new ArrayList<>();
    while (readLine()) {
      int first = Spaces.skip(text, lineStart, lineEnd);
      if (isComment(first)) {
        Comment comment = comment(first);
        Directive directive = atTop ? directive(first, true) : null;
        atTop = directive != null;
        if (directive != null && seen.add(directive.kind())) {
          directives.add(directive);
          apply(directive);
          continue;
        }
        if (directive != null) {
          problem(Kind.DUPLICATE_DIRECTIVE, directive.span(), directive.name().text());
        }
        comments.add(comment);
        if (comment.text().isEmpty()) {
          pending.clear();
        } else {
          pending.add(comment);
        }
        continue;
      }
      atTop = false;
      if (first < lineEnd) {
        instruction(first, pending);
        pending = new ArrayList<>();
      }
    }
    readDirectivesBelowShebang();
    if (instructions.isEmpty()) {
      problem(Kind.NO_INSTRUCTION, file.span(0, 0));
    }
    return Dockerfile.of(file, escape, directives, comments, instructions, problems, bases);
  }

  /** The front end, unlike the parser, looks for directives below a {@code #!} line too. */
  private void readDirectivesBelowShebang() {
    if (!text.startsWith("#!")) {
      return;
    }
    Set<Directive.Kind> seen = EnumSet.noneOf(Directive.Kind.class);
    nextLine = 0;
    readLine();
    while (readLine()) {
      Directive directive =
          lineStart < lineEnd && text.charAt(lineStart) == '#' ? directive(lineStart, false) : null;
      if (directive == null || !seen.add(directive.kind())) {
        return;
      }
      directives.add(directive);
    }
  }

  private boolean readLine() {
    if (nextLine >= text.length()) {
      return false;
    }
    lineStart = nextLine;
    int feed = text.indexOf('\n', lineStart);
    int end = feed < 0 ? text.length() : feed;
    nextLine = feed < 0 ? end : feed + 1;
    if ((end - lineStart) * 3L > LONGEST_LINE
        && text.substring(lineStart, end).getBytes(StandardCharsets.UTF_8).length > LONGEST_LINE) {
      problem(Kind.LINE_TOO_LONG, file.span(lineStart, end));
    }
    while (end > lineStart && text.charAt(end - 1) == '\r') {
      end--;
    }
    lineEnd = end;
    return true;
  }

  private boolean isComment(int first) {
    return first < lineEnd && text.charAt(first) == '#';
  }

  private Comment comment(int first) {
    return new Comment(
        file.span(first, Spaces.skipBack(text, first, lineEnd)),
        Spaces.strip(text.substring(lineStart + 1, lineEnd)));
  }

  private @Nullable Directive directive(int first, boolean readByParser) {
    int from = Spaces.skip(text, first + 1, lineEnd);
    Matcher matcher = DIRECTIVE.matcher(text).region(from, lineEnd);
    if (!matcher.lookingAt()) {
      return null;
    }
    // "\\s*(.+?)\\s*$" of parser/directives.go: of white space alone, the last one is the value.
    int start = matcher.end();
    while (start < lineEnd && isAsciiSpace(text.charAt(start))) {
      start++;
    }
    int end = lineEnd;
    while (end > start && isAsciiSpace(text.charAt(end - 1))) {
      end--;
    }
    if (start == lineEnd) {
      start = Math.max(matcher.end(), lineEnd - 1);
      end = lineEnd;
    }
    if (start == end) {
      return null;
    }
    Directive.Kind kind =
        switch (matcher.group(1).toLowerCase(Locale.ROOT)) {
          case "syntax" -> Directive.Kind.SYNTAX;
          case "escape" -> Directive.Kind.ESCAPE;
          case "check" -> Directive.Kind.CHECK;
          default -> null;
        };
    if (kind == null) {
      return null;
    }
    return new Directive(
        kind,
        file.span(first, end),
        file.span(matcher.start(1), matcher.end(1)),
        MappedText.of(file.span(start, end)),
        readByParser);
  }

  private static boolean isAsciiSpace(char character) {
    return character != 0x0B && Spaces.separates(character);
  }

  private void apply(Directive directive) {
    String value = directive.value().text();
    if (directive.kind() == Directive.Kind.ESCAPE) {
      if (value.equals("\\") || value.equals("`")) {
        escape = value.charAt(0);
      } else {
        problem(Kind.INVALID_ESCAPE, directive.value().span(), value);
      }
    } else if (directive.kind() == Directive.Kind.CHECK && CheckOptions.parse(value) == null) {
      problem(Kind.INVALID_CHECK_OPTION, directive.value().span(), value);
    }
  }

  private void instruction(int first, List<Comment> above) {
    MappedText.Builder joined = new MappedText.Builder(file);
    List<Span> emptyLines = new ArrayList<>();
    boolean more = append(joined, first);
    while (more && readLine()) {
      int start = Spaces.skip(text, lineStart, lineEnd);
      if (isComment(start)) {
        comments.add(comment(start));
      } else if (start == lineEnd) {
        emptyLines.add(file.span(lineStart, lineEnd));
      } else {
        more = append(joined, lineStart);
      }
    }
    InstructionReader reader = new InstructionReader(escape, problems);
    MappedText line = joined.build(first);
    InstructionReader.Parts parts = reader.split(Spaces.strip(line));
    List<Heredoc> heredocs = parts.mayHaveHeredocs() ? heredocs(line) : List.of();
    int end = parts.line().span().end();
    if (!heredocs.isEmpty()) {
      Heredoc last = heredocs.get(heredocs.size() - 1);
      Span terminator = last.terminator();
      end = terminator != null ? terminator.end() : last.content().span().end();
    }
    Span span = file.span(Math.min(first, end), end);
    instructions.add(reader.instruction(parts, span, above, emptyLines, heredocs));
  }

  /** Adds the current line from an offset on and says whether the next line continues it. */
  private boolean append(MappedText.Builder joined, int from) {
    int end = lineEnd;
    while (end > from && (text.charAt(end - 1) == ' ' || text.charAt(end - 1) == '\t')) {
      end--;
    }
    boolean more =
        end > from
            && text.charAt(end - 1) == escape
            && (end - 1 == from || text.charAt(end - 2) != escape);
    joined.add(from, more ? end - 1 : lineEnd);
    return more;
  }

  private List<Heredoc> heredocs(MappedText line) {
    if (!line.text().contains("<<")) {
      return List.of();
    }
    List<Heredoc> heredocs = new ArrayList<>();
    for (HeredocMarker marker : HeredocMarker.among(line)) {
      if (!marker.valid()) {
        problem(Kind.INVALID_HEREDOC, marker.word().span());
        continue;
      }
      heredocs.add(body(marker));
    }
    return heredocs;
  }

  private Heredoc body(HeredocMarker marker) {
    int start = nextLine;
    int end = start;
    Span terminator = null;
    boolean ends = lastLine(marker.name(), marker.stripTabs()) >= start;
    while (ends && terminator == null && readLine()) {
      int from = marker.stripTabs() ? afterTabs(lineStart, lineEnd) : lineStart;
      if (marker.name().length() == lineEnd - from && text.startsWith(marker.name(), from)) {
        terminator = file.span(from, lineEnd);
      } else {
        end = nextLine;
      }
    }
    if (terminator == null) {
      problem(Kind.UNTERMINATED_HEREDOC, marker.word().span(), marker.name());
      // BuildKit swallows the rest of the file. What looks like the next instruction most likely
      // is.
      while (readLine() && !InstructionReader.startsInstruction(text, lineStart, lineEnd)) {
        end = nextLine;
      }
      nextLine = end;
    }
    return new Heredoc(
        marker.name(),
        marker.fileDescriptor(),
        marker.stripTabs(),
        marker.expand(),
        marker.word(),
        MappedText.of(file.span(start, end)),
        terminator);
  }

  private int afterTabs(int from, int to) {
    int at = from;
    while (at < to && text.charAt(at) == '\t') {
      at++;
    }
    return at;
  }

  /**
   * Where the last line starts that is a given text, -1 when none is: so that a file full of
   * here-documents without an end is not searched once for each.
   */
  private int lastLine(String line, boolean afterTabs) {
    Map<String, Integer> lines = afterTabs ? lastLinesAfterTabs : lastLines;
    if (lines.isEmpty()) {
      int start = 0;
      while (start < text.length()) {
        int feed = text.indexOf('\n', start);
        int end = feed < 0 ? text.length() : feed;
        int next = end + 1;
        while (end > start && text.charAt(end - 1) == '\r') {
          end--;
        }
        lines.put(text.substring(afterTabs ? afterTabs(start, end) : start, end), start);
        start = next;
      }
    }
    return lines.getOrDefault(line, -1);
  }

  private void problem(Kind kind, Span span, String... arguments) {
    boolean again =
        kind == Kind.LINE_TOO_LONG && problems.stream().anyMatch(each -> each.kind() == kind);
    if (!again) {
      problems.add(new DockerfileProblem(kind, span, List.of(arguments)));
    }
  }
}
