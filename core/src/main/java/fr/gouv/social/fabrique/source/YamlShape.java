package fr.gouv.social.fabrique.source;

import java.util.Set;

/**
 * What a YAML or JSON text looks like, from one scan over its lines and without parsing it: enough
 * to tell which reader it is for. Flow mappings at the top of a document are scanned too, so JSON
 * is.
 */
final class YamlShape {
  private static final int MAX_DEPTH = 100;
  private static final Set<String> SERVICE_KEYS = Set.of("image", "build", "extends");

  /**
   * Keys by which dependency-injection files of PHP frameworks, which have services too, differ.
   */
  private static final Set<String> FOREIGN_KEYS =
      Set.of("class", "autowire", "autoconfigure", "arguments", "factory", "parent", "tags");

  private final String text;
  private boolean apiVersion;
  private boolean kind;
  private boolean manifest;
  private boolean service;
  private boolean foreign;
  private boolean template;

  private int top;
  private boolean inServices;
  private int nameIndent;
  private int keyIndent;

  private YamlShape(String text) {
    this.text = text;
  }

  static YamlShape of(String text) {
    YamlShape shape = new YamlShape(text);
    shape.scan();
    return shape;
  }

  /** Whether a document has {@code apiVersion} and {@code kind}. */
  boolean isManifest() {
    return manifest;
  }

  /** Whether there are services with an image or a build. */
  boolean isCompose() {
    return service && !foreign;
  }

  /** Whether a template action stands where YAML expects a node. */
  boolean isTemplate() {
    return template;
  }

  private void scan() {
    startDocument();
    int scalar = -1;
    int lineStart = 0;
    while (lineStart < text.length()) {
      int lineEnd = text.indexOf('\n', lineStart);
      if (lineEnd < 0) {
        lineEnd = text.length();
      }
      int at = lineStart;
      while (at < lineEnd && text.charAt(at) == ' ') {
        at++;
      }
      int indent = at - lineStart;
      int next = lineEnd + 1;
      if (isBlank(at, lineEnd) || scalar >= 0 && indent > scalar) {
        lineStart = next;
        continue;
      }
      scalar = -1;
      if (indent == 0 && isMarker(at, lineEnd, "---")) {
        startDocument();
        at += 3;
        while (at < lineEnd && text.charAt(at) == ' ') {
          at++;
        }
      } else if (indent == 0 && (isMarker(at, lineEnd, "...") || text.charAt(at) == '%')) {
        startDocument();
        at = lineEnd;
      }
      if (!isBlank(at, lineEnd) && text.charAt(at) != '#') {
        int column = at - lineStart;
        if (top < 0 && !isAction(at)) {
          top = column;
          if (text.charAt(at) == '{' && !isAction(at)) {
            next = Math.max(next, flow(at, 0));
          }
        }
        scalar = line(at, lineEnd, column);
      }
      lineStart = next;
    }
  }

  private void startDocument() {
    top = -1;
    apiVersion = false;
    kind = false;
    inServices = false;
  }

  /** Reads one line of block style; returns the indentation of the block scalar it opens, or -1. */
  private int line(int start, int end, int indent) {
    int at = start;
    int column = indent;
    int parent = indent;
    boolean item = false;
    while (at + 1 < end && text.charAt(at) == '-' && text.charAt(at + 1) == ' ') {
      item = true;
      parent = column;
      int dash = at++;
      while (at < end && text.charAt(at) == ' ') {
        at++;
      }
      column += at - dash;
    }
    int keyEnd = keyEnd(at, end);
    int value = at;
    if (keyEnd >= 0) {
      parent = column;
      value = text.indexOf(':', keyEnd) + 1;
      while (value < end && text.charAt(value) == ' ') {
        value++;
      }
    }
    template |= isAction(value) || isAction(at);
    if (keyEnd >= 0 && !isAction(at)) {
      key(key(at, keyEnd), indent, item, value, end);
    }
    return opensScalar(value, end) ? parent : -1;
  }

  private void key(String key, int indent, boolean item, int value, int end) {
    if (indent == top && !item) {
      boolean hasValue = !isBlank(value, end) && text.charAt(value) != '#';
      inServices = false;
      switch (key) {
        case "apiVersion" -> apiVersion |= hasValue;
        case "kind" -> kind |= hasValue;
        case "services" -> {
          inServices = true;
          nameIndent = -1;
          keyIndent = -1;
          if (hasValue && text.charAt(value) == '{' && !isAction(value)) {
            flow(value, 1);
          }
        }
        default -> {}
      }
      manifest |= apiVersion && kind;
    } else if (inServices) {
      if (item && nameIndent < 0) {
        inServices = false;
      } else if (nameIndent < 0 || indent == nameIndent) {
        nameIndent = indent;
        keyIndent = -1;
        foreign |= key.equals("_defaults") || key.indexOf('\\') >= 0;
        if (value < end && text.charAt(value) == '{' && !isAction(value)) {
          flow(value, 2);
        }
      } else if (!item && indent > nameIndent && (keyIndent < 0 || indent == keyIndent)) {
        keyIndent = indent;
        serviceKey(key);
      }
    }
  }

