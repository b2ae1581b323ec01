package fr.gouv.social.fabrique.schema;

import fr.gouv.social.fabrique.yaml.YamlNode;
import fr.gouv.social.fabrique.yaml.YamlScalar;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A set of definitions in a text form of our own, which loads fast: a definition is only read when
 * it is first asked for.
 *
 * <pre>
 * # A comment.
 * Service {x-}                            a mapping; x-: extension keys may stand in it, *: any key
 *   image: string
 *   source!: string                       this key must be there
 *   cpu_percent: string | int(0..100)     alternatives, a range (either end may be left out)
 *   cgroup: "host" | "private"            strings, spelt out
 *   cap_add: [string]!                    a sequence; !: no item twice
 *   ports: [Port by name](1..3)           no two items with the same name; one to three of them
 *   options: {string | number}            a mapping with any keys
 *   labels: {LabelKey: string}            a mapping whose keys are of a kind
 *   memory: quantity/^[0-9]+Mi$/          a string in which a pattern is found, with a name for it
 *   size: *quantity/^[0-9]+(Mi)?$/        the same, or a number whose text is so
 *   one of: image build                   exactly one of these keys; also "some of", "at most one of"
 *   build: string | Build                 another definition
 *   /^[a-z]+$/: any                       keys in which a pattern is found
 *   ...Container                          the keys of another definition
 * Labels = {string} | [string]!           a name for a type
 * </pre>
 *
 * <p>The scalars are {@code string}, {@code int}, {@code number}, {@code bool}, {@code base64} and
 * {@code null}.
 */
public final class Schema {
  private final Map<String, String> texts;
  private final Map<String, SchemaType> definitions = new ConcurrentHashMap<>();

  private Schema(Map<String, String> texts) {
    this.texts = texts;
  }

  /**
   * The schema that a text describes. A later definition stands for an earlier one of the same
   * name, and a line {@code Name -} takes it away. A mistake in a definition shows when it is first
   * used.
   */
  public static Schema parse(String text) {
    Map<String, String> texts = new HashMap<>();
    int start = -1;
    for (int at = 0; at < text.length(); ) {
      int end = text.indexOf('\n', at);
      end = end < 0 ? text.length() : end;
      if (end > at && Character.isLetter(text.charAt(at))) {
        put(texts, text, start, at);
        start = at;
      }
      at = end + 1;
    }
    put(texts, text, start, text.length());
    return new Schema(texts);
  }

  /** The schema in a resource beside a class. */
  public static Schema load(Class<?> beside, String resource) {
    try (InputStream in = beside.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalArgumentException("no resource " + resource);
      }
      return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void put(Map<String, String> texts, String text, int start, int end) {
    if (start >= 0) {
      int after = start;
      while (after < end && text.charAt(after) > ' ') {
        after++;
      }
      String name = text.substring(start, after);
      if (text.startsWith(" -\n", after)) {
        texts.remove(name);
      } else {
        texts.put(name, text.substring(start, end));
      }
    }
  }

  /** Whether there is a definition of that name. */
  public boolean defines(String name) {
    return texts.containsKey(name);
  }

  /** The definition of that name, or null; never itself a mere name. */
  public @Nullable SchemaType definition(String name) {
    SchemaType known = definitions.get(name);
    if (known != null) {
      return known;
    }
    String text = texts.get(name);
    if (text == null) {
      return null;
    }
    SchemaType type = resolve(SchemaParser.definition(withSpread(text)));
    definitions.put(name, type);
    return type;
  }

  /** The text of a definition with the keys of the ones it spreads. */
  private String withSpread(String text) {
    int at = text.indexOf("\n  ...");
    if (at < 0) {
      return text;
    }
    int start = at + "\n  ...".length();
    int end = text.indexOf('\n', start);
    end = end < 0 ? text.length() : end;
    String other = texts.get(text.substring(start, end).strip());
    if (other == null) {
      throw new IllegalStateException("the schema does not define what it spreads: " + text);
    }
    String keys = withSpread(other);
    int body = keys.indexOf('\n');
    return withSpread(
        text.substring(0, at) + (body < 0 ? "" : keys.substring(body)) + text.substring(end));
  }

  /** The definitions that cannot be read, with the reason: for tests, since it reads them all. */
  public List<String> mistakes() {
    List<String> mistakes = new ArrayList<>();
    for (String name : new TreeSet<>(texts.keySet())) {
      try {
        SchemaType type = definition(name);
        if (type != null) {
          visit(type);
        }
      } catch (RuntimeException e) {
        mistakes.add(name + ": " + e.getMessage());
      }
    }
    return mistakes;
  }

  private void visit(SchemaType type) {
    if (type instanceof SchemaType.Named) {
      resolve(type);
    } else if (type instanceof SchemaType.ListOf list) {
      visit(list.items());
    } else if (type instanceof SchemaType.MapOf map) {
      visit(map.keys());
      visit(map.values());
    } else if (type instanceof SchemaType.AnyOf any) {
      any.types().forEach(this::visit);
    } else if (type instanceof SchemaType.ObjectOf object) {
      object.keys().values().forEach(key -> visit(key.type()));
    }
  }

  /** The type itself, or the definition that it names. */
  public SchemaType resolve(SchemaType type) {
    if (!(type instanceof SchemaType.Named named)) {
      return type;
    }
    SchemaType definition = definition(named.name());
    if (definition == null) {
      throw new IllegalStateException("the schema does not define " + named.name());
    }
    return definition;
  }

  /** Checks a tree against a definition, scalars being what {@link YamlScalar#kind()} says. */
  public List<SchemaProblem> check(YamlNode root, String definition) {
    return check(root, definition, YamlScalar::kind);
  }

  /**
   * Checks a tree against a definition.
   *
   * @param kinds what a scalar is; null for one that cannot be known, which may then be anything
   * @return in the order of the tree; at most {@value SchemaWalk#LIMIT}
   */
  public List<SchemaProblem> check(
      YamlNode root, String definition, Function<YamlScalar, YamlScalar.@Nullable Kind> kinds) {
    return check(root, definition, "", kinds);
  }

  /**
   * Checks a part of a tree against a definition.
   *
   * @param path of the part from the root of the tree
   */
  public List<SchemaProblem> check(
      YamlNode part,
      String definition,
      String path,
      Function<YamlScalar, YamlScalar.@Nullable Kind> kinds) {
    SchemaWalk walk = new SchemaWalk(this, kinds);
    walk.check(part, new SchemaType.Named(definition), path, part.span());
    return walk.problems();
  }
}
