package fr.gouv.social.fabrique.yaml;

import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.source.Step;
import fr.gouv.social.fabrique.source.Text;
import fr.gouv.social.fabrique.yaml.YamlMapping.Entry;
import fr.gouv.social.fabrique.yaml.YamlProblem.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** Builds the nodes of one document from the parser's events. */
final class DocumentReader {
  /** Deeper documents are refused: nothing real comes near, and everything after us may recurse. */
  private static final int MAX_DEPTH = 256;

  /** How many nodes a document may have once its aliases are followed. */
  private static final long MAX_EXPANDED = 1_000_000;

  /** Refilling the parser's window copies what is left in it: long texts get a wide one. */
  private static final int WINDOW = 1 << 14;

  private static final LoadSettings SHORT = settings(1 << 10);
  private static final LoadSettings LONG = settings(WINDOW);

  private final SourceFile file;
  private final String text;
  private final int start;
  private final int end;
  private final List<YamlProblem> problems;
  private final List<Span> comments;
  private final Map<String, Anchored> anchors = new HashMap<>();
  private final Set<String> open = new HashSet<>();

  /**
   * Offsets of the code points of this document, or empty when every character is one UTF-16 unit.
   */
  private final int[] codePoints;

  private int commentsFrom;

  private static LoadSettings settings(int window) {
    return LoadSettings.builder()
        .setCodePointLimit(Integer.MAX_VALUE)
        .setParseComments(false)
        .setBufferSize(window)
        .build();
  }

  private static final Pattern TRAILING_TABS = Pattern.compile("(?m)\\t[ \\t]*(?=\\r?$)");

  /** A node with the number of nodes in it, aliases followed. */
  private record Anchored(YamlNode node, long size) {}

