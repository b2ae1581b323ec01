package fr.gouv.social.fabrique.rules.facts;

import fr.gouv.social.fabrique.project.ImageReference;
import fr.gouv.social.fabrique.project.Version;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The operating systems that images are built on. What the tag says comes first, then the tags of
 * the official images, then those of the same shape: {@code node:20.11.0} stands on what {@code
 * node:24.19.0} stands on.
 */
public final class ImageSystems {
  public static final String DEBIAN = "debian";
  public static final String UBUNTU = "ubuntu";
  public static final String ALPINE = "alpine";

  private static final Set<String> DEBIAN_NAMES =
      Set.of(
          "jessie",
          "stretch",
          "buster",
          "bullseye",
          "bookworm",
          "trixie",
          "forky",
          "sid",
          "wheezy");
  private static final Set<String> UBUNTU_NAMES =
      Set.of(
          "trusty",
          "xenial",
          "bionic",
          "focal",
          "jammy",
          "noble",
          "resolute",
          "kinetic",
          "lunar",
          "mantic",
          "oracular",
          "plucky",
          "questing",
          "impish",
          "hirsute",
          "groovy",
          "disco",
          "eoan",
          "cosmic",
          "artful");
  private static final Map<String, String> OTHERS =
      Map.ofEntries(
          Map.entry("ubi", "ubi"),
          Map.entry("microdnf", "ubi"),
          Map.entry("ol", "oraclelinux"),
          Map.entry("oraclelinux", "oraclelinux"),
          Map.entry("oracle", "oraclelinux"),
          Map.entry("al", "amazonlinux"),
          Map.entry("amazonlinux", "amazonlinux"),
          Map.entry("centos", "centos"),
          Map.entry("fedora", "fedora"),
          Map.entry("rockylinux", "rockylinux"),
          Map.entry("almalinux", "almalinux"),
          Map.entry("photon", "photon"),
          Map.entry("azurelinux", "azurelinux"),
          Map.entry("mariner", "azurelinux"),
          Map.entry("wolfi", "wolfi"),
          Map.entry("distroless", "distroless"),
          Map.entry("busybox", "busybox"),
          Map.entry("windowsservercore", "windows"),
          Map.entry("nanoserver", "windows"),
          Map.entry("windows", "windows"));

  private static final Map<String, Map<String, String>> BY_TAG = loadTags();
  private static final Map<String, String> BY_IMAGE = loadImages();

  private ImageSystems() {}

