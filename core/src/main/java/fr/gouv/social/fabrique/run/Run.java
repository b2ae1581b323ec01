package fr.gouv.social.fabrique.run;

import fr.gouv.social.fabrique.config.Baseline;
import fr.gouv.social.fabrique.config.ConfigProblem;
import fr.gouv.social.fabrique.config.ConfigReader;
import fr.gouv.social.fabrique.config.FabriqueConfig;
import fr.gouv.social.fabrique.engine.Checker;
import fr.gouv.social.fabrique.engine.Defect;
import fr.gouv.social.fabrique.engine.Issue;
import fr.gouv.social.fabrique.engine.Report;
import fr.gouv.social.fabrique.image.BuiltImage;
import fr.gouv.social.fabrique.image.Images;
import fr.gouv.social.fabrique.policy.PolicyException;
import fr.gouv.social.fabrique.project.InspectedImage;
import fr.gouv.social.fabrique.project.ProjectReader;
import fr.gouv.social.fabrique.report.ReportFormat;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleSet;
import fr.gouv.social.fabrique.schema.Spelling;
import fr.gouv.social.fabrique.source.FileKind;
import fr.gouv.social.fabrique.source.GitRevision;
import fr.gouv.social.fabrique.source.Language;
import fr.gouv.social.fabrique.source.PathGlob;
import fr.gouv.social.fabrique.source.SourceEntry;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.SourceTree;
import fr.gouv.social.fabrique.source.Text;
import fr.gouv.social.fabrique.yaml.YamlFile;
import fr.gouv.social.fabrique.yaml.YamlMapping;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import fr.gouv.social.fabrique.yaml.YamlReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The steps of a run: where the repository is, what is decided for it, the check, the reports. */
public final class Run {
  /** The names that a configuration may have. */
  public static final List<String> CONFIG_NAMES =
      List.of("fabrique.yaml", "fabrique.yml", ".fabrique.yaml", ".fabrique.yml");

  /** What is said when a user asks for shellcheck and the machine has none that works. */
  public static final Text NO_SHELLCHECK =
      new Text(
          "shellcheck est demandé mais introuvable dans le PATH : les scripts ne sont pas vérifiés"
              + " par lui",
          "shellcheck is asked for but not to be found on the PATH: it does not check the scripts");

  /** What stands at the root of a repository and nowhere else in it. */
  private static final List<String> ROOT_MARKS =
      Stream.concat(
              CONFIG_NAMES.stream(),
              Stream.of(".git", ".github", ".gitlab-ci.yml", ".kontinuous", ".mvn"))
          .toList();

  /** The name under which standard input is read. */
  private static final String RENDERED = "stdin.yaml";

  /** More files than a project has that lost its mark; a home folder has them in no time. */
  private static final int UNMARKED_LIMIT = 20_000;

  private static final int CONFIG_LIMIT = 1_000_000;
  private static final int BASELINE_LIMIT = 50_000_000;

  private Run() {}

  /**
   * The root of the repository in which a file or folder lies: the nearest folder upwards with a
   * configuration of fabrique or another mark of a root; the folder itself when there is none.
   */
  public static Path root(Path place) {
    Path folder = Files.isDirectory(place) ? place : place.toAbsolutePath().getParent();
    Path start = (folder == null ? place : folder).toAbsolutePath().normalize();
    for (Path each = start; each != null; each = each.getParent()) {
      if (isMarked(each)) {
        return each;
      }
    }
    return start;
  }

  private static boolean isMarked(Path folder) {
    return ROOT_MARKS.stream().anyMatch(mark -> Files.exists(folder.resolve(mark)));
  }

  /**
   * What is decided for a repository.
   *
   * @param rules those that were given, and the policies that the configuration names
   */
  public record Decided(FabriqueConfig config, RuleSet rules) {}

