package fr.gouv.social.fabrique.project;

import fr.gouv.social.fabrique.compose.ComposeBuild;
import fr.gouv.social.fabrique.compose.ComposeProject;
import fr.gouv.social.fabrique.compose.ComposeService;
import fr.gouv.social.fabrique.dockerfile.Dockerfile;
import fr.gouv.social.fabrique.dockerfile.Instruction;
import fr.gouv.social.fabrique.dockerfile.Stage;
import fr.gouv.social.fabrique.image.BuiltImage;
import fr.gouv.social.fabrique.image.BuiltImage.Step;
import fr.gouv.social.fabrique.image.Images;
import fr.gouv.social.fabrique.kubernetes.Container;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.source.Text;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the images of an engine that a repository builds or runs. */
final class ImageLinks {
  private final Images images;
  private final List<Dockerfile> dockerfiles;
  private final List<ComposeProject> composeProjects;
  private final List<ImageUse> uses;
  private final List<Container> containers;
  private final List<NotRead> notRead;
  private final Map<String, Found> found = new LinkedHashMap<>();

  /** An image on the way to be looked at. */
  private static final class Found {
    private final BuiltImage image;
    private final Located at;
    private final List<ImageUse> uses = new ArrayList<>();
    private @Nullable Stage stage;
    private boolean own;

    Found(BuiltImage image, Located at) {
      this.image = image;
      this.at = at;
    }
  }

  ImageLinks(
      Images images,
      List<Dockerfile> dockerfiles,
      List<ComposeProject> composeProjects,
      List<ImageUse> uses,
      List<Container> containers,
      List<NotRead> notRead) {
    this.images = images;
    this.dockerfiles = dockerfiles;
    this.composeProjects = composeProjects;
    this.uses = uses;
    this.containers = containers;
    this.notRead = notRead;
  }

  List<InspectedImage> find() {
    for (ComposeProject project : composeProjects) {
      for (ComposeService service : project.services()) {
        ComposeBuild build = service.build();
        if (build != null) {
          addBuilt(service, build);
        }
      }
    }
    for (ImageUse use : uses) {
      boolean runs =
          use.role() == ImageUse.Role.CONTAINER || use.role() == ImageUse.Role.COMPOSE_SERVICE;
      String name = use.text().value();
      if (runs && name != null && use.reference().isNamed()) {
        addUsed(use, name);
      }
    }
    List<InspectedImage> inspected = new ArrayList<>();
    found.values().forEach(each -> inspected.add(inspected(each)));
    return inspected;
  }

  private void addBuilt(ComposeService service, ComposeBuild build) {
    Setting<String> written = service.image();
    String name = written.value();
    if (name == null && written.isAbsent()) {
      String project = service.project().name().value();
      name = project == null ? null : project.toLowerCase(Locale.ROOT) + "-" + service.name();
    }
    if (name == null) {
      return;
    }
    Located at = written.isSet() ? written : build;
    BuiltImage image = images.local(name);
    if (image == null) {
      absent(name, at);
      return;
    }
    Found each = found.computeIfAbsent(image.id(), id -> new Found(image, at));
    each.own = true;
    String path = build.dockerfilePath();
    for (Dockerfile dockerfile : dockerfiles) {
      if (dockerfile.file().path().equals(path)) {
        String target = build.target().value();
        each.stage =
            build.target().isUnknown()
                ? null
                : target == null ? dockerfile.finalStage() : dockerfile.stage(target);
      }
    }
  }

  private void addUsed(ImageUse use, String name) {
    BuiltImage image = images.image(name);
    if (image == null) {
      absent(name, use);
      return;
    }
    Found each = found.computeIfAbsent(image.id(), id -> new Found(image, use));
    each.uses.add(use);
    if (!each.own) {
      each.stage = builder(image);
      each.own = each.stage != null;
    }
  }

  private void absent(String name, Located at) {
    Text failure = images.failure(name);
    Span span = at.span();
    if (images.trouble() == null) {
      notRead.add(
          new NotRead(
              span.file().path(),
              span.line(),
              failure != null
                  ? failure
                  : new Text(
                      "image « " + name + " » absente du moteur",
                      "image “" + name + "” not in the engine")));
    }
  }

