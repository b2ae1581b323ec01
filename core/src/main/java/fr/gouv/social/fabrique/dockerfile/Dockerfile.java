package fr.gouv.social.fabrique.dockerfile;

import fr.gouv.social.fabrique.dockerfile.DockerfileProblem.Kind;
import fr.gouv.social.fabrique.image.ImageConfig;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.Span;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A Dockerfile.
 *
 * @param escape the escape character, {@code \} unless a directive says {@code `}
 * @param directives the parser directives
 * @param comments all comment lines that are no directives, in the order of the file, those among
 *     continuation lines too
 * @param instructions all instructions in the order of the file
 * @param stages its stages
 * @param globalScope the variables that {@code FROM} sees: the platform's and those of the {@code
 *     ARG}s before the first stage
 * @param problems what BuildKit refuses, in the order of the file
 */
public record Dockerfile(
    SourceFile file,
    char escape,
    List<Directive> directives,
    List<Comment> comments,
    List<Instruction> instructions,
    List<Stage> stages,
    Scope globalScope,
    List<DockerfileProblem> problems)
    implements Located {

  /** The variables that the builder sets for {@code FROM}; a stage has to declare them. */
  public static final Set<String> PLATFORM_ARGUMENTS =
      Set.of(
          "BUILDPLATFORM",
          "BUILDOS",
          "BUILDOSVERSION",
          "BUILDARCH",
          "BUILDVARIANT",
          "TARGETPLATFORM",
          "TARGETOS",
          "TARGETOSVERSION",
          "TARGETARCH",
          "TARGETVARIANT",
          "TARGETSTAGE");

  /** The variables that {@code RUN} sees without a declaration when the build is given them. */
  public static final Set<String> PROXY_ARGUMENTS =
      Set.of(
          "HTTP_PROXY",
          "http_proxy",
          "HTTPS_PROXY",
          "https_proxy",
          "FTP_PROXY",
          "ftp_proxy",
          "NO_PROXY",
          "no_proxy",
          "ALL_PROXY",
          "all_proxy");

  public Dockerfile {
    directives = List.copyOf(directives);
    comments = List.copyOf(comments);
    instructions = List.copyOf(instructions);
    stages = List.copyOf(stages);
    problems = List.copyOf(problems);
  }

  static Dockerfile of(
      SourceFile file,
      char escape,
      List<Directive> directives,
      List<Comment> comments,
      List<Instruction> instructions,
      List<DockerfileProblem> problems,
      Function<String, @Nullable ImageConfig> bases) {
    Scope global = Scope.growing(null, true);
    for (String name : PLATFORM_ARGUMENTS) {
      global.set(name, -1, Setting.unknown(file.span(0, 0)));
    }
    List<Stage> stages = new ArrayList<>();
    List<Instruction> ofStage = new ArrayList<>();
    Instruction.From from = null;
    for (Instruction instruction : instructions) {
      if (instruction instanceof Instruction.From next) {
        addStage(stages, from, ofStage, global, escape, bases);
        from = next;
        ofStage = new ArrayList<>();
      } else if (from != null) {
        ofStage.add(instruction);
      } else if (instruction instanceof Instruction.Arg arg) {
        Stage.declare(arg, global, null, escape);
      } else if (!(instruction instanceof Instruction.Unknown)) {
        problems.add(
            new DockerfileProblem(
                Kind.BEFORE_FROM, instruction.keyword().span(), List.of(instruction.name())));
      }
    }
    addStage(stages, from, ofStage, global, escape, bases);
    if (stages.isEmpty() && !instructions.isEmpty()) {
      problems.add(new DockerfileProblem(Kind.NO_STAGE, file.span(0, 0), List.of()));
    }
    Dockerfile dockerfile =
        new Dockerfile(file, escape, directives, comments, instructions, stages, global, List.of());
    problems.addAll(new BuildChecks(dockerfile).run());
    problems.sort(Comparator.comparing(DockerfileProblem::span));
    return new Dockerfile(
        file, escape, directives, comments, instructions, stages, global, problems);
  }

  private static void addStage(
      List<Stage> stages,
      Instruction.@Nullable From from,
      List<Instruction> instructions,
      Scope global,
      char escape,
      Function<String, @Nullable ImageConfig> bases) {
    if (from != null) {
      stages.add(new Stage(stages, from, List.copyOf(instructions), global, escape, bases));
    }
  }

  /** The {@code ARG}s before the first stage. */
  public List<Instruction.Arg> globalArguments() {
    List<Instruction.Arg> arguments = new ArrayList<>();
    for (Instruction instruction : instructions) {
      if (instruction instanceof Instruction.From) {
        break;
      }
      if (instruction instanceof Instruction.Arg arg) {
        arguments.add(arg);
      }
    }
    return arguments;
  }

  /** The first directive of a kind, null when there is none. */
  public @Nullable Directive directive(Directive.Kind kind) {
    for (Directive directive : directives) {
      if (directive.kind() == kind) {
        return directive;
      }
    }
    return null;
  }

  /**
   * The options of the {@code check} directive; nothing said when there is none or it is invalid.
   */
  public CheckOptions checkOptions() {
    Directive check = directive(Directive.Kind.CHECK);
    CheckOptions options = check == null ? null : CheckOptions.parse(check.value().text());
    return options == null ? CheckOptions.NONE : options;
  }

  /** The stage that is built when none is asked for: the last; null when there is none. */
  public @Nullable Stage finalStage() {
    return stages.isEmpty() ? null : stages.get(stages.size() - 1);
  }

  /** The stage that {@code COPY --from} finds by name, whatever the case; null when none does. */
  public @Nullable Stage stage(String name) {
    return Stage.named(stages, name);
  }

  /** The stage that holds a place, null for what stands before the first one. */
  public @Nullable Stage stageAt(Located place) {
    Stage found = null;
    for (Stage stage : stages) {
      found = stage.from().span().start() <= place.span().start() ? stage : found;
    }
    return found;
  }

  /** The stages that a stage is built from, itself included: bases, copies and mounts. */
  public Set<Stage> builtFor(Stage target) {
    Set<Stage> reached = new LinkedHashSet<>();
    Deque<Stage> open = new ArrayDeque<>();
    open.add(target);
    while (!open.isEmpty()) {
      Stage stage = open.remove();
      if (reached.add(stage)) {
        Stage base = stage.base();
        if (base != null) {
          open.add(base);
        }
        for (Stage.Source source : stage.sources()) {
          Stage from = source.stage();
          if (from != null) {
            open.add(from);
          }
        }
      }
    }
    return reached;
  }

  /** Whether the problems are such that BuildKit's parser gives no tree at all. */
  public boolean isParsed() {
    return problems.stream()
        .noneMatch(problem -> problem.kind().phase() == DockerfileProblem.Phase.PARSE);
  }

  @Override
  public Span span() {
    return file.all();
  }

  @Override
  public String toString() {
    return file.path();
  }

  static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
