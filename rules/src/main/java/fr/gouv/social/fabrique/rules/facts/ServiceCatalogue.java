package fr.gouv.social.fabrique.rules.facts;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The services that the platform of La Fabrique offers, how the use of one shows, and who else
 * offers the same.
 */
public final class ServiceCatalogue {
  private static final Map<How, List<Entry>> ALL = load();

  private ServiceCatalogue() {}

  /** What a service is for. */
  public enum Need {
    SEARCH,
    STORAGE,
    ANALYTICS,
    EXCEPTIONS,
    MAIL,
    MONITORING,
    FILES,
    /** A service online for which the platform has no counterpart. */
    SAAS;

    /** The key of the setting {@code services.…} that lists further hosts. */
    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What shows the use of a service. */
  public enum How {
    HOST,
    IMAGE,
    /** {@code Kind.group} of a Kubernetes object. */
    KIND,
    /** The name of a variable that holds an address. */
    NAME
  }

  /** How the standard stands to a provider. */
  public enum Standing {
    ACCEPTED,
    OTHER,
    /** It keeps the messages that it is given, for developers. */
    CATCHER
  }

  /** One line of the catalogue. */
  public record Entry(Need need, How how, String pattern, String provider, Standing standing) {}

  /** The first line that a host, an image, a kind or a name matches, or null. */
  public static @Nullable Entry find(How how, String text) {
    for (Entry entry : ALL.getOrDefault(how, List.of())) {
      if (matches(entry.pattern, text)) {
        return entry;
      }
    }
    return null;
  }

  /** Whether a text matches a pattern in which {@code *} stands for any characters. */
  public static boolean matches(String pattern, String text) {
    int p = 0;
    int star = -1;
    int from = 0;
    int t = 0;
    while (t < text.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        from = t;
      } else if (p < pattern.length() && pattern.charAt(p) == text.charAt(t)) {
        p++;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        t = ++from;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }

  private static Map<How, List<Entry>> load() {
    Map<How, List<Entry>> entries = new EnumMap<>(How.class);
    for (String line : FactLines.read("platform-services.tsv")) {
      List<String> fields = FactLines.fields(line);
      How how = How.valueOf(fields.get(1).toUpperCase(Locale.ROOT));
      Standing standing =
          switch (fields.get(4)) {
            case "accepted" -> Standing.ACCEPTED;
            case "catcher" -> Standing.CATCHER;
            default -> Standing.OTHER;
          };
      entries
          .computeIfAbsent(how, key -> new ArrayList<>())
          .add(
              new Entry(
                  Need.valueOf(fields.get(0).toUpperCase(Locale.ROOT)),
                  how,
                  fields.get(2),
                  fields.get(3),
                  standing));
    }
    return entries;
  }
}
