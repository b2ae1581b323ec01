package fr.gouv.social.fabrique.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import fr.gouv.social.fabrique.image.BuiltImage;
import fr.gouv.social.fabrique.image.BuiltImage.Step;
import fr.gouv.social.fabrique.image.ImageContents;
import fr.gouv.social.fabrique.image.ImageFile;
import fr.gouv.social.fabrique.image.LayerFiles;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * What {@code docker save} writes, read as it comes: the archive of Docker with its {@code
 * manifest.json}, and the OCI layout that newer engines write, with an {@code index.json} at least.
 * Both name their layers at the end or anywhere, so that each file tells by its first bytes what it
 * is; what is in a layer is passed over, but for its list of files.
 */
final class ImageArchive {
  private static final int BLOCK = 512;
  private static final int LONGEST_JSON = 4_000_000;
  private static final int MOST_JSON = 32_000_000;
  private static final int DEEPEST_INDEX = 4;

  /** More than this is no image but an attack: of a compressed layer, once expanded. */
  private static final long MOST_BYTES = 100L << 30;

  private final ObjectMapper mapper = new ObjectMapper();
  private final Counting stream;
  private final Map<String, byte[]> documents = new HashMap<>();
  private final Map<String, LayerFiles> layers = new HashMap<>();
  private final Map<String, String> links = new HashMap<>();
  private int files;
  private int jsonBytes;
  private boolean complete = true;

  /** A stream that knows how far it is. */
  private static final class Counting extends FilterInputStream {
    private volatile long bytes;
    private final byte[] sink = new byte[1 << 16];
    private boolean broken;

    Counting(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      try {
        int read = super.read(target, offset, length);
        if (read > 0) {
          bytes = bytes + read;
        }
        return read;
      } catch (IOException e) {
        broken = true;
        throw e;
      }
    }

    @Override
    public long skip(long count) throws IOException {
      // As read() counts; what lies under it reads too.
      return Math.max(0, read(sink, 0, (int) Math.min(count, sink.length)));
    }
  }

  ImageArchive(InputStream stream) {
    this.stream = new Counting(stream);
  }

  /** How far the reading is, in bytes. */
  long bytes() {
    return stream.bytes;
  }

  /** Reads to the end. */
  BuiltImage read(BuiltImage image) throws IOException {
    try (TarArchiveInputStream archive =
        new TarArchiveInputStream(new BufferedInputStream(stream, 1 << 16))) {
      TarArchiveEntry entry;
      while ((entry = archive.getNextEntry()) != null) {
        String name = normal(entry.getName());
        if (entry.isSymbolicLink() || entry.isLink()) {
          // Of two equal layers the second one is a link to the first.
          String folder = name.substring(0, name.lastIndexOf('/') + 1);
          links.put(
              name, normal(entry.isLink() ? entry.getLinkName() : folder + entry.getLinkName()));
        } else if (entry.isFile()) {
          readFile(name, entry.getSize(), archive);
        }
      }
    }
    Parts parts = parts(image);
    List<LayerFiles> ordered = new ArrayList<>();
    for (String name : parts.layers) {
      LayerFiles found = layers.get(links.getOrDefault(name, name));
      complete &= found != null;
      ordered.add(found == null ? new LayerFiles() : found);
    }
    List<Step> steps = new ArrayList<>();
    int layer = 0;
    for (JsonNode step : parts.config.path("history")) {
      boolean empty = step.path("empty_layer").asBoolean(false);
      steps.add(new Step(step.path("created_by").asText(""), empty ? -1 : layer++));
    }
    // Where the history does not account for each layer, nobody can tell which made which.
    if (layer != ordered.size()) {
      steps.replaceAll(step -> new Step(step.command(), -1));
    }
    return image.with(
        steps.isEmpty() ? image.history() : steps, new ImageContents(ordered, complete));
  }

  private void readFile(String name, long size, InputStream in) throws IOException {
    BufferedInputStream content = new BufferedInputStream(in, 1 << 13);
    content.mark(BLOCK);
    byte[] head = content.readNBytes(BLOCK);
    content.reset();
    if (head.length > 0 && (head[0] == '{' || head[0] == '[')) {
      if (size <= LONGEST_JSON && jsonBytes + size <= MOST_JSON) {
        jsonBytes += (int) size;
        documents.put(name, content.readAllBytes());
      }
    } else if (isGzip(head)) {
      readLayer(name, () -> new GZIPInputStream(content, 1 << 13));
    } else if (isTar(head)) {
      readLayer(name, () -> content);
    } else if (isZstandard(head)) {
      complete = false;
    }
  }

  private interface Opening {
    InputStream open() throws IOException;
  }

