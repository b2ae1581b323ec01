package fr.gouv.social.fabrique.rules.compose;

import static fr.gouv.social.fabrique.rule.Rule.rule;

import fr.gouv.social.fabrique.compose.ComposeProject;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.rule.RuleContext.Reported;
import fr.gouv.social.fabrique.rule.TextEdit;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.yaml.YamlDocument;
import fr.gouv.social.fabrique.yaml.YamlFile;
import fr.gouv.social.fabrique.yaml.YamlMapping;
import fr.gouv.social.fabrique.yaml.YamlNode;
import fr.gouv.social.fabrique.yaml.YamlScalar;
import fr.gouv.social.fabrique.yaml.YamlSequence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How files are written: each file on its own, as it stands. */
final class Style {
  /** A base-60 integer of YAML 1.1 (yaml.org/type/int.html). */
  private static final Pattern SEXAGESIMAL = Pattern.compile("[1-9][0-9_]*(?::[0-5]?[0-9])+");

  /** What means the same without quotes, in a list on one line too. */
  private static final Pattern PLAIN_VOLUME =
      Pattern.compile("[./~a-zA-Z$][\\w./~$@+-]*(?::[\\w./$@+-]+)+");

  private static final Pattern BLOCK = Pattern.compile("(?m)[:-] *[|>][-+0-9]*(?: +#.*)?$");
  private static final Pattern KEEPING_BLOCK =
      Pattern.compile("(?m)[:-] *[|>][0-9]*\\+[0-9]*(?: +#.*)?$");

  private static final Pattern NUMBERS = Pattern.compile("[0-9]{1,5}");

  static final Rule<ComposeProject> SERVICES =
      rule(
          "compose/unordered-services",
          ComposeProject.class,
          (project, context) ->
              eachFile(
                  project,
                  context,
                  root -> {
                    if (root.get("services") instanceof YamlMapping services) {
                      order(items(services), Comparator.comparing(Item::name), context);
                    }
                  }));

  static final Rule<ComposeProject> SERVICE_KEYS =
      rule(
          "compose/unordered-service-keys",
          ComposeProject.class,
          (project, context) -> {
            Comparator<Item> ranks = byRank(context.list("order"));
            eachService(project, context, (name, service) -> order(items(service), ranks, context));
          });

  static final Rule<ComposeProject> TOP_LEVEL =
      rule(
          "compose/unordered-top-level",
          ComposeProject.class,
          (project, context) -> {
            Comparator<Item> ranks = byRank(context.list("order"));
            eachFile(project, context, root -> order(items(root), ranks, context));
          });

  static final Rule<ComposeProject> PORTS =
      rule(
          "compose/unordered-ports",
          ComposeProject.class,
          (project, context) ->
              eachService(
                  project,
                  context,
                  (name, service) -> {
                    if (service.get("ports") instanceof YamlSequence ports) {
                      order(items(ports), Comparator.comparing(Item::number), context);
                    }
                  }));

  static final Rule<ComposeProject> DEPENDENCIES =
      rule(
          "compose/unordered-dependencies",
          ComposeProject.class,
          (project, context) ->
              eachService(
                  project,
                  context,
                  (name, service) -> {
                    YamlNode needed = service.get("depends_on");
                    List<Item> items =
                        needed instanceof YamlMapping mapping
                            ? items(mapping)
                            : needed instanceof YamlSequence sequence ? items(sequence) : List.of();
                    order(items, Comparator.comparing(Item::name), context);
                  }));

  static final Rule<ComposeProject> SEXAGESIMAL_PORT =
      rule(
          "compose/sexagesimal-port",
          ComposeProject.class,
          (project, context) ->
              eachPort(
                  project,
                  context,
                  port -> {
                    if (SEXAGESIMAL.matcher(port.value()).matches()) {
                      quote(port, "sexagesimal", context);
                    }
                  }));

  static final Rule<ComposeProject> UNQUOTED_PORT =
      rule(
          "compose/unquoted-port",
          ComposeProject.class,
          (project, context) ->
              eachPort(project, context, port -> quote(port, "unquoted", context)));

  static final Rule<ComposeProject> QUOTED_VOLUME =
      rule(
          "compose/quoted-volume",
          ComposeProject.class,
          (project, context) ->
              eachScalar(
                  project,
                  context,
                  List.of("volumes"),
                  volume -> {
                    if (volume.style() != YamlScalar.Style.PLAIN
                        && PLAIN_VOLUME.matcher(volume.value()).matches()) {
                      context
                          .report(volume, "quoted", volume.value())
                          .fix(new TextEdit(volume.span(), volume.value()));
                    }
                  }));

  static final List<Rule<?>> ALL =
      List.of(
          SERVICES,
          SERVICE_KEYS,
          TOP_LEVEL,
          PORTS,
          DEPENDENCIES,
          SEXAGESIMAL_PORT,
          UNQUOTED_PORT,
          QUOTED_VOLUME);

  /**
   * An entry of a mapping or an item of a list.
   *
   * @param at where to point
   * @param whole with what belongs to it
   */
  private record Item(String name, Span at, Span whole) {
    /** The first port on the host; for a port alone, that port. */
    int number() {
      Matcher matcher = NUMBERS.matcher(name.replaceAll("^.*\\.\\d+:|^\\[.*?\\]:", ""));
      return matcher.find() ? Integer.parseInt(matcher.group()) : 0;
    }
  }

  private Style() {}

