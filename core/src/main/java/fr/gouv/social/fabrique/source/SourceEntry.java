package fr.gouv.social.fabrique.source;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One file of the repository: what it is, and its text, read when first asked for. */
public final class SourceEntry {
  private final FileStore store;
  private final FileStore.Item item;
  private final int limit;
  private FileKind kind;
  private @Nullable SourceFile file;
  private @Nullable SourceProblem problem;

  SourceEntry(FileStore store, FileStore.Item item, FileKind kind, int limit) {
    this.store = store;
    this.item = item;
    this.kind = kind;
    this.limit = limit;
  }

  /** An entry that cannot be read. */
  static SourceEntry broken(
      FileStore store, FileStore.Item item, FileKind kind, SourceProblem.Kind why, String detail) {
    SourceEntry entry = new SourceEntry(store, item, kind, 0);
    entry.fail(why, -1, detail);
    return entry;
  }

  /** The path relative to the root of the repository, with {@code /} between its parts. */
  public String path() {
    return item.path();
  }

  /** The last part of the path. */
  public String name() {
    return item.name();
  }

  public FileKind kind() {
    return kind;
  }

  /** The size in bytes. */
  public long size() {
    return item.size();
  }

  /**
   * The text; empty when nothing could be read, and {@link #problem()} says why. Always the same
   * object.
   */
  public synchronized SourceFile file() {
    SourceFile read = file;
    if (read == null) {
      read = read();
    }
    return read;
  }

  /** What is wrong with the file itself, or null. Reads the file. */
  public synchronized @Nullable SourceProblem problem() {
    file();
    return problem;
  }

  /** Settles what the text decides; forgets the text of a file that no reader will ask for. */
  synchronized void classify(boolean rendered) {
    String text = item.size() > limit ? start() : file().text();
    kind = FileKinds.byText(path(), name(), text, rendered);
    if (kind == FileKind.OTHER || kind == FileKind.YAML_OTHER && problem == null) {
      file = null;
      problem = null;
    }
  }

  /** YAML of no other kind holds manifests where somebody says so. */
  synchronized void takeForManifests() {
    if (kind == FileKind.YAML_OTHER) {
      kind = FileKind.KUBERNETES;
    }
  }

  /** A file that was named by hand is a Dockerfile when it reads like one. */
  synchronized void recognise() {
    if (kind == FileKind.OTHER && FileKinds.looksLikeDockerfile(file().text())) {
      kind = FileKind.DOCKERFILE;
    }
  }

  /** The first part of a file that is too large to be read. */
  private String start() {
    try {
      return new String(store.read(item, 1 << 16), StandardCharsets.UTF_8);
    } catch (IOException | RuntimeException failed) {
      return "";
    }
  }

  private SourceFile read() {
    if (item.size() > limit) {
      return fail(SourceProblem.Kind.TOO_LARGE, -1, String.valueOf(item.size()));
    }
    byte[] bytes;
    try {
      bytes = store.read(item, limit + 1);
    } catch (IOException | RuntimeException failed) {
      return fail(SourceProblem.Kind.UNREADABLE, -1, reason(failed));
    }
    if (bytes.length > limit) {
      return fail(SourceProblem.Kind.TOO_LARGE, -1, String.valueOf(bytes.length));
    }
    String lower = name().toLowerCase(Locale.ROOT);
    Decoding decoded = Decoding.of(bytes, kind.isYaml() || FileKinds.isYaml(lower));
    if (decoded.problem() == SourceProblem.Kind.BINARY) {
      return fail(SourceProblem.Kind.BINARY, decoded.byteOffset(), "");
    }
    SourceFile read = SourceFile.of(path(), decoded.text());
    if (decoded.problem() != null) {
      int start = decoded.offset();
      int end = Math.min(start + 1, decoded.text().length());
      problem =
          new SourceProblem(
              decoded.problem(), read.span(start, end), decoded.byteOffset(), decoded.detail());
    }
    file = read;
    return read;
  }

  private SourceFile fail(SourceProblem.Kind why, long byteOffset, String detail) {
    SourceFile empty = SourceFile.of(item.path(), "");
    problem = new SourceProblem(why, empty.all(), byteOffset, detail);
    file = empty;
    return empty;
  }

  private static String reason(Exception failed) {
    if (failed instanceof AccessDeniedException) {
      return "permission denied";
    }
    String reason =
        failed instanceof FileSystemException system ? system.getReason() : failed.getMessage();
    return reason == null ? failed.getClass().getSimpleName() : reason;
  }

  @Override
  public String toString() {
    return path() + " (" + kind + ")";
  }
}
