package fr.gouv.social.fabrique.policy;

import fr.gouv.social.fabrique.rule.RuleId;
import fr.gouv.social.fabrique.rule.RulePage;
import fr.gouv.social.fabrique.rule.RuleText;
import fr.gouv.social.fabrique.rule.Severity;
import fr.gouv.social.fabrique.schema.Schema;
import fr.gouv.social.fabrique.schema.SchemaProblem;
import fr.gouv.social.fabrique.schema.Spelling;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.Text;
import fr.gouv.social.fabrique.yaml.YamlDocument;
import fr.gouv.social.fabrique.yaml.YamlFile;
import fr.gouv.social.fabrique.yaml.YamlMapping;
import fr.gouv.social.fabrique.yaml.YamlNode;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import fr.gouv.social.fabrique.yaml.YamlProblem;
import fr.gouv.social.fabrique.yaml.YamlReader;
import fr.gouv.social.fabrique.yaml.YamlScalar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads policy files. All that can be told of a policy before it is evaluated is told here. */
public final class PolicyReader {
  /** The names that a configuration keeps for itself beside the parameters of a rule. */
  private static final Set<String> RESERVED = Set.of("severity", "reason");

  private static final Set<String> INSTRUCTIONS =
      Set.of(
          "FROM",
          "RUN",
          "CMD",
          "ENTRYPOINT",
          "SHELL",
          "COPY",
          "ADD",
          "ENV",
          "LABEL",
          "ARG",
          "EXPOSE",
          "USER",
          "WORKDIR",
          "VOLUME",
          "STOPSIGNAL",
          "HEALTHCHECK",
          "ONBUILD");

  private final Predicate<RuleId> taken;
  private final Predicate<String> requirements;
  private final List<Policy> policies = new ArrayList<>();
  private final List<PolicyProblem> problems = new ArrayList<>();

  /**
   * The policies of a file and what is wrong with it.
   *
   * @param policies to be used only when there are no problems
   */
  public record Result(List<Policy> policies, List<PolicyProblem> problems) {}

  private PolicyReader(Predicate<RuleId> taken, Predicate<String> requirements) {
    this.taken = taken;
    this.requirements = requirements;
  }

  /**
   * Reads a policy file.
   *
   * @param taken whether a rule has that id already
   * @param requirements whether the standard has a statement of that id
   */
  public static Result read(
      SourceFile file, Predicate<RuleId> taken, Predicate<String> requirements) {
    PolicyReader reader = new PolicyReader(taken, requirements);
    reader.file(file);
    return new Result(List.copyOf(reader.policies), List.copyOf(reader.problems));
  }

  private void file(SourceFile file) {
    YamlFile yaml = YamlReader.read(file);
    for (YamlProblem problem : yaml.problems()) {
      problem(problem.span(), problem.message());
    }
    for (YamlDocument document : yaml.documents()) {
      if (document.isEmpty()) {
        continue;
      }
      YamlNode root = document.root();
      for (SchemaProblem problem :
          Schema.load(PolicyReader.class, "policy.schema").check(root, "Policies")) {
        problem(problem.span(), problem.text());
      }
      if (problems.isEmpty()) {
        YamlPlace.of(root).key("policies").items().forEach(this::policy);
      }
    }
    if (problems.isEmpty() && policies.isEmpty()) {
      problem(
          file.span(0, 0), new Text("aucune politique dans ce fichier", "no policy in this file"));
    }
  }

  private void policy(YamlPlace place) {
    int before = problems.size();
    RuleId id = new RuleId(place.key("id").text(""));
    if (taken.test(id) || policies.stream().anyMatch(each -> each.page().id().equals(id))) {
      problem(
          place.key("id"),
          new Text(
              "une règle s'appelle déjà « " + id + " »", "a rule is named “" + id + "” already"));
    }
    Subject subject = Subject.of(place.key("subject").text(""));
    if (subject == null) {
      return;
    }
    String requirement = place.key("requirement").text();
    if (requirement != null && !requirements.test(requirement)) {
      problem(
          place.key("requirement"),
          new Text(
              "le standard n'a pas d'énoncé « " + requirement + " »",
              "the standard has no statement “" + requirement + "”"));
    }
    String at = place.key("at").text();
    checkPlace(subject, at, place.key("at"));
    Map<String, Parameters.Parameter> parameters =
        caught(() -> parameters(place.key("parameters")));
    if (parameters == null) {
      return;
    }
    Map<String, Type.Member> variables = subject.variables(Parameters.type(parameters));
    boolean forbidden = place.key("forbid").isPresent();
    if (forbidden == place.key("require").isPresent()) {
      problem(
          place.key("id"),
          new Text(
              "une politique a « require » ou « forbid », l'un des deux",
              "a policy has “require” or “forbid”, one of both"));
    }
    Expression when = expression(place.key("when"), variables);
    Expression condition = expression(place.key(forbidden ? "forbid" : "require"), variables);
    Message message = caught(() -> message(place.key("message"), variables));
    List<PolicyExample> examples = new ArrayList<>();
    for (YamlPlace example : place.key("examples").items()) {
      examples(example, subject, parameters.keySet(), examples);
    }
    if (problems.size() > before || condition == null || message == null) {
      return;
    }
    Map<String, String> defaults = new LinkedHashMap<>();
    parameters.forEach((name, parameter) -> defaults.put(name, parameter.text()));
    RulePage page =
        new RulePage(
            id,
            Severity.valueOf(place.key("severity").text("").toUpperCase(Locale.ROOT)),
            !place.key("enabled").bool().isFalse(),
            requirement,
            "",
            place.key("aliases").texts(),
            text(place.key("title")),
            Map.of(PolicyRule.MESSAGE, message.pattern()),
            null,
            defaults);
    policies.add(
        new Policy(
            page,
            prose(text(place.key("why")), examples),
            PolicyRule.of(
                id,
                subject,
                subject.kind(),
                when,
                condition,
                forbidden,
                at,
                message,
                parameters,
                requirement != null),
            examples,
            place.key("id").span()));
  }

