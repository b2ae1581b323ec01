package fr.gouv.social.fabrique.rules.facts;

import static java.time.temporal.ChronoUnit.DAYS;

import fr.gouv.social.fabrique.project.ImageReference;
import fr.gouv.social.fabrique.project.Version;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How long products are supported (endoflife.date). */
public final class EndOfLife {
  private static final EndOfLife ALL = new EndOfLife(FactLines.read("end-of-life.tsv"));

  // The names of Node.js' LTS lines never move from one line to another.
  private static final Map<String, String> NODE_LINES =
      Map.ofEntries(
          Map.entry("argon", "4"),
          Map.entry("boron", "6"),
          Map.entry("carbon", "8"),
          Map.entry("dubnium", "10"),
          Map.entry("erbium", "12"),
          Map.entry("fermium", "14"),
          Map.entry("gallium", "16"),
          Map.entry("hydrogen", "18"),
          Map.entry("iron", "20"),
          Map.entry("jod", "22"),
          Map.entry("krypton", "24"));
  // v1.2, pg16, release-9.5 and the like: what may stand before the version of the product.
  private static final Pattern TAG_VERSION =
      Pattern.compile("(?:v|pg|release-|version-|open-)?(\\d+(?:\\.\\d+)*)(?!\\d).*");
  private static final Pattern ALPINE = Pattern.compile("alpine-?(\\d+\\.\\d+)(?:\\.\\d+)?");
  private static final Pattern DEBIAN = Pattern.compile("debian-?(\\d+)");
  private static final Pattern UBUNTU = Pattern.compile("ubuntu-?(\\d+\\.\\d+)");
  private static final Pattern JAVA =
      Pattern.compile("(?:jdk|jre|java|openjdk|temurin|corretto|amazoncorretto)-?(\\d{1,2})");
  private static final Pattern NODE = Pattern.compile("node(?:js)?-?(\\d{1,2})(?:\\.\\d+)*");
  private static final Pattern UBI = Pattern.compile("ubi(\\d+)(?:-[a-z]+)?(?:/(.*))?");

  private final Map<String, Product> products = new HashMap<>();
  private final Map<String, Product> byImage = new HashMap<>();

  private EndOfLife(List<String> lines) {
    int at = 0;
    while (at < lines.size()) {
      List<String> head = FactLines.fields(lines.get(at));
      int end = at + 1;
      while (end < lines.size() && !lines.get(end).startsWith("product\t")) {
        end++;
      }
      Product product =
          new Product(
              head.get(1), head.get(3), head.get(2).equals("lts"), lines.subList(at + 1, end));
      products.put(product.id(), product);
      if (!head.get(4).isEmpty()) {
        for (String image : FactLines.split(head.get(4), ' ')) {
          byImage.putIfAbsent(image, product);
        }
      }
      at = end;
    }
  }

  /** How the support of a cycle stands on a day. */
  public enum State {
    SUPPORTED,
    /** Its makers have stopped, but volunteers go on free of charge for everyone: Debian LTS. */
    EXTENDED,
    ENDED
  }

  /**
   * How the support of a cycle stands on a day.
   *
   * @param until the last day of support, past or to come; null when not known
   * @param lts whether it is a release with long-term support on that day
   */
  public record Status(State state, @Nullable LocalDate until, boolean lts) {}

  /** A product: {@code nodejs}, {@code postgresql}, … */
  public static final class Product {
    private final String id;
    private final String name;
    private final boolean hasLts;
    private final List<String> lines;
    private @Nullable List<Cycle> cycles;

    private Product(String id, String name, boolean hasLts, List<String> lines) {
      this.id = id;
      this.name = name;
      this.hasLts = hasLts;
      this.lines = lines;
    }

    /** Its identifier at endoflife.date. */
    public String id() {
      return id;
    }

    /** Its name for readers. */
    public String name() {
      return name;
    }

    /** Whether it tells releases with long-term support from others. */
    public boolean hasLts() {
      return hasLts;
    }

    /** Its cycles, the latest first. */
    public List<Cycle> cycles() {
      List<Cycle> read = cycles;
      if (read == null) {
        read = new ArrayList<>();
        for (String line : lines) {
          List<String> fields = FactLines.fields(line);
          read.add(
              new Cycle(
                  this,
                  fields.get(0),
                  LocalDate.parse(fields.get(1)),
                  fields.get(2),
                  FactLines.orNull(fields.get(3)),
                  fields.get(4),
                  fields.get(6)));
        }
        read = List.copyOf(read);
        cycles = read;
      }
      return read;
    }

