package fr.gouv.social.fabrique.standard;

import fr.gouv.social.fabrique.rule.RuleId;
import fr.gouv.social.fabrique.source.Text;
import fr.gouv.social.fabrique.standard.Requirement.Sign;
import fr.gouv.social.fabrique.standard.Requirement.Source;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The whole standard.
 *
 * @param version of this wording, counted by us
 * @param source the repository that publishes it
 * @param commit of that repository
 * @param date of that commit
 * @param requirements in the order of the pages
 */
public record Standard(
    String version, String source, String commit, LocalDate date, List<Requirement> requirements) {
  private static final String RESOURCE = "/fr/gouv/social/fabrique/standard/standard.index";

  /** The built-in standard, read when first asked for. */
  private static final class BuiltIn {
    static final Standard INSTANCE = load();

    private static Standard load() {
      try (InputStream in = Standard.class.getResourceAsStream(RESOURCE)) {
        if (in == null) {
          throw new IllegalStateException("the built-in standard is not on the class path");
        }
        return read(new DataInputStream(new BufferedInputStream(in, 1 << 16)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  public Standard {
    requirements = List.copyOf(requirements);
    Map<String, Requirement> ids = new LinkedHashMap<>();
    for (Requirement requirement : requirements) {
      if (ids.put(requirement.id(), requirement) != null) {
        throw new IllegalArgumentException("two requirements " + requirement.id());
      }
    }
  }

  /** The standard that comes with the rules. */
  public static Standard builtIn() {
    return BuiltIn.INSTANCE;
  }

  /** The requirement with an id, or null. */
  public @Nullable Requirement find(String id) {
    for (Requirement requirement : requirements) {
      if (requirement.id().equals(id)) {
        return requirement;
      }
    }
    return null;
  }

  /** The requirements of one page, such as {@code docker}. */
  public List<Requirement> of(String page) {
    List<Requirement> found = new ArrayList<>();
    for (Requirement requirement : requirements) {
      if (requirement.page().equals(page)) {
        found.add(requirement);
      }
    }
    return found;
  }

  /** Writes it in the form that {@link #read} reads. */
  public void write(DataOutputStream out) throws IOException {
    out.writeUTF(version);
    out.writeUTF(source);
    out.writeUTF(commit);
    out.writeUTF(date.toString());
    out.writeShort(requirements.size());
    for (Requirement each : requirements) {
      out.writeUTF(each.id());
      out.writeUTF(each.page());
      out.writeUTF(String.join(" ", each.statements()));
      out.writeByte(each.level().ordinal());
      out.writeByte(each.visibility().ordinal());
      write(each.title(), out);
      write(each.explanation(), out);
      out.writeUTF(each.url());
      int sources = 0;
      for (Source source : each.sources()) {
        sources |= 1 << source.ordinal();
      }
      out.writeByte(sources);
      write(each.rules(), out);
      write(each.breaks(), out);
      write(each.planned(), out);
      out.writeByte(each.signs().size());
      for (Sign sign : each.signs()) {
        out.writeUTF(sign.path());
        out.writeUTF(sign.text());
      }
    }
  }

  /** Reads what {@link #write} has written. */
  public static Standard read(DataInputStream in) throws IOException {
    String version = in.readUTF();
    String source = in.readUTF();
    String commit = in.readUTF();
    LocalDate date = LocalDate.parse(in.readUTF());
    int count = in.readUnsignedShort();
    List<Requirement> requirements = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      String id = in.readUTF();
      String page = in.readUTF();
      List<String> statements = List.of(in.readUTF().split(" "));
      Level level = Level.values()[in.readUnsignedByte()];
      Visibility visibility = Visibility.values()[in.readUnsignedByte()];
      requirements.add(
          new Requirement(
              id,
              page,
              statements,
              level,
              visibility,
              readText(in),
              readText(in),
              in.readUTF(),
              readSources(in),
              readRules(in),
              readRules(in),
              readRules(in),
              readSigns(in)));
    }
    return new Standard(version, source, commit, date, requirements);
  }

  private static List<Sign> readSigns(DataInputStream in) throws IOException {
    int count = in.readUnsignedByte();
    List<Sign> signs = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      String path = in.readUTF();
      signs.add(new Sign(path, in.readUTF()));
    }
    return signs;
  }

  private static Set<Source> readSources(DataInputStream in) throws IOException {
    int bits = in.readUnsignedByte();
    Set<Source> sources = EnumSet.noneOf(Source.class);
    for (Source source : Source.values()) {
      if ((bits & 1 << source.ordinal()) != 0) {
        sources.add(source);
      }
    }
    return sources;
  }

  private static void write(Text text, DataOutputStream out) throws IOException {
    out.writeUTF(text.fr());
    out.writeUTF(text.en());
  }

  private static Text readText(DataInputStream in) throws IOException {
    String fr = in.readUTF();
    return new Text(fr, in.readUTF());
  }

  private static void write(List<RuleId> rules, DataOutputStream out) throws IOException {
    out.writeByte(rules.size());
    for (RuleId rule : rules) {
      out.writeUTF(rule.value());
    }
  }

  private static List<RuleId> readRules(DataInputStream in) throws IOException {
    int count = in.readUnsignedByte();
    List<RuleId> rules = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      rules.add(new RuleId(in.readUTF()));
    }
    return rules;
  }
}
