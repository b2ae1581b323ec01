package fr.gouv.social.fabrique.yaml;

import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.yaml.Interpolation.Source;
import fr.gouv.social.fabrique.yaml.Interpolation.Variable;
import fr.gouv.social.fabrique.yaml.YamlMapping.Entry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads what can be read around the actions of a Go template, as Helm and kontinuous render it. A
 * value with an action in it is unknown, lines that hold only actions are left out, and both
 * branches of a condition are read: a key that they both have is unknown. Where an action may bring
 * more, the document is {@linkplain YamlDocument#open open}.
 */
public final class Templates {
  /** Stands for a character of an action while YAML is read; of the private use area. */
  private static final char MARK = '\uE000';

  private static final String OPEN = "{{";
  private static final String CLOSE = "}}";

  /** Actions that bring nothing of their own. */
  private static final Set<String> CONTROL =
      Set.of("if", "else", "end", "with", "define", "break", "continue", "fail");

  /** A line that a block scalar follows. */
  private static final Pattern BLOCK_SCALAR =
      Pattern.compile("[:-][ \\t]+[|>][-+0-9]{0,2}[ \\t]*(?:#.*)?\\r?$");

  /** A dash or a key whose value follows on the lines below. */
  private static final Pattern HEAD = Pattern.compile("-|(?:- +)*[\\w./-]+:");

  private Templates() {}

  /**
   * Reads a template; never throws for what it holds.
   *
   * @return the documents that are YAML around their actions; the problems of the others
   */
  public static YamlFile read(SourceFile file) {
    return new Reading(file).read();
  }

  /** The scalar, its {@code {{ … }}} unknown. */
  public static YamlScalar withUnknowns(YamlScalar scalar) {
    String value = scalar.value();
    if (scalar.interpolation() != null || !value.contains(OPEN)) {
      return scalar;
    }
    List<Variable> unknown = new ArrayList<>();
    for (Action action : actions(value)) {
      unknown.add(unknown(value, action.start, action.end));
    }
    return unknown.isEmpty() ? scalar : with(scalar, value, unknown);
  }

  private static Variable unknown(String value, int from, int to) {
    return new Variable(value.substring(from, to), Source.UNKNOWN, from, to, null);
  }

  private static YamlScalar with(YamlScalar scalar, String value, List<Variable> unknown) {
    int[] starts = new int[value.length()];
    int[] ends = new int[value.length()];
    Arrays.setAll(starts, i -> i);
    Arrays.setAll(ends, i -> i + 1);
    return new YamlScalar(
        scalar.span(),
        value,
        scalar.style(),
        scalar.tag(),
        scalar.anchor(),
        scalar.way(),
        new Interpolation(value, unknown, starts, ends));
  }

  /** From its braces to after them. */
  private record Action(int start, int end) {
    /** The first word in it, or the sign of a comment or an assignment. */
    boolean bringsNothing(String text) {
      int from = start + OPEN.length();
      int to = Math.max(from, end - CLOSE.length());
      String inside = text.substring(from, to);
      inside = inside.startsWith("-") ? inside.substring(1) : inside;
      inside = inside.strip();
      if (inside.startsWith("/*") || inside.isEmpty() || inside.matches("(?s)\\$\\w*\\s*:?=.*")) {
        return true;
      }
      int word = 0;
      while (word < inside.length() && Character.isLetter(inside.charAt(word))) {
        word++;
      }
      return CONTROL.contains(inside.substring(0, word));
    }
  }

  private static List<Action> actions(String text) {
    List<Action> actions = new ArrayList<>();
    int at = text.indexOf(OPEN);
    while (at >= 0) {
      int end = end(text, at + OPEN.length());
      if (end < 0) {
        return actions;
      }
      actions.add(new Action(at, end));
      at = text.indexOf(OPEN, end);
    }
    return actions;
  }

  /** After the braces that close an action, or -1; strings and comments may hold braces. */
  private static int end(String text, int from) {
    int at = from;
    int first = text.startsWith("-", at) ? at + 1 : at;
    while (first < text.length() && Character.isWhitespace(text.charAt(first))) {
      first++;
    }
    if (text.startsWith("/*", first)) {
      int closed = text.indexOf("*/", first);
      int end = closed < 0 ? -1 : text.indexOf(CLOSE, closed);
      return end < 0 ? -1 : end + CLOSE.length();
    }
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\\') {
        // In a double-quoted scalar the quotes of a string are escaped.
        at += 2;
      } else if (c == '"' || c == '`') {
        int closed = closing(text, at, c);
        at = closed < 0 ? at + 1 : closed;
      } else if (text.startsWith(CLOSE, at)) {
        return at + CLOSE.length();
      } else {
        at++;
      }
    }
    return -1;
  }

  private static int closing(String text, int quote, char with) {
    for (int at = quote + 1; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '\\' && with == '"') {
        at++;
      } else if (c == with) {
        return at + 1;
      }
    }
    return -1;
  }

  private static final class Reading {
    private final SourceFile file;
    private final String text;
    private final char[] masked;
    private final List<Action> bringing = new ArrayList<>();
    private final Map<YamlNode, YamlNode> copies = new IdentityHashMap<>();
    private final BitSet inBlockScalar = new BitSet();
    private boolean unknownKey;

    Reading(SourceFile file) {
      this.file = file;
      this.text = file.text();
      this.masked = text.toCharArray();
    }

    YamlFile read() {
      findBlockScalars();
      mask(actions(text));
      YamlFile read = YamlReader.read(file, new String(masked));
      List<YamlDocument> documents = new ArrayList<>();
      for (YamlDocument document : read.documents()) {
        unknownKey = false;
        YamlNode root = copy(document.root());
        boolean open = unknownKey;
        for (Action action : bringing) {
          open |= document.span().start() <= action.start && action.end <= document.span().end();
        }
        documents.add(new YamlDocument(document.span(), root, open));
      }
      List<YamlProblem> problems =
          read.problems().stream()
              .filter(problem -> problem.kind() != YamlProblem.Kind.DUPLICATE_KEY)
              .toList();
      return new YamlFile(file, documents, problems, read.comments());
    }

    private void mask(List<Action> actions) {
      int next = 0;
      while (next < actions.size()) {
        // All that share a line, and lines with them.
        int first = next;
        int line = text.lastIndexOf('\n', actions.get(first).start) + 1;
        int end = lineEnd(actions.get(next).end);
        next++;
        while (next < actions.size() && actions.get(next).start < end) {
          end = lineEnd(actions.get(next).end);
          next++;
        }
        List<Action> together = actions.subList(first, next);
        boolean alone = !inBlockScalar.get(line) && isAlone(together, line, end);
        for (Action action : together) {
          for (int i = action.start; i < action.end; i++) {
            // Unlike blanks, line ends never count as indentation.
            masked[i] = alone ? '\n' : MARK;
          }
          if (alone && !action.bringsNothing(text)) {
            bringing.add(action);
          }
        }
      }
    }

    /** Notes the lines that belong to a block scalar. */
    private void findBlockScalars() {
      int scalar = -1;
      for (int line = 0; line < text.length(); line = lineEnd(line) + 1) {
        int indent = indent(line);
        String content = text.substring(line + indent, lineEnd(line));
        if (content.isBlank() || scalar >= 0 && content.startsWith(OPEN) && indent <= scalar) {
          continue;
        }
        if (scalar >= 0 && indent > scalar) {
          inBlockScalar.set(line);
        } else {
          scalar = BLOCK_SCALAR.matcher(content).find() ? indent + dashes(content) : -1;
        }
      }
    }

    /** How far behind its dashes the key of a list item stands. */
    private static int dashes(String content) {
      int at = 0;
      while (content.startsWith("- ", at)) {
        at += 2;
        while (content.startsWith(" ", at)) {
          at++;
        }
      }
      // A scalar that is an item itself is only indented more than its dash.
      return at > 0 && (content.startsWith("|", at) || content.startsWith(">", at)) ? 0 : at;
    }

    private int indent(int line) {
      int at = line;
      while (at < text.length() && text.charAt(at) == ' ') {
        at++;
      }
      return at - line;
    }

    private int lineEnd(int from) {
      int end = text.indexOf('\n', from);
      return end < 0 ? text.length() : end;
    }

    /**
     * Whether lines hold nothing but actions, blanks and a comment, or what a condition about the
     * lines below stands behind: a dash, a key.
     */
    private boolean isAlone(List<Action> actions, int start, int end) {
      StringBuilder rest = new StringBuilder();
      boolean controls = true;
      int at = start;
      for (Action action : actions) {
        rest.append(text, at, action.start);
        at = action.end;
        controls &= action.bringsNothing(text);
      }
      boolean first = rest.toString().isBlank();
      String others = rest.append(text, at, end).toString().strip();
      return others.isEmpty()
          || first && others.startsWith("#")
          || controls && HEAD.matcher(others).matches();
    }

    private YamlNode copy(YamlNode node) {
      YamlNode known = copies.get(node);
      if (known != null) {
        return known;
      }
      YamlNode copy;
      if (node instanceof YamlMapping mapping) {
        copy = mapping(mapping);
      } else if (node instanceof YamlSequence sequence) {
        copy =
            new YamlSequence(
                sequence.span(),
                sequence.items().stream().map(this::copy).toList(),
                sequence.tag(),
                sequence.anchor(),
                sequence.way());
      } else {
        copy = restored((YamlScalar) node);
      }
      copies.put(node, copy);
      return copy;
    }

    private YamlMapping mapping(YamlMapping mapping) {
      Set<String> once = new HashSet<>();
      Set<String> twice = new HashSet<>();
      for (Entry entry : mapping.written()) {
        if (!once.add(entry.name())) {
          twice.add(entry.name());
        }
      }
      List<Entry> entries = new ArrayList<>();
      for (Entry entry : mapping.entries()) {
        YamlNode key = copy(entry.key());
        unknownKey |= key instanceof YamlScalar scalar && !scalar.isKnown();
        YamlScalar either = twice.contains(entry.name()) ? anything(entry.value()) : null;
        entries.add(new Entry(key, either == null ? copy(entry.value()) : either));
      }
      return new YamlMapping(
          mapping.span(), entries, entries, mapping.tag(), mapping.anchor(), mapping.way());
    }

    /** What stands for one of several values; null where there is nothing to point at. */
    private static @Nullable YamlScalar anything(YamlNode node) {
      String written = node.span().text();
      return written.isEmpty()
          ? null
          : with(
              new YamlScalar(node.span(), written, YamlScalar.Style.PLAIN, null, null, node.way()),
              written,
              List.of(unknown(written, 0, written.length())));
    }

    /** The scalar with its actions as they are written. */
    private YamlScalar restored(YamlScalar scalar) {
      if (scalar.value().indexOf(MARK) < 0) {
        return scalar;
      }
      StringBuilder value = new StringBuilder(scalar.value());
      List<Variable> unknown = new ArrayList<>();
      int source = scalar.span().start();
      int from = -1;
      for (int i = 0; i <= value.length(); i++) {
        boolean mark = i < value.length() && value.charAt(i) == MARK;
        if (mark) {
          while (source < scalar.span().end() && masked[source] != MARK) {
            source++;
          }
          value.setCharAt(i, source < scalar.span().end() ? text.charAt(source) : ' ');
          source++;
          from = from < 0 ? i : from;
        } else if (from >= 0) {
          unknown.add(unknown(value.toString(), from, i));
          from = -1;
        }
      }
      return with(scalar, value.toString(), unknown);
    }
  }
}
