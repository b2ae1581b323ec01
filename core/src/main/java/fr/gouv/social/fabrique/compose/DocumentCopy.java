package fr.gouv.social.fabrique.compose;

import fr.gouv.social.fabrique.compose.ComposeProblem.Kind;
import fr.gouv.social.fabrique.schema.Numbers;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.source.Step;
import fr.gouv.social.fabrique.yaml.Interpolation;
import fr.gouv.social.fabrique.yaml.YamlMapping;
import fr.gouv.social.fabrique.yaml.YamlMapping.Entry;
import fr.gouv.social.fabrique.yaml.YamlNode;
import fr.gouv.social.fabrique.yaml.YamlScalar;
import fr.gouv.social.fabrique.yaml.YamlSequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One document on its own (compose-go, loader/reset.go, interpolation/interpolation.go): what is
 * marked {@code !reset} is taken out and its path kept, variables are put in, and the values at
 * typed paths are cast. Every node of the copy knows its whole way within the document.
 */
final class DocumentCopy {
  private enum Cast {
    BOOLEAN,
    INTEGER,
    NUMBER,
    /** A whole number, octal for most who write one. */
    MASK
  }

  private static final Map<String, Cast> CASTS = casts();

  private final Variables variables;
  private final Problems problems;
  private final Budget budget;
  private final Set<List<String>> resets = new LinkedHashSet<>();
  private final List<String> path = new ArrayList<>();
  private long visited;
  private long aliased;
  private long own;

  /**
   * @param resets the paths that earlier files lose
   */
  record Result(YamlNode root, Set<List<String>> resets) {}

  private DocumentCopy(Variables variables, Problems problems, Budget budget) {
    this.variables = variables;
    this.problems = problems;
    this.budget = budget;
  }

  /** The copy, or null for a document with too many nodes. */
  static @Nullable Result of(YamlNode root, Variables variables, Problems problems, Budget budget) {
    DocumentCopy copy = new DocumentCopy(variables, problems, budget);
    copy.count(root, false);
    Span top = root.span().file().span(root.span().start(), root.span().start());
    if (copy.own > Budget.DOCUMENT_NODES) {
      problems.add(Kind.TOO_LARGE, top, "", String.valueOf(Budget.DOCUMENT_NODES));
      return null;
    }
    // The share of aliased nodes that go-yaml accepts (decode.go).
    if (copy.aliased > 100
        && copy.visited > 1000
        && (double) copy.aliased / copy.visited > allowedShare(copy.visited)) {
      problems.add(Kind.ALIAS_CYCLE_OR_BOMB, top, "", "");
      return null;
    }
    budget.spend(copy.visited, top);
    YamlNode copied = copy.node(root, "", List.of());
    return copied == null ? null : new Result(copied, copy.resets);
  }

  private static double allowedShare(long visited) {
    if (visited <= 400_000) {
      return 0.99;
    }
    return 0.99 - 0.89 * (Math.min(visited, 4_000_000) - 400_000) / 3_600_000;
  }

  private void count(YamlNode node, boolean within) {
    visited++;
    boolean alias = within || !node.way().isEmpty();
    if (alias) {
      aliased++;
    } else {
      own++;
    }
    if (node instanceof YamlMapping mapping) {
      visited += mapping.entries().size();
      for (Entry entry : mapping.entries()) {
        aliased += alias ? 1 : 0;
        count(entry.value(), alias);
      }
    } else if (node instanceof YamlSequence sequence) {
      sequence.items().forEach(item -> count(item, alias));
    }
  }