  /** Ends the reading of this document; the problem is already recorded. */
  private static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unreadable() {
      super(null, null, false, false);
    }
  }

  /**
   * @param text what to read instead of the file's own text, of the same length
   */
  DocumentReader(
      SourceFile file,
      String text,
      int start,
      int end,
      List<YamlProblem> problems,
      List<Span> comments) {
    this.file = file;
    this.text = text;
    this.start = start;
    this.end = end;
    this.problems = problems;
    this.comments = comments;
    this.commentsFrom = start;
    this.codePoints = codePoints(text, start, end);
  }

  /** The root, or null when the document cannot be read. */
  @Nullable YamlNode read() {
    return read(text.substring(start, end), true);
  }

  /**
   * @param body what to parse, of the length of the document
   * @param mayHaveTabs whether to try once more without the tabs at the ends of lines: they are
   *     blanks by the specification (production 66), but not to the parser
   */
  private @Nullable YamlNode read(String body, boolean mayHaveTabs) {
    int before = comments.size();
    int problemsBefore = problems.size();
    try {
      LoadSettings settings = end - start < WINDOW ? SHORT : LONG;
      ParserImpl parser = new ParserImpl(settings, new StreamReader(settings, body));
      parser.next();
      if (parser.checkEvent(Event.ID.StreamEnd)) {
        return nothing();
      }
      parser.next();
      YamlNode root = node(parser, 0).node;
      findComments(end);
      return root;
    } catch (MarkedYamlEngineException e) {
      if (mayHaveTabs && e.getProblem().contains("TAB") && TRAILING_TABS.matcher(body).find()) {
        comments.subList(before, comments.size()).clear();
        problems.subList(problemsBefore, problems.size()).clear();
        commentsFrom = start;
        anchors.clear();
        open.clear();
        String spaces =
            TRAILING_TABS.matcher(body).replaceAll(found -> " ".repeat(found.group().length()));
        return read(spaces, false);
      }
      syntax(e, body);
    } catch (ReaderException e) {
      int at = start + Math.min(e.getPosition(), end - start);
      problems.add(
          new YamlProblem(
              Kind.SYNTAX,
              file.span(Math.min(at, end), Math.min(at + 1, end)),
              SyntaxWords.of(
                  "", String.format("unprintable character U+%04X", e.getCodePoint()), "")));
    } catch (YamlEngineException e) {
      String message = e.getMessage();
      problems.add(
          new YamlProblem(
              Kind.SYNTAX, file.span(start, start), Text.same(message == null ? "" : message)));
    } catch (Unreadable e) {
      // recorded where it was found
    }
    while (comments.size() > before) {
      comments.remove(comments.size() - 1);
    }
    commentsFrom = start;
    lineComments();
    return null;
  }

  private YamlNode nothing() {
    lineComments();
    return new YamlScalar(file.span(end, end), "", YamlScalar.Style.PLAIN, null, null, List.of());
  }

  private Anchored node(ParserImpl parser, int depth) {
    Event event = parser.next();
    if (depth > MAX_DEPTH) {
      throw fail(Kind.TOO_LARGE, spanOf(event), "");
    }
    if (event instanceof AliasEvent alias) {
      return alias(alias);
    }
    if (event instanceof ScalarEvent scalar) {
      return anchored(scalar, scalar(scalar), 1);
    }
    CollectionStartEvent collection = (CollectionStartEvent) event;
    String anchor = anchor(collection);
    boolean added = anchor != null && open.add(anchor);
    Anchored built =
        collection.getEventId() == Event.ID.MappingStart
            ? mapping(parser, collection, depth)
            : sequence(parser, collection, depth);
    if (added) {
      open.remove(anchor);
    }
    return anchored(collection, built.node, built.size);
  }

  private Anchored anchored(NodeEvent event, YamlNode node, long size) {
    String anchor = anchor(event);
    Anchored anchored = new Anchored(node, size);
    if (anchor != null) {
      anchors.put(anchor, anchored);
    }
    return anchored;
  }

  private Anchored alias(AliasEvent event) {
    String name = event.getAlias().getValue();
    Span span = spanOf(event);
    if (open.contains(name)) {
      throw fail(Kind.ALIAS_BOMB, span, name);
    }
    Anchored target = anchors.get(name);
    if (target == null) {
      throw fail(Kind.UNKNOWN_ALIAS, span, name);
    }
    return new Anchored(
        target.node.by(new Step(Step.Kind.ALIAS, span)), checked(target.size, span, name));
  }

  private long checked(long size, Span span, String detail) {
    if (size > MAX_EXPANDED) {
      throw fail(Kind.ALIAS_BOMB, span, detail);
    }
    return size;
  }

  private YamlScalar scalar(ScalarEvent event) {
    int from =
        afterProperties(offset(mark(event.getStartMark())), event.getAnchor(), event.getTag());
    int to = offset(mark(event.getEndMark()));
    YamlScalar.Style style = style(event.getScalarStyle());
    boolean block = style == YamlScalar.Style.LITERAL || style == YamlScalar.Style.FOLDED;
    if (block) {
      to = trimmed(from, to);
    }
    to = Math.max(from, to);
    findComments(from);
    if (block) {
      // A comment may stand behind the indicator.
      commentsFrom = from;
      int line = text.indexOf('\n', from);
      findComments(line < 0 || line > to ? to : line);
    }
    commentsFrom = to;
    return new YamlScalar(
        file.span(from, to),
        event.getValue(),
        style,
        tag(event.getTag()),
        anchor(event),
        List.of());
  }

  private Anchored mapping(ParserImpl parser, CollectionStartEvent event, int depth) {
    List<Entry> written = new ArrayList<>();
    long size = 1;
    while (!parser.checkEvent(Event.ID.MappingEnd)) {
      Anchored key = node(parser, depth + 1);
      Anchored value = node(parser, depth + 1);
      size = checked(size + key.size + value.size, key.node.span(), "");
      written.add(new Entry(key.node, value.node));
    }
    Event close = parser.next();
    Span span =
        span(event, close, written.isEmpty() ? null : written.get(0).key(), lastOf(written));
    return new Anchored(
        new YamlMapping(
            span, written, resolve(written), tag(event.getTag()), anchor(event), List.of()),
        size);
  }

  private Anchored sequence(ParserImpl parser, CollectionStartEvent event, int depth) {
    List<YamlNode> items = new ArrayList<>();
    long size = 1;
    while (!parser.checkEvent(Event.ID.SequenceEnd)) {
      Anchored item = node(parser, depth + 1);
      size = checked(size + item.size, item.node.span(), "");
      items.add(item.node);
    }
    Event close = parser.next();
    Span span =
        span(
            event,
            close,
            items.isEmpty() ? null : items.get(0),
            items.isEmpty() ? null : items.get(items.size() - 1));
    return new Anchored(
        new YamlSequence(span, items, tag(event.getTag()), anchor(event), List.of()), size);
  }

  private static @Nullable YamlNode lastOf(List<Entry> entries) {
    return entries.isEmpty() ? null : entries.get(entries.size() - 1).value();
  }

  private Span span(
      CollectionStartEvent open, Event close, @Nullable YamlNode first, @Nullable YamlNode last) {
    int from = afterProperties(offset(mark(open.getStartMark())), open.getAnchor(), open.getTag());
    if (open.isFlow()) {
      int to = offset(mark(close.getEndMark()));
      findComments(to);
      return file.span(from, Math.max(from, to));
    }
    if (first == null || last == null) {
      return file.span(from, from);
    }
    // A block collection ends with its last node; the parser only notices at the next token. An
    // item that is an alias is
    // written elsewhere: then the last step of its way is the place here.
    return file.span(Math.min(from, here(first).start()), Math.max(from, here(last).end()));
  }

  private static Span here(YamlNode node) {
    List<Step> way = node.way();
    return way.isEmpty() ? node.span() : way.get(way.size() - 1).at();
  }

  /** Own keys first, then what merge keys bring; of duplicates the first. */
  private List<Entry> resolve(List<Entry> written) {
    Set<String> seen = new HashSet<>();
    boolean plain = true;
    for (Entry entry : written) {
      String name = entry.name();
      if (!seen.add(name) && entry.key() instanceof YamlScalar) {
        problems.add(new YamlProblem(Kind.DUPLICATE_KEY, entry.key().span(), Text.same(name)));
        plain = false;
      }
      plain &= !isMergeKey(entry);
    }
    if (plain) {
      return written;
    }
    List<Entry> entries = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    for (Entry entry : written) {
      if (!isMergeKey(entry) && (taken.add(entry.name()) || !(entry.key() instanceof YamlScalar))) {
        entries.add(entry);
      }
    }
    for (Entry entry : written) {
      if (isMergeKey(entry)) {
        merge(entry, entry.value(), taken, entries);
      }
    }
    return entries;
  }

  private void merge(Entry merge, YamlNode source, Set<String> taken, List<Entry> entries) {
    Step step = new Step(Step.Kind.MERGE_KEY, merge.key().span());
    if (source instanceof YamlMapping mapping) {
      for (Entry entry : mapping.entries()) {
        if (taken.add(entry.name())) {
          YamlNode key = entry.key();
          YamlNode value = entry.value();
          for (Step each : mapping.way()) {
            key = key.by(each);
            value = value.by(each);
          }
          entries.add(new Entry(key.by(step), value.by(step)));
        }
      }
    } else if (source instanceof YamlSequence sequence
        && sequence.items().stream().allMatch(item -> item instanceof YamlMapping)) {
      sequence.items().forEach(item -> merge(merge, item, taken, entries));
    } else {
      problems.add(new YamlProblem(Kind.BAD_MERGE, merge.key().span(), Text.same("")));
    }
  }

  private static boolean isMergeKey(Entry entry) {
    return entry.key() instanceof YamlScalar key
        && key.value().equals("<<")
        && key.style() == YamlScalar.Style.PLAIN
        && (key.tag() == null || "tag:yaml.org,2002:merge".equals(key.tag()));
  }

  private Unreadable fail(Kind kind, Span span, String detail) {
    problems.add(new YamlProblem(kind, span, Text.same(detail)));
    return new Unreadable();
  }

  private static @Nullable String anchor(NodeEvent event) {
    Optional<Anchor> anchor = event.getAnchor();
    return anchor.isPresent() ? anchor.get().getValue() : null;
  }

  private static @Nullable String tag(Optional<String> tag) {
    return tag.isPresent() && !tag.get().equals("!") ? tag.get() : null;
  }

  private static YamlScalar.Style style(ScalarStyle style) {
    return switch (style) {
      case SINGLE_QUOTED -> YamlScalar.Style.SINGLE_QUOTED;
      case DOUBLE_QUOTED -> YamlScalar.Style.DOUBLE_QUOTED;
      case LITERAL -> YamlScalar.Style.LITERAL;
      case FOLDED -> YamlScalar.Style.FOLDED;
      default -> YamlScalar.Style.PLAIN;
    };
  }

  /** Anchor and tag stand before the node itself. */
  private int afterProperties(int from, Optional<Anchor> anchor, Optional<String> tag) {
    int properties = (anchor.isPresent() ? 1 : 0) + (tag.isPresent() ? 1 : 0);
    int at = from;
    for (int i = 0;
        i < properties && at < end && (text.charAt(at) == '&' || text.charAt(at) == '!');
        i++) {
      while (at < end && !Character.isWhitespace(text.charAt(at))) {
        at++;
      }
      at = afterBlanks(at);
    }
    return at;
  }

  private int afterBlanks(int from) {
    int at = from;
    while (at < end && (Character.isWhitespace(text.charAt(at)) || text.charAt(at) == '#')) {
      if (text.charAt(at) == '#') {
        int line = text.indexOf('\n', at);
        at = line < 0 || line > end ? end : line;
      } else {
        at++;
      }
    }
    return at;
  }

  private int trimmed(int from, int to) {
    int at = to;
    while (at > from && Character.isWhitespace(text.charAt(at - 1))) {
      at--;
    }
    return at;
  }

  private Span spanOf(Event event) {
    int from = offset(mark(event.getStartMark()));
    return file.span(from, Math.max(from, offset(mark(event.getEndMark()))));
  }

  private static Mark mark(Optional<Mark> mark) {
    return mark.orElseThrow();
  }

  private int offset(Mark mark) {
    int index = mark.getIndex();
    if (codePoints.length > 0) {
      return codePoints[Math.min(index, codePoints.length - 1)];
    }
    return Math.min(start + index, end);
  }

  private static int[] codePoints(String text, int start, int end) {
    boolean supplementary = false;
    for (int i = start; i < end && !supplementary; i++) {
      supplementary = Character.isSurrogate(text.charAt(i));
    }
    if (!supplementary) {
      return new int[0];
    }
    int[] offsets = new int[text.codePointCount(start, end) + 1];
    int at = start;
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = at;
      if (at < end) {
        at += Character.charCount(text.codePointAt(at));
      }
    }
    return offsets;
  }

  /**
   * The text of the line an error stands on, from the error on; of the last line when the parser
   * came to the end.
   */
  private void syntax(MarkedYamlEngineException e, String body) {
    Matcher conflict = SyntaxWords.conflict(body);
    if (conflict != null) {
      problems.add(
          new YamlProblem(
              Kind.SYNTAX, lineAround(start + conflict.start()), SyntaxWords.conflict()));
      return;
    }
    String context = e.getContext() == null ? "" : e.getContext();
    Optional<Mark> opening =
        SyntaxWords.isUnclosed(context, e.getProblem()) ? e.getContextMark() : Optional.empty();
    Optional<Mark> mark = opening.isPresent() ? opening : e.getProblemMark();
    int at = mark.isPresent() ? offset(mark.get()) : start;
    String before = text.substring(Math.max(start, text.lastIndexOf('\n', at - 1) + 1), at);
    problems.add(
        new YamlProblem(
            Kind.SYNTAX, lineAround(at), SyntaxWords.of(context, e.getProblem(), before)));
  }

  private Span lineAround(int at) {
    int last = trimmed(start, end);
    int from = Math.min(at, end);
    if (from >= last) {
      from = Math.max(start, text.lastIndexOf('\n', last - 1) + 1);
      while (from < last && Character.isWhitespace(text.charAt(from))) {
        from++;
      }
    }
    int line = text.indexOf('\n', from);
    int to = trimmed(from, line < 0 || line > end ? end : line);
    return file.span(from, Math.max(from, to));
  }

  /** Between scalars, a {@code #} after a blank or at the start of a line starts a comment. */
  private void findComments(int to) {
    int at = commentsFrom;
    while (at < to) {
      if (text.charAt(at) == '#' && (at == 0 || Character.isWhitespace(text.charAt(at - 1)))) {
        int line = text.indexOf('\n', at);
        int stop = line < 0 || line > end ? end : line;
        comments.add(file.span(at, trimmed(at, stop)));
        at = stop;
      } else {
        at++;
      }
    }
    commentsFrom = Math.max(commentsFrom, at);
  }

  /**
   * In a document that cannot be read, only lines that hold nothing but a comment are surely
   * comments.
   */
  private void lineComments() {
    int line = start;
    while (line < end) {
      int stop = text.indexOf('\n', line);
      int lineEnd = stop < 0 || stop > end ? end : stop;
      int first = line;
      while (first < lineEnd && Character.isWhitespace(text.charAt(first))) {
        first++;
      }
      if (first < lineEnd && text.charAt(first) == '#') {
        comments.add(file.span(first, trimmed(first, lineEnd)));
      }
      line = lineEnd + 1;
    }
  }
}
