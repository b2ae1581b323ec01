package fr.gouv.social.fabrique.compose;

import fr.gouv.social.fabrique.schema.SchemaProblem;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.source.Step;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something wrong with a Compose project that shows when it is loaded.
 *
 * @param label the path in the merged project, such as {@code services.web.ports[0]}; may be empty
 * @param arguments what the kind says, in its order
 * @param way how what is wrong came to where it counts
 * @param related other places that matter, such as the first of two definitions
 * @param schema for {@link Kind#SCHEMA}, what the schema says; else null
 */
public record ComposeProblem(
    Kind kind,
    Span span,
    String label,
    List<String> arguments,
    List<Step> way,
    List<Span> related,
    @Nullable SchemaProblem schema)
    implements Located {
  public ComposeProblem {
    arguments = List.copyOf(arguments);
    way = List.copyOf(way);
    related = List.copyOf(related);
  }

  /** When a problem shows, in the order of the phases of loading. */
  public enum Phase {
    /** While files are read and put together: Compose stops. */
    LOADING,
    /** The merged project against the schema: Compose stops. */
    SCHEMA,
    /** The values of the merged project: Compose stops. */
    VALIDATION,
    /** References and choices that contradict each other: Compose stops. */
    CONSISTENCY,
    /** Compose goes on, with or without a warning. */
    WARNING,
    /** Something that this analysis does not follow: the project is known in part only. */
    NOT_FOLLOWED
  }

  /** What is wrong; the comment names the arguments. */
  public enum Kind {
    /** The parser's message. */
    YAML_SYNTAX(Phase.LOADING),
    /** The key. */
    DUPLICATE_KEY(Phase.LOADING),
    /** Nothing: the value of a merge key is neither a mapping nor a list of mappings. */
    BAD_MERGE_VALUE(Phase.LOADING),
    /** The anchor. */
    ALIAS_CYCLE_OR_BOMB(Phase.LOADING),
    /** The limit: a document has more nodes. */
    TOO_LARGE(Phase.LOADING),
    /** Nothing: the main file has no content. */
    EMPTY_FILE(Phase.LOADING),
    /** Nothing. */
    TOP_LEVEL_NOT_MAPPING(Phase.LOADING),
    /** The key, the path of the mapping. */
    NON_STRING_KEY(Phase.LOADING),
    /** The first service: it stands at the top level, as in the first version of the format. */
    LEGACY_FORMAT(Phase.SCHEMA),
    /** See {@link ComposeProblem#schema}. */
    SCHEMA(Phase.SCHEMA),
    /** Nothing. */
    OBSOLETE_VERSION(Phase.WARNING),
    /** The name. */
    INVALID_PROJECT_NAME(Phase.LOADING),
    /** The template. */
    INVALID_INTERPOLATION(Phase.LOADING),
    /** The variable, the message (may be empty). */
    REQUIRED_VARIABLE_MISSING(Phase.LOADING),
    /** The variable. */
    UNDEFINED_VARIABLE(Phase.WARNING),
    /**
     * The value, and what it is not: {@code boolean}, {@code integer}, {@code number}, {@code
     * bare-integer}, {@code mode} or {@code env-file-format}.
     */
    INVALID_CAST(Phase.LOADING),
    /** The value as written, the boolean that is meant. */
    YAML11_BOOLEAN(Phase.WARNING),
    /** The value as written: octal for Compose, decimal for a reader of YAML 1.2. */
    OCTAL_MODE(Phase.WARNING),
    /** The path. */
    CANNOT_OVERRIDE(Phase.LOADING),

    /** The service. */
    EXTENDS_WITHOUT_SERVICE(Phase.LOADING),
    /** The service, the service it extends, the file. */
    EXTENDS_UNKNOWN_SERVICE(Phase.LOADING),
    /** The file. */
    EXTENDS_FILE_MISSING(Phase.LOADING),
    /** The chain, {@code a.yaml:web -> b.yaml:base -> …}. */
    EXTENDS_CYCLE(Phase.LOADING),
    /** Nothing: neither a list of paths nor of mappings with a path. */
    INVALID_INCLUDE(Phase.LOADING),
    /** The file. */
    INCLUDE_FILE_MISSING(Phase.LOADING),
    /** The chain of files. */
    INCLUDE_CYCLE(Phase.LOADING),
    /** The file. */
    INCLUDE_ENV_FILE_MISSING(Phase.LOADING),
    /** The path: it leads out of the repository. */
    OUTSIDE_REPOSITORY(Phase.NOT_FOLLOWED),
    /** The reference: it leads to another machine. */
    REMOTE_RESOURCE(Phase.NOT_FOLLOWED),
    /** The reference: a variable in it has no value. */
    UNKNOWN_REFERENCE(Phase.NOT_FOLLOWED),
    /** The service, the file. */
    ENV_FILE_MISSING(Phase.LOADING),
    /** The service, the file. */
    LABEL_FILE_MISSING(Phase.LOADING),
    /** The line. */
    ENV_FILE_SYNTAX(Phase.LOADING),

    /** The specification, why. */
    INVALID_PORT(Phase.LOADING),
    /** The address. */
    INVALID_HOST_IP(Phase.VALIDATION),
    /** The specification, why. */
    INVALID_VOLUME(Phase.LOADING),
    /** The specification, the option. */
    UNKNOWN_VOLUME_OPTION(Phase.WARNING),
    /** The service: a bind mount without a source. */
    BIND_WITHOUT_SOURCE(Phase.VALIDATION),
    /** The specification, why. */
    INVALID_DEVICE(Phase.LOADING),
    /** The value: a device count is a number or {@code all}. */
    INVALID_DEVICE_COUNT(Phase.LOADING),
    /** Nothing: count and device_ids exclude each other. */
    DEVICE_COUNT_AND_IDS(Phase.VALIDATION),
    /** The value. */
    INVALID_DURATION(Phase.LOADING),
    /** The value. */
    INVALID_SIZE(Phase.LOADING),
    /** The variable, with its trailing blank. */
    ENVIRONMENT_TRAILING_SPACE(Phase.LOADING),
    /** The text. */
    INVALID_KEY_VALUE(Phase.LOADING),
    /** The text: a host without an address. */
    HOST_WITHOUT_ADDRESS(Phase.LOADING),
    /** The command: a quote or a parenthesis in it is not closed. */
    INVALID_COMMAND(Phase.LOADING),
    /** What Compose leaves out of a command: no shell reads it. */
    CUT_COMMAND(Phase.WARNING),
    /** The section, the name, the key. */
    EXTERNAL_CONFLICT(Phase.VALIDATION),
    /** The section, the name. */
    EXTERNAL_NAME_CONFLICT(Phase.LOADING),
    /** The section, the name. */
    DEPRECATED_EXTERNAL_NAME(Phase.WARNING),
    /** {@code config} or {@code secret}, the name, the keys of which exactly one must be there. */
    FILE_OBJECT_SOURCE(Phase.VALIDATION),
    /** Nothing. */
    WATCH_PATH_BLANK(Phase.VALIDATION),

    /** The service. */
    NO_IMAGE_OR_BUILD(Phase.CONSISTENCY),
    /** The service. */
    DOCKERFILE_AND_INLINE(Phase.CONSISTENCY),
    /** The service, the context, the service it names, {@code unknown} or {@code not-built}. */
    ADDITIONAL_CONTEXT_SERVICE(Phase.CONSISTENCY),
    /** The service, the platform. */
    PLATFORM_NOT_BUILT(Phase.CONSISTENCY),
    /** The service. */
    NETWORK_MODE_AND_NETWORKS(Phase.CONSISTENCY),
    /** The service, the network, the one probably meant (may be empty); so are the next five. */
    UNDEFINED_NETWORK(Phase.CONSISTENCY),
    UNDEFINED_VOLUME(Phase.CONSISTENCY),
    UNDEFINED_SECRET(Phase.CONSISTENCY),
    UNDEFINED_BUILD_SECRET(Phase.CONSISTENCY),
    UNDEFINED_CONFIG(Phase.CONSISTENCY),
    UNDEFINED_MODEL(Phase.CONSISTENCY),
    /** The service, the one it needs, how ({@code depends_on}, …), the one probably meant. */
    UNDEFINED_DEPENDENCY(Phase.CONSISTENCY),
    /** The service, the one it needs, its profiles. */
    DISABLED_DEPENDENCY(Phase.CONSISTENCY),
    /** The chain of services. */
    DEPENDENCY_CYCLE(Phase.CONSISTENCY),
    /** The first word. */
    HEALTHCHECK_TEST_FORM(Phase.CONSISTENCY),
    /** The service, one path, the other path. */
    DISTINCT_VALUES(Phase.CONSISTENCY),
    /** The service, the path. */
    NEGATIVE_SCALE(Phase.CONSISTENCY),
    /** The service, the container name, the scale. */
    CONTAINER_NAME_SCALED(Phase.CONSISTENCY),
    /** The name, one service, the other service. */
    DUPLICATE_CONTAINER_NAME(Phase.WARNING),
    /** The name: the schema refuses it. */
    REFUSED_CONTAINER_NAME(Phase.SCHEMA),
    /** The name: Docker refuses it, not Compose. */
    INVALID_CONTAINER_NAME(Phase.WARNING),
    /** The same for a secret without any, though it is not external. */
    SECRET_WITHOUT_SOURCE(Phase.CONSISTENCY),
    /** The service. */
    WATCH_TARGET_MISSING(Phase.CONSISTENCY),
    /** The item that is dropped, the later one of the same list, what both define. */
    REPLACED_ITEM(Phase.WARNING),
    /** Nothing: the project has jobs, which are read against the schema only. */
    JOBS(Phase.WARNING),
    /** The service, the target. */
    MOUNT_TARGET_CLASH(Phase.CONSISTENCY);

    private final Phase phase;

    Kind(Phase phase) {
      this.phase = phase;
    }

    /** When it shows. */
    public Phase phase() {
      return phase;
    }
  }
}
