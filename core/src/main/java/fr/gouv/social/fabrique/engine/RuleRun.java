package fr.gouv.social.fabrique.engine;

import fr.gouv.social.fabrique.config.FabriqueConfig;
import fr.gouv.social.fabrique.kubernetes.KubernetesObject;
import fr.gouv.social.fabrique.kubernetes.Kustomization;
import fr.gouv.social.fabrique.project.Project;
import fr.gouv.social.fabrique.rule.Finding;
import fr.gouv.social.fabrique.rule.Fix;
import fr.gouv.social.fabrique.rule.Rule;
import fr.gouv.social.fabrique.rule.RuleContext;
import fr.gouv.social.fabrique.rule.RulePage;
import fr.gouv.social.fabrique.rule.Severity;
import fr.gouv.social.fabrique.rule.TextEdit;
import fr.gouv.social.fabrique.schema.SchemaProblem;
import fr.gouv.social.fabrique.source.Environment;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.source.Step;
import fr.gouv.social.fabrique.source.Text;
import fr.gouv.social.fabrique.standard.Conformity.Evidence;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One rule looks at all its subjects. */
final class RuleRun implements RuleContext {
  /** More places prove nothing more. */
  private static final int MAX_EVIDENCE = 100;

  private static final Text LEFT =
      new Text(
          "cette kustomization ne le change pas, d'autres le changent",
          "this kustomization does not change it, others do");

  private static final Pattern DIGEST = Pattern.compile("(@sha256:[0-9a-f]{8})[0-9a-f]{56}");

  private final RulePage page;
  private final FabriqueConfig config;
  private final Project project;
  private final List<Pending> reported = new ArrayList<>();
  private final List<Evidence> evidence = new ArrayList<>();
  private final List<NotChecked> notChecked = new ArrayList<>();
  private final List<Defect> defects = new ArrayList<>();
  private @Nullable Located whole;
  private String subject = "";
  private boolean seen;
  private boolean concerned;

  RuleRun(RulePage page, FabriqueConfig config, Project project) {
    this.page = page;
    this.config = config;
    this.project = project;
  }

  <S> RuleRun run(Rule<S> rule, List<S> subjects) {
    for (S each : subjects) {
      whole = each instanceof Located located ? located : null;
      subject = whole == null ? "" : whole.label();
      seen = true;
      int before = reported.size();
      try {
        rule.check(each, this);
      } catch (RuntimeException | StackOverflowError e) {
        // A defect of one rule on one subject must not cost the rest of the report.
        reported.subList(before, reported.size()).clear();
        defects.add(
            new Defect(rule.id() + " at " + (each instanceof Located at ? at.span() : each), e));
      }
    }
    return this;
  }

  List<Finding> findings() {
    return reported.stream().map(Pending::finding).toList();
  }

  RulePage page() {
    return page;
  }

  List<Evidence> evidence() {
    return evidence;
  }

  /** Whether the rule said that it concerns the repository. */
  boolean concerned() {
    return concerned;
  }

  List<NotChecked> notChecked() {
    return notChecked;
  }

  List<Defect> defects() {
    return defects;
  }

  /** Whether there was anything to look at. */
  boolean sawSubjects() {
    return seen;
  }

  @Override
  public Project project() {
    return project;
  }

  @Override
  public LocalDate asOf() {
    return config.asOf();
  }

  @Override
  public Environment environment(Located at) {
    return project.environment(at);
  }

  @Override
  public String parameter(String name) {
    String configured =
        name.indexOf('.') > 0 ? config.settings().get(name) : config.parameter(page.id(), name);
    if (configured != null) {
      return configured;
    }
    String value = page.parameters().get(name);
    if (value == null && name.indexOf('.') < 0) {
      throw new IllegalArgumentException(page.id() + " declares no parameter " + name);
    }
    return value == null ? "" : value;
  }

  @Override
  public void keep(Located at) {
    if (evidence.size() < MAX_EVIDENCE) {
      evidence.add(new Evidence(at.span(), label(at)));
    }
  }

  @Override
  public void concerns() {
    concerned = true;
  }