  private void checkPlace(Subject subject, @Nullable String at, Located where) {
    if (at == null) {
      return;
    }
    if (!subject.hasPlaces()) {
      problem(
          where,
          new Text(
              "« at » ne dit rien pour « " + subject + " »",
              "“at” says nothing for “" + subject + "”"));
    } else if (subject == Subject.DOCKERFILE_STAGE && !INSTRUCTIONS.contains(at)) {
      String meant = Spelling.nearest(at, INSTRUCTIONS.stream().sorted().toList());
      problem(
          where,
          Spelling.suggesting(
              new Text(
                  "« " + at + " » n'est pas une instruction", "“" + at + "” is no instruction"),
              meant));
    }
  }

  private Map<String, Parameters.Parameter> parameters(YamlPlace place) {
    Map<String, Parameters.Parameter> parameters = Parameters.of(place);
    for (Parameters.Parameter each : parameters.values()) {
      if (RESERVED.contains(each.name()) || !each.name().matches("[A-Za-z][A-Za-z0-9-]*")) {
        throw new PolicyException(
            each.span(),
            "« " + each.name() + " » n'est pas admis comme nom de paramètre",
            "“" + each.name() + "” is not allowed as the name of a parameter");
      }
    }
    return parameters;
  }

  private @Nullable Expression expression(YamlPlace place, Map<String, Type.Member> variables) {
    return place.node() instanceof YamlScalar scalar && place.isPresent()
        ? caught(() -> Compiler.compile(scalar.value(), scalar::place, variables, true))
        : null;
  }

  private static Message message(YamlPlace place, Map<String, Type.Member> variables) {
    YamlNode french = place.node() instanceof YamlScalar ? place.node() : place.key("fr").node();
    YamlNode english = place.node() instanceof YamlScalar ? place.node() : place.key("en").node();
    if (french instanceof YamlScalar fr && english instanceof YamlScalar en) {
      return Message.of(
          fr.value(),
          fr::place,
          en.value(),
          en::place,
          (text, at) -> Compiler.compile(text, at, variables, false));
    }
    throw new PolicyException(place, "un message est un texte", "a message is a text");
  }

  private void examples(
      YamlPlace place, Subject subject, Set<String> known, List<PolicyExample> into) {
    Map<String, String> given = caught(() -> Parameters.values(place.key("parameters")));
    for (String name : given == null ? Set.<String>of() : given.keySet()) {
      if (!known.contains(name)) {
        problem(
            place.key("parameters").key(name),
            Spelling.suggesting(
                new Text("paramètre inconnu « " + name + " »", "unknown parameter “" + name + "”"),
                Spelling.nearest(name, known)));
      }
    }
    if (place.key("bad").isPresent() == place.key("good").isPresent()) {
      problem(
          place, new Text("un exemple est « bad » ou « good »", "an example is “bad” or “good”"));
      return;
    }
    boolean bad = place.key("bad").isPresent();
    YamlPlace files = place.key(bad ? "bad" : "good");
    Map<String, String> texts = new LinkedHashMap<>();
    if (files.node() instanceof YamlMapping mapping) {
      mapping.entries().forEach(each -> texts.put(each.name(), files.key(each.name()).text("")));
    } else {
      texts.put(place.key("path").text(subject.file()), files.text(""));
    }
    into.add(PolicyExample.of(bad, texts, given == null ? Map.of() : given, files.span()));
  }

  private interface Read<T> {
    T read();
  }

  private <T> @Nullable T caught(Read<T> read) {
    try {
      return read.read();
    } catch (PolicyException wrong) {
      problems.add(wrong.problem());
      return null;
    }
  }

  private static Text text(YamlPlace place) {
    String both = place.text();
    return both == null
        ? new Text(
            Evaluation.visible(place.key("fr").text("")),
            Evaluation.visible(place.key("en").text("")))
        : Text.same(Evaluation.visible(both));
  }

  private static RuleText prose(Text why, List<PolicyExample> examples) {
    return new RuleText(
        why,
        new Text(html(why.fr()), html(why.en())),
        first(examples, true),
        first(examples, false));
  }

  /** The prose of a policy is anybody's: it stands in a page as text. */
  private static String html(String text) {
    return Stream.of(text.strip().split("\\n\\s*\\n"))
        .filter(each -> !each.isBlank())
        .map(
            each ->
                "<p>"
                    + each.replace("&", "&amp;")
                        .replace("<", "&lt;")
                        .replace(">", "&gt;")
                        .replace("\"", "&quot;")
                        .replace("'", "&#39;")
                    + "</p>")
        .collect(Collectors.joining("\n"));
  }

  private static String first(List<PolicyExample> examples, boolean bad) {
    return examples.stream()
        .filter(each -> each.bad() == bad)
        .map(each -> String.join("\n", each.files().values()))
        .findFirst()
        .orElse("");
  }

  private void problem(Located at, Text message) {
    if (problems.stream().noneMatch(each -> each.span().equals(at.span()))) {
      problems.add(new PolicyProblem(at.span(), message));
    }
  }
}
