package fr.gouv.social.fabrique.dockerfile;

import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.MappedText;
import fr.gouv.social.fabrique.source.Span;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One instruction. An instruction in error is still here, with the parts that could be read: what
 * is missing is null or empty.
 */
public sealed interface Instruction extends Located {

  /** What it has in common with the others. */
  Statement statement();

  /** From the first character to the last, here-documents included. */
  @Override
  default Span span() {
    return statement().span();
  }

  /** The keyword in upper case. */
  default String name() {
    return statement().keyword().toString().toUpperCase(Locale.ROOT);
  }

  /** The keyword as written. */
  default Word keyword() {
    return statement().keyword();
  }

  /** What follows the keyword and the flags, the lines joined. */
  default MappedText arguments() {
    return statement().arguments();
  }

  /** The flags as written, valid or not. */
  default List<Flag> flags() {
    return statement().flags();
  }

  /** The last flag of that name, null when there is none. */
  default @Nullable Flag flag(String name) {
    Flag found = null;
    for (Flag flag : flags()) {
      found = flag.name().equals(name) ? flag : found;
    }
    return found;
  }

  /** The comment lines that belong to it. */
  default List<Comment> comments() {
    return statement().comments();
  }

  /** Its here-documents. */
  default List<Heredoc> heredocs() {
    return statement().heredocs();
  }

  /** The checks that the comments above skip, as BuildKit reads them; null when none does. */
  default @Nullable CheckOptions checkOptions() {
    return CheckOptions.among(comments());
  }

  /**
   * {@code FROM image AS name}.
   *
   * @param image the base before expansion
   * @param as the keyword between, and {@code alias} what follows it, as written
   */
  record From(Statement statement, @Nullable Word image, @Nullable Word as, @Nullable Word alias)
      implements Instruction {

    /** The name of the stage in lower case, null when it has none. */
    public @Nullable String stageName() {
      return alias == null ? null : alias.toString().toLowerCase(Locale.ROOT);
    }

    /** The {@code --platform} before expansion. */
    public @Nullable Flag platform() {
      return flag("platform");
    }
  }

  /** {@code RUN}. */
  record Run(Statement statement, CommandLine command, List<RunMount> mounts)
      implements Instruction {
    public Run {
      mounts = List.copyOf(mounts);
    }

    /**
     * The here-document that is the whole script, as in {@code RUN <<EOF}; null when the command
     * line says more than that.
     */
    public @Nullable Heredoc scriptHeredoc() {
      boolean alone =
          !heredocs().isEmpty() && heredocs().get(0).marker().span().equals(command.text().span());
      return alone ? heredocs().get(0) : null;
    }

    /**
     * What is run, as dispatchRun of dockerfile2llb/convert.go puts it together: the body of a lone
     * here-document, else the command line followed by its here-documents; in the exec form, the
     * array as written.
     */
    public MappedText script() {
      Heredoc alone = scriptHeredoc();
      if (alone != null) {
        return alone.body();
      }
      if (heredocs().isEmpty()) {
        return command.text();
      }
      MappedText.Builder script = new MappedText.Builder(span().file()).add(command.text());
      for (Heredoc heredoc : heredocs()) {
        script.add('\n', Math.max(0, heredoc.content().offsetAt(0) - 1)).add(heredoc.content());
        Span terminator = heredoc.terminator();
        if (terminator != null) {
          script.add(terminator.start(), terminator.end());
        }
      }
      return script.build(command.text().offsetAt(0));
    }

    /**
     * The {@code #!} line of the script without its {@code #!}, which then names what runs it; null
     * when the shell runs it.
     */
    public @Nullable MappedText shebang() {
      Heredoc alone = scriptHeredoc();
      if (alone == null || !alone.body().text().startsWith("#!")) {
        return null;
      }
      MappedText body = alone.body();
      int end = body.text().indexOf('\n');
      return Spaces.strip(body.sub(2, end < 0 ? body.length() : end));
    }
  }

  /** {@code CMD}. */
  record Cmd(Statement statement, CommandLine command) implements Instruction {}

  /** {@code ENTRYPOINT}. */
  record Entrypoint(Statement statement, CommandLine command) implements Instruction {}

