package fr.gouv.social.fabrique.rules.service;

import fr.gouv.social.fabrique.kubernetes.KubernetesObject;
import fr.gouv.social.fabrique.project.EnvironmentVariable;
import fr.gouv.social.fabrique.project.ImageUse;
import fr.gouv.social.fabrique.project.Project;
import fr.gouv.social.fabrique.rules.facts.ServiceCatalogue;
import fr.gouv.social.fabrique.rules.facts.ServiceCatalogue.Entry;
import fr.gouv.social.fabrique.rules.facts.ServiceCatalogue.How;
import fr.gouv.social.fabrique.rules.facts.ServiceCatalogue.Need;
import fr.gouv.social.fabrique.rules.facts.ServiceCatalogue.Standing;
import fr.gouv.social.fabrique.source.Located;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which services a product uses, and where that shows. */
public final class ServiceInventory {
  /** Longer values are documents. */
  private static final int LONGEST = 20_000;

  private static final Pattern HOST =
      Pattern.compile(
          "(?:(?<![\\w.@-])|(?<=://[^\\s/@]{1,200}@))(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.){1,10}[a-z]{2,20}(?![\\w-])");
  private static final Pattern AUTHORITY =
      Pattern.compile(
          "(?:[a-z][a-z0-9+.-]*://)?(?:[^@/\\s]*@)?([a-z0-9.-]+)(?::[0-9]+)?(?:[/?].*)?");
  private static final Pattern COMMENT = Pattern.compile("(?m)^[ \\t]*(?:#|//|;).*$");
  private static final Pattern LOCAL =
      Pattern.compile(
          "[^.]*|[0-9.]+|.*\\.(?:svc|svc\\.cluster\\.local|local|localhost|internal|test|example|invalid)"
              + "|(?:.*\\.)?example\\.(?:com|org|net|fr)|host\\.docker\\.internal");

  private static final Map<Project, ServiceInventory> KNOWN =
      Collections.synchronizedMap(new WeakHashMap<>());

  private final List<Use> uses = new ArrayList<>();

  /**
   * One use of a service.
   *
   * @param provider its name, or the host where it is not in the catalogue
   * @param shown the host, image or kind that shows the use
   * @param hosted whether the product runs the service itself
   */
  public record Use(
      Need need, String provider, Standing standing, String shown, boolean hosted, Located at) {}

  private ServiceInventory(Project project) {
    for (EnvironmentVariable variable : project.subjects(EnvironmentVariable.class)) {
      add(variable);
    }
    for (ImageUse use : project.subjects(ImageUse.class)) {
      String name = use.reference().familiarName();
      boolean run =
          use.role() == ImageUse.Role.CONTAINER || use.role() == ImageUse.Role.COMPOSE_SERVICE;
      if (run && name != null) {
        addHosted(ServiceCatalogue.find(How.IMAGE, name), name, use);
      }
    }
    for (KubernetesObject object : project.objects().objects()) {
      if (!object.group().isEmpty()) {
        String kind = object.kind() + "." + object.group();
        addHosted(ServiceCatalogue.find(How.KIND, kind), object.label(), object);
      }
    }
  }

  /** The inventory of a repository, made once. */
  public static ServiceInventory of(Project project) {
    return KNOWN.computeIfAbsent(project, ServiceInventory::new);
  }

  /** All uses: those by variables, by images, by objects, each by path and position. */
  public List<Use> uses() {
    return Collections.unmodifiableList(uses);
  }

  private void addHosted(@Nullable Entry entry, String shown, Located at) {
    if (entry != null) {
      uses.add(new Use(entry.need(), entry.provider(), entry.standing(), shown, true, at));
    }
  }

  private void add(EnvironmentVariable variable) {
    String value = variable.value().value();
    if (value == null || value.length() > LONGEST || value.isBlank()) {
      return;
    }
    Entry named = ServiceCatalogue.find(How.NAME, variable.name().toUpperCase(Locale.ROOT));
    String text = value.toLowerCase(Locale.ROOT);
    if (text.indexOf('\n') >= 0) {
      text = COMMENT.matcher(text).replaceAll("");
    }
    Set<String> hosts = new LinkedHashSet<>();
    if (text.indexOf('.') >= 0) {
      Matcher matcher = HOST.matcher(text);
      while (matcher.find()) {
        hosts.add(matcher.group());
      }
    }
    Matcher authority = AUTHORITY.matcher(text.strip());
    if (named != null && authority.matches()) {
      hosts.add(authority.group(1));
    }
    for (String host : hosts) {
      Entry entry = ServiceCatalogue.find(How.HOST, host);
      if (entry != null && (entry.standing() != Standing.CATCHER || named != null)) {
        uses.add(new Use(entry.need(), entry.provider(), entry.standing(), host, false, variable));
      } else if (entry == null && named != null && !LOCAL.matcher(host).matches()) {
        Standing standing = host.endsWith(".gouv.fr") ? Standing.ACCEPTED : Standing.OTHER;
        uses.add(new Use(named.need(), host, standing, host, false, variable));
      }
    }
  }
}