  private @Nullable YamlNode node(YamlNode node, String shape, List<Step> outer) {
    if ("!reset".equals(node.tag())) {
      resets.add(List.copyOf(path));
      return null;
    }
    if ("!override".equals(node.tag())) {
      resets.add(List.copyOf(path));
    }
    List<Step> way = join(node.way(), outer);
    if (node instanceof YamlMapping mapping) {
      return mapping(mapping, shape, way);
    }
    if (node instanceof YamlSequence sequence) {
      List<YamlNode> items = new ArrayList<>(sequence.items().size());
      for (int i = 0; i < sequence.items().size(); i++) {
        path.add("[" + i + "]");
        YamlNode item = node(sequence.items().get(i), Shapes.item(shape), way);
        path.remove(path.size() - 1);
        if (item != null) {
          items.add(item);
        }
      }
      return new YamlSequence(sequence.span(), items, sequence.tag(), sequence.anchor(), way);
    }
    return scalar((YamlScalar) node, shape, way);
  }

  private YamlMapping mapping(YamlMapping mapping, String shape, List<Step> way) {
    List<Entry> entries = new ArrayList<>(mapping.entries().size());
    for (Entry entry : mapping.entries()) {
      YamlNode key = entry.key();
      List<Step> keyWay = join(key.way(), way);
      if (!(key instanceof YamlScalar scalar)) {
        problems.add(Kind.NON_STRING_KEY, key, label(), key.span().text(), label());
        continue;
      }
      if (scalar.kind() != YamlScalar.Kind.STRING) {
        problems.add(Kind.NON_STRING_KEY, key, label(), scalar.value(), label());
      }
      path.add(scalar.value());
      YamlNode value = node(entry.value(), Shapes.key(shape, scalar.value()), way);
      path.remove(path.size() - 1);
      if (value != null) {
        entries.add(new Entry(withWay(scalar, keyWay), value));
      }
    }
    return new YamlMapping(mapping.span(), entries, entries, mapping.tag(), mapping.anchor(), way);
  }

  private YamlScalar scalar(YamlScalar written, String shape, List<Step> way) {
    String tag = written.tag();
    // A tag of its own makes a text of any scalar, {@code !override null} too.
    YamlScalar scalar =
        tag == null || tag.startsWith("tag:yaml.org,2002:")
            ? written
            : new YamlScalar(
                written.span(),
                written.value(),
                written.style(),
                "tag:yaml.org,2002:str",
                written.anchor(),
                written.way());
    if (scalar.kind() != YamlScalar.Kind.STRING) {
      return withWay(scalar, way);
    }
    YamlScalar plain = withWay(scalar, way);
    Template.Result result = Template.expand(scalar.value(), variables);
    if (result.interpolation() != null || !result.issues().isEmpty()) {
      if (!result.issues().isEmpty()) {
        int[] offsets = plain.offsets();
        for (Template.Issue issue : result.issues()) {
          report(issue, plain, offsets);
        }
      }
      plain =
          new YamlScalar(
              scalar.span(),
              result.value(),
              scalar.style(),
              "tag:yaml.org,2002:str",
              scalar.anchor(),
              join(variables(result), way),
              result.interpolation());
    }
    Cast cast = CASTS.get(shape);
    return cast == null ? plain : cast(plain, cast);
  }

  private static List<Step> variables(Template.Result result) {
    Interpolation interpolation = result.interpolation();
    return interpolation == null
        ? List.of()
        : interpolation.variables().stream()
            .map(Interpolation.Variable::at)
            .flatMap(Stream::ofNullable)
            .distinct()
            .map(at -> new Step(Step.Kind.VARIABLE, at))
            .toList();
  }

  private void report(Template.Issue issue, YamlScalar scalar, int[] offsets) {
    Part at = new Part(scalar.place(issue.from(), issue.to(), offsets), label(), scalar.way());
    switch (issue.kind()) {
      case INVALID -> problems.add(Kind.INVALID_INTERPOLATION, at, label(), scalar.value());
      case REQUIRED ->
          problems.add(Kind.REQUIRED_VARIABLE_MISSING, at, label(), issue.name(), issue.message());
      case UNDEFINED -> problems.add(Kind.UNDEFINED_VARIABLE, at, label(), issue.name());
    }
  }