  private InspectedImage inspected(Found each) {
    BuiltImage image = each.own ? images.opened(each.image) : each.image;
    Stage stage = each.stage;
    Located origin = each.at;
    BuiltImage base = null;
    if (stage != null) {
      Stage first = stage.lineage().get(0);
      Located named = first.from().image();
      origin = named == null ? first.from() : named;
      String baseName = first.isScratch() ? null : first.baseImage().value();
      base = baseName == null ? null : images.image(baseName);
    }
    if (each.own && (image.contents() == null || !image.contents().isComplete())) {
      notComplete(image, each.at);
    }
    List<Located> steps = new ArrayList<>();
    List<@Nullable Instruction> aligned = stage == null ? null : aligned(image.history(), stage);
    int firstOwn = base != null && image.isBuiltUpon(base) ? base.layers().size() : 0;
    int ownFrom = image.layers().size();
    for (int i = 0; i < image.history().size(); i++) {
      Instruction instruction = aligned == null ? null : aligned.get(i);
      steps.add(instruction == null ? origin : instruction);
      int layer = image.history().get(i).layer();
      if (instruction != null && layer >= 0) {
        ownFrom = Math.min(ownFrom, layer);
      }
    }
    return new InspectedImage(
        image,
        each.at,
        each.own,
        stage,
        base,
        each.uses,
        containers.stream()
            .filter(
                container ->
                    each.uses.stream().anyMatch(use -> use.span().equals(container.image().span())))
            .toList(),
        published(each),
        steps,
        Map.of(),
        aligned == null ? firstOwn : ownFrom);
  }

  private void notComplete(BuiltImage image, Located at) {
    Text failure = images.failure(image.reference());
    if (images.trouble() == null) {
      notRead.add(
          new NotRead(
              at.span().file().path(),
              at.span().line(),
              failure != null
                  ? failure
                  : new Text(
                      "couches de « " + image.reference() + " » : lues en partie seulement",
                      "layers of “" + image.reference() + "”: only read in part")));
    }
  }

  /** The digest of the tag under which the image is run. */
  private @Nullable String published(Found each) {
    for (ImageUse use : each.uses) {
      ImageReference reference = use.reference();
      String name = reference.familiarName();
      if (name != null && reference.tag().isKnown()) {
        String tagged = name + ":" + reference.tag().value();
        String digest = images.published(tagged);
        if (digest == null && reference.digest().isKnown()) {
          BuiltImage here = images.local(tagged);
          digest = here == null ? null : here.digestOf(name);
        }
        return digest;
      }
    }
    return null;
  }

  // ---- which Dockerfile ----

  /** The stage from which an image was built, as its history shows; null when none is plain. */
  private @Nullable Stage builder(BuiltImage image) {
    for (Dockerfile dockerfile : dockerfiles) {
      Stage stage = dockerfile.finalStage();
      List<@Nullable Instruction> aligned = stage == null ? null : aligned(image.history(), stage);
      if (aligned == null) {
        continue;
      }
      int alike = 0;
      int comparable = 0;
      for (int i = 0; i < aligned.size(); i++) {
        Instruction instruction = aligned.get(i);
        if (instruction != null && !(instruction instanceof Instruction.Transfer)) {
          comparable++;
          alike += isAlike(image.history().get(i), instruction) ? 1 : 0;
        }
      }
      if (alike >= 2 && alike * 2 >= comparable) {
        return stage;
      }
    }
    return null;
  }

  private static boolean isAlike(Step step, Instruction instruction) {
    String written = instruction.arguments().text().replaceAll("[\\s\"']+", "");
    String made = step.text().replaceAll("[\\s\"']+", "");
    return !written.isEmpty() && made.contains(written);
  }

  /**
   * The instruction behind each step of a history: its end is that of the Dockerfile. Null where
   * the two do not go together; a null within is a step of the base image, or one that no
   * Dockerfile wrote.
   */
  private static @Nullable List<@Nullable Instruction> aligned(List<Step> history, Stage stage) {
    List<Instruction> instructions = new ArrayList<>();
    for (Stage each : stage.lineage()) {
      for (Instruction instruction : each.effective()) {
        if (!(instruction instanceof Instruction.Unknown)) {
          instructions.add(instruction);
        }
      }
    }
    if (instructions.isEmpty()) {
      return null;
    }
    List<@Nullable Instruction> aligned =
        new ArrayList<>(Collections.nCopies(history.size(), (@Nullable Instruction) null));
    int step = history.size() - 1;
    int at = instructions.size() - 1;
    while (at >= 0) {
      if (step < 0) {
        return null;
      }
      String keyword = history.get(step).keyword();
      if (keyword.equals(instructions.get(at).name())) {
        aligned.set(step, instructions.get(at));
        at--;
      } else if (!keyword.equals("LABEL")) {
        // Labels may also come from the command line of the build.
        return null;
      }
      step--;
    }
    return aligned;
  }
}
