package fr.gouv.social.fabrique.rule;

import fr.gouv.social.fabrique.source.Text;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The pages of all rules, compiled from Markdown when the project is built. Front matters are small
 * and always loaded; the prose is read the first time it is asked for.
 */
public final class RulePages {
  private final Map<RuleId, RulePage> pages = new TreeMap<>();
  private final Map<String, List<RulePage>> aliases = new HashMap<>();
  private final Opener texts;
  private final Map<RuleId, RuleText> added = new HashMap<>();
  private @Nullable Map<RuleId, RuleText> loaded;

  /** Opens the compiled prose. */
  public interface Opener {
    /** A new stream at its start. */
    InputStream open() throws IOException;
  }

  /** Pages from their parts. */
  public RulePages(Collection<RulePage> pages, Opener texts) {
    this.texts = texts;
    for (RulePage page : pages) {
      this.pages.put(page.id(), page);
      for (String alias : page.aliases()) {
        aliases.computeIfAbsent(alias, key -> new ArrayList<>()).add(page);
      }
    }
  }

  /** These pages and others, whose prose is at hand. */
  public RulePages and(Map<RulePage, RuleText> others) {
    List<RulePage> all = new ArrayList<>(pages.values());
    all.addAll(others.keySet());
    RulePages both = new RulePages(all, texts);
    both.added.putAll(added);
    others.forEach((page, text) -> both.added.put(page.id(), text));
    return both;
  }

  /** All pages by rule id. */
  public Collection<RulePage> all() {
    return pages.values();
  }

  /** The page of a rule, or null. */
  public @Nullable RulePage find(RuleId id) {
    return pages.get(id);
  }

  /**
   * The page of a rule.
   *
   * @throws IllegalArgumentException if there is none: a defect of the rule set
   */
  public RulePage page(RuleId id) {
    RulePage page = pages.get(id);
    if (page == null) {
      throw new IllegalArgumentException("rule " + id + " has no page");
    }
    return page;
  }

  /** The pages that name {@code tool:check} as an alias, empty when none does. */
  public List<RulePage> byAlias(String alias) {
    return aliases.getOrDefault(alias, List.of());
  }

  /** The prose of a rule's page. */
  public synchronized RuleText text(RuleId id) {
    RuleText own = added.get(id);
    if (own != null) {
      return own;
    }
    Map<RuleId, RuleText> all = loaded;
    if (all == null) {
      try (InputStream in = texts.open()) {
        all = readTexts(in);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      loaded = all;
    }
    RuleText text = all.get(id);
    if (text == null) {
      throw new IllegalArgumentException("rule " + id + " has no page");
    }
    return text;
  }

  /** Reads what {@link #write} wrote. */
  public static RulePages read(InputStream index, Opener texts) throws IOException {
    DataInputStream in = new DataInputStream(new BufferedInputStream(index));
    List<RulePage> pages = new ArrayList<>();
    for (int count = in.readInt(); count > 0; count--) {
      RuleId id = new RuleId(in.readUTF());
      Severity severity = Severity.valueOf(in.readUTF());
      boolean enabled = in.readBoolean();
      String requirement = optional(in);
      String since = in.readUTF();
      List<String> aliases = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        aliases.add(in.readUTF());
      }
      Text title = text(in);
      Map<String, Text> messages = new LinkedHashMap<>();
      for (int left = in.readInt(); left > 0; left--) {
        messages.put(in.readUTF(), text(in));
      }
      Text fix = in.readBoolean() ? text(in) : null;
      Map<String, String> parameters = new LinkedHashMap<>();
      for (int left = in.readInt(); left > 0; left--) {
        parameters.put(in.readUTF(), in.readUTF());
      }
      pages.add(
          new RulePage(
              id,
              severity,
              enabled,
              requirement,
              since,
              aliases,
              title,
              messages,
              fix,
              parameters));
    }
    return new RulePages(pages, texts);
  }

  /** Writes the front matters. */
  public static void write(Collection<RulePage> pages, DataOutputStream out) throws IOException {
    out.writeInt(pages.size());
    for (RulePage page : pages) {
      out.writeUTF(page.id().value());
      out.writeUTF(page.severity().name());
      out.writeBoolean(page.enabled());
      String requirement = page.requirement();
      out.writeUTF(requirement == null ? "" : requirement);
      out.writeUTF(page.since());
      out.writeInt(page.aliases().size());
      for (String alias : page.aliases()) {
        out.writeUTF(alias);
      }
      write(page.title(), out);
      out.writeInt(page.messages().size());
      for (String key : new TreeMap<>(page.messages()).keySet()) {
        out.writeUTF(key);
        write(page.messages().getOrDefault(key, Text.same("")), out);
      }
      Text fix = page.fix();
      out.writeBoolean(fix != null);
      if (fix != null) {
        write(fix, out);
      }
      out.writeInt(page.parameters().size());
      for (String name : new TreeMap<>(page.parameters()).keySet()) {
        out.writeUTF(name);
        out.writeUTF(page.parameters().getOrDefault(name, ""));
      }
    }
  }

  /** Writes the prose. */
  public static void writeTexts(Map<RuleId, RuleText> texts, DataOutputStream out)
      throws IOException {
    out.writeInt(texts.size());
    for (Map.Entry<RuleId, RuleText> entry : texts.entrySet()) {
      out.writeUTF(entry.getKey().value());
      write(entry.getValue().markdown(), out);
      write(entry.getValue().html(), out);
      out.writeUTF(entry.getValue().bad());
      out.writeUTF(entry.getValue().good());
    }
  }

  private static Map<RuleId, RuleText> readTexts(InputStream stream) throws IOException {
    DataInputStream in = new DataInputStream(new BufferedInputStream(stream));
    Map<RuleId, RuleText> texts = new HashMap<>();
    for (int count = in.readInt(); count > 0; count--) {
      texts.put(
          new RuleId(in.readUTF()), new RuleText(text(in), text(in), in.readUTF(), in.readUTF()));
    }
    return texts;
  }

  private static @Nullable String optional(DataInputStream in) throws IOException {
    String value = in.readUTF();
    return value.isEmpty() ? null : value;
  }

  private static Text text(DataInputStream in) throws IOException {
    return new Text(in.readUTF(), in.readUTF());
  }

  private static void write(Text text, DataOutputStream out) throws IOException {
    out.writeUTF(text.fr());
    out.writeUTF(text.en());
  }
}
