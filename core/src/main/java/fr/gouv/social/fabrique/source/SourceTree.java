package fr.gouv.social.fabrique.source;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The files of a repository, found by one walk. What git would not commit is as if it were not
 * there, so that a laptop and a continuous integration see the same: files ignored by a {@code
 * .gitignore} or {@code .git/info/exclude} and not tracked, build output that nobody ignored but
 * that is plainly generated, and the inside of other repositories. Links within the repository lead
 * to the file they mean; none is followed out of it.
 */
public final class SourceTree {
  /** The largest file that is read, in bytes, unless the configuration says otherwise. */
  public static final int DEFAULT_LIMIT = 5_000_000;

  private static final int IGNORE_FILE_LIMIT = 1_000_000;
  private static final int INDEX_LIMIT = 200_000_000;

  /** How many links a lookup goes through before it gives up, as the kernel does. */
  private static final int MAX_LINKS = 40;

  /** Why a folder was not walked. */
  public enum Reason {
    IGNORED,
    /** Dependencies and build output that nothing ignores. */
    GENERATED,
    /** A submodule or another repository. */
    OTHER_REPOSITORY,
    /** The system refuses to list it. */
    UNREADABLE
  }

  /** A folder that was not walked. */
  public record Skipped(String path, Reason reason) {}

  private final NavigableMap<String, SourceEntry> entries = new TreeMap<>();
  private final Map<String, String> links = new HashMap<>();
  private final List<Skipped> skipped = new ArrayList<>();

  private SourceTree() {}

  /** The files under a folder. */
  public static SourceTree walk(Path root) throws IOException {
    return walk(root, List.of(), DEFAULT_LIMIT);
  }

  /**
   * The files under a folder.
   *
   * @param named paths, relative to the root, of files and folders asked for by name: they are
   *     there even when they are ignored
   * @param limit the largest file that is read, in bytes
   * @throws IOException when the root itself cannot be read
   */
  public static SourceTree walk(Path root, Collection<String> named, int limit) throws IOException {
    return new Walk(FileStore.disk(root), named, limit, Integer.MAX_VALUE, false).run();
  }

  /**
   * The files under a folder of which nothing says that it is a repository. Beyond a number of
   * files, only what was asked for by name is there.
   *
   * @param most how many files there may be
   * @throws TooManyFilesException when there are more, and none was asked for by name
   */
  public static SourceTree walkBounded(Path root, Collection<String> named, int limit, int most)
      throws IOException {
    try {
      return new Walk(FileStore.disk(root), named, limit, most, false).run();
    } catch (TooManyFilesException tooMany) {
      if (named.isEmpty()) {
        throw tooMany;
      }
      return new Walk(FileStore.disk(root), named, limit, most, true).run();
    }
  }

  /** A folder with more files than a walk may find. */
  public static final class TooManyFilesException extends IOException {
    private static final long serialVersionUID = 1L;
  }

