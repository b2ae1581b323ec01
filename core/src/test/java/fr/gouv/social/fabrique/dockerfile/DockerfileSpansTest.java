package fr.gouv.social.fabrique.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.MappedText;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.Span;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever the text: nothing is thrown, and every place is exactly where the text says. */
class DockerfileSpansTest {

  @Property(tries = 3000, seed = "20261123")
  void generated(@ForAll long seed) {
    check(RandomDockerfiles.text(new Random(seed)));
  }

  @Property(tries = 3000, seed = "20261123")
  void mutated(@ForAll long seed) {
    Random random = new Random(seed);
    check(RandomDockerfiles.mutated(RandomDockerfiles.text(random), random));
  }

  @Property(tries = 1000, seed = "20261123")
  void anything(@ForAll String text) {
    check(text);
  }

  static void check(String text) {
    SourceFile file = SourceFile.of("Dockerfile", text);
    Dockerfile dockerfile = DockerfileReader.read(file);
    List<Located> parts = new ArrayList<>(dockerfile.instructions());
    parts.addAll(dockerfile.directives());
    dockerfile.comments().stream()
        .filter(
            comment ->
                dockerfile.instructions().stream()
                    .noneMatch(instruction -> instruction.span().contains(comment.span())))
        .filter(
            comment ->
                dockerfile.directives().stream()
                    .noneMatch(directive -> directive.span().contains(comment.span())))
        .forEach(parts::add);
    parts.sort(Comparator.comparing(Located::span));
    StringBuilder printed = new StringBuilder();
    for (Located part : parts) {
      assertBlank(text.substring(printed.length(), part.span().start()), dockerfile);
      printed.append(text, printed.length(), part.span().start()).append(part.span().text());
    }
    assertBlank(text.substring(printed.length()), dockerfile);
    printed.append(text.substring(printed.length()));
    assertThat(printed.toString()).isEqualTo(text);
    dockerfile.instructions().forEach(DockerfileSpansTest::check);
    for (Stage stage : dockerfile.stages()) {
      stage.effectiveUser();
      stage.effectiveWorkdir();
      stage.effectiveShell();
      stage.entrypoint();
      stage.command();
      stage.healthCheck();
      stage.exposedPorts();
      stage.labels();
      stage.sources();
      stage.scope().names();
      assertThat(dockerfile.builtFor(stage)).contains(stage);
    }
  }

  /** Between the parts there is nothing but white space and what is left of a continuation. */
  private static void assertBlank(String gap, Dockerfile dockerfile) {
    for (int i = 0; i < gap.length(); i++) {
      assertThat(Spaces.isSpace(gap.charAt(i)) || gap.charAt(i) == dockerfile.escape())
          .as("gap <%s>", gap)
          .isTrue();
    }
  }

  private static void check(Instruction instruction) {
    Statement statement = instruction.statement();
    Span whole = instruction.span();
    exact(statement.line(), whole);
    exact(statement.arguments(), whole);
    exact(instruction.keyword(), whole);
    for (Flag flag : instruction.flags()) {
      assertThat(whole.contains(flag.span())).isTrue();
      assertThat(flag.span().contains(flag.nameSpan())).isTrue();
      if (flag.value() != null) {
        exact(flag.value(), whole);
      }
    }
    for (Heredoc heredoc : instruction.heredocs()) {
      exact(heredoc.marker(), whole);
      exact(heredoc.content(), whole);
      exact(heredoc.body(), whole);
      assertThat(heredoc.content().span().text()).isEqualTo(heredoc.content().text());
    }
    if (instruction instanceof Instruction.Run run) {
      MappedText script = run.script();
      assertThat(whole.contains(script.span())).isTrue();
      if (run.command().isExec()) {
        run.command().words().forEach(word -> decoded(word, whole));
      }
      run.mounts().forEach(mount -> mount.fields().forEach(field -> inside(field, whole)));
    } else if (instruction instanceof Instruction.Env env) {
      env.assignments().forEach(assignment -> exact(assignment, whole));
    } else if (instruction instanceof Instruction.Label label) {
      label.assignments().forEach(assignment -> exact(assignment, whole));
    } else if (instruction instanceof Instruction.Arg arg) {
      arg.assignments().forEach(assignment -> exact(assignment, whole));
    } else if (instruction instanceof Instruction.Transfer transfer) {
      transfer.sources().forEach(word -> decoded(word, whole));
    } else if (instruction instanceof Instruction.Expose expose) {
      expose.ports().forEach(word -> exact(word, whole));
    } else if (instruction instanceof Instruction.OnBuild onBuild && onBuild.trigger() != null) {
      inside(onBuild.trigger(), whole);
      check(onBuild.trigger());
    }
  }

  private static void inside(Located part, Span whole) {
    assertThat(whole.contains(part.span())).isTrue();
  }

  private static void decoded(Word word, Span whole) {
    inside(word, whole);
    assertThat(word.span().contains(word.text().span())).isTrue();
    if (!word.span().text().startsWith("\"")) {
      exact(word, whole);
    }
  }

  private static void exact(Assignment assignment, Span whole) {
    exact(assignment.key(), whole);
    if (assignment.value() != null) {
      exact(assignment.value(), whole);
    }
  }

  private static void exact(Word word, Span whole) {
    exact(word.text(), whole);
    assertThat(word.span()).isEqualTo(word.text().span());
  }

  private static void exact(MappedText text, Span whole) {
    inside(text.span(), whole);
    for (int i = 0; i < text.length(); i++) {
      assertThat(whole.file().text().charAt(text.offsetAt(i))).isEqualTo(text.text().charAt(i));
      assertThat(text.span(i, i + 1).text()).isEqualTo(text.text().substring(i, i + 1));
    }
  }
}
