package fr.gouv.social.fabrique.rules.image;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.image.BuiltImage.Step;
import fr.gouv.social.fabrique.image.ImageContents;
import fr.gouv.social.fabrique.image.ImageFile;
import fr.gouv.social.fabrique.project.InspectedImage;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Files of an image that widen what an attacker can do, or that nobody needs at run time. */
final class LayerContents {
  /** How many files a message names. */
  private static final int NAMED = 5;

  private static final long MEGABYTE = 1_000_000;

  /** Programs that distributions install with these rights. */
  private static final Set<String> USUAL =
      Set.of(
          "su",
          "mount",
          "umount",
          "passwd",
          "chsh",
          "chfn",
          "chage",
          "gpasswd",
          "newgrp",
          "sg",
          "expiry",
          "unix_chkpwd",
          "pam_extrausers_chkpwd",
          "pam_timestamp_check",
          "wall",
          "write",
          "bsd-write",
          "ssh-agent",
          "ssh-keysign",
          "dbus-daemon-launch-helper",
          "utempter",
          "fusermount",
          "fusermount3",
          "bbsuid",
          "crontab");

  private static final Pattern CACHE =
      Pattern.compile(
          "(var/lib/apt/lists|var/cache/(?:apt|apk|yum|dnf|libdnf5|zypp|pacman/pkg)"
              + "|(?:root|home/[^/]+)/(?:\\.npm|\\.cache/(?:pip|yarn|go-build|pypoetry|uv|composer)"
              + "|\\.yarn/berry/cache|\\.m2/repository|\\.gradle/caches|\\.cargo/registry"
              + "|\\.composer/cache|\\.bundle/cache)"
              + "|usr/local/share/\\.cache|go/pkg/mod/cache|usr/local/cargo/registry"
              + "|(?:usr/local/bundle|var/lib/gems/[^/]+)/cache)/.*");

  private static final Pattern PROGRAM =
      Pattern.compile("(?:usr/(?:local/(?:go/)?)?)?s?bin/([^/]+)");

  private static final Set<String> TOOLS =
      Set.of(
          "gcc",
          "g++",
          "clang",
          "make",
          "cmake",
          "ninja",
          "javac",
          "go",
          "cargo",
          "rustc",
          "ghc",
          "git",
          "svn",
          "hg",
          "gdb",
          "strace",
          "npm",
          "yarn",
          "pnpm",
          "pip",
          "pip3",
          "mvn",
          "gradle",
          "composer",
          "bundle",
          "vim",
          "nano",
          "nmap",
          "tcpdump",
          "nc",
          "telnet",
          "sshd");

  private static final Pattern PACKAGES =
      Pattern.compile(
          "(usr|etc|lib|var|bin|sbin|proc|sys|dev)/.*"
              + "|(.*/)?(node_modules|site-packages|dist-packages|vendor|gems|\\.venv|venv)/.*");

  private static final Pattern LEFTOVER =
      Pattern.compile(
          "(.*/)?(?:(\\.git|\\.github|\\.gitlab|\\.idea|\\.vscode|\\.terraform|\\.kontinuous)/.*"
              + "|(\\.git|\\.gitlab-ci\\.yml|\\.dockerignore|\\.DS_Store"
              + "|(?:[\\w.-]+\\.)?[Dd]ockerfile(?:\\.[\\w.-]+)?"
              + "|(?:docker-)?compose(?:\\.[\\w-]+)?\\.ya?ml|[\\w.-]*\\.tfstate"
              + "|\\.env(?:\\.[\\w-]+)?|npm-debug\\.log|\\.eslintcache)"
              + "|((?:coverage|\\.nyc_output|\\.pytest_cache|\\.mypy_cache)/.*))");

  static final Rule<InspectedImage> SET_ID =
      rule(
          "image/setuid-file",
          InspectedImage.class,
          (inspected, context) ->
              byLayer(
                  inspected,
                  context,
                  "setuid",
                  file ->
                      !file.hidden()
                          && (file.setsUser() || file.setsGroup())
                          && !USUAL.contains(file.name())));

  static final Rule<InspectedImage> WORLD_WRITABLE =
      rule(
          "image/world-writable-file",
          InspectedImage.class,
          (inspected, context) ->
              byLayer(
                  inspected,
                  context,
                  "writable",
                  file ->
                      !file.hidden()
                          && file.isWorldWritable()
                          && !file.path().matches("(var/)?tmp(/.*)?|dev(/.*)?|proc(/.*)?")));

  static final Rule<InspectedImage> CACHES =
      rule("image/package-cache", InspectedImage.class, LayerContents::caches);

  static final Rule<InspectedImage> DEVELOPMENT =
      rule("image/development-tool", InspectedImage.class, LayerContents::tools);