  private void serviceKey(String key) {
    service |= SERVICE_KEYS.contains(key);
    foreign |= FOREIGN_KEYS.contains(key);
  }

  /**
   * Reads a flow mapping that may go on over lines.
   *
   * @param depth how many mappings of a Compose file stand around it: 0 at the top, 1 for the value
   *     of {@code services}, 2 for that of one service
   * @return the offset after its end
   */
  private int flow(int start, int depth) {
    boolean[] mapping = new boolean[MAX_DEPTH];
    int level = -1;
    boolean expectsKey = false;
    boolean services = depth > 0;
    int at = start;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '{' || c == '[') {
        if (++level >= MAX_DEPTH) {
          return text.length();
        }
        mapping[level] = c == '{';
        expectsKey = c == '{';
        at++;
      } else if (c == '}' || c == ']') {
        at++;
        if (--level < 0) {
          return at;
        }
        expectsKey = false;
      } else if (c == ',') {
        expectsKey = mapping[level];
        at++;
      } else if (c == '"' || c == '\'' || !Character.isWhitespace(c) && c != ':' && c != '#') {
        int end = flowScalarEnd(at);
        if (expectsKey) {
          expectsKey = false;
          String key = c == '"' || c == '\'' ? unquoted(at, end) : text.substring(at, end).strip();
          int place = level + depth;
          if (place == 0) {
            apiVersion |= key.equals("apiVersion");
            kind |= key.equals("kind");
            manifest |= apiVersion && kind;
            services = key.equals("services");
          } else if (place == 2 && services) {
            serviceKey(key);
          }
        }
        at = end;
      } else if (c == '#') {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end;
      } else {
        at++;
      }
    }
    return at;
  }

  private int flowScalarEnd(int start) {
    char quote = text.charAt(start);
    int at = start + 1;
    if (quote == '"' || quote == '\'') {
      while (at < text.length() && text.charAt(at) != quote) {
        at += quote == '"' && text.charAt(at) == '\\' ? 2 : 1;
      }
      return Math.min(at + 1, text.length());
    }
    while (at < text.length() && ",:[]{}\n".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return at;
  }

  private String unquoted(int start, int end) {
    return end - start < 2 ? "" : text.substring(start + 1, end - 1);
  }

  /** The end of the key that starts here, or -1 when there is none. */
  private int keyEnd(int start, int end) {
    if (start >= end) {
      return -1;
    }
    char first = text.charAt(start);
    int at = start;
    if (first == '"' || first == '\'') {
      at = Math.min(flowScalarEnd(start), end);
      int colon = at;
      while (colon < end && text.charAt(colon) == ' ') {
        colon++;
      }
      return colon < end && text.charAt(colon) == ':' ? at : -1;
    }
    while (at < end) {
      char c = text.charAt(at);
      if (c == ':' && (at + 1 == end || Character.isWhitespace(text.charAt(at + 1)))) {
        return at;
      }
      if (c == '#' && text.charAt(at - 1) == ' ') {
        return -1;
      }
      at++;
    }
    return -1;
  }

  private String key(int start, int end) {
    char first = text.charAt(start);
    return first == '"' || first == '\''
        ? unquoted(start, end)
        : text.substring(start, end).strip();
  }

  /** Whether the value is the header of a block scalar, after its anchor and tag. */
  private boolean opensScalar(int start, int end) {
    int at = start;
    while (at < end && (text.charAt(at) == '&' || text.charAt(at) == '!')) {
      while (at < end && !Character.isWhitespace(text.charAt(at))) {
        at++;
      }
      while (at < end && text.charAt(at) == ' ') {
        at++;
      }
    }
    if (at >= end || text.charAt(at) != '|' && text.charAt(at) != '>') {
      return false;
    }
    at++;
    while (at < end && "+-0123456789".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return isBlank(at, end) || text.charAt(at) == ' ';
  }

  private boolean isBlank(int start, int end) {
    for (int at = start; at < end; at++) {
      if (!Character.isWhitespace(text.charAt(at))) {
        return false;
      }
    }
    return true;
  }

  private boolean isAction(int at) {
    return text.startsWith("{{", at);
  }

  private boolean isMarker(int at, int end, String marker) {
    return text.startsWith(marker, at)
        && (at + 3 >= end || Character.isWhitespace(text.charAt(at + 3)));
  }
}
