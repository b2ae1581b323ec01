package fr.gouv.social.fabrique.image;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An image as an engine has it.
 *
 * @param reference as it was asked for
 * @param id the digest of its configuration, or of its manifest where the engine says that
 * @param tags the names that the engine knows it by
 * @param digests the names with which registries know it, {@code name@sha256:…}; empty for an image
 *     that was neither pulled nor pushed
 * @param created null when it does not say
 * @param size of all its layers, in bytes
 * @param layers the digests of its uncompressed layers, the first one first
 * @param history how it was built, the first step first; empty when it does not say
 * @param contents what is in its layers; null when nobody looked
 */
public record BuiltImage(
    String reference,
    String id,
    List<String> tags,
    List<String> digests,
    String os,
    String architecture,
    @Nullable Instant created,
    long size,
    ImageConfig config,
    List<String> layers,
    List<Step> history,
    @Nullable ImageContents contents) {

  /**
   * One step of a build.
   *
   * @param command as the builder noted it: {@code COPY . /app # buildkit}, {@code /bin/sh -c
   *     #(nop) USER app}
   * @param layer the index of the layer that it made; -1 when it made none, or nobody can tell
   */
  public record Step(String command, int layer) {

    /** The keyword of the instruction behind it, in upper case. */
    public String keyword() {
      String text = text();
      int end = 0;
      while (end < text.length() && Character.isLetter(text.charAt(end))) {
        end++;
      }
      String word = text.substring(0, end);
      return switch (word) {
        case "ADD",
            "ARG",
            "CMD",
            "COPY",
            "ENTRYPOINT",
            "ENV",
            "EXPOSE",
            "HEALTHCHECK",
            "LABEL",
            "MAINTAINER",
            "ONBUILD",
            "RUN",
            "SHELL",
            "STOPSIGNAL",
            "USER",
            "VOLUME",
            "WORKDIR" ->
            word;
        default -> "RUN";
      };
    }

    /**
     * The instruction without the marks of its builder. Values that the build was given stay before
     * the command of a {@code RUN}: {@code RUN |1 VERSION=2 /bin/sh -c make}.
     */
    public String text() {
      String text = command.strip();
      int nop = text.indexOf("#(nop)");
      if (nop >= 0) {
        return text.substring(nop + "#(nop)".length()).strip();
      }
      return text.endsWith("# buildkit")
          ? text.substring(0, text.length() - "# buildkit".length()).strip()
          : text;
    }
  }

  public BuiltImage {
    tags = List.copyOf(tags);
    digests = List.copyOf(digests);
    layers = List.copyOf(layers);
    history = List.copyOf(history);
  }

  /** The same image with what is in it. */
  public BuiltImage with(List<Step> steps, ImageContents found) {
    return new BuiltImage(
        reference,
        id,
        tags,
        digests,
        os,
        architecture,
        created,
        size,
        config,
        layers,
        steps,
        found);
  }

  /** Whether the layers of another image are the first ones of this one, with more upon them. */
  public boolean isBuiltUpon(BuiltImage base) {
    return !base.layers.isEmpty()
        && base.layers.size() < layers.size()
        && layers.subList(0, base.layers.size()).equals(base.layers);
  }

  /** The digest with which a registry knows it under a name, or null. */
  public @Nullable String digestOf(String repository) {
    for (String each : digests) {
      int at = each.indexOf('@');
      if (at > 0 && each.substring(0, at).equals(repository)) {
        return each.substring(at + 1);
      }
    }
    return null;
  }
}
