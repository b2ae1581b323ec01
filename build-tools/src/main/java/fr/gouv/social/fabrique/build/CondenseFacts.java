package fr.gouv.social.fabrique.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * Condenses collected facts (end of life, official images and their tags, the lifecycle of
 * Kubernetes APIs) into the sorted lines that the rules read. {@code docs/facts.md} says how to run
 * it and where the facts come from.
 */
public final class CondenseFacts {
  private static final Pattern TSV_SOURCE =
      Pattern.compile("Source: (\\S+)@([0-9a-f]+)(?: \\(\\S+\\))? \\+ (\\S+)@([0-9a-f]+)");
  private static final Pattern DAY = Pattern.compile("\\d{4}-\\d{2}-\\d{2}");
  private static final Pattern DIGITS = Pattern.compile("\\d+");

  /** Images of a product that its page does not list. */
  private static final Map<String, Set<String>> MORE_IMAGES =
      Map.of("postgresql", Set.of("imresamu/postgis", "mdillon/postgis"));

  private final Path from;
  private final Path to;
  private final String collected;
  private final ObjectMapper json = new ObjectMapper();

  private CondenseFacts(Path from, Path to, String collected) {
    this.from = from;
    this.to = to;
    this.collected = collected;
  }

  /**
   * Condenses.
   *
   * @param arguments the folder of the collected files, the folder of the resources, and the day on
   *     which the files were collected
   */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 3 || !DAY.matcher(arguments[2]).matches()) {
      throw new IllegalArgumentException("expected: <collected files> <resources> <YYYY-MM-DD>");
    }
    CondenseFacts facts =
        new CondenseFacts(Path.of(arguments[0]), Path.of(arguments[1]), arguments[2]);
    facts.endOfLife();
    facts.officialImages();
    facts.officialImageTags();
    facts.kubernetesApis();
  }

  private void endOfLife() throws IOException {
    JsonNode root = json.readTree(from.resolve("end-of-life.json").toFile());
    List<String> lines =
        header(
            text(root, "source"),
            text(root, "commit"),
            text(root, "commitDate").substring(0, 10),
            "MIT",
            "product: id, lts when it has such releases or -, name, images",
            "then its cycles: name, release, end, end of extended support, start of LTS, latest,"
                + " codename",
            "end: a day, ended (day unknown) or supported (no end known)");
    Map<String, JsonNode> products = new TreeMap<>();
    root.get("products").forEach(product -> products.put(text(product, "product"), product));
    products.forEach(
        (id, product) -> {
          Set<String> images = new TreeSet<>(MORE_IMAGES.getOrDefault(id, Set.of()));
          product.get("dockerImages").forEach(image -> images.add(image.asString()));
          lines.add(
              String.join(
                  "\t",
                  "product",
                  id,
                  product.get("hasLts").asBoolean() ? "lts" : "-",
                  text(product, "title"),
                  String.join(" ", images)));
          product
              .get("cycles")
              .forEach(
                  cycle ->
                      lines.add(
                          String.join(
                              "\t",
                              text(cycle, "cycle"),
                              text(cycle, "release"),
                              or(cycle.get("eol"), "ended", "supported"),
                              or(cycle.get("extendedSupportEnd"), "-", "-"),
                              or(cycle.get("lts"), "lts", "-"),
                              or(cycle.get("latest"), "-", "-"),
                              or(cycle.get("codename"), "-", "-"))));
        });
    write("end-of-life.tsv", lines);
  }

  private void officialImages() throws IOException {
    List<String> read = Files.readAllLines(from.resolve("official-images.tsv"));
    Matcher source = TSV_SOURCE.matcher(String.join(" ", read));
    if (!source.find()) {
      throw new IOException("official-images.tsv does not name its source");
    }
    List<String> lines =
        header(
            source.group(1) + " and " + source.group(3),
            source.group(2) + " and " + source.group(4),
            collected,
            "Apache-2.0",
            "name, status, day on which it was removed or -");
    Set<String> images = new TreeSet<>();
    for (String line : read) {
      String[] fields = line.split("\t", -1);
      if (line.startsWith("#") || fields.length < 2) {
        continue;
      }
      Matcher day = DAY.matcher(fields[1].equals("removed") && fields.length > 2 ? fields[2] : "");
      images.add(fields[0] + "\t" + fields[1] + "\t" + (day.find() ? day.group() : "-"));
    }
    lines.addAll(images);
    write("official-images.tsv", lines);
  }

  /**
   * Tags become shapes, with {@code #} for each number: what {@code 24.1-jdk} stands on, {@code
   * 24.2-jdk} will. Where tags of one shape differ, they are kept as they are.
   */
  private void officialImageTags() throws IOException {
    JsonNode root = json.readTree(from.resolve("official-image-tags.json").toFile());
    List<String> lines =
        header(
            text(root, "source"),
            text(root, "commit"),
            collected,
            "Apache-2.0",
            "image, operating system, shapes of tags (# is a number) and single tags where a shape"
                + " does not tell");
    Map<String, JsonNode> images = new TreeMap<>();
    root.get("images").properties().forEach(entry -> images.put(entry.getKey(), entry.getValue()));
    images.forEach(
        (image, groups) -> {
          Map<String, Map<String, String>> systemsByShape = new TreeMap<>();
          for (JsonNode group : groups) {
            JsonNode os = group.get("os");
            String system = os.isNull() ? "" : os.asString().replace("?", "");
            boolean windows = system.equals("windows");
            for (String list : windows ? List.of("tags") : List.of("tags", "shared")) {
              if (group.has(list)) {
                for (JsonNode tag : group.get(list)) {
                  String name = tag.asString();
                  systemsByShape
                      .computeIfAbsent(
                          DIGITS.matcher(name).replaceAll("#"), shape -> new TreeMap<>())
                      .merge(name, system, (one, other) -> windows ? one : other);
                }
              }
            }
          }
          Map<String, Set<String>> bySystem = new TreeMap<>();
          systemsByShape.forEach(
              (shape, tags) -> {
                Set<String> systems = new TreeSet<>(tags.values());
                // An older release may tell what the file of a newer one leaves out.
                systems.remove("");
                if (systems.size() == 1) {
                  bySystem
                      .computeIfAbsent(systems.iterator().next(), system -> new TreeSet<>())
                      .add(shape);
                } else {
                  tags.forEach(
                      (tag, system) -> {
                        if (!system.isEmpty()) {
                          bySystem.computeIfAbsent(system, each -> new TreeSet<>()).add(tag);
                        }
                      });
                }
              });
          bySystem.forEach(
              (system, tags) -> lines.add(image + "\t" + system + "\t" + String.join(" ", tags)));
        });
    write("official-image-tags.tsv", lines);
  }

  private void kubernetesApis() throws IOException {
    JsonNode root = json.readTree(from.resolve("kubernetes-api-lifecycle.json").toFile());
    Set<String> apis = new TreeSet<>();
    String newest = "";
    for (JsonNode api : root) {
      Matcher version =
          Pattern.compile("kubernetes/api (v[0-9.]+\\S*) zz_").matcher(text(api, "source"));
      if (version.find()) {
        newest = version.group(1);
      }
      apis.add(
          String.join(
              "\t",
              text(api, "apiVersion"),
              text(api, "kind"),
              or(api.get("introduced"), "-", "-"),
              or(api.get("deprecated"), "-", "-"),
              or(api.get("removed"), "-", "-"),
              or(api.get("replacement"), "-", "-")));
    }
    List<String> lines =
        header(
            "kubernetes/api (the markers of its types, older tags for what is gone) and"
                + " FairwindsOps/pluto",
            newest,
            collected,
            "Apache-2.0",
            "apiVersion, kind, introduced, deprecated, removed, replacement");
    lines.addAll(apis);
    write("kubernetes-apis.tsv", lines);
  }

  private static List<String> header(
      String source, String commit, String date, String licence, String... columns) {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "# source: " + source,
                "# commit: " + commit,
                "# date: " + date,
                "# licence: " + licence));
    for (String column : columns) {
      lines.add("# " + column);
    }
    return lines;
  }

  private void write(String name, List<String> lines) throws IOException {
    Files.createDirectories(to);
    Files.writeString(to.resolve(name), String.join("\n", lines) + "\n");
  }

  private static String text(JsonNode node, String field) {
    return node.get(field).asString().strip();
  }

  private static String or(@Nullable JsonNode value, String yes, String no) {
    if (value == null || value.isNull()) {
      return no;
    }
    if (value.isBoolean()) {
      return value.asBoolean() ? yes : no;
    }
    String text = value.asString().strip();
    return text.isEmpty() ? no : text;
  }
}
