package fr.gouv.social.fabrique.source;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The files of a folder at a revision of git. The one thing that runs a program, git, and only for
 * a user who names a revision; it runs no hook, no filter and no command of a configuration, and
 * fetches nothing.
 */
public final class GitRevision implements AutoCloseable {
  /** How many bytes git may answer but for the contents of files. */
  private static final int ANSWER_LIMIT = 500_000_000;

  private final Map<String, Map<String, FileStore.Item>> folders = new TreeMap<>();
  private final Map<String, String> objects = new HashMap<>();
  private final Process contents;
  private final InputStream answers;

  /** Why there is no such revision. */
  public enum Trouble {
    NO_GIT,
    NO_REPOSITORY,
    UNKNOWN_REVISION
  }

  /** A revision that cannot be read. */
  public static final class TroubleException extends IOException {
    private static final long serialVersionUID = 1;
    private final Trouble trouble;

    TroubleException(Trouble trouble) {
      super(trouble.name());
      this.trouble = trouble;
    }

    public Trouble trouble() {
      return trouble;
    }
  }

  private GitRevision(Path root, String tree) throws IOException {
    folders.put("", new TreeMap<>());
    // A folder that was not there yet held nothing.
    byte[] listing = ask(root, "ls-tree", "-r", "-l", "-z", "--full-tree", tree);
    for (String line : listing == null ? new String[0] : utf8(listing).split("\u0000")) {
      int tab = line.indexOf('\t');
      String[] facts = line.substring(0, Math.max(0, tab)).split(" +");
      if (facts.length == 4 && facts[1].equals("blob")) {
        String path = line.substring(tab + 1);
        FileStore.Type type = facts[0].equals("120000") ? FileStore.Type.LINK : FileStore.Type.FILE;
        FileStore.add(path, type, Long.parseLong(facts[3]), folders);
        objects.put(path, facts[2]);
      }
    }
    contents = start(root, List.of("cat-file", "--batch"));
    answers = new BufferedInputStream(contents.getInputStream());
  }

  /**
   * The files at the point where the history of a revision and that of the working copy part: what
   * was done since on the other side is not a change of this one.
   *
   * @throws TroubleException when there is no such revision
   */
  public static GitRevision open(Path root, String revision) throws IOException {
    byte[] prefix;
    try {
      prefix = ask(root, "rev-parse", "--show-prefix");
    } catch (IOException missing) {
      throw new TroubleException(Trouble.NO_GIT);
    }
    if (prefix == null) {
      throw new TroubleException(Trouble.NO_REPOSITORY);
    }
    byte[] commit =
        ask(root, "rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}");
    if (commit == null) {
      throw new TroubleException(Trouble.UNKNOWN_REVISION);
    }
    String named = utf8(commit).strip();
    byte[] parting = ask(root, "merge-base", named, "HEAD");
    String start = parting == null ? named : utf8(parting).strip();
    String folder = utf8(prefix).stripTrailing();
    return new GitRevision(
        root,
        start + ":" + (folder.endsWith("/") ? folder.substring(0, folder.length() - 1) : folder));
  }

  /** The files; they can be read until this is closed. */
  public SourceTree tree() throws IOException {
    return SourceTree.of(
        new FileStore() {
          @Override
          public List<Item> list(@Nullable Item folder) {
            return List.copyOf(
                folders.getOrDefault(folder == null ? "" : folder.path(), Map.of()).values());
          }

          @Override
          public byte[] read(Item file, int limit) throws IOException {
            return content(file.path(), limit);
          }

          @Override
          public @Nullable String target(Item link) {
            try {
              Path target =
                  Path.of("/" + link.path()).resolveSibling(utf8(content(link.path(), 4096)));
              String path = target.normalize().toString().replace('\\', '/').substring(1);
              return objects.containsKey(path) || folders.containsKey(path) ? path : null;
            } catch (IOException | RuntimeException nowhere) {
              return null;
            }
          }

          @Override
          public GitIndex tracked() {
            return GitIndex.of(objects.keySet());
          }
        });
  }

  /** Asks for one content; several threads read. */
  private synchronized byte[] content(String path, int limit) throws IOException {
    String object = objects.get(path);
    if (object == null) {
      throw new NoSuchFileException(path);
    }
    OutputStream questions = contents.getOutputStream();
    questions.write((object + "\n").getBytes(StandardCharsets.US_ASCII));
    questions.flush();
    StringBuilder header = new StringBuilder();
    for (int c = answers.read(); c != '\n'; c = answers.read()) {
      if (c < 0) {
        throw new IOException("git ended");
      }
      header.append((char) c);
    }
    String[] facts = header.toString().split(" ");
    if (facts.length != 3) {
      throw new NoSuchFileException(path);
    }
    long size = Long.parseLong(facts[2]);
    byte[] bytes = answers.readNBytes((int) Math.min(size, limit));
    answers.skipNBytes(size - bytes.length + 1);
    return bytes;
  }

  @Override
  public void close() {
    contents.destroy();
  }

  /** What git answers, or null when it refuses. */
  private static byte @Nullable [] ask(Path root, String... arguments) throws IOException {
    Process process = start(root, List.of(arguments));
    process.getOutputStream().close();
    try (InputStream in = process.getInputStream()) {
      byte[] answer = in.readNBytes(ANSWER_LIMIT);
      return process.waitFor() == 0 ? answer : null;
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new IOException(stop);
    } finally {
      process.destroy();
    }
  }

  private static Process start(Path root, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("git", "-c", "core.fsmonitor=false"));
    command.addAll(arguments);
    ProcessBuilder git = new ProcessBuilder(command);
    git.directory(root.toFile()).redirectError(ProcessBuilder.Redirect.DISCARD);
    // A hook of git runs with these, which hold for another folder.
    git.environment()
        .keySet()
        .removeAll(List.of("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"));
    git.environment().put("GIT_NO_LAZY_FETCH", "1");
    git.environment().put("GIT_OPTIONAL_LOCKS", "0");
    return git.start();
  }

  private static String utf8(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
