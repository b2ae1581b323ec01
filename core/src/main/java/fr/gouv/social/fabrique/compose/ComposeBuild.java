package fr.gouv.social.fabrique.compose;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.source.Step;
import fr.gouv.social.fabrique.yaml.YamlMapping;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a service's image is built. */
public final class ComposeBuild implements Located {
  private final ComposeService service;
  private final YamlPlace place;

  ComposeBuild(ComposeService service, YamlPlace place) {
    this.service = service;
    this.place = place;
  }

  /** The place of the {@code build} key. */
  public YamlPlace place() {
    return place;
  }

  @Override
  public Span span() {
    return place.span();
  }

  @Override
  public List<Step> way() {
    return place.way();
  }

  @Override
  public String label() {
    return place.label();
  }

  /** The build context as written; {@code .} by default. */
  public Setting<String> context() {
    Setting<String> context =
        place.node() instanceof YamlMapping ? place.key("context").string() : place.string();
    return context.value() == null && !context.isUnknown()
        ? Setting.byDefault(".", place)
        : context;
  }

  /**
   * The folder of the context, relative to the root of the repository; null where it is unknown,
   * remote or outside.
   */
  public @Nullable String contextFolder() {
    Setting<String> context = context();
    String path = context.value();
    return path == null ? null : service.project().resolve(context, path);
  }

  /** The Dockerfile, relative to the context; absent where it is written inline. */
  public Setting<String> dockerfile() {
    Setting<String> dockerfile = place.key("dockerfile").string();
    if (dockerfile.value() != null || dockerfile.isUnknown()) {
      return dockerfile;
    }
    return inline().isSet() ? Setting.absent(place) : Setting.byDefault("Dockerfile", place);
  }

  /**
   * The path of the Dockerfile, relative to the root of the repository; null where it is unknown,
   * inline, remote or outside.
   */
  public @Nullable String dockerfilePath() {
    String folder = contextFolder();
    String dockerfile = dockerfile().value();
    return folder == null || dockerfile == null ? null : Paths.from(folder, dockerfile);
  }

  /** The text of a Dockerfile that is written here. */
  public Setting<String> inline() {
    return place.key("dockerfile_inline").string();
  }

  /** The stage that is built; absent for the last one. */
  public Setting<String> target() {
    return place.key("target").string();
  }

  /** The build arguments. */
  public List<ComposeVariable> args() {
    return Environments.variables(place.key("args"), service.project().variables());
  }
}
