package fr.gouv.social.fabrique.image;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The files of one layer, in some thirty bytes each: the order of a layer's archive goes folder by
 * folder, so that a path shares its beginning with the one before it. Filled once, then only read.
 */
public final class LayerFiles {
  /** A longer text is no credential. */
  public static final int LONGEST_TEXT = 65_536;

  /** More texts than these are not kept. */
  private static final int MOST_TEXTS = 500;

  private static final Set<String> CREDENTIALS =
      Set.of(
          ".npmrc",
          ".yarnrc.yml",
          ".netrc",
          "_netrc",
          ".pypirc",
          "pip.conf",
          ".git-credentials",
          ".dockercfg",
          ".dockerconfigjson",
          "config.json",
          "auth.json",
          "credentials",
          "credentials.json",
          "service-account.json",
          "kubeconfig",
          "config",
          ".pgpass",
          ".my.cnf",
          "settings.xml",
          ".htpasswd");

  /** Marks by which a layer removes what is below it (OCI image specification, layer.md). */
  private static final String WHITEOUT = ".wh.";

  private static final String OPAQUE = ".wh..wh..opq";

  private final Map<Integer, String> texts = new HashMap<>();
  private final LongSet removed = new LongSet();
  private final LongSet emptied = new LongSet();
  private byte[] data = new byte[256];
  private int length;
  private int count;
  private byte[] last = new byte[0];

