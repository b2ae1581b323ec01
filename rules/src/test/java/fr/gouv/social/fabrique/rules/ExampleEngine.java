package fr.gouv.social.fabrique.rules;

import fr.gouv.social.fabrique.image.BuiltImage;
import fr.gouv.social.fabrique.image.BuiltImage.Step;
import fr.gouv.social.fabrique.image.ImageConfig;
import fr.gouv.social.fabrique.image.ImageContents;
import fr.gouv.social.fabrique.image.ImageEngine;
import fr.gouv.social.fabrique.image.ImageFile;
import fr.gouv.social.fabrique.image.LayerFiles;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import fr.gouv.social.fabrique.yaml.YamlReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The engine of an example: each file {@code engine/….yaml} of it describes an image that the
 * engine has. {@code steps} are the build, each {@code by} a command; one with {@code files} makes
 * a layer. A file is {@code MODE PATH [SIZE]}, a path ending in a slash a folder; {@code texts}
 * gives what files hold. {@code layers} names the digests where two images share layers.
 */
final class ExampleEngine implements ImageEngine {
  private static final Pattern FILE = Pattern.compile("([0-7]{3,4}) (\\S+)(?: (\\d+))?");

  private final Map<String, BuiltImage> images = new LinkedHashMap<>();
  private final Map<String, String> published = new LinkedHashMap<>();

  ExampleEngine(List<SourceFile> descriptions) {
    for (SourceFile file : descriptions) {
      add(YamlPlace.of(YamlReader.read(file).documents().get(0).root()));
    }
  }

  private void add(YamlPlace at) {
    String name = at.key("name").text("");
    List<Step> history = new ArrayList<>();
    List<LayerFiles> layers = new ArrayList<>();
    List<String> ids = new ArrayList<>(at.key("layers").texts());
    boolean numbered = ids.isEmpty();
    for (YamlPlace step : at.key("steps").items()) {
      boolean empty = !step.key("files").isPresent();
      history.add(new Step(step.key("by").text(""), empty ? -1 : layers.size()));
      if (!empty) {
        if (numbered) {
          ids.add("sha256:" + name + layers.size());
        }
        layers.add(layer(step));
      }
    }
    String created = at.key("created").text("2026-11-01T00:00:00Z");
    images.put(
        name,
        new BuiltImage(
            name,
            at.key("id").text("sha256:" + name),
            List.of(name),
            at.key("digests").texts(),
            "linux",
            "amd64",
            Instant.parse(created),
            0,
            new ImageConfig(
                at.key("user").text(""),
                at.key("workdir").text(""),
                at.key("entrypoint").texts(),
                at.key("command").texts(),
                values(at.key("env")),
                at.key("ports").texts(),
                List.of(),
                at.key("healthcheck").texts(),
                values(at.key("labels")),
                List.of()),
            ids,
            history,
            new ImageContents(layers, true)));
    if (at.key("published").isPresent()) {
      published.put(name, at.key("published").text(""));
    }
  }

  private static Map<String, String> values(YamlPlace mapping) {
    Map<String, String> values = new LinkedHashMap<>();
    String prefix = mapping.label() + ".";
    for (YamlPlace value : mapping.values()) {
      values.put(value.label().substring(prefix.length()), value.text(""));
    }
    return values;
  }

  private static LayerFiles layer(YamlPlace step) {
    Map<String, String> texts = values(step.key("texts"));
    LayerFiles layer = new LayerFiles();
    for (String line : step.key("files").texts()) {
      Matcher file = FILE.matcher(line);
      if (!file.matches()) {
        throw new IllegalArgumentException("no file of a layer: " + line);
      }
      String path = file.group(2);
      String text = texts.get(path);
      layer.add(
          path,
          path.endsWith("/") ? ImageFile.Type.FOLDER : ImageFile.Type.FILE,
          Integer.parseInt(file.group(1), 8),
          0,
          0,
          file.group(3) == null ? 0 : Long.parseLong(file.group(3)),
          text);
    }
    return layer;
  }

  @Override
  public @Nullable BuiltImage inspect(String reference) {
    return images.get(reference);
  }

  @Override
  public BuiltImage open(BuiltImage image) {
    return image;
  }

  @Override
  public List<String> names() {
    return List.copyOf(images.keySet());
  }

  @Override
  public boolean pull(String reference) {
    return false;
  }

  @Override
  public @Nullable String published(String reference) {
    return published.get(reference);
  }
}