  /**
   * The configuration of a repository, with the rules that it brings.
   *
   * @param file the configuration, or null to look for it at the root
   * @param rules those that come with the tool
   * @param today the date of the check where the configuration says none
   */
  public static Decided decided(Path root, @Nullable Path file, RuleSet rules, LocalDate today)
      throws Refusal {
    SourceFile text = configFile(root, file);
    if (text == null) {
      return new Decided(FabriqueConfig.defaults(today), rules);
    }
    List<YamlPlace> globs = ConfigReader.policies(text);
    List<ConfigProblem> problems = new ArrayList<>();
    RuleSet all = globs.isEmpty() ? rules : Policies.added(rules, root, globs, problems);
    ConfigReader.Result result = ConfigReader.read(text, all.pages(), problems.isEmpty(), today);
    boolean policiesOnly =
        result.problems().isEmpty()
            && problems.stream().noneMatch(each -> each.span().file() == text);
    if (policiesOnly && !problems.isEmpty()) {
      Policies.refuse(problems);
    }
    problems.addAll(result.problems());
    for (YamlPlace each : ConfigReader.definitions(text)) {
      String named = each.text("");
      boolean known =
          result.problems().stream().anyMatch(problem -> problem.span().equals(each.span()));
      if (!known && !Files.exists(root.resolve(named))) {
        problems.add(new ConfigProblem(each.span(), noDefinitions(named)));
      }
    }
    if (!problems.isEmpty()) {
      throw new Refusal(
          new Text(
              "la configuration " + text.path() + " est fausse",
              "the configuration " + text.path() + " is wrong"),
          inOrder(problems, text.path()));
    }
    return new Decided(result.config(), all);
  }

  /** All that is wrong at once, that of the configuration first. */
  private static List<ConfigProblem> inOrder(List<ConfigProblem> problems, String config) {
    return problems.stream()
        .sorted(
            Comparator.<ConfigProblem, Boolean>comparing(
                    problem -> !problem.span().file().path().equals(config))
                .thenComparing(problem -> problem.span().file().path())
                .thenComparing(problem -> problem.span().start()))
        .toList();
  }

  /** Rules with the policies of a repository, whatever else its configuration says. */
  public static RuleSet withPolicies(Path root, RuleSet rules) throws Refusal {
    SourceFile config = configFile(root, null);
    List<YamlPlace> globs = config == null ? List.of() : ConfigReader.policies(config);
    List<ConfigProblem> problems = new ArrayList<>();
    RuleSet all = globs.isEmpty() ? rules : Policies.added(rules, root, globs, problems);
    Policies.refuse(problems);
    return all;
  }

  /** The configuration of a repository, or null where there is none. */
  static @Nullable SourceFile configFile(Path root, @Nullable Path file) throws Refusal {
    Path found = file;
    for (String name : CONFIG_NAMES) {
      if (found == null && Files.isRegularFile(root.resolve(name))) {
        found = root.resolve(name);
      }
    }
    return found == null
        ? null
        : text(root, found, CONFIG_LIMIT, new Text("la configuration", "the configuration"));
  }

  /**
   * The findings that are known; none where the configuration is told to except nothing.
   *
   * @param file the baseline, or null to look for it at the root
   */
  public static Baseline baseline(Path root, @Nullable Path file, FabriqueConfig config)
      throws Refusal {
    Path found = file == null ? root.resolve(Baseline.NAME) : file;
    if (!config.suppressions() || file == null && !Files.isRegularFile(found)) {
      return Baseline.NONE;
    }
    SourceFile text = text(root, found, BASELINE_LIMIT, new Text("la référence", "the baseline"));
    Baseline.Result result = Baseline.read(text);
    if (!result.problems().isEmpty()) {
      throw new Refusal(
          new Text(
              "la référence " + text.path() + " est fausse",
              "the baseline " + text.path() + " is wrong"),
          result.problems());
    }
    return result.baseline();
  }

  static SourceFile text(Path root, Path file, int limit, Text what) throws Refusal {
    Path place = file.toAbsolutePath().normalize();
    String path =
        place.startsWith(root.toAbsolutePath().normalize())
            ? slashes(root.toAbsolutePath().normalize().relativize(place))
            : slashes(file);
    try {
      if (Files.size(file) > limit) {
        throw new Refusal(new Text(path + " est trop grand", path + " is too large"));
      }
      String text = Files.readString(file);
      return SourceFile.of(path, text.startsWith("\uFEFF") ? text.substring(1) : text);
    } catch (IOException | SecurityException unreadable) {
      throw new Refusal(
          new Text(
              "impossible de lire " + what.fr() + " " + path,
              "cannot read " + what.en() + " " + path),
          file,
          unreadable);
    }
  }

  /**
   * The paths relative to the root of files and folders that a user named.
   *
   * @return empty when the root itself is among them: then everything is meant
   */
  public static List<String> within(Path root, List<Path> named) throws Refusal {
    List<String> paths = new ArrayList<>();
    for (Path each : named) {
      Path place = existing(each);
      try {
        Path real = place.toRealPath();
        Path realRoot = root.toRealPath();
        if (real.equals(realRoot)) {
          return List.of();
        }
        if (!real.startsWith(realRoot)) {
          throw new Refusal(
              new Text(
                  each + " est hors du dépôt " + root,
                  each + " is outside of the repository " + root));
        }
        paths.add(slashes(realRoot.relativize(real)));
      } catch (IOException unreadable) {
        throw new Refusal(new Text("impossible de lire " + each, "cannot read " + each));
      }
    }
    return paths;
  }