  private YamlScalar cast(YamlScalar scalar, Cast cast) {
    String value = scalar.value();
    String tag = "int";
    String result = value;
    boolean valid = true;
    if (cast == Cast.BOOLEAN) {
      tag = "bool";
      switch (value.toLowerCase(Locale.ROOT)) {
        case "true", "false" -> result = value.toLowerCase(Locale.ROOT);
        case "y", "yes", "on" -> result = "true";
        case "n", "no", "off" -> result = "false";
        default -> valid = false;
      }
      if (valid && scalar.isKnown() && !result.equalsIgnoreCase(value)) {
        problems.add(Kind.YAML11_BOOLEAN, scalar, label(), value, result);
      }
    } else if (cast == Cast.INTEGER) {
      valid = Units.isInteger(value);
    } else if (cast == Cast.MASK) {
      valid = Numbers.integer(value) != null;
    } else {
      valid = Units.isNumber(value);
      tag = Units.isInteger(value) ? "int" : "float";
    }
    if (!scalar.isKnown()) {
      // Its type is known all the same.
      result = value;
    } else if (!valid) {
      String expected =
          switch (cast) {
            case BOOLEAN -> "boolean";
            case INTEGER, MASK -> "integer";
            case NUMBER -> "number";
          };
      problems.add(Kind.INVALID_CAST, scalar, label(), value, expected);
      return scalar;
    }
    return new YamlScalar(
        scalar.span(),
        result,
        scalar.style(),
        "tag:yaml.org,2002:" + tag,
        scalar.anchor(),
        scalar.way(),
        result.length() == value.length() ? scalar.interpolation() : null);
  }

  private static YamlScalar withWay(YamlScalar scalar, List<Step> way) {
    if (way == scalar.way()) {
      return scalar;
    }
    return new YamlScalar(
        scalar.span(), scalar.value(), scalar.style(), scalar.tag(), scalar.anchor(), way);
  }

  private static List<Step> join(List<Step> own, List<Step> outer) {
    if (own.isEmpty()) {
      return outer;
    }
    if (outer.isEmpty()) {
      return own;
    }
    List<Step> both = new ArrayList<>(own);
    both.addAll(outer);
    return List.copyOf(both);
  }

  private String label() {
    return String.join(".", path).replace(".[", "[");
  }

  private static Map<String, Cast> casts() {
    Map<String, Cast> casts = new HashMap<>();
    String service = "services.*.";
    for (String each :
        List.of(
            "init",
            "depends_on.*.required",
            "depends_on.*.restart",
            "healthcheck.disable",
            "networks.*.use_service_name_alias",
            "oom_kill_disable",
            "privileged",
            "read_only",
            "stdin_open",
            "tty",
            "volumes.[].read_only",
            "volumes.[].volume.nocopy")) {
      casts.put(service + each, Cast.BOOLEAN);
    }
    for (String each :
        List.of(
            "networks.*.external",
            "networks.*.internal",
            "networks.*.attachable",
            "networks.*.enable_ipv4",
            "networks.*.enable_ipv6",
            "volumes.*.external",
            "secrets.*.external",
            "configs.*.external")) {
      casts.put(each, Cast.BOOLEAN);
    }
    for (String each :
        List.of(
            "cpu_count",
            "cpu_period",
            "cpu_quota",
            "cpu_rt_period",
            "cpu_rt_runtime",
            "cpu_shares",
            "deploy.replicas",
            "deploy.update_config.parallelism",
            "deploy.rollback_config.parallelism",
            "deploy.restart_policy.max_attempts",
            "deploy.placement.max_replicas_per_node",
            "healthcheck.retries",
            "oom_score_adj",
            "pids_limit",
            "ports.[].target",
            "scale",
            "ulimits.*",
            "ulimits.*.hard",
            "ulimits.*.soft")) {
      casts.put(service + each, Cast.INTEGER);
    }
    for (String each :
        List.of(
            "cpu_percent",
            "cpus",
            "deploy.update_config.max_failure_ratio",
            "deploy.rollback_config.max_failure_ratio")) {
      casts.put(service + each, Cast.NUMBER);
    }
    casts.put(service + "umask", Cast.MASK);
    return casts;
  }
}
