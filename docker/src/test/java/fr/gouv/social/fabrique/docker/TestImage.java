package fr.gouv.social.fabrique.docker;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** An image from nothing, and the archives in which engines hand such an image over. */
public final class TestImage {
  private final ObjectMapper mapper = new ObjectMapper();
  private final String name;
  private final ObjectNode image = mapper.createObjectNode();
  private final ObjectNode config = image.putObject("config");
  private final ArrayNode history = image.putArray("history");
  private final ArrayNode ids = mapper.createArrayNode();
  private final List<byte[]> layers = new ArrayList<>();

  /** An image of that name. */
  public TestImage(String name) {
    this.name = name;
    image.put("architecture", "amd64").put("os", "linux").put("created", "2026-11-01T10:00:00Z");
  }

  public TestImage created(String created) {
    image.put("created", created);
    return this;
  }

  public TestImage user(String user) {
    config.put("User", user);
    return step("USER " + user);
  }

  public TestImage env(String name, String value) {
    config.withArray("Env").add(name + "=" + value);
    return step("ENV " + name + "=" + value);
  }

  public TestImage port(String port) {
    config.withObject("/ExposedPorts").putObject(port);
    return step("EXPOSE map[" + port + ":{}]");
  }

  public TestImage volume(String path) {
    config.withObject("/Volumes").putObject(path);
    return step("VOLUME [" + path + "]");
  }

  public TestImage workdir(String path) {
    config.put("WorkingDir", path);
    return this;
  }

  public TestImage label(String name, String value) {
    config.withObject("/Labels").put(name, value);
    return this;
  }

  public TestImage healthCheck(String command) {
    config.putObject("Healthcheck").putArray("Test").add("CMD-SHELL").add(command);
    return this;
  }

  public TestImage command(String... words) {
    ArrayNode array = config.putArray("Cmd");
    for (String word : words) {
      array.add(word);
    }
    return step("CMD [\"" + String.join("\" \"", words) + "\"]");
  }

  /** A step that makes no layer. */
  public TestImage step(String command) {
    history.addObject().put("created_by", command).put("empty_layer", true);
    return this;
  }

  /** A step that makes a layer. */
  public TestImage layer(String command, Consumer<Layer> files) {
    history.addObject().put("created_by", command);
    Layer layer = new Layer();
    files.accept(layer);
    byte[] bytes = layer.bytes();
    layers.add(bytes);
    ids.add("sha256:" + sha256(bytes));
    return this;
  }

  /** The image as {@code docker save} of an engine before 25 writes it: layers in any order. */
  public byte[] archive() {
    byte[] written = config();
    String configName = sha256(written) + ".json";
    Layer archive = new Layer();
    ArrayNode names = mapper.createArrayNode();
    for (int i = 0; i < layers.size(); i++) {
      names.add("layer" + i + "/layer.tar");
    }
    for (int i = layers.size() - 1; i >= 0; i--) {
      archive.file("layer" + i + "/layer.tar", 0644, layers.get(i));
    }
    archive.file(configName, 0644, written);
    ArrayNode manifest = mapper.createArrayNode();
    ObjectNode entry = manifest.addObject().put("Config", configName);
    entry.putArray("RepoTags").add(name);
    entry.set("Layers", names);
    archive.file("manifest.json", 0644, bytes(manifest));
    return archive.bytes();
  }

  /** The same in the OCI layout, with compressed layers and no {@code manifest.json}. */
  public byte[] layout() {
    Layer archive = new Layer();
    ObjectNode manifest = mapper.createObjectNode().put("schemaVersion", 2);
    byte[] written = config();
    manifest.putObject("config").put("digest", blob(archive, written));
    ArrayNode list = manifest.putArray("layers");
    for (byte[] layer : layers) {
      list.addObject().put("digest", blob(archive, gzip(layer)));
    }
    ObjectNode index = mapper.createObjectNode().put("schemaVersion", 2);
    index.putArray("manifests").addObject().put("digest", blob(archive, bytes(manifest)));
    archive.file("oci-layout", 0644, "{\"imageLayoutVersion\":\"1.0.0\"}");
    archive.file("index.json", 0644, bytes(index));
    return archive.bytes();
  }

  /** The digests of the layers. */
  public List<String> layerIds() {
    List<String> all = new ArrayList<>();
    ids.forEach(id -> all.add(id.asText()));
    return all;
  }

  private byte[] config() {
    image.putObject("rootfs").put("type", "layers").set("diff_ids", ids);
    return bytes(image);
  }

  private static String blob(Layer archive, byte[] content) {
    String digest = sha256(content);
    archive.file("blobs/sha256/" + digest, 0644, content);
    return "sha256:" + digest;
  }

  private byte[] bytes(Object value) {
    try {
      return mapper.writeValueAsBytes(value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** An archive of files. */
  public static final class Layer {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final TarArchiveOutputStream tar = new TarArchiveOutputStream(out);

    Layer() {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    }

    public Layer file(String path, int mode, String text) {
      return file(path, mode, text.getBytes(StandardCharsets.UTF_8));
    }

    public Layer file(String path, int mode, byte[] content) {
      TarArchiveEntry entry = new TarArchiveEntry(path);
      entry.setMode(0100000 | mode);
      entry.setSize(content.length);
      put(entry, content);
      return this;
    }

    public Layer folder(String path, int mode) {
      TarArchiveEntry entry = new TarArchiveEntry(path + "/");
      entry.setMode(040000 | mode);
      put(entry, new byte[0]);
      return this;
    }

    /** Removes a file of a layer below. */
    public Layer without(String path) {
      int slash = path.lastIndexOf('/');
      return file(path.substring(0, slash + 1) + ".wh." + path.substring(slash + 1), 0, "");
    }

    /** Removes all that layers below have in a folder. */
    public Layer emptied(String path) {
      return file(path + "/.wh..wh..opq", 0, "");
    }

    private void put(TarArchiveEntry entry, byte[] content) {
      try {
        entry.setModTime(0);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    byte[] bytes() {
      try {
        tar.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return out.toByteArray();
    }
  }
}
