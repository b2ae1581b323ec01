package fr.gouv.social.fabrique.project;

import fr.gouv.social.fabrique.dockerfile.Stage;
import fr.gouv.social.fabrique.image.BuiltImage;
import fr.gouv.social.fabrique.image.BuiltImage.Step;
import fr.gouv.social.fabrique.kubernetes.Container;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.Span;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An image of an engine, with the places of the repository that it concerns.
 *
 * @param at where it is named
 * @param own whether the repository builds it, or somebody asked for it by name: then all of it is
 *     to be judged, else only whether it fits what runs it
 * @param stage the stage that it is built from, or null
 * @param base the image that its Dockerfile names as its base, as the engine has it now; or null
 * @param uses the places that run it, by path and position
 * @param containers those among them that are containers of pods
 * @param published the digest that its registry has under its name; null when nobody asked
 * @param steps where each step of its history is written
 * @param firstOwnLayer the index of the first layer that no base image brings
 */
public record InspectedImage(
    BuiltImage image,
    Located at,
    boolean own,
    @Nullable Stage stage,
    @Nullable BuiltImage base,
    List<ImageUse> uses,
    List<Container> containers,
    @Nullable String published,
    List<Located> steps,
    Map<String, Located> settings,
    int firstOwnLayer)
    implements Located {
  /** What is shown of one step. */
  private static final int LONGEST_LINE = 400;

  public InspectedImage {
    uses = List.copyOf(uses);
    containers = List.copyOf(containers);
    steps = List.copyOf(steps);
    settings = Map.copyOf(settings);
  }

  /** An image that somebody asked for by name: its places are in a text that tells what it is. */
  static InspectedImage alone(BuiltImage image, @Nullable BuiltImage base) {
    StringBuilder text = new StringBuilder();
    Map<String, int[]> lines = new HashMap<>();
    line(text, "# " + image.reference());
    line(text, "# " + image.id());
    line(
        text,
        "# "
            + image.os()
            + "/"
            + image.architecture()
            + (image.created() == null ? "" : ", " + image.created())
            + ", "
            + image.size()
            + " B");
    if (base != null) {
      lines.put("FROM", line(text, "FROM " + base.reference()));
    }
    if (!image.config().user().isEmpty()) {
      lines.put("USER", line(text, "USER " + image.config().user()));
    }
    if (!image.config().workdir().isEmpty()) {
      line(text, "WORKDIR " + image.config().workdir());
    }
    // Values of variables may be secrets: a report is no place for them.
    for (String name : image.config().environment().keySet()) {
      lines.put("ENV " + name, line(text, "ENV " + name));
    }
    image.config().ports().forEach(port -> lines.put("EXPOSE", line(text, "EXPOSE " + port)));
    image.config().volumes().forEach(volume -> line(text, "VOLUME " + volume));
    image.config().labels().forEach((name, value) -> line(text, "LABEL " + name + "=" + value));
    if (!image.config().healthCheck().isEmpty()) {
      line(text, "HEALTHCHECK " + String.join(" ", image.config().healthCheck()));
    }
    line(text, "ENTRYPOINT " + image.config().entrypoint());
    line(text, "CMD " + image.config().command());
    line(text, "# history");
    List<int[]> stepLines = new ArrayList<>();
    for (Step step : image.history()) {
      stepLines.add(line(text, shown(step)));
    }
    SourceFile file = SourceFile.of("image/" + image.reference(), text.toString());
    Map<String, Located> settings = new HashMap<>();
    lines.forEach((name, place) -> settings.put(name, file.span(place[0], place[1])));
    List<Located> steps = new ArrayList<>();
    stepLines.forEach(place -> steps.add(file.span(place[0], place[1])));
    Span head = file.span(file.lineStart(1), file.lineEnd(1));
    int firstOwn = base == null ? 0 : base.layers().size();
    return new InspectedImage(
        image, head, true, null, base, List.of(), List.of(), null, steps, settings, firstOwn);
  }

  private static int[] line(StringBuilder text, String written) {
    int start = text.length();
    String line = written.replaceAll("\\s+", " ").strip();
    text.append(line.length() > LONGEST_LINE ? line.substring(0, LONGEST_LINE) + "…" : line);
    int end = text.length();
    text.append('\n');
    return new int[] {start, end};
  }

  /** A step without the values of variables and build arguments. */
  private static String shown(Step step) {
    String text = step.text().replaceAll("\\s+", " ");
    String keyword = step.keyword();
    if (keyword.equals("ENV") || keyword.equals("ARG")) {
      return text.replaceFirst("=.*", "=…");
    }
    return text.matches("(RUN )?\\|\\d.*")
        ? text.replaceFirst("(\\|\\d+) .*?(?=/(?:usr/)?bin/)", "$1 … ")
            .replaceAll("\\b(\\w+)=\\S+", "$1=…")
        : text;
  }

  /** Where the user is set, or missing. */
  public Located userPlace() {
    return stage == null ? settings.getOrDefault("USER", at) : stage.effectiveUser();
  }

  /** Where a variable is set. */
  public Located variablePlace(String name) {
    Setting<String> written = stage == null ? null : stage.scope().get(name);
    return written == null ? settings.getOrDefault("ENV " + name, at) : written;
  }

  /** Where a layer is made: its instruction, else the base image that brings it. */
  public Located layerPlace(int layer) {
    List<Step> history = image.history();
    for (int i = 0; i < history.size() && i < steps.size(); i++) {
      if (history.get(i).layer() == layer) {
        return steps.get(i);
      }
    }
    return origin();
  }

  /** Where the image begins: what its {@code FROM} names, else where the image is named. */
  public Located origin() {
    Stage built = stage;
    if (built == null) {
      return settings.getOrDefault("FROM", at);
    }
    Located image = built.lineage().get(0).from().image();
    return image == null ? built.from() : image;
  }

  /** Whether a layer is not one of the base image. */
  public boolean isOwn(int layer) {
    return layer >= firstOwnLayer;
  }

  @Override
  public Span span() {
    return at.span();
  }

  @Override
  public String label() {
    return at.label();
  }
}