  private static Path existing(Path named) throws Refusal {
    if (Files.exists(named)) {
      return named;
    }
    String meant = null;
    Path parent = named.toAbsolutePath().normalize().getParent();
    Path name = named.getFileName();
    if (parent != null && name != null) {
      try (Stream<Path> siblings = Files.list(parent)) {
        List<String> names =
            siblings.map(each -> String.valueOf(each.getFileName())).sorted().toList();
        meant = Spelling.nearest(name.toString(), names);
      } catch (IOException unreadable) {
        // No suggestion, then.
      }
    }
    throw new Refusal(
        new Text(
            named + " n'existe pas" + (meant == null ? "" : " ; vouliez-vous « " + meant + " » ?"),
            named + " does not exist" + (meant == null ? "" : "; did you mean “" + meant + "”?")));
  }

  /**
   * Checks manifests that another program rendered, and nothing else. Findings name the template of
   * their object where a {@code # Source:} comment does.
   *
   * @param root where the definitions of custom resources lie that the configuration names
   */
  public static Report checkRendered(
      Checker checker, Path root, String text, FabriqueConfig config, Baseline baseline)
      throws Refusal {
    Map<String, String> texts = new HashMap<>();
    List<String> exclude = new ArrayList<>(config.exclude());
    for (String each : config.definitions()) {
      definitions(root, each, texts);
      exclude.add(each);
      exclude.add(each + "/**");
    }
    texts.put(RENDERED, text);
    // Words that are no mapping, such as another program's message, are no manifest.
    YamlFile yaml = YamlReader.read(SourceFile.of(RENDERED, text));
    boolean structured =
        !yaml.problems().isEmpty()
            || yaml.documents().stream().anyMatch(each -> each.root() instanceof YamlMapping);
    SourceTree tree = structured ? SourceTree.of(texts, RENDERED) : SourceTree.of(texts);
    Report report = checker.check("stdin", tree, config.withExclude(exclude), baseline);
    // What the repository records and excepts is not there to be found: nothing is said of it.
    return refusedWhenEmpty(
        report.withIssues(
            report.issues().stream()
                .filter(issue -> issue.finding().span().file().path().equals(RENDERED))
                .toList()));
  }

  /** The texts of the manifests in a file or folder, by path from the root. */
  private static void definitions(Path root, String named, Map<String, String> into)
      throws Refusal {
    Path place = root.resolve(named);
    boolean isFolder = Files.isDirectory(place);
    Path folder = isFolder ? place : place.getParent();
    String name = isFolder ? "" : String.valueOf(place.getFileName());
    int before = into.size();
    try {
      for (SourceEntry each :
          SourceTree.walk(folder == null ? root : folder, List.of(name), SourceTree.DEFAULT_LIMIT)
              .entries(FileKind.KUBERNETES)) {
        if ((isFolder || each.path().equals(name)) && each.problem() == null) {
          into.put(isFolder ? named + "/" + each.path() : named, each.file().text());
        }
      }
    } catch (IOException unreadable) {
      throw new Refusal(noDefinitions(named));
    }
    if (into.size() == before) {
      throw new Refusal(noDefinitions(named));
    }
  }

  private static Text noDefinitions(String named) {
    return new Text(
        "kubernetes.crds : aucune définition à l'emplacement « " + named + " »",
        "kubernetes.crds: no definition at “" + named + "”");
  }