  private static void eachFile(
      ComposeProject project, RuleContext context, Consumer<YamlMapping> look) {
    for (SourceFile file : project.files()) {
      YamlFile yaml = context.project().yaml().get(file.path());
      if (yaml != null && yaml.problems().isEmpty()) {
        for (YamlDocument document : yaml.documents()) {
          if (document.root() instanceof YamlMapping root) {
            look.accept(root);
          }
        }
      }
    }
  }

  private static void eachService(
      ComposeProject project, RuleContext context, BiConsumer<String, YamlMapping> look) {
    eachFile(
        project,
        context,
        root -> {
          if (root.get("services") instanceof YamlMapping services) {
            for (YamlMapping.Entry entry : services.entries()) {
              if (entry.value() instanceof YamlMapping service && service.way().isEmpty()) {
                look.accept(entry.name(), service);
              }
            }
          }
        });
  }

  private static void eachPort(
      ComposeProject project, RuleContext context, Consumer<YamlScalar> look) {
    eachScalar(
        project,
        context,
        List.of("ports", "expose"),
        port -> {
          if (port.style() == YamlScalar.Style.PLAIN) {
            look.accept(port);
          }
        });
  }

  /** Each text in some lists of the services, where it is written. */
  private static void eachScalar(
      ComposeProject project, RuleContext context, List<String> keys, Consumer<YamlScalar> look) {
    eachService(
        project,
        context,
        (name, service) -> {
          for (String key : keys) {
            if (service.get(key) instanceof YamlSequence list && list.way().isEmpty()) {
              for (YamlNode item : list.items()) {
                if (item instanceof YamlScalar scalar
                    && !scalar.isNull()
                    && scalar.way().isEmpty()) {
                  look.accept(scalar);
                }
              }
            }
          }
        });
  }

  private static void quote(YamlScalar port, String message, RuleContext context) {
    Reported reported = context.report(port, message, port.value());
    if (port.value().indexOf('"') < 0 && port.value().indexOf('\\') < 0) {
      reported.fix(new TextEdit(port.span(), "\"" + port.span().text() + "\""));
    }
  }

  /** The keys as written; a merge key has no rank. */
  private static List<Item> items(YamlMapping mapping) {
    List<Item> items = new ArrayList<>();
    for (YamlMapping.Entry entry : mapping.written()) {
      if (mapping.way().isEmpty() && !entry.name().equals("<<")) {
        items.add(new Item(entry.name(), entry.key().span(), entry.span()));
      }
    }
    return items;
  }

  private static List<Item> items(YamlSequence sequence) {
    List<Item> items = new ArrayList<>();
    for (YamlNode item : sequence.items()) {
      if (item instanceof YamlScalar scalar && scalar.way().isEmpty()) {
        items.add(new Item(scalar.value(), item.span(), item.span()));
      } else {
        return List.of();
      }
    }
    return items;
  }

  private static Comparator<Item> byRank(List<String> order) {
    return Comparator.comparingInt(
        item -> {
          int rank = order.indexOf(item.name().startsWith("x-") ? "x-*" : item.name());
          return rank < 0 ? order.size() : rank;
        });
  }

  /** Reports the first item that stands too late, with the order that is meant as its fix. */
  private static void order(List<Item> items, Comparator<Item> order, RuleContext context) {
    for (int i = 1; i < items.size(); i++) {
      Item late = items.get(i);
      for (int j = 0; j < i; j++) {
        if (order.compare(late, items.get(j)) < 0) {
          Reported reported = context.report(late.at(), "late", late.name(), items.get(j).name());
          TextEdit edit = sorted(items, order);
          if (edit != null) {
            reported.fix(edit);
          }
          return;
        }
      }
    }
  }

  /**
   * The items in order, each with the comments right above it; null where that is not safe: several
   * on one line, anchors, which must stay before their aliases, and block scalars that the line
   * ends after them belong to.
   */
  private static @Nullable TextEdit sorted(List<Item> items, Comparator<Item> order) {
    SourceFile file = items.get(0).at().file();
    List<Integer> starts = new ArrayList<>();
    int above = 0;
    for (Item item : items) {
      int line = item.at().line();
      if (line <= above || item.whole().file() != file) {
        return null;
      }
      String before = file.text().substring(file.lineStart(line), item.at().start());
      if (!before.isBlank() && !before.strip().equals("-")) {
        return null;
      }
      int first = line;
      while (first - 1 > above && file.line(first - 1).strip().startsWith("#")) {
        first--;
      }
      starts.add(file.lineStart(first));
      above = item.whole().endLine();
    }
    Item last = items.get(items.size() - 1);
    int end = file.lineEnd(Math.max(last.at().line(), lastLine(last.whole())));
    List<String> bodies = new ArrayList<>();
    List<String> gaps = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      int until = i + 1 < items.size() ? starts.get(i + 1) : end;
      String text = file.text().substring(starts.get(i), until);
      String body = text.stripTrailing();
      bodies.add(body);
      gaps.add(text.substring(body.length()));
    }
    Span all = file.span(starts.get(0), end);
    boolean unfinished = all.end() == file.text().length() && !file.text().endsWith("\n");
    if (all.text().matches("(?s).*(?:^|[\\s\\[{,:-])[&*][\\w-].*")
        || (unfinished ? BLOCK : KEEPING_BLOCK).matcher(all.text()).find()) {
      return null;
    }
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      places.add(i);
    }
    places.sort((a, b) -> order.compare(items.get(a), items.get(b)));
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < places.size(); i++) {
      text.append(bodies.get(places.get(i))).append(gaps.get(i));
    }
    return new TextEdit(all, text.toString());
  }

  /** The line of the last character that is no blank. */
  private static int lastLine(Span span) {
    int length = span.text().stripTrailing().length();
    return span.file().lineAt(span.start() + Math.max(0, length - 1));
  }
}
