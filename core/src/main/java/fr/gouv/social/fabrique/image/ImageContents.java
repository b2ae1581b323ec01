package fr.gouv.social.fabrique.image;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/** What is in the layers of an image. */
public final class ImageContents {
  /** More files than these in one image are not looked at. */
  public static final int MOST_FILES = 1_000_000;

  private final List<LayerFiles> layers;
  private final List<BitSet> hidden = new ArrayList<>();
  private final boolean complete;

  /**
   * The files of layers, the first layer first.
   *
   * @param complete whether all of them could be read
   */
  public ImageContents(List<LayerFiles> layers, boolean complete) {
    this.layers = List.copyOf(layers);
    this.complete = complete;
    LayerFiles.Above above = new LayerFiles.Above();
    for (int i = layers.size() - 1; i >= 0; i--) {
      hidden.add(above.hides(layers.get(i)));
      if (i > 0) {
        above.add(layers.get(i));
      }
    }
    Collections.reverse(hidden);
  }

  /** Whether all layers could be read to their end. */
  public boolean isComplete() {
    return complete;
  }

  /** Gives every file of every layer to a consumer, those that later layers hide too. */
  public void forEach(Consumer<ImageFile> consumer) {
    for (int i = 0; i < layers.size(); i++) {
      layers.get(i).each(i, hidden.get(i), consumer);
    }
  }
}
