package fr.gouv.social.fabrique.build;

import fr.gouv.social.fabrique.rule.RuleId;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.Text;
import fr.gouv.social.fabrique.standard.Level;
import fr.gouv.social.fabrique.standard.Requirement;
import fr.gouv.social.fabrique.standard.Requirement.Sign;
import fr.gouv.social.fabrique.standard.Requirement.Source;
import fr.gouv.social.fabrique.standard.Standard;
import fr.gouv.social.fabrique.standard.Visibility;
import fr.gouv.social.fabrique.yaml.YamlFile;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import fr.gouv.social.fabrique.yaml.YamlReader;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Compiles the standard, one YAML file for each of its pages and {@code standard.yaml} for the
 * whole, into what {@link Standard#read} reads.
 */
public final class CompileStandard {
  private static final Set<String> KEYS =
      Set.of(
          "id",
          "statements",
          "level",
          "visibility",
          "sources",
          "title",
          "explanation",
          "anchor",
          "url",
          "rules",
          "breaks",
          "planned",
          "signs");

  private CompileStandard() {}

  /** Arguments: the folder with the YAML files, the folder for {@code standard.index}. */
  public static void main(String[] args) throws IOException {
    Path target = Path.of(args[1]);
    Standard standard = read(Path.of(args[0]));
    Files.createDirectories(target);
    try (DataOutputStream out =
        new DataOutputStream(Files.newOutputStream(target.resolve("standard.index")))) {
      standard.write(out);
    }
  }

  /**
   * Reads the standard from its folder.
   *
   * @throws IllegalArgumentException if a file is not of the form; the message says where
   */
  public static Standard read(Path folder) throws IOException {
    YamlPlace whole = root(folder.resolve("standard.yaml"));
    String site = required(whole, "site");
    List<Requirement> requirements = new ArrayList<>();
    for (String page : whole.at("pages").texts()) {
      YamlPlace yaml = root(folder.resolve(page + ".yaml"));
      String url = site + required(yaml, "path");
      for (YamlPlace item : yaml.at("requirements").items()) {
        requirements.add(requirement(item, page, url));
      }
    }
    return new Standard(
        required(whole, "version"),
        required(whole, "source"),
        required(whole, "commit"),
        LocalDate.parse(required(whole, "date")),
        requirements);
  }

  private static Requirement requirement(YamlPlace item, String page, String url) {
    for (YamlPlace value : item.values()) {
      String key = value.label().substring(value.label().lastIndexOf('.') + 1);
      if (!KEYS.contains(key)) {
        throw new IllegalArgumentException(value.span() + ": unknown key " + key);
      }
    }
    String id = required(item, "id");
    if (!id.startsWith(page + ".")) {
      throw new IllegalArgumentException(item.span() + ": " + id + " is not of this page");
    }
    if (item.at("statements").texts().isEmpty()) {
      throw new IllegalArgumentException(item.span() + ": no statements");
    }
    Set<Source> sources = EnumSet.noneOf(Source.class);
    for (String source : item.at("sources").texts()) {
      sources.add(Source.valueOf(source.toUpperCase(Locale.ROOT)));
    }
    String anchor = item.at("anchor").text("");
    return new Requirement(
        id,
        page,
        item.at("statements").texts(),
        Level.valueOf(required(item, "level").toUpperCase(Locale.ROOT)),
        Visibility.valueOf(required(item, "visibility").toUpperCase(Locale.ROOT).replace('-', '_')),
        text(item.at("title")),
        text(item.at("explanation")),
        item.at("url").text(anchor.isEmpty() ? url : url + "#" + anchor),
        sources,
        rules(item.at("rules")),
        rules(item.at("breaks")),
        rules(item.at("planned")),
        signs(item.at("signs")));
  }

  private static List<Sign> signs(YamlPlace place) {
    List<Sign> signs = new ArrayList<>();
    for (YamlPlace item : place.items()) {
      // What does not compile is to be told here, and not in a run.
      Sign sign =
          item.at("dependency").isPresent()
              ? dependency(required(item, "dependency"))
              : new Sign(required(item, "path"), item.at("text").text(""));
      Pattern.compile(sign.path());
      Pattern.compile(sign.text());
      signs.add(sign);
    }
    return signs;
  }

  /** A library of a {@code package.json}: a script may have the same name, but no version. */
  private static Sign dependency(String names) {
    return new Sign(
        "(?:[^/]+/){0,3}package\\.json",
        "\"(?:"
            + names
            + ")\"\\s*:\\s*\"(?:[\\^~<>=*vx\\d]|(?:catalog|workspace|npm|file|link|git\\+https?):|latest\")");
  }

  private static List<RuleId> rules(YamlPlace place) {
    List<RuleId> rules = new ArrayList<>();
    for (String rule : place.texts()) {
      rules.add(new RuleId(rule));
    }
    return rules;
  }

  private static Text text(YamlPlace place) {
    return new Text(required(place, "fr"), required(place, "en"));
  }

  private static String required(YamlPlace place, String key) {
    String text = place.at(key).text();
    if (text == null || text.isBlank()) {
      throw new IllegalArgumentException(place.span() + ": " + key + " is missing");
    }
    return text.strip();
  }

  private static YamlPlace root(Path file) throws IOException {
    YamlFile yaml =
        YamlReader.read(SourceFile.of(file.getFileName().toString(), Files.readString(file)));
    if (!yaml.problems().isEmpty() || yaml.documents().size() != 1) {
      throw new IllegalArgumentException(file.getFileName() + ": " + yaml.problems());
    }
    return YamlPlace.of(yaml.documents().get(0).root());
  }
}