  /**
   * The operating system of an image: {@code debian}, {@code ubuntu}, {@code alpine}, …, {@code
   * distroless}, {@code scratch}.
   *
   * @return null when it cannot be told
   */
  public static @Nullable String of(ImageReference reference) {
    String name = OfficialImages.hubName(reference);
    List<String> words = words(reference);
    String said = said(words);
    if (name == null) {
      return said;
    }
    SocialGouvImages.SocialGouvImage own = SocialGouvImages.of(reference);
    if (own != null) {
      return own.system();
    }
    // The name is the system, whatever the tag says: debian:bookworm-slim, ubuntu:24.04.
    String byName =
        switch (name) {
          case "scratch" -> "scratch";
          case "debian", "debian/eol", "bitnami/minideb" -> DEBIAN;
          case "ubuntu" -> UBUNTU;
          case "alpine" -> ALPINE;
          default ->
              name.startsWith("gcr.io/distroless/")
                  ? "distroless"
                  : name.startsWith("cgr.dev/") || name.startsWith("chainguard/") ? "wolfi" : null;
        };
    if (byName != null) {
      return byName;
    }
    if (said != null) {
      return said;
    }
    Map<String, String> tags = BY_TAG.get(name);
    if (tags != null && !reference.tag().isUnknown()) {
      String system = byShape(tags, reference.tag().isKnown() ? reference.tag().value() : "latest");
      if (system != null) {
        return system;
      }
    }
    boolean official = OfficialImages.named(name) != null;
    if (words.contains("slim") && (official || BY_IMAGE.containsKey(name))) {
      return DEBIAN;
    }
    String byImage = reference.tag().isUnknown() ? null : byImage(name, reference);
    // clamav/clamav-debian: whose tag is silent, whose name is not.
    return byImage == null
        ? said(List.of(name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('-')) + 1)))
        : byImage;
  }

  /** Whether an image is known to stand on Debian or Ubuntu. */
  public static boolean isDebianOrUbuntu(ImageReference reference) {
    String system = of(reference);
    return DEBIAN.equals(system) || UBUNTU.equals(system);
  }

  static boolean isDebianName(String word) {
    return DEBIAN_NAMES.contains(word);
  }

  static boolean isUbuntuName(String word) {
    return UBUNTU_NAMES.contains(word);
  }

  /**
   * The words of a tag between hyphens and underscores, in lower case. Of a tag with variables,
   * those that a variable does not touch.
   */
  static List<String> words(ImageReference reference) {
    String tag = reference.tag().isAbsent() ? "" : reference.tag().value();
    List<String> words = new ArrayList<>();
    int depth = 0;
    int from = 0;
    for (int i = 0; i <= tag.length(); i++) {
      char c = i < tag.length() ? tag.charAt(i) : '-';
      depth += c == '{' ? 1 : c == '}' ? -1 : 0;
      if ((c == '-' || c == '_') && depth <= 0) {
        String word = tag.substring(from, i);
        if (!word.isEmpty() && word.indexOf('$') < 0 && word.indexOf('{') < 0) {
          words.add(word.toLowerCase(Locale.ROOT));
        }
        from = i + 1;
      }
    }
    return words;
  }

  /** What the words of a tag say themselves. */
  private static @Nullable String said(List<String> words) {
    for (String word : words) {
      String letters = word;
      while (!letters.isEmpty()
          && "0123456789.".indexOf(letters.charAt(letters.length() - 1)) >= 0) {
        letters = letters.substring(0, letters.length() - 1);
      }
      if (letters.equals("alpine")) {
        return ALPINE;
      }
      if (letters.equals("debian") || DEBIAN_NAMES.contains(word)) {
        return DEBIAN;
      }
      if (letters.equals("ubuntu") || UBUNTU_NAMES.contains(word)) {
        return UBUNTU;
      }
      // A bare al or ol says nothing: it is the number behind that makes it a system.
      String other = letters.length() > 2 || !letters.equals(word) ? OTHERS.get(letters) : null;
      if (other != null) {
        return other;
      }
    }
    return null;
  }

  private static @Nullable String byShape(Map<String, String> tags, String tag) {
    String rest = tag;
    while (true) {
      String system = tags.get(rest);
      system = system == null ? tags.get(shape(rest)) : system;
      if (system != null) {
        return system;
      }
      int hyphen = rest.lastIndexOf('-');
      if (hyphen < 0) {
        // 8.2.4.1 is built as 8.2.4 is.
        int dot = rest.lastIndexOf('.');
        return dot > 0 && Version.leading(rest) != null
            ? byShape(tags, rest.substring(0, dot))
            : null;
      }
      rest = rest.substring(0, hyphen);
    }
  }

  private static String shape(String tag) {
    StringBuilder shape = new StringBuilder();
    for (int i = 0; i < tag.length(); i++) {
      char c = tag.charAt(i);
      if (c < '0' || c > '9') {
        shape.append(c);
      } else if (shape.length() == 0 || shape.charAt(shape.length() - 1) != '#') {
        shape.append('#');
      }
    }
    return shape.toString();
  }

  private static @Nullable String byImage(String name, ImageReference reference) {
    if (name.startsWith("mcr.microsoft.com/dotnet/framework/")) {
      return "windows";
    }
    // Microsoft moved its images from Debian to Ubuntu with .NET 10.
    if (name.startsWith("mcr.microsoft.com/dotnet/") && reference.tag().isKnown()) {
      Version version = Version.leading(reference.tag().value());
      return version == null ? null : version.compareTo(Version.of("10")) < 0 ? DEBIAN : UBUNTU;
    }
    String system = BY_IMAGE.get(name);
    for (int slash = name.lastIndexOf('/');
        system == null && slash > 0;
        slash = name.lastIndexOf('/', slash - 1)) {
      system = BY_IMAGE.get(name.substring(0, slash) + "/*");
    }
    return system;
  }

  private static Map<String, Map<String, String>> loadTags() {
    Map<String, Map<String, String>> images = new HashMap<>();
    for (String line : FactLines.read("official-image-tags.tsv")) {
      List<String> fields = FactLines.fields(line);
      Map<String, String> tags = images.computeIfAbsent(fields.get(0), image -> new HashMap<>());
      for (String tag : FactLines.split(fields.get(2), ' ')) {
        tags.put(tag, fields.get(1));
      }
    }
    return images;
  }

  private static Map<String, String> loadImages() {
    Map<String, String> images = new HashMap<>();
    for (String line : FactLines.read("image-systems.tsv")) {
      List<String> fields = FactLines.fields(line);
      images.put(fields.get(0), fields.get(1));
    }
    return images;
  }
}