    /**
     * The cycle to which a version belongs: 3.21 for 3.21.4. A version that is less precise than
     * the cycles floats: it stands for the latest that it covers.
     *
     * @return null when there is none
     */
    public @Nullable Cycle cycle(Version version) {
      Cycle exact = null;
      Cycle floating = null;
      for (Cycle cycle : cycles()) {
        Version name = cycle.version();
        if (version.isWithin(name)) {
          exact = exact == null || name.isWithin(exact.version()) ? cycle : exact;
        } else if (name.isWithin(version)
            && (floating == null || name.compareTo(floating.version()) > 0)) {
          floating = cycle;
        }
      }
      return exact != null ? exact : floating;
    }

    /**
     * A cycle for a version that came before all that are known, when that version has ended for
     * certain: even the longest support that this product ever gave, begun with the oldest cycle
     * that is known, is over.
     *
     * @return null when the version is none of those
     */
    private @Nullable Cycle beforeAll(Version version) {
      Cycle oldest = Collections.min(cycles(), Comparator.comparing(Cycle::version));
      // 20240329 is a day, not a release.
      boolean isDated = version.parts().stream().anyMatch(part -> part >= 10_000);
      if (isDated || version.compareTo(oldest.version()) >= 0) {
        return null;
      }
      long longest = 0;
      for (Cycle cycle : cycles()) {
        LocalDate last = cycle.status(LocalDate.MIN).until();
        if (last != null) {
          longest = Math.max(longest, DAYS.between(cycle.released(), last));
        }
      }
      boolean over =
          longest > 0
              && oldest.released().plusDays(longest).isBefore(FactLines.date("end-of-life.tsv"));
      return over
          ? new Cycle(this, version.toString(), oldest.released(), "ended", null, "-", "-")
          : null;
    }

    /** The cycle of a code name such as {@code bookworm}, in lower case, or null. */
    public @Nullable Cycle codenamed(String codename) {
      for (Cycle cycle : cycles()) {
        if (cycle.codename.equals(codename)) {
          return cycle;
        }
      }
      return null;
    }