  @Override
  public void notChecked(Located at, Text reason) {
    Span span = at.span();
    notChecked.add(new NotChecked(span.file().path(), span.line(), reason));
  }

  @Override
  public Reported report(Located at, String messageKey, Object... arguments) {
    if (!page.messages().containsKey(messageKey)) {
      throw new IllegalArgumentException(page.id() + " has no message " + messageKey);
    }
    Pending pending =
        new Pending(
            at.span(),
            label(at),
            messageKey,
            wayOf(at),
            Arrays.stream(arguments).map(String::valueOf).map(RuleRun::abbreviated).toList());
    reported.add(pending);
    List<String> names = names(at);
    KubernetesObject object = names.isEmpty() ? null : project.objectAt(at.span());
    if (object != null) {
      for (Kustomization each : project.objects().leavingAlone(object, names)) {
        pending.related.add(new Finding.Related(each.span(), LEFT));
      }
    }
    return pending;
  }

  /** The names from the root of a tree to a place in it; empty where none is known. */
  private static List<String> names(Located at) {
    if (at instanceof YamlPlace place) {
      return place.names();
    }
    if (at instanceof Setting<?> setting) {
      return names(setting.at());
    }
    return at instanceof SchemaProblem problem ? problem.names() : List.of();
  }

  /** The way of a place; a bare place within the subject came the way of the subject. */
  private List<Step> wayOf(Located at) {
    boolean bare = at instanceof Span;
    return bare && whole != null && whole.span().contains(at.span()) ? whole.way() : at.way();
  }

  /** Nobody reads the 64 digits of a digest. */
  private static String abbreviated(String argument) {
    return argument.indexOf("@sha256:") < 0 ? argument : DIGEST.matcher(argument).replaceAll("$1…");
  }

  /** The subject and the place in it; what both say is said once. */
  private String label(Located at) {
    String label = at.label();
    if (label.isEmpty() || subject.isEmpty()) {
      return label.isEmpty() ? subject : label;
    }
    if (label.equals(subject) || label.startsWith(subject + " › ")) {
      return label;
    }
    int last = subject.lastIndexOf(" › ");
    String own = last < 0 ? subject : subject.substring(last + 3);
    if (label.startsWith(own)) {
      return subject.substring(0, subject.length() - own.length()) + label;
    }
    return subject + " › " + label;
  }

  /** A finding that may still gain related places and a fix. */
  private final class Pending implements Reported {
    private final Span span;
    private final String where;
    private final String key;
    private final List<String> arguments;
    private final List<Finding.Related> related = new ArrayList<>();
    private @Nullable Fix fix;
    private Severity most = Severity.ERROR;

    Pending(Span span, String where, String key, List<Step> way, List<String> arguments) {
      this.span = span;
      this.where = where;
      this.key = key;
      this.arguments = arguments;
      way.forEach(step -> related.add(new Finding.Related(step.at(), step.kind().text())));
    }

    @Override
    public Reported related(Located place) {
      related.add(new Finding.Related(place.span(), null));
      return this;
    }

    @Override
    public Reported atMost(Severity severity) {
      most = severity;
      return this;
    }

    @Override
    public Reported fix(TextEdit... edits) {
      fix = new Fix(List.of(edits), true);
      return this;
    }

    @Override
    public Reported unsafeFix(TextEdit... edits) {
      fix = new Fix(List.of(edits), false);
      return this;
    }

    /** The template that an object was rendered from, as its {@code # Source:} comment says. */
    private String source() {
      KubernetesObject object = project.objectAt(span);
      String template = object == null ? null : object.template();
      return template == null ? "" : " (" + template + ")";
    }

    Finding finding() {
      Severity own = config.severity(page);
      Severity severity = own.atLeast(most) ? most : own;
      return new Finding(page.id(), severity, span, where + source(), key, arguments, related, fix);
    }
  }

  /** Runs a rule over the subjects that a function gives for its kind. */
  static <S> RuleRun of(
      Rule<S> rule,
      RulePage page,
      FabriqueConfig config,
      Project project,
      Function<Class<S>, List<S>> subjects) {
    return new RuleRun(page, config, project).run(rule, subjects.apply(rule.subject()));
  }
}
