package fr.gouv.social.fabrique.compose;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.source.Step;
import fr.gouv.social.fabrique.yaml.YamlMapping;
import fr.gouv.social.fabrique.yaml.YamlNode;
import fr.gouv.social.fabrique.yaml.YamlScalar;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One entry of {@code volumes}, in its short form (compose-go, format/volume.go) or its long one.
 * Its parts are scalars of their own, each with its place and what is known of it.
 *
 * @param node the entry as written
 * @param type null where a variable hides it
 * @param source null for an anonymous volume and a tmpfs
 * @param target null where it is missing
 * @param options the words of the third section; in the long form {@code ro}, {@code nocopy}, the
 *     propagation and the SELinux label where they are set
 * @param error why the entry is not valid, or null: {@code empty}, {@code empty-section}, {@code
 *     too-many-colons}, {@code no-target}
 */
public record VolumeMount(
    YamlNode node,
    @Nullable Type type,
    @Nullable YamlScalar source,
    @Nullable YamlScalar target,
    List<YamlScalar> options,
    @Nullable String error,
    String label)
    implements Located {

  /** What is mounted. */
  public enum Type {
    BIND,
    VOLUME,
    TMPFS,
    CLUSTER,
    NPIPE,
    IMAGE
  }

  private static final int MOST_OPTIONS = 32;

  public VolumeMount {
    options = List.copyOf(options);
  }

  @Override
  public Span span() {
    return node.span();
  }

  @Override
  public List<Step> way() {
    return node.way();
  }

  /** Whether the container may only read; the default is that it may write. */
  public boolean isReadOnly() {
    boolean readOnly = false;
    for (YamlScalar option : options) {
      if (option.value().equals("ro")) {
        readOnly = true;
      } else if (option.value().equals("rw")) {
        readOnly = false;
      }
    }
    return readOnly;
  }

  /** Whether an option is set. */
  public boolean hasOption(String option) {
    return options.stream().anyMatch(each -> each.value().equals(option));
  }

  /** The mount of an entry without a label. */
  static @Nullable VolumeMount of(YamlNode node) {
    return of(node, "");
  }

  /** The mount of an entry, however it is written; null for what is no entry at all. */
  static @Nullable VolumeMount of(YamlNode node, String label) {
    if (node instanceof YamlMapping mapping) {
      return longForm(mapping, label);
    }
    return node instanceof YamlScalar scalar ? shortForm(scalar, label) : null;
  }

  private static VolumeMount shortForm(YamlScalar scalar, String label) {
    char[] spec = KeyValue.masked(scalar);
    boolean known = scalar.isKnown();
    if (spec.length == 0) {
      return new VolumeMount(scalar, null, null, null, List.of(), "empty", label);
    }
    List<YamlScalar> sections = new ArrayList<>();
    String error = null;
    int start = 0;
    for (int i = 0; i <= spec.length; i++) {
      boolean end = i == spec.length;
      if (spec.length > 2 ? end || (spec[i] == ':' && !isDrive(spec, start, i)) : end) {
        if (i == start) {
          error = "empty-section";
        }
        sections.add(KeyValue.part(scalar, start, i));
        start = i + 1;
      }
    }
    if (sections.size() > 3 && error == null) {
      error = "too-many-colons";
    }
    if (sections.size() == 1) {
      // A variable alone may hold a whole specification.
      Type type = known ? Type.VOLUME : null;
      return new VolumeMount(scalar, type, null, sections.get(0), List.of(), error, label);
    }
    YamlScalar source = sections.get(0);
    List<YamlScalar> options = new ArrayList<>();
    if (sections.size() > 2) {
      YamlScalar section = sections.get(2);
      int from = 0;
      for (String option : section.value().split(",", MOST_OPTIONS)) {
        options.add(KeyValue.part(section, from, from + option.length()));
        from += option.length() + 1;
      }
    }
    return new VolumeMount(scalar, typeOf(source), source, sections.get(1), options, error, label);
  }

  private static boolean isDrive(char[] spec, int start, int at) {
    return at == start + 1 && Character.isLetter(spec[start]);
  }

  private static @Nullable Type typeOf(YamlScalar source) {
    String text = source.value();
    if (text.isEmpty()) {
      return Type.VOLUME;
    }
    if (!source.isKnown(0, 1)) {
      return null;
    }
    char first = text.charAt(0);
    boolean path =
        first == '.'
            || first == '/'
            || first == '~'
            || text.startsWith("\\\\")
            || (text.length() > 1 && Character.isLetter(first) && text.charAt(1) == ':');
    if (!path && !source.isKnown()) {
      // A name with a variable in it.
      return text.indexOf('/') >= 0 ? null : Type.VOLUME;
    }
    return path ? Type.BIND : Type.VOLUME;
  }

  private static VolumeMount longForm(YamlMapping mapping, String label) {
    YamlScalar target = scalar(mapping, "target");
    YamlScalar type = scalar(mapping, "type");
    List<YamlScalar> options = new ArrayList<>();
    YamlScalar readOnly = scalar(mapping, "read_only");
    if (readOnly != null && readOnly.value().equals("true")) {
      options.add(Trees.scalar(readOnly.span(), "ro", readOnly.way()));
    }
    if (mapping.get("bind") instanceof YamlMapping bind) {
      addOption(scalar(bind, "propagation"), options);
      addOption(scalar(bind, "selinux"), options);
    }
    if (mapping.get("volume") instanceof YamlMapping volume) {
      YamlScalar nocopy = scalar(volume, "nocopy");
      if (nocopy != null && nocopy.value().equals("true")) {
        options.add(Trees.scalar(nocopy.span(), "nocopy", nocopy.way()));
      }
    }
    return new VolumeMount(
        mapping,
        type == null || !type.isKnown() ? null : typeNamed(type.value()),
        scalar(mapping, "source"),
        target,
        options,
        target == null ? "no-target" : null,
        label);
  }

  private static void addOption(@Nullable YamlScalar option, List<YamlScalar> options) {
    if (option != null) {
      options.add(option);
    }
  }

  private static @Nullable Type typeNamed(String name) {
    for (Type type : Type.values()) {
      if (type.name().equalsIgnoreCase(name)) {
        return type;
      }
    }
    return null;
  }

  private static @Nullable YamlScalar scalar(YamlMapping mapping, String key) {
    return mapping.get(key) instanceof YamlScalar scalar
            && !scalar.isNull()
            && !scalar.value().isEmpty()
        ? scalar
        : null;
  }
}
