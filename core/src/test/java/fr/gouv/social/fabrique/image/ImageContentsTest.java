package fr.gouv.social.fabrique.image;

import static org.assertj.core.api.Assertions.assertThat;

import fr.gouv.social.fabrique.image.BuiltImage.Step;
import fr.gouv.social.fabrique.image.ImageFile.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ImageContentsTest {
  /** A layer of paths: a slash at the end makes a folder. */
  private static LayerFiles layer(String... paths) {
    LayerFiles layer = new LayerFiles();
    for (String path : paths) {
      layer.add(path, path.endsWith("/") ? Type.FOLDER : Type.FILE, 0644, 1, 2, 3, null);
    }
    return layer;
  }

  private static List<String> hidden(LayerFiles... layers) {
    List<String> hidden = new ArrayList<>();
    new ImageContents(List.of(layers), true)
        .forEach(
            file -> {
              if (file.hidden()) {
                hidden.add(file.layer() + " " + file.path());
              }
            });
    return hidden;
  }

  @Test
  void laterLayersHideWhatTheyRemoveAndReplace() {
    assertThat(hidden(layer("a/", "a/b", "a/c"), layer("a/.wh.b"))).containsExactly("0 a/b");
    assertThat(hidden(layer("a/", "a/b", "ab"), layer(".wh.a"))).containsExactly("0 a", "0 a/b");
    assertThat(hidden(layer("a/", "a/b"), layer("a/", "a/.wh..wh..opq", "a/c")))
        .containsExactly("0 a", "0 a/b");
    assertThat(hidden(layer("a", "b/c"), layer(".wh..wh..opq"))).containsExactly("0 a", "0 b/c");
    assertThat(hidden(layer("a"), layer(".wh.a"), layer("a"))).containsExactly("0 a");
    // A folder hides the folder before it, not what is in it; a file in its place hides both.
    assertThat(hidden(layer("a/", "a/b"), layer("a/"))).containsExactly("0 a");
    assertThat(hidden(layer("a/", "a/b"), layer("a"))).containsExactly("0 a", "0 a/b");
    assertThat(hidden(layer("./a/", "/a/b"), layer("./a/.wh.b"))).containsExactly("0 a/b");
    assertThat(hidden(layer("a"), layer(".wh..wh.plnk", ".wh..wh.aufs"))).isEmpty();
  }

  @Test
  void aFileIsKeptAsItIs() {
    LayerFiles layer = new LayerFiles();
    layer.add("usr/lib/é/long", Type.FILE, 0104755, 70_000, 5, 1L << 40, "text");
    layer.add("usr/lib/é/longer", Type.LINK, 0777, 0, 0, 0, null);
    List<ImageFile> files = new ArrayList<>();
    new ImageContents(List.of(layer), true).forEach(files::add);
    assertThat(files)
        .containsExactly(
            new ImageFile(
                "usr/lib/é/long", Type.FILE, 04755, 70_000, 5, 1L << 40, 0, false, "text"),
            new ImageFile("usr/lib/é/longer", Type.LINK, 0777, 0, 0, 0, 0, false, null));
    assertThat(files.get(0).setsUser()).isTrue();
    assertThat(files.get(1).isWorldWritable()).isFalse();
  }

  @Test
  void stepsOfBothBuildersAreTheirInstructions() {
    assertThat(
            Stream.of(
                    "/bin/sh -c #(nop)  USER app",
                    "/bin/sh -c apk add curl",
                    "|1 VERSION=2 /bin/sh -c make",
                    "RUN /bin/sh -c make # buildkit",
                    "COPY . /app # buildkit",
                    "/bin/bash -o pipefail -c make",
                    "CMD [\"node\"]",
                    "")
                .map(command -> new Step(command, -1).keyword()))
        .containsExactly("USER", "RUN", "RUN", "RUN", "COPY", "RUN", "CMD", "RUN");
    assertThat(new Step("/bin/sh -c #(nop)  USER app", -1).text()).isEqualTo("USER app");
    assertThat(new Step("COPY . /app # buildkit", 0).text()).isEqualTo("COPY . /app");
  }
}