  /**
   * Checks a repository, or a part of it: then the rest is read for its links, and only issues of
   * the part are reported.
   *
   * @param paths as {@link #within} gives them
   * @throws Refusal when there is nothing to check
   */
  public static Report check(
      Checker checker, Path root, List<String> paths, FabriqueConfig config, Baseline baseline)
      throws Refusal {
    SourceTree tree;
    List<String> named = new ArrayList<>(paths);
    named.addAll(config.definitions());
    try {
      tree =
          isMarked(root)
              ? SourceTree.walk(root, named, SourceTree.DEFAULT_LIMIT)
              : SourceTree.walkBounded(root, named, SourceTree.DEFAULT_LIMIT, UNMARKED_LIMIT);
    } catch (SourceTree.TooManyFilesException accident) {
      String limit = String.valueOf(UNMARKED_LIMIT / 1000);
      throw new Refusal(
          new Text(
              root
                  + " n'est sans doute pas un dépôt : ni .git ni fabrique.yaml à sa racine, et plus"
                  + " de "
                  + limit
                  + " 000 fichiers. Nommez le dossier du projet ; si c'est bien ce dossier-ci,"
                  + " mettez-y un fabrique.yaml, même vide",
              root
                  + " is probably no repository: neither .git nor fabrique.yaml at its root, and"
                  + " more than "
                  + limit
                  + ",000 files. Name the folder of the project; if it is this one, put a"
                  + " fabrique.yaml there, even an empty one"));
    } catch (IOException unreadable) {
      throw new Refusal(new Text("impossible de lire " + root, "cannot read " + root));
    }
    for (String each : config.definitions()) {
      if (tree.entry(each) == null && !tree.hasFolder(each)) {
        throw new Refusal(noDefinitions(each));
      }
    }
    Path name = root.toAbsolutePath().normalize().getFileName();
    // What is asked for by name is looked at, whatever the configuration leaves out.
    List<String> exclude =
        config.exclude().stream()
            .filter(
                glob ->
                    paths.stream()
                        .noneMatch(
                            path ->
                                PathGlob.of(glob).matches(path)
                                    || PathGlob.of(glob).matches(path + "/")))
            .toList();
    Report report =
        checker.check(
            name == null ? "/" : name.toString(), tree, config.withExclude(exclude), baseline);
    Report part =
        paths.isEmpty()
            ? report
            : narrowed(
                report,
                issue -> SourceTree.isIn(issue.finding().span().file().path(), paths),
                path -> SourceTree.isIn(path, paths));
    return refusedWhenEmpty(part);
  }

  /**
   * Checks images that were asked for by name, whatever repository they come from.
   *
   * @param others of the same engine, among which their bases are looked for
   */
  public static Report checkImages(
      Checker checker,
      List<BuiltImage> images,
      Images others,
      FabriqueConfig config,
      Baseline baseline) {
    RuleSet rules = checker.rules();
    List<Rule<?>> ofImages =
        rules.rules().stream().filter(rule -> rule.subject() == InspectedImage.class).toList();
    Report report =
        new Checker(new RuleSet(rules.version(), ofImages, rules.pages()), checker.standard())
            .check(
                images.stream().map(BuiltImage::reference).collect(Collectors.joining(", ")),
                ProjectReader.ofImages(images, others),
                config,
                baseline);
    return narrowed(report, issue -> true, path -> true);
  }

  private static Report refusedWhenEmpty(Report part) throws Refusal {
    refuseFailedPolicies(part);
    if (part.checked().isEmpty() && part.notChecked().isEmpty() && part.issues().isEmpty()) {
      throw new Refusal(
          new Text(
              "rien à vérifier : ni Dockerfile, ni fichier Compose, ni manifeste Kubernetes",
              "nothing to check: no Dockerfile, no Compose file, no Kubernetes manifest"));
    }
    return part;
  }

  /** A policy that asks for more than it may is a mistake of the policy, not a defect of ours. */
  static void refuseFailedPolicies(Report report) throws Refusal {
    if (report.defects().isEmpty()) {
      return;
    }
    List<ConfigProblem> wrong =
        report.defects().stream()
            .map(Defect::cause)
            .filter(PolicyException.class::isInstance)
            .map(cause -> Policies.problem(((PolicyException) cause).problem()))
            .distinct()
            .toList();
    if (!wrong.isEmpty()) {
      throw new Refusal(
          new Text("une politique ne peut être évaluée", "a policy cannot be evaluated"), wrong);
    }
  }

  /**
   * What a change brought: the issues that were not there where the histories of a revision and of
   * the working copy part, wherever in the repository they show.
   */
  public static Report since(
      String revision, Report report, Checker checker, Path root, Baseline baseline)
      throws Refusal {
    try (GitRevision before = GitRevision.open(root, revision)) {
      Report earlier = checker.check(report.name(), before.tree(), report.config(), baseline);
      Set<String> known =
          earlier.issues().stream()
              .filter(issue -> issue.suppression() == null)
              .map(Issue::fingerprint)
              .collect(Collectors.toSet());
      return narrowed(report, issue -> !known.contains(issue.fingerprint()), path -> true);
    } catch (GitRevision.TroubleException trouble) {
      throw new Refusal(
          switch (trouble.trouble()) {
            case NO_GIT -> new Text("git est introuvable", "git is not to be found");
            case NO_REPOSITORY ->
                new Text(root + " n'est pas un dépôt git", root + " is no git repository");
            case UNKNOWN_REVISION ->
                new Text(
                    "git ne connaît pas la révision « "
                        + revision
                        + " » ; un clone superficiel ne l'a peut-être pas",
                    "git does not know the revision “"
                        + revision
                        + "”; a shallow clone may lack it");
          });
    } catch (IOException failed) {
      throw new Refusal(
          new Text(
              "git ne peut pas lire la révision " + revision,
              "git cannot read the revision " + revision));
    }
  }

