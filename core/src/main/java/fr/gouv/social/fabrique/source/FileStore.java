package fr.gouv.social.fabrique.source;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Where files come from: a disk, or a map. Paths are relative to its root. */
interface FileStore {
  /**
   * What a folder holds, one level down.
   *
   * @param folder its item, or null for the root
   */
  List<Item> list(@Nullable Item folder) throws IOException;

  /** The bytes of a file, at most so many. */
  byte[] read(Item file, int limit) throws IOException;

  /** The path to which a link leads, or null when it leads out of the root or nowhere. */
  @Nullable String target(Item link);

  /** What git tracks, or null to look for its index. */
  default @Nullable GitIndex tracked() {
    return null;
  }

  /**
   * A file, a folder or a link.
   *
   * @param size in bytes, of a file
   */
  record Item(String path, String name, Type type, long size, @Nullable Path location) {}

  /** What an item is; sockets, pipes and devices are OTHER and never opened. */
  enum Type {
    FILE,
    FOLDER,
    LINK,
    OTHER
  }

  /** The files under a folder of this machine. */
  static FileStore disk(Path root) throws IOException {
    Path real = root.toRealPath();
    return new FileStore() {
      @Override
      public List<Item> list(@Nullable Item folder) throws IOException {
        String base = folder == null ? "" : folder.path + "/";
        Path place = folder == null || folder.location == null ? real : folder.location;
        List<Item> items = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(place)) {
          for (Path entry : entries) {
            String name = String.valueOf(entry.getFileName());
            items.add(item(base + name, name, entry));
          }
        } catch (DirectoryIteratorException failed) {
          throw failed.getCause();
        }
        return items;
      }

      private Item item(String path, String name, Path location) {
        Type type = Type.OTHER;
        long size = 0;
        try {
          BasicFileAttributes attributes =
              Files.readAttributes(location, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
          size = attributes.size();
          type =
              attributes.isRegularFile()
                  ? Type.FILE
                  : attributes.isDirectory()
                      ? Type.FOLDER
                      : attributes.isSymbolicLink() ? Type.LINK : Type.OTHER;
        } catch (IOException vanished) {
          // Gone since it was listed: nothing to read.
        }
        return new Item(path, name, type, size, location);
      }

      @Override
      public byte[] read(Item file, int limit) throws IOException {
        if (file.location == null) {
          throw new NoSuchFileException(file.path);
        }
        // A link was resolved to its target before; one that came since is not followed.
        try (InputStream in = Files.newInputStream(file.location, LinkOption.NOFOLLOW_LINKS)) {
          return in.readNBytes(limit);
        }
      }

      @Override
      public @Nullable String target(Item link) {
        if (link.location == null) {
          return null;
        }
        try {
          Path target = link.location.toRealPath();
          return target.startsWith(real) && !target.equals(real)
              ? real.relativize(target).toString().replace('\\', '/')
              : null;
        } catch (IOException | RuntimeException nowhere) {
          return null;
        }
      }
    };
  }

  /** Files from their texts, by path. */
  static FileStore memory(Map<String, String> texts) {
    Map<String, Map<String, Item>> folders = new TreeMap<>();
    folders.put("", new TreeMap<>());
    texts.forEach(
        (path, text) -> {
          long size = text.getBytes(StandardCharsets.UTF_8).length;
          add(path, Type.FILE, size, folders);
        });
    return new FileStore() {
      @Override
      public List<Item> list(@Nullable Item folder) {
        return List.copyOf(
            folders.getOrDefault(folder == null ? "" : folder.path, Map.of()).values());
      }

      @Override
      public byte[] read(Item file, int limit) throws IOException {
        String text = texts.get(file.path);
        if (text == null) {
          throw new FileNotFoundException(file.path);
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return bytes.length <= limit ? bytes : Arrays.copyOf(bytes, limit);
      }

      @Override
      public @Nullable String target(Item link) {
        return null;
      }
    };
  }

  /** Adds an item, and the folders on the way to it, to lists of items by folder and name. */
  static void add(String path, Type type, long size, Map<String, Map<String, Item>> folders) {
    String base = "";
    String[] names = path.split("/");
    for (int i = 0; i < names.length; i++) {
      String below = base.isEmpty() ? names[i] : base + "/" + names[i];
      boolean last = i == names.length - 1;
      Item item = new Item(below, names[i], last ? type : Type.FOLDER, last ? size : 0, null);
      folders.computeIfAbsent(base, key -> new TreeMap<>()).put(names[i], item);
      base = below;
    }
  }
}