    /** The latest cycle that is supported, and is an LTS where there are such, or null. */
    public @Nullable Cycle recommended(LocalDate asOf) {
      Cycle best = null;
      for (Cycle cycle : cycles()) {
        Status status = cycle.status(asOf);
        if (status.state() == State.SUPPORTED
            && !cycle.released().isAfter(asOf)
            && (!hasLts || status.lts())
            && (best == null || cycle.version().compareTo(best.version()) > 0)) {
          best = cycle;
        }
      }
      return best;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** A line of releases that is supported as one. */
  public static final class Cycle {
    private final Product product;
    private final String name;
    private final Version version;
    private final LocalDate released;
    private final String end;
    private final @Nullable String extendedEnd;
    private final String lts;
    private final String codename;

    private Cycle(
        Product product,
        String name,
        LocalDate released,
        String end,
        @Nullable String extendedEnd,
        String lts,
        String codename) {
      this.product = product;
      this.name = name;
      this.version = Version.of(name);
      this.released = released;
      this.end = end;
      this.extendedEnd = extendedEnd;
      this.lts = lts;
      this.codename = FactLines.split(codename.toLowerCase(Locale.ROOT), ' ').get(0);
    }

    public Product product() {
      return product;
    }

    /** Its name as its makers write it: {@code 24.04}, {@code 3.21}. */
    public String name() {
      return name;
    }

    /** The part of the version that its releases share. */
    public Version version() {
      return version;
    }

    /** The day of its first release. */
    public LocalDate released() {
      return released;
    }

    /** How it stands on a day. Support ends with the end of its last day. */
    public Status status(LocalDate asOf) {
      boolean isLts =
          product.hasLts()
              && (lts.equals("lts") || !lts.equals("-") && !LocalDate.parse(lts).isAfter(asOf));
      if (end.equals("supported")) {
        return new Status(State.SUPPORTED, null, isLts);
      }
      if (end.equals("ended")) {
        return new Status(State.ENDED, null, isLts);
      }
      LocalDate last = LocalDate.parse(end);
      if (!asOf.isAfter(last)) {
        return new Status(State.SUPPORTED, last, isLts);
      }
      // The extended support of the others is sold: an image pulled from a registry has none of it.
      if (extendedEnd != null && product.id().equals("debian")) {
        LocalDate extended = LocalDate.parse(extendedEnd);
        return new Status(
            asOf.isAfter(extended) ? State.ENDED : State.EXTENDED,
            asOf.isAfter(extended) ? last : extended,
            isLts);
      }
      return new Status(State.ENDED, last, isLts);
    }

    @Override
    public String toString() {
      return product.name() + " " + name;
    }
  }

  /**
   * A product in an image.
   *
   * @param main whether the image is there for it, and not merely built on it
   */
  public record Component(Cycle cycle, boolean main) {}

  /** A product by its identifier at endoflife.date, or null. */
  public static @Nullable Product product(String id) {
    return ALL.products.get(id);
  }

  /** The product for which an image is there, or null. */
  public static @Nullable Product productOf(ImageReference reference) {
    String name = OfficialImages.hubName(reference);
    return name == null ? null : ALL.byImage.get(name);
  }

  /**
   * The products of which the name of an image tells the cycle: {@code python:3.12-alpine3.18} is
   * Python 3.12 on Alpine Linux 3.18. The main one comes first. Empty when nothing can be told.
   */
  public static List<Component> componentsOf(ImageReference reference) {
    return ALL.components(reference);
  }

  private List<Component> components(ImageReference reference) {
    String name = OfficialImages.hubName(reference);
    if (name == null) {
      return List.of();
    }
    List<Component> found = new ArrayList<>();
    String tag = reference.tag().isKnown() ? reference.tag().value() : "";
    Product product = byImage.get(name);
    if (product != null) {
      add(found, mainCycle(product, tag), true);
    }
    fromName(name, found);
    for (String token : tokens(reference)) {
      addPlatform(found, token);
    }
    return found;
  }

  private static @Nullable Cycle mainCycle(Product product, String tag) {
    Matcher matcher = TAG_VERSION.matcher(tag);
    if (matcher.matches()) {
      Version version = Version.leading(matcher.group(1));
      Cycle known = version == null ? null : product.cycle(version);
      return known != null || version == null ? known : product.beforeAll(version);
    }
    String first = FactLines.split(tag, '-').get(0);
    String line = product.id().equals("nodejs") ? NODE_LINES.get(first) : null;
    return line != null
        ? product.cycle(Version.of(line))
        : first.isEmpty() ? null : product.codenamed(first);
  }

  /** Images that hold versions in their names: distroless and UBI. */
  private void fromName(String name, List<Component> found) {
    if (name.startsWith("gcr.io/distroless/")) {
      boolean main = true;
      for (String token : FactLines.split(name.substring("gcr.io/distroless/".length()), '-')) {
        Matcher node = NODE.matcher(token);
        Matcher java = JAVA.matcher(token);
        if (node.matches()) {
          add(found, cycle("nodejs", node.group(1)), main);
        } else if (java.matches()) {
          add(found, cycle("eclipse-temurin", java.group(1)), main);
        }
        main = false;
        addPlatform(found, token);
      }
    }
    for (String registry :
        List.of("registry.access.redhat.com/", "registry.redhat.io/", "redhat/")) {
      Matcher ubi = UBI.matcher(name.startsWith(registry) ? name.substring(registry.length()) : "");
      if (ubi.matches()) {
        Matcher node = NODE.matcher(ubi.group(2) == null ? "" : ubi.group(2));
        if (node.matches()) {
          add(found, cycle("nodejs", node.group(1)), true);
        }
        add(found, cycle("rhel", ubi.group(1)), !node.matches());
      }
    }
  }

  /** The words of a tag between hyphens, and pairs of them; none of those that hold variables. */
  private static Set<String> tokens(ImageReference reference) {
    Set<String> tokens = new LinkedHashSet<>();
    List<String> words = ImageSystems.words(reference);
    for (int i = 0; i < words.size(); i++) {
      tokens.add(words.get(i));
      // temurin-21, but not the date of bookworm-20240612.
      if (i + 1 < words.size()) {
        tokens.add(words.get(i) + "-" + words.get(i + 1));
      }
    }
    return tokens;
  }

  private void addPlatform(List<Component> found, String token) {
    Matcher alpine = ALPINE.matcher(token);
    Matcher debian = DEBIAN.matcher(token);
    Matcher ubuntu = UBUNTU.matcher(token);
    Matcher java = JAVA.matcher(token);
    if (alpine.matches()) {
      add(found, cycle("alpine-linux", alpine.group(1)), false);
    } else if (debian.matches()) {
      add(found, cycle("debian", debian.group(1)), false);
    } else if (ubuntu.matches()) {
      add(found, cycle("ubuntu", ubuntu.group(1)), false);
    } else if (java.matches()) {
      add(
          found,
          cycle(token.contains("corretto") ? "amazon-corretto" : "eclipse-temurin", java.group(1)),
          false);
    } else if (ImageSystems.isDebianName(token)) {
      add(found, codenamed("debian", token), false);
    } else if (ImageSystems.isUbuntuName(token)) {
      add(found, codenamed("ubuntu", token), false);
    }
  }

  private @Nullable Cycle cycle(String product, String version) {
    Product found = products.get(product);
    return found == null ? null : found.cycle(Version.of(version));
  }

  private @Nullable Cycle codenamed(String product, String codename) {
    Product found = products.get(product);
    return found == null ? null : found.codenamed(codename);
  }

  private static void add(List<Component> found, @Nullable Cycle cycle, boolean main) {
    if (cycle == null) {
      return;
    }
    for (Component component : found) {
      if (component.cycle().product() == cycle.product()) {
        return;
      }
    }
    found.add(new Component(cycle, main));
  }
}