  /** A part of a repository cannot tell whether the repository keeps the standards. */
  private static Report narrowed(Report report, Predicate<Issue> issues, Predicate<String> paths) {
    return new Report(
        report.name(),
        report.config(),
        report.rules(),
        report.issues().stream().filter(issues).toList(),
        List.of(),
        report.services().stream().filter(each -> paths.test(each.span().file().path())).toList(),
        report.checked().stream().filter(paths).toList(),
        report.notChecked().stream().filter(each -> paths.test(each.path())).toList(),
        report.defects());
  }

  /**
   * The place of a report that the configuration asks for: below the root, since a configuration
   * may be a stranger's.
   */
  public static Path reportFile(Path root, String written) throws Refusal {
    Path base = root.toAbsolutePath().normalize();
    Path file = base.resolve(written).normalize();
    boolean inside = file.startsWith(base) && !file.equals(base);
    try {
      // A link on the way could lead out all the same.
      for (Path each = file;
          inside && each != null && !each.equals(base);
          each = each.getParent()) {
        if (Files.exists(each)) {
          inside = each.toRealPath().startsWith(base.toRealPath());
          break;
        }
      }
    } catch (IOException unreadable) {
      inside = false;
    }
    if (!inside) {
      throw new Refusal(
          new Text(
              "le rapport " + written + " de la configuration sort du dépôt",
              "the report " + written + " of the configuration leaves the repository"));
    }
    return file;
  }

  /**
   * The findings of a report as a baseline: all that no exception covers.
   *
   * @param language of the messages, which are for readers of the file
   */
  public static Baseline recorded(Report report, Language language) {
    return new Baseline(
        report.issues().stream()
            .filter(issue -> issue.suppression() == null)
            .map(
                issue ->
                    new Baseline.Entry(
                        issue.fingerprint(),
                        issue.finding().rule().value(),
                        issue.finding().span().file().path(),
                        report
                            .rules()
                            .pages()
                            .page(issue.finding().rule())
                            .message(issue.finding())
                            .in(language),
                        issue.finding().span()))
            .toList());
  }

  /** Writes a report, with the folders on the way to it. */
  public static void write(ReportFormat format, Report report, Language language, Path file)
      throws Refusal {
    try {
      write(file, out -> format.write(report, language, out));
    } catch (IOException refused) {
      throw new Refusal(
          new Text("impossible d'écrire le rapport " + file, "cannot write the report " + file),
          file,
          refused);
    }
  }

  /** Writes a text, with the folders on the way to it. */
  public static void write(String text, Path file) throws Refusal {
    try {
      write(file, out -> out.write(text));
    } catch (IOException refused) {
      throw new Refusal(
          new Text("impossible d'écrire " + file, "cannot write " + file), file, refused);
    }
  }

  /** What goes into a file. */
  private interface Content {
    void write(Writer out) throws IOException;
  }

  /** A file is there whole or not at all; what is no file, such as a pipe, is written to. */
  private static void write(Path file, Content content) throws IOException {
    boolean exists = Files.exists(file);
    Path target = exists ? file.toRealPath() : file.toAbsolutePath();
    Path folder = target.getParent();
    if (exists && !Files.isRegularFile(target) || folder == null) {
      fill(target, content);
      return;
    }
    Files.createDirectories(folder);
    Path part = Files.createTempFile(folder, ".fabrique", ".part");
    try {
      fill(part, content);
      share(part, target);
      Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static void fill(Path file, Content content) throws IOException {
    try (Writer out =
        new BufferedWriter(
            new OutputStreamWriter(Files.newOutputStream(file), StandardCharsets.UTF_8))) {
      content.write(out);
    }
  }

  /** Temporary files are private; what is written here is for others to read. */
  private static void share(Path part, Path target) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(part, PosixFileAttributeView.class);
    if (view != null) {
      view.setPermissions(
          Files.exists(target)
              ? Files.getPosixFilePermissions(target)
              : PosixFilePermissions.fromString("rw-r--r--"));
    }
  }

  private static String slashes(Path path) {
    return path.toString().replace('\\', '/');
  }
}
