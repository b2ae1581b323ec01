package fr.gouv.social.fabrique.kontinuous;

import fr.gouv.social.fabrique.source.Environment;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.yaml.YamlFile;
import fr.gouv.social.fabrique.yaml.YamlMapping;
import fr.gouv.social.fabrique.yaml.YamlMapping.Entry;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One folder {@code .kontinuous}: its {@code values.yaml}, with {@code env/<environment>/} or
 * {@code <environment>/} merged over it. The toolchain deploys all three environments whether they
 * have a folder or not. Two projects are equal only when they are the same. Immutable.
 */
public final class KontinuousProject implements Located {
  private static final String FOLDER = ".kontinuous";
  private static final String[] VALUES = {"values.yaml", "values.yml"};

  private final String folder;
  private final Span at;
  private final Map<Environment, YamlPlace> values = new EnumMap<>(Environment.class);
  private final List<KontinuousComponent> components = new ArrayList<>();

  private KontinuousProject(String folder, Span at, Map<Environment, YamlMapping> merged) {
    this.folder = folder;
    this.at = at;
    merged.forEach(
        (environment, root) -> {
          YamlPlace place = YamlPlace.of(root);
          values.put(environment, place);
          for (Entry entry : root.entries()) {
            KontinuousComponent component =
                KontinuousComponent.of(this, environment, place.key(entry.name()));
            if (component != null) {
              components.add(component);
            }
          }
        });
  }

  /**
   * The projects of a repository, by path.
   *
   * @param yaml the files under {@code .kontinuous} that could be read; others do no harm
   */
  public static List<KontinuousProject> in(Iterable<YamlFile> yaml) {
    Map<String, YamlFile> files = new HashMap<>();
    TreeSet<String> folders = new TreeSet<>();
    for (YamlFile file : yaml) {
      String path = file.file().path();
      files.put(path, file);
      int end = ("/" + path).indexOf("/" + FOLDER + "/");
      if (end >= 0) {
        folders.add(path.substring(0, end + FOLDER.length()));
      }
    }
    List<KontinuousProject> projects = new ArrayList<>();
    for (String folder : folders) {
      KontinuousProject project = read(folder, files);
      if (project != null) {
        projects.add(project);
      }
    }
    return projects;
  }

  private static @Nullable KontinuousProject read(String folder, Map<String, YamlFile> files) {
    ValuesMerge merge = new ValuesMerge(files::get);
    YamlFile baseFile = values(folder, files);
    YamlMapping base = baseFile == null ? null : merge.load(baseFile);
    Span at = base == null ? null : base.span();
    Map<Environment, YamlMapping> merged = new EnumMap<>(Environment.class);
    for (Environment environment :
        List.of(Environment.PROD, Environment.PREPROD, Environment.DEV)) {
      String name = name(environment);
      YamlFile file = values(folder + "/env/" + name, files);
      file = file == null ? values(folder + "/" + name, files) : file;
      YamlMapping over = file == null ? null : merge.load(file);
      if (over != null) {
        at = at == null ? over.span() : at;
        merged.put(environment, base == null ? over : ValuesMerge.merge(base, over));
      } else if (base != null) {
        merged.put(environment, base);
      }
    }
    return at == null ? null : new KontinuousProject(folder, at, merged);
  }

  private static @Nullable YamlFile values(String folder, Map<String, YamlFile> files) {
    for (String name : VALUES) {
      YamlFile file = files.get(folder + "/" + name);
      if (file != null) {
        return file;
      }
    }
    return null;
  }

  /** As kontinuous names it: {@code dev}, {@code preprod} or {@code prod}. */
  public static String name(Environment environment) {
    return switch (environment) {
      case PROD -> "prod";
      case PREPROD -> "preprod";
      case DEV, UNKNOWN -> "dev";
    };
  }

  /** The path of its folder, {@code .kontinuous} included. */
  public String folder() {
    return folder;
  }

  /** The root of the values of each environment: prod, preprod, dev. */
  public Map<Environment, YamlPlace> values() {
    return values;
  }

  /** What is deployed: the components of dev, then those of preprod and of prod. */
  public List<KontinuousComponent> components() {
    return components;
  }

  /** The component of a name in an environment, or null. */
  public @Nullable KontinuousComponent component(Environment environment, String name) {
    for (KontinuousComponent each : components) {
      if (each.environment() == environment && each.name().equals(name)) {
        return each;
      }
    }
    return null;
  }

  /** Its first values. */
  @Override
  public Span span() {
    return file(at);
  }

  private static Span file(Span span) {
    return span.file().span(span.start(), span.start());
  }
}
