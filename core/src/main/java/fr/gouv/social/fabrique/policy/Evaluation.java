package fr.gouv.social.fabrique.policy;

import fr.gouv.social.fabrique.project.Project;
import fr.gouv.social.fabrique.source.Environment;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.SourceFile;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An expression outside of a policy, to see what it gives. */
public final class Evaluation {
  private final Expression expression;

  private Evaluation(Expression expression) {
    this.expression = expression;
  }

  /**
   * An expression about a subject.
   *
   * @throws PolicyException when it is wrong, its place being in a file named {@code expression}
   */
  public static Evaluation of(String text, Subject subject) {
    SourceFile file = SourceFile.of("expression", text);
    return new Evaluation(
        Compiler.compile(text, file::span, subject.variables(Parameters.type(Map.of())), false));
  }

  /**
   * Its value for one subject, as policies write values; {@code ?} for what cannot be known.
   *
   * @throws PolicyException when it asks for more than it may
   */
  public String of(Located subject, Project project, LocalDate asOf) {
    return written(
        expression.of(
            subject,
            new Facts() {
              @Override
              public Project project() {
                return project;
              }

              @Override
              public LocalDate asOf() {
                return asOf;
              }

              @Override
              public Environment environment(Located at) {
                return project.environment(at);
              }

              @Override
              public @Nullable Object parameter(String name) {
                return null;
              }
            },
            new AtomicLong()));
  }

  /** Without what a terminal would obey. */
  static String visible(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.chars()
        .forEach(
            c -> out.append(c < ' ' && c != '\n' && c != '\t' || c == 127 ? '\uFFFD' : (char) c));
    return out.toString();
  }

  private static String written(@Nullable Object value) {
    if (value == null) {
      return "null";
    }
    if (value instanceof String text) {
      return "'" + visible(text).replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
    if (value instanceof List<?> list) {
      return list.stream().map(Evaluation::written).collect(Collectors.joining(", ", "[", "]"));
    }
    if (value instanceof Entries map) {
      return map.names().stream()
          .map(
              name ->
                  name instanceof String key ? written(key) + ": " + written(map.get(key)) : "…")
          .collect(Collectors.joining(", ", "{", "}"));
    }
    return Operations.show(value);
  }
}