  /** Whether what a file holds is worth keeping, given where it is and its size. */
  public static boolean isTextWanted(String path, long size) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    return size > 0
        && size <= LONGEST_TEXT
        && (CREDENTIALS.contains(name)
            || name.startsWith(".env")
            || name.endsWith(".pem")
            || name.endsWith(".key")
            || name.endsWith(".p8")
            || name.startsWith("id_") && !name.endsWith(".pub")
            || name.endsWith(".tfvars")
            || name.endsWith(".kubeconfig"));
  }

  /** How many files there are. */
  public int count() {
    return count;
  }

  /**
   * Adds an entry of the layer's archive, in its order.
   *
   * @param written the path as the archive has it
   * @param text what it holds, or null where {@link #isTextWanted} says so
   */
  public void add(
      String written,
      ImageFile.Type type,
      int mode,
      int owner,
      int group,
      long size,
      @Nullable String text) {
    String path = clean(written);
    if (path.isEmpty()) {
      return;
    }
    int slash = path.lastIndexOf('/');
    String name = path.substring(slash + 1);
    if (name.equals(OPAQUE)) {
      emptied.add(hash(path.substring(0, Math.max(0, slash))));
      return;
    }
    if (name.startsWith(WHITEOUT)) {
      // Marks of the storage driver itself, such as .wh..wh.plnk, stand for nothing.
      if (!name.startsWith(WHITEOUT + WHITEOUT)) {
        String hiddenName = name.substring(WHITEOUT.length());
        removed.add(hash(path.substring(0, slash + 1) + hiddenName));
      }
      return;
    }
    if (text != null && texts.size() < MOST_TEXTS) {
      texts.put(count, text);
    }
    byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
    int shared = Arrays.mismatch(last, bytes);
    shared = shared < 0 ? bytes.length : shared;
    number(shared);
    number(bytes.length - shared);
    ensure(bytes.length - shared);
    System.arraycopy(bytes, shared, data, length, bytes.length - shared);
    length += bytes.length - shared;
    number(type.ordinal() << 12 | mode & 0xFFF);
    number(owner);
    number(group);
    number(size);
    last = bytes;
    count++;
  }

  private static String clean(String written) {
    int start = 0;
    while (written.startsWith("./", start)) {
      start += 2;
    }
    while (start < written.length() && written.charAt(start) == '/') {
      start++;
    }
    int end = written.length();
    while (end > start && written.charAt(end - 1) == '/') {
      end--;
    }
    String path = written.substring(start, end);
    return path.equals(".") ? "" : path;
  }

  private void number(long value) {
    ensure(10);
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      data[length++] = (byte) (rest & 0x7F | 0x80);
      rest >>>= 7;
    }
    data[length++] = (byte) rest;
  }

  private void ensure(int more) {
    if (length + more > data.length) {
      data = Arrays.copyOf(data, Math.max(length + more, data.length + (data.length >> 1)));
    }
  }

  /** Gives each file to a consumer, in the order of the archive. */
  void each(int layer, BitSet hidden, Consumer<ImageFile> consumer) {
    byte[] path = new byte[0];
    int[] at = {0};
    ImageFile.Type[] types = ImageFile.Type.values();
    for (int i = 0; i < count; i++) {
      int shared = (int) read(at);
      int own = (int) read(at);
      byte[] next = Arrays.copyOf(path, shared + own);
      System.arraycopy(data, at[0], next, shared, own);
      at[0] += own;
      path = next;
      int bits = (int) read(at);
      int owner = (int) read(at);
      int group = (int) read(at);
      long size = read(at);
      consumer.accept(
          new ImageFile(
              new String(path, StandardCharsets.UTF_8),
              types[bits >> 12],
              bits & 0xFFF,
              owner,
              group,
              size,
              layer,
              hidden.get(i),
              texts.get(i)));
    }
  }

  private long read(int[] at) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = data[at[0]++];
      value |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }

  /** What the layers above one do to it. */
  static final class Above {
    private final LongSet present = new LongSet();
    private final LongSet closed = new LongSet();
    private final LongSet opaque = new LongSet();

    /** The files of a layer that those above hide. */
    BitSet hides(LayerFiles layer) {
      BitSet hidden = new BitSet(layer.count);
      int[] at = {0};
      layer.each(
          0,
          new BitSet(),
          file -> {
            if (hides(file.path())) {
              hidden.set(at[0]);
            }
            at[0]++;
          });
      return hidden;
    }

    private boolean hides(String path) {
      if (present.contains(hash(path)) || closed.contains(hash(path))) {
        return true;
      }
      if (opaque.contains(hash(""))) {
        return true;
      }
      for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
        long folder = hash(path.substring(0, slash));
        if (closed.contains(folder) || opaque.contains(folder)) {
          return true;
        }
      }
      return false;
    }

    /** Goes down one layer. */
    void add(LayerFiles layer) {
      layer.each(
          0,
          new BitSet(),
          file -> {
            long path = hash(file.path());
            present.add(path);
            if (!file.isFolder()) {
              closed.add(path);
            }
          });
      layer.removed.forEach(closed::add);
      layer.emptied.forEach(opaque::add);
    }
  }

  /** 64 bits of a path: two paths of one image do not meet in them but by a miracle. */
  private static long hash(String path) {
    long hash = 0xCBF29CE484222325L;
    for (int i = 0; i < path.length(); i++) {
      hash = (hash ^ path.charAt(i)) * 0x9E3779B97F4A7C15L;
      hash ^= hash >>> 32;
    }
    return hash == 0 ? 1 : hash;
  }

  /** Numbers other than 0, in eight bytes each and some room. */
  private static final class LongSet {
    private long[] slots = new long[16];
    private int size;

    boolean contains(long value) {
      return slots[slot(value)] == value;
    }

    void add(long value) {
      int slot = slot(value);
      if (slots[slot] == value) {
        return;
      }
      slots[slot] = value;
      size++;
      if (size * 3L > slots.length * 2L) {
        long[] before = slots;
        slots = new long[before.length * 2];
        for (long each : before) {
          if (each != 0) {
            slots[slot(each)] = each;
          }
        }
      }
    }

    private int slot(long value) {
      int slot = (int) (value ^ value >>> 29) & slots.length - 1;
      while (slots[slot] != 0 && slots[slot] != value) {
        slot = slot + 1 & slots.length - 1;
      }
      return slot;
    }

    void forEach(LongConsumer consumer) {
      for (long each : slots) {
        if (each != 0) {
          consumer.accept(each);
        }
      }
    }
  }
}
