package fr.gouv.social.fabrique.source;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.TreeSet;

/**
 * The paths that git tracks: no ignore pattern touches those. Reads versions 2 to 4 of the index
 * (gitformat-index(5)); of anything else, nothing is known to be tracked.
 */
final class GitIndex {
  private final TreeSet<String> paths = new TreeSet<>();

  static GitIndex empty() {
    return new GitIndex();
  }

  static GitIndex of(byte[] bytes) {
    GitIndex index = new GitIndex();
    try {
      index.read(ByteBuffer.wrap(bytes));
    } catch (RuntimeException damaged) {
      index.paths.clear();
    }
    return index;
  }

  static GitIndex of(Collection<String> paths) {
    GitIndex index = new GitIndex();
    index.paths.addAll(paths);
    return index;
  }

  private void read(ByteBuffer in) {
    int version;
    if (in.remaining() < 12 || in.getInt() != 0x44495243 /* DIRC */) {
      return;
    }
    version = in.getInt();
    int count = in.getInt();
    if (version < 2 || version > 4) {
      return;
    }
    byte[] name = new byte[0];
    for (int i = 0; i < count; i++) {
      int start = in.position();
      in.position(start + 24);
      int mode = in.getInt();
      in.position(start + 60);
      int flags = in.getShort();
      if (version > 2 && (flags & 0x4000) != 0) {
        in.getShort();
      }
      int kept = version == 4 ? name.length - strip(in) : 0;
      int from = in.position();
      int to = from;
      while (in.get(to) != 0) {
        to++;
      }
      byte[] next = new byte[kept + to - from];
      System.arraycopy(name, 0, next, 0, kept);
      in.get(next, kept, to - from);
      name = next;
      in.position(version == 4 ? to + 1 : start + (to - start) / 8 * 8 + 8);
      // A folder (sparse index) or a submodule is no file of this repository.
      if ((mode & 0xF000) == 0x8000 || (mode & 0xF000) == 0xA000) {
        paths.add(new String(name, StandardCharsets.UTF_8));
      }
    }
  }

  /** The offset encoding of pack files. */
  private static int strip(ByteBuffer in) {
    int b = in.get();
    int value = b & 0x7F;
    while ((b & 0x80) != 0) {
      b = in.get();
      value = (value + 1 << 7) | (b & 0x7F);
    }
    return value;
  }

  boolean tracks(String path) {
    return paths.contains(path);
  }

  /** Whether a file below the folder is tracked. */
  boolean tracksWithin(String folder) {
    String next = paths.ceiling(folder + "/");
    return next != null && next.startsWith(folder + "/");
  }
}
