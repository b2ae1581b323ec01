package fr.gouv.social.fabrique.rules.facts;

import fr.gouv.social.fabrique.project.ServiceUse;
import fr.gouv.social.fabrique.project.ServiceUse.Standing;
import fr.gouv.social.fabrique.source.Text;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The services that the platform of La Fabrique offers, how the use of one shows, and who else
 * offers the same; with what a team adds in its configuration.
 */
public final class ServiceCatalogue {
  private static final Map<How, List<Entry>> BUILT_IN = load();

  private final Map<How, List<Entry>> configured = new EnumMap<>(How.class);
  private final Map<String, List<String>> allowed = new HashMap<>();

  /**
   * The catalogue under a configuration.
   *
   * @param settings {@code services.<need>} lists hosts, images and kinds that a team may use;
   *     {@code services.catalogue.<n>.…} are further lines
   */
  public ServiceCatalogue(Map<String, String> settings) {
    for (Need need : Need.values()) {
      String hosts = settings.get("services." + need.key());
      if (hosts != null) {
        allowed.put(need.key(), List.of(hosts.split(",")));
      }
    }
    for (int i = 0; settings.containsKey("services.catalogue." + i + ".need"); i++) {
      String line = "services.catalogue." + i + ".";
      Need need = Need.of(settings.getOrDefault(line + "need", ""));
      for (How how : How.values()) {
        String pattern = settings.get(line + how.key());
        if (pattern != null && need != null) {
          Standing standing =
              switch (settings.getOrDefault(line + "standing", "platform")) {
                case "alternative" -> Standing.ALTERNATIVE;
                case "stand-in" -> Standing.STAND_IN;
                default -> Standing.ALLOWED;
              };
          String written = how == How.NAME ? pattern : pattern.toLowerCase(Locale.ROOT);
          String provider = settings.getOrDefault(line + "provider", pattern);
          configured
              .computeIfAbsent(how, key -> new ArrayList<>())
              .add(new Entry(need, how, how == How.KIND ? pattern : written, provider, standing));
        }
      }
    }
  }

  /** What a service is for. */
  public enum Need {
    DATABASE("Base de données", "Database"),
    SEARCH("Recherche", "Search"),
    STORAGE("Stockage de fichiers", "File storage"),
    ANALYTICS("Mesure d'audience", "Audience measurement"),
    EXCEPTIONS("Suivi des exceptions", "Exception tracking"),
    MAIL("Courriels transactionnels", "Transactional mail"),
    SENDER("Adresse d'expédition", "Sender address"),
    MONITORING("Supervision", "Monitoring"),
    FILES("Partage de fichiers", "File sharing"),
    REGISTRY("Registre d'images", "Image registry"),
    DOMAIN("Nom de domaine", "Domain name"),
    SECRETS("Secrets déployés", "Deployed secrets"),
    PASSWORDS("Coffre de mots de passe", "Password store"),
    ANTIVIRUS("Antivirus", "Antivirus"),
    /** A service online for which the platform has no counterpart. */
    SAAS("Service tiers en ligne", "Third-party online service");

    private final ServiceUse.Need need;

    Need(String fr, String en) {
      need = new ServiceUse.Need(name().toLowerCase(Locale.ROOT), new Text(fr, en));
    }

    /** The need with its words. */
    public ServiceUse.Need words() {
      return need;
    }

    /** The word of configurations, and of the setting {@code services.…} that allows hosts. */
    public String key() {
      return need.key();
    }

    /** Whether a use is for this need. */
    public boolean is(ServiceUse use) {
      return use.need().key().equals(key());
    }

    static @Nullable Need of(String key) {
      for (Need need : values()) {
        if (need.key().equals(key)) {
          return need;
        }
      }
      return null;
    }
  }

  /** What shows the use of a service. */
  public enum How {
    HOST,
    IMAGE,
    /** {@code Kind.group} of a Kubernetes object. */
    KIND,
    /** An image by its name, whatever it holds: where it is pulled from. */
    REGISTRY,
    /** The name of a variable that holds an address. */
    NAME,
    /** A word in the name of a variable or a secret, between {@code _}: {@code *_SENTRY_*}. */
    HINT;

    /** The word of configurations. */
    String key() {
      return this == NAME ? "variable" : name().toLowerCase(Locale.ROOT);
    }
  }

  /** One line of the catalogue. */
  public record Entry(Need need, How how, String pattern, String provider, Standing standing) {}

  /**
   * The first line that a host, an image, a kind or a name matches, a team's own first; or null.
   */
  public @Nullable Entry find(How how, String text) {
    for (Entry entry : configured.getOrDefault(how, List.of())) {
      if (matches(entry.pattern, text)) {
        return entry;
      }
    }
    for (Entry entry : BUILT_IN.getOrDefault(how, List.of())) {
      if (matches(entry.pattern, text)) {
        return entry;
      }
    }
    return null;
  }

  /** Whether the configuration admits a host, an image or a kind for a need. */
  public boolean isAllowed(Need need, String text) {
    return allowed.getOrDefault(need.key(), List.of()).stream()
        .anyMatch(pattern -> matches(pattern.strip(), text));
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
            case "accepted" -> Standing.PLATFORM;
            case "catcher" -> Standing.STAND_IN;
            case "named" -> Standing.NAMED;
            default -> Standing.ALTERNATIVE;
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