  private void readLayer(String name, Opening opening) throws IOException {
    LayerFiles found = new LayerFiles();
    layers.put(name, found);
    // Only the archive around it is closed: it goes on after this layer.
    try {
      TarArchiveInputStream layer = new TarArchiveInputStream(opening.open());
      TarArchiveEntry entry;
      long expanded = 0;
      while ((entry = layer.getNextEntry()) != null) {
        expanded += Math.max(0, entry.getSize());
        if (files >= ImageContents.MOST_FILES || expanded > MOST_BYTES || !entry.isCheckSumOK()) {
          complete = false;
          return;
        }
        files++;
        ImageFile.Type type =
            entry.isDirectory()
                ? ImageFile.Type.FOLDER
                : entry.isSymbolicLink()
                    ? ImageFile.Type.LINK
                    : entry.isFile() && !entry.isLink()
                        ? ImageFile.Type.FILE
                        : ImageFile.Type.OTHER;
        long size = type == ImageFile.Type.FILE ? entry.getSize() : 0;
        String text = null;
        if (type == ImageFile.Type.FILE && LayerFiles.isTextWanted(entry.getName(), size)) {
          text = new String(layer.readNBytes(LayerFiles.LONGEST_TEXT), StandardCharsets.UTF_8);
        }
        found.add(
            entry.getName(),
            type,
            entry.getMode(),
            (int) Math.min(Integer.MAX_VALUE, entry.getLongUserId()),
            (int) Math.min(Integer.MAX_VALUE, entry.getLongGroupId()),
            size,
            text);
      }
    } catch (IOException | IllegalArgumentException | OutOfMemoryError damaged) {
      if (stream.broken) {
        throw damaged instanceof IOException e ? e : new IOException(damaged);
      }
      complete = false;
    }
  }

  private static boolean isGzip(byte[] head) {
    return head.length > 2 && head[0] == 0x1F && (head[1] & 0xFF) == 0x8B;
  }

  private static boolean isZstandard(byte[] head) {
    return head.length > 4
        && (head[0] & 0xFF) == 0x28
        && (head[1] & 0xFF) == 0xB5
        && head[2] == 0x2F
        && (head[3] & 0xFF) == 0xFD;
  }

  /** A header with the mark of POSIX, or an archive of nothing. */
  private static boolean isTar(byte[] head) {
    if (head.length < BLOCK) {
      return false;
    }
    if (new String(head, 257, 5, StandardCharsets.ISO_8859_1).equals("ustar")) {
      return true;
    }
    for (byte each : head) {
      if (each != 0) {
        return false;
      }
    }
    return true;
  }

  // ---- which layers, in which order ----

  private record Parts(JsonNode config, List<String> layers) {}

  private Parts parts(BuiltImage image) throws IOException {
    JsonNode manifests = document("manifest.json");
    if (manifests != null) {
      Parts first = null;
      for (JsonNode manifest : manifests) {
        JsonNode config = document(manifest.path("Config").asText(""));
        if (config != null) {
          List<String> names = new ArrayList<>();
          manifest.path("Layers").forEach(layer -> names.add(normal(layer.asText(""))));
          Parts parts = new Parts(config, names);
          if (isOf(config, image)) {
            return parts;
          }
          first = first == null ? parts : first;
        }
      }
      if (first != null) {
        return first;
      }
    }
    JsonNode index = document("index.json");
    Parts found = index == null ? null : fromIndex(index, image, 0);
    if (found == null) {
      throw new IOException("no manifest");
    }
    return found;
  }

  private @Nullable Parts fromIndex(JsonNode index, BuiltImage image, int depth)
      throws IOException {
    Parts found = null;
    for (JsonNode each : index.path("manifests")) {
      JsonNode manifest = blob(each.path("digest").asText(""));
      if (manifest == null || depth > DEEPEST_INDEX) {
        continue;
      }
      Parts parts = null;
      if (manifest.has("manifests")) {
        parts = fromIndex(manifest, image, depth + 1);
      } else {
        JsonNode config = blob(manifest.path("config").path("digest").asText(""));
        if (config != null && config.has("rootfs")) {
          List<String> names = new ArrayList<>();
          for (JsonNode layer : manifest.path("layers")) {
            names.add(blobName(layer.path("digest").asText("")));
          }
          parts = new Parts(config, names);
        }
      }
      if (parts != null && isOf(parts.config, image)) {
        return parts;
      }
      found = found == null ? parts : found;
    }
    return found;
  }

  private static boolean isOf(JsonNode config, BuiltImage image) {
    List<String> ids = new ArrayList<>();
    config.path("rootfs").path("diff_ids").forEach(id -> ids.add(id.asText("")));
    return ids.equals(image.layers());
  }

  private @Nullable JsonNode blob(String digest) throws IOException {
    return document(blobName(digest));
  }

  private static String blobName(String digest) {
    return "blobs/" + digest.replace(':', '/');
  }

  private @Nullable JsonNode document(String name) throws IOException {
    String clean = normal(name);
    byte[] bytes = documents.get(links.getOrDefault(clean, clean));
    return bytes == null ? null : mapper.readTree(bytes);
  }

  /** A path without {@code .}, {@code ..} and doubled slashes. */
  private static String normal(String path) {
    List<String> parts = new ArrayList<>();
    for (String part : path.split("/")) {
      if (part.equals("..") && !parts.isEmpty()) {
        parts.remove(parts.size() - 1);
      } else if (!part.isEmpty() && !part.equals(".") && !part.equals("..")) {
        parts.add(part);
      }
    }
    return String.join("/", parts);
  }
}
