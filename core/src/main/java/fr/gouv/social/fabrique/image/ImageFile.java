package fr.gouv.social.fabrique.image;

import org.jspecify.annotations.Nullable;

/**
 * A file in a layer of an image.
 *
 * @param path without a leading slash
 * @param mode the lower 12 bits: set-id and sticky bits, then {@code rwxrwxrwx}
 * @param size in bytes
 * @param layer the index of the layer
 * @param hidden whether a later layer removes or replaces it: containers do not see it, but who has
 *     the image has it
 * @param text what it holds, for small files that by their name may hold a credential; else null
 */
public record ImageFile(
    String path,
    Type type,
    int mode,
    int owner,
    int group,
    long size,
    int layer,
    boolean hidden,
    @Nullable String text) {

  /** What a file is. */
  public enum Type {
    FILE,
    FOLDER,
    /** A symbolic link. */
    LINK,
    /** A hard link, a device, a pipe. */
    OTHER
  }

  private static final int SET_USER = 0b100_000_000_000;
  private static final int SET_GROUP = 0b010_000_000_000;
  private static final int STICKY = 0b001_000_000_000;
  private static final int ANY_EXECUTES = 0b001_001_001;
  private static final int OTHERS_WRITE = 0b010;

  /** The last part of the path. */
  public String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  public boolean isFile() {
    return type == Type.FILE;
  }

  public boolean isFolder() {
    return type == Type.FOLDER;
  }

  /** Whether it runs with the rights of its owner. */
  public boolean setsUser() {
    return type != Type.FOLDER && (mode & SET_USER) != 0 && (mode & ANY_EXECUTES) != 0;
  }

  /** Whether it runs with the rights of its group. */
  public boolean setsGroup() {
    return type != Type.FOLDER && (mode & SET_GROUP) != 0 && (mode & ANY_EXECUTES) != 0;
  }

  /** Whether anybody may change it; a folder only when anybody may also remove others' files. */
  public boolean isWorldWritable() {
    return (type == Type.FILE || type == Type.FOLDER && (mode & STICKY) == 0)
        && (mode & OTHERS_WRITE) != 0;
  }

  /** Whether it may be run. */
  public boolean isExecutable() {
    return type != Type.FOLDER && (mode & ANY_EXECUTES) != 0;
  }
}