  /** The files with the given texts, by path. */
  public static SourceTree of(Map<String, String> texts) {
    try {
      return new Walk(FileStore.memory(texts), List.of(), DEFAULT_LIMIT, Integer.MAX_VALUE, false)
          .run();
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * Files in memory, one of which is said to be YAML manifests: it is read as such even where no
   * document of it looks like one.
   */
  public static SourceTree of(Map<String, String> texts, String manifests) {
    SourceTree tree = of(texts);
    SourceEntry entry = tree.entries.get(manifests);
    if (entry != null) {
      entry.takeForManifests();
    }
    return tree;
  }

  static SourceTree of(FileStore store) throws IOException {
    return new Walk(store, List.of(), DEFAULT_LIMIT, Integer.MAX_VALUE, false).run();
  }

  /** Every file, by path. Links are not among them: their targets are. */
  public List<SourceEntry> entries() {
    return List.copyOf(entries.values());
  }

  /** The files of one kind, by path. */
  public List<SourceEntry> entries(FileKind kind) {
    return entries.values().stream().filter(entry -> entry.kind() == kind).toList();
  }

  /** The paths of all files, in order. */
  public Set<String> paths() {
    return Collections.unmodifiableSet(entries.navigableKeySet());
  }

  /** The folders that were not walked, by path. */
  public List<Skipped> skipped() {
    return Collections.unmodifiableList(skipped);
  }

  /**
   * The file at a path, through links.
   *
   * @param path relative to the root, normalized
   * @return null when there is none
   */
  public @Nullable SourceEntry entry(String path) {
    return entries.get(resolved(path));
  }

  /** The paths by which links lead to a file, itself or a folder around it. */
  public List<String> aliases(String path) {
    List<String> aliases = new ArrayList<>();
    links.forEach(
        (link, target) -> {
          if (path.equals(target) || path.startsWith(target + "/")) {
            aliases.add(link + path.substring(target.length()));
          }
        });
    return aliases;
  }

  /** Whether there is a folder with a file in it at a path; the root is the empty path. */
  public boolean hasFolder(String path) {
    if (path.isEmpty()) {
      return true;
    }
    String start = resolved(path) + "/";
    String next = entries.ceilingKey(start);
    return next != null && next.startsWith(start);
  }

  /** Whether a path is one of some files and folders, or lies in one; the root is empty. */
  public static boolean isIn(String path, Collection<String> filesAndFolders) {
    return filesAndFolders.stream()
        .anyMatch(each -> each.isEmpty() || path.equals(each) || path.startsWith(each + "/"));
  }

  private String resolved(String path) {
    String resolved = path;
    for (int hops = 0; hops < MAX_LINKS && !links.isEmpty(); hops++) {
      String next = throughFirstLink(resolved);
      if (next == null) {
        break;
      }
      resolved = next;
    }
    return resolved;
  }

  private @Nullable String throughFirstLink(String path) {
    for (int end = path.indexOf('/'); ; end = path.indexOf('/', end + 1)) {
      String start = end < 0 ? path : path.substring(0, end);
      String target = links.get(start);
      if (target != null) {
        return target + path.substring(start.length());
      }
      if (end < 0) {
        return null;
      }
    }
  }

  /** One walk, from the listing of the root to the kinds of all files. */
  private static final class Walk {
    private final SourceTree tree = new SourceTree();
    private final FileStore store;
    private final Set<String> named;
    private final int limit;
    private final int most;
    private final boolean namedOnly;
    private final List<FileStore.Item> linkItems = new ArrayList<>();
    private final Map<String, FileStore.Item> files = new HashMap<>();
    private final List<SourceEntry> undecided = new ArrayList<>();
    private final Set<String> charts = new HashSet<>();
    private GitIndex index = GitIndex.empty();
    private boolean repository;

    /**
     * @param most how many files and links it may find
     * @param namedOnly whether to go only where something was asked for by name
     */
    Walk(FileStore store, Collection<String> named, int limit, int most, boolean namedOnly) {
      this.most = most;
      this.namedOnly = namedOnly;
      this.store = store;
      this.named = Set.copyOf(named);
      this.limit = limit;
    }

    /**
     * A folder that waits.
     *
     * @param excluded whether it is ignored, and walked for what git tracks in it alone
     */
    private record Folder(
        FileStore.@Nullable Item item, @Nullable IgnoreRules rules, boolean excluded) {}

    SourceTree run() throws IOException {
      List<FileStore.Item> top = store.list(null);
      IgnoreRules rules = openRepository(top);
      Deque<Folder> waiting = new ArrayDeque<>();
      visit(new Folder(null, rules, false), top, waiting);
      while (!waiting.isEmpty()) {
        Folder folder = waiting.pop();
        List<FileStore.Item> items;
        try {
          items = store.list(folder.item);
        } catch (IOException | RuntimeException refused) {
          skip(folder, Reason.UNREADABLE);
          continue;
        }
        visit(folder, items, waiting);
      }
      followLinks();
      classify();
      tree.skipped.sort(Comparator.comparing(Skipped::path));
      return tree;
    }

    private @Nullable IgnoreRules openRepository(List<FileStore.Item> top) {
      GitIndex known = store.tracked();
      if (known != null) {
        index = known;
        repository = true;
        return null;
      }
      FileStore.Item git = find(top, ".git");
      repository = git != null;
      if (git == null || git.type() != FileStore.Type.FOLDER) {
        return null;
      }
      try {
        List<FileStore.Item> inside = store.list(git);
        FileStore.Item tracked = find(inside, "index");
        if (tracked != null && tracked.size() <= INDEX_LIMIT) {
          index = GitIndex.of(store.read(tracked, INDEX_LIMIT));
        }
        FileStore.Item info = find(inside, "info");
        FileStore.Item exclude = info == null ? null : find(store.list(info), "exclude");
        return exclude == null ? null : IgnoreRules.and(null, "", text(exclude));
      } catch (IOException | RuntimeException unreadable) {
        return null;
      }
    }

    private void visit(Folder folder, List<FileStore.Item> items, Deque<Folder> waiting)
        throws TooManyFilesException {
      boolean excludedFolder = folder.excluded;
      if (folder.item != null && !named.contains(folder.item.path())) {
        Reason reason = reasonToSkip(folder.item, items);
        if (reason != null) {
          if (!isWanted(folder.item)) {
            skip(folder, reason);
            return;
          }
          excludedFolder = true;
        }
      }
      IgnoreRules rules = folder.rules;
      FileStore.Item ignoreFile = find(items, ".gitignore");
      if (ignoreFile != null && ignoreFile.type() == FileStore.Type.FILE) {
        String base = folder.item == null ? "" : folder.item.path() + "/";
        rules = IgnoreRules.and(rules, base, text(ignoreFile));
      }
      for (FileStore.Item item : items) {
        boolean directory = item.type() == FileStore.Type.FOLDER;
        if (directory && isVersionControl(item.name()) || namedOnly && !isOnTheWay(item.path())) {
          continue;
        }
        boolean excluded =
            !named.contains(item.path())
                && (excludedFolder
                    || rules != null && rules.ignores(item.path(), item.name(), directory));
        if (excluded && !isWanted(item)) {
          if (directory) {
            skip(new Folder(item, null, true), Reason.IGNORED);
          }
          continue;
        }
        switch (item.type()) {
          case FOLDER -> waiting.push(new Folder(item, rules, excluded));
          case FILE -> add(item);
          case LINK -> linkItems.add(item);
          case OTHER -> {}
        }
      }
      if (files.size() + linkItems.size() > most) {
        throw new TooManyFilesException();
      }
    }

    /** Whether a path was asked for by name, lies in what was, or leads to it. */
    private boolean isOnTheWay(String path) {
      return isIn(path, named) || named.stream().anyMatch(each -> each.startsWith(path + "/"));
    }

    private void skip(Folder folder, Reason reason) {
      if (folder.item != null) {
        tree.skipped.add(new Skipped(folder.item.path(), reason));
      }
    }

    /** Whether git tracks an ignored item or something in it, or something in it was named. */
    private boolean isWanted(FileStore.Item item) {
      if (item.type() != FileStore.Type.FOLDER) {
        return index.tracks(item.path());
      }
      for (String each : named) {
        if (each.startsWith(item.path() + "/")) {
          return true;
        }
      }
      return index.tracksWithin(item.path());
    }

    private @Nullable Reason reasonToSkip(FileStore.Item folder, List<FileStore.Item> items) {
      if (repository && find(items, ".git") != null) {
        return Reason.OTHER_REPOSITORY;
      }
      boolean generated =
          switch (folder.name()) {
            case "node_modules" -> true;
            case "target" ->
                isBeside(folder, "pom.xml")
                    && holdsAny(
                        items,
                        "classes",
                        "test-classes",
                        "maven-status",
                        "maven-archiver",
                        "generated-sources",
                        "surefire-reports");
            case "build" ->
                (isBeside(folder, "build.gradle") || isBeside(folder, "build.gradle.kts"))
                    && holdsAny(items, "classes", "libs", "tmp", "reports", "generated", "kotlin");
            default -> holdsAny(items, "pyvenv.cfg");
          };
      return generated || holdsAny(items, "CACHEDIR.TAG") ? Reason.GENERATED : null;
    }

    private boolean isBeside(FileStore.Item folder, String name) {
      String path = folder.path();
      return files.containsKey(path.substring(0, path.length() - folder.name().length()) + name);
    }

    private static boolean holdsAny(List<FileStore.Item> items, String... names) {
      for (String name : names) {
        if (find(items, name) != null) {
          return true;
        }
      }
      return false;
    }

    private static FileStore.@Nullable Item find(List<FileStore.Item> items, String name) {
      for (FileStore.Item item : items) {
        if (item.name().equals(name)) {
          return item;
        }
      }
      return null;
    }

    private static boolean isVersionControl(String name) {
      return name.equals(".git") || name.equals(".hg") || name.equals(".svn");
    }

    private String text(FileStore.Item item) {
      try {
        return Decoding.of(store.read(item, IGNORE_FILE_LIMIT), false).text();
      } catch (IOException | RuntimeException unreadable) {
        return "";
      }
    }

    private void add(FileStore.Item item) {
      if (item.name().equals(".git")) {
        return;
      }
      files.put(item.path(), item);
      FileKind kind = FileKinds.byName(item.path(), item.name());
      SourceEntry entry = new SourceEntry(store, item, kind == null ? FileKind.OTHER : kind, limit);
      tree.entries.put(item.path(), entry);
      if (kind == null) {
        undecided.add(entry);
      } else if (kind == FileKind.HELM_CHART) {
        charts.add(item.path().substring(0, item.path().length() - "Chart.yaml".length()));
      } else if (kind == FileKind.OTHER && named.contains(item.path())) {
        entry.recognise();
      }
    }

    /**
     * A link is another name of its target. Where the target's own name does not tell what it is,
     * the link's does, so the link then stands as a file of its own.
     */
    private void followLinks() {
      for (FileStore.Item link : linkItems) {
        String target = store.target(link);
        FileKind kind = FileKinds.byName(link.path(), link.name());
        if (target == null) {
          if (kind != FileKind.OTHER) {
            tree.entries.put(
                link.path(),
                SourceEntry.broken(
                    store,
                    link,
                    kind == null ? FileKind.YAML_OTHER : kind,
                    SourceProblem.Kind.LINK,
                    ""));
          }
          continue;
        }
        FileStore.Item file = files.get(target);
        if (file != null
            && kind != null
            && kind != FileKind.OTHER
            && FileKinds.byName(file.path(), file.name()) == FileKind.OTHER) {
          tree.entries.put(
              link.path(),
              new SourceEntry(
                  store,
                  new FileStore.Item(
                      link.path(), link.name(), FileStore.Type.FILE, file.size(), file.location()),
                  kind,
                  limit));
        } else {
          tree.links.put(link.path(), target);
        }
      }
    }

    /** Reads what the name does not decide. */
    private void classify() {
      Parallel.map(
          undecided,
          SourceEntry::size,
          entry -> {
            entry.classify(isRendered(entry.path()));
            return entry;
          });
    }

    /** Whether a file lies in the templates of a chart, or of kontinuous. */
    private boolean isRendered(String path) {
      for (int at = ("/" + path).indexOf("/templates/");
          at >= 0;
          at = ("/" + path).indexOf("/templates/", at + 1)) {
        if (charts.contains(path.substring(0, at)) || FileKinds.isKontinuous(path)) {
          return true;
        }
      }
      return false;
    }
  }
}