  /** {@code SHELL}. */
  record Shell(Statement statement, CommandLine command) implements Instruction {}

  /** {@code COPY} and {@code ADD}. */
  sealed interface Transfer extends Instruction {
    /** What is copied, before expansion; the markers of here-documents among them. */
    List<Word> sources();

    /** Where to, before expansion. */
    @Nullable Word destination();

    /** The sources that are paths or addresses, not here-documents. */
    default List<Word> paths() {
      return sources().stream().filter(source -> heredoc(source) == null).toList();
    }

    /** The here-document whose marker a source is, null when it is a path. */
    default @Nullable Heredoc heredoc(Word source) {
      // They are in the order of the line.
      int low = 0;
      int high = heredocs().size() - 1;
      while (low <= high) {
        int middle = (low + high) >>> 1;
        Span marker = heredocs().get(middle).span();
        if (marker.equals(source.span())) {
          return heredocs().get(middle);
        }
        if (marker.start() < source.span().start()) {
          low = middle + 1;
        } else {
          high = middle - 1;
        }
      }
      return null;
    }
  }

  /** {@code COPY}. */
  record Copy(Statement statement, List<Word> sources, @Nullable Word destination)
      implements Transfer {
    public Copy {
      sources = List.copyOf(sources);
    }

    /** The stage, index or image that it copies from; null for the build context. */
    public @Nullable Word from() {
      Flag from = flag("from");
      Word value = from == null ? null : from.value();
      return value == null || value.text().isEmpty() ? null : value;
    }
  }

  /** {@code ADD}. */
  record Add(Statement statement, List<Word> sources, @Nullable Word destination)
      implements Transfer {
    public Add {
      sources = List.copyOf(sources);
    }
  }

  /**
   * {@code ENV}.
   *
   * @param legacy whether it is written {@code ENV name value}
   */
  record Env(Statement statement, List<Assignment> assignments, boolean legacy)
      implements Instruction {
    public Env {
      assignments = List.copyOf(assignments);
    }
  }

  /**
   * {@code LABEL}.
   *
   * @param legacy whether it is written {@code LABEL name value}
   */
  record Label(Statement statement, List<Assignment> assignments, boolean legacy)
      implements Instruction {
    public Label {
      assignments = List.copyOf(assignments);
    }
  }

  /** {@code ARG}. */
  record Arg(Statement statement, List<Assignment> assignments) implements Instruction {
    public Arg {
      assignments = List.copyOf(assignments);
    }
  }

  /** {@code EXPOSE}. */
  record Expose(Statement statement, List<Word> ports) implements Instruction {
    public Expose {
      ports = List.copyOf(ports);
    }
  }

  /** {@code USER}: the rest of the line. */
  record User(Statement statement, @Nullable Word user) implements Instruction {}

  /** {@code WORKDIR}: the rest of the line. */
  record Workdir(Statement statement, @Nullable Word path) implements Instruction {}

  /** {@code VOLUME}. */
  record Volume(Statement statement, List<Word> paths) implements Instruction {
    public Volume {
      paths = List.copyOf(paths);
    }
  }

  /** {@code STOPSIGNAL}: the rest of the line. */
  record StopSignal(Statement statement, @Nullable Word signal) implements Instruction {}

  /**
   * {@code HEALTHCHECK}.
   *
   * @param type {@code NONE} or {@code CMD} as written
   * @param command what follows the type; null for {@code NONE} when nothing does
   */
  record HealthCheck(Statement statement, @Nullable Word type, @Nullable CommandLine command)
      implements Instruction {

    /** Whether it switches the check of the base image off. */
    public boolean isNone() {
      return type != null && type.toString().equalsIgnoreCase("NONE");
    }
  }

  /**
   * {@code ONBUILD}.
   *
   * @param trigger the instruction that a build upon this image runs; its here-documents are those
   *     of the whole
   */
  record OnBuild(Statement statement, @Nullable Instruction trigger) implements Instruction {}

  /** {@code MAINTAINER}: the rest of the line. */
  record Maintainer(Statement statement, @Nullable Word maintainer) implements Instruction {}

  /** No instruction that BuildKit knows. */
  record Unknown(Statement statement) implements Instruction {}
}