  static final Rule<InspectedImage> LEFTOVERS =
      rule("image/context-leftover", InspectedImage.class, LayerContents::leftovers);

  /** All rules of the theme. */
  static final List<Rule<?>> ALL = List.of(SET_ID, WORLD_WRITABLE, CACHES, DEVELOPMENT, LEFTOVERS);

  private LayerContents() {}

  /** One finding for each layer with such files: what made the layer is to be changed. */
  private static void byLayer(
      InspectedImage inspected, RuleContext context, String key, Predicate<ImageFile> matches) {
    ImageContents contents = inspected.image().contents();
    if (!inspected.own() || contents == null) {
      return;
    }
    Map<Integer, List<String>> found = new TreeMap<>();
    contents.forEach(
        file -> {
          if (inspected.isOwn(file.layer()) && matches.test(file)) {
            found.computeIfAbsent(file.layer(), layer -> new ArrayList<>()).add("/" + file.path());
          }
        });
    found.forEach(
        (layer, paths) ->
            context.report(
                inspected.layerPlace(layer),
                key,
                inspected.image().reference(),
                paths.size(),
                named(paths)));
  }

  private static String named(List<String> paths) {
    List<String> first = paths.subList(0, Math.min(NAMED, paths.size()));
    return String.join(", ", first) + (paths.size() > NAMED ? "…" : "");
  }

  private static void caches(InspectedImage inspected, RuleContext context) {
    ImageContents contents = inspected.image().contents();
    if (!inspected.own() || contents == null) {
      return;
    }
    // By layer, then by folder: bytes, and whether a container sees any of them.
    Map<Integer, Map<String, long[]>> found = new TreeMap<>();
    contents.forEach(
        file -> {
          Matcher cache = CACHE.matcher(file.path());
          if (file.isFile() && inspected.isOwn(file.layer()) && cache.matches()) {
            long[] sum =
                found
                    .computeIfAbsent(file.layer(), layer -> new TreeMap<>())
                    .computeIfAbsent(cache.group(1), folder -> new long[2]);
            sum[0] += file.size();
            sum[1] += file.hidden() ? 0 : 1;
          }
        });
    long least = context.number("min-megabytes") * MEGABYTE;
    found.forEach(
        (layer, folders) ->
            folders.forEach(
                (folder, sum) -> {
                  if (sum[0] >= least) {
                    context.report(
                        inspected.layerPlace(layer),
                        sum[1] > 0 ? "cache" : "removed",
                        inspected.image().reference(),
                        "/" + folder,
                        Math.max(1, Math.round(sum[0] / (double) MEGABYTE)));
                  }
                }));
  }

  private static void tools(InspectedImage inspected, RuleContext context) {
    ImageContents contents = inspected.image().contents();
    boolean forDevelopment =
        inspected.stage() != null && inspected.stage().label().matches("(?i).*(dev|test|build).*");
    if (!inspected.own() || contents == null || forDevelopment) {
      return;
    }
    Map<Boolean, Set<String>> found = new TreeMap<>();
    Map<String, Integer> layers = new TreeMap<>();
    contents.forEach(
        file -> {
          Matcher program = PROGRAM.matcher(file.path());
          if (!file.hidden()
              && !file.isFolder()
              && program.matches()
              && TOOLS.contains(program.group(1))) {
            boolean own = inspected.isOwn(file.layer());
            found.computeIfAbsent(own, any -> new TreeSet<>()).add(program.group(1));
            layers.merge(String.valueOf(own), file.layer(), Math::max);
          }
        });
    found.forEach(
        (own, names) ->
            context.report(
                own ? inspected.layerPlace(layers.getOrDefault("true", 0)) : inspected.origin(),
                own ? "own" : "base",
                inspected.image().reference(),
                String.join(", ", names)));
  }

  private static void leftovers(InspectedImage inspected, RuleContext context) {
    Set<Integer> copied = new HashSet<>();
    for (Step step : inspected.image().history()) {
      if (step.keyword().equals("COPY") || step.keyword().equals("ADD")) {
        copied.add(step.layer());
      }
    }
    byLayer(
        inspected,
        context,
        "leftover",
        new Predicate<>() {
          private final Set<String> folders = new HashSet<>();

          @Override
          public boolean test(ImageFile file) {
            if (!copied.contains(file.layer())
                || file.isFolder()
                || PACKAGES.matcher(file.path()).matches()
                || file.name().matches("\\.env[._-](sample|example|exemple|template|dist|test)")
                || LayerSecrets.isSecret(file)) {
              return false;
            }
            Matcher leftover = LEFTOVER.matcher(file.path());
            // Of a folder one file speaks for all.
            return leftover.matches()
                && (leftover.group(2) == null
                    || folders.add(file.layer() + leftover.group(1) + leftover.group(2)));
          }
        });
  }
}
