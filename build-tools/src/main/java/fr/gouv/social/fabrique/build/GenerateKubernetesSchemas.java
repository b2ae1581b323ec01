package fr.gouv.social.fabrique.build;

import com.google.gson.annotations.SerializedName;
import fr.gouv.social.fabrique.kubernetes.KubernetesSchema;
import io.kubernetes.client.openapi.models.V1Pod;
import io.swagger.annotations.ApiModel;
import io.swagger.annotations.ApiModelProperty;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes the schema of the Kubernetes kinds from the model classes of the official Java client, in
 * the text form of {@code fr.gouv.social.fabrique.schema.Schema}, and a table of what each field is
 * for.
 *
 * <p>The models carry names, types, required fields and descriptions; which group a kind belongs to
 * stands in the paths of the API classes. The values of enumerations are not in the client: {@code
 * kubernetes-enums.tsv} has them. What the API server asks beyond types {@code
 * kubernetes-constraints.schema} has.
 *
 * <p>Earlier releases are written as what differs from the newest one: whole definitions, and
 * {@code Name -} for a kind that is not there yet.
 */
public final class GenerateKubernetesSchemas {
  private static final String API_CLASSES = "io/kubernetes/client/openapi/apis/";
  private static final String MODELS = "io.kubernetes.client.openapi.models.";
  private static final Pattern API_PATH = Pattern.compile("/api(?:s/([a-z0-9.-]+))?/(v[0-9a-z]+)/");
  private static final Pattern MODEL_NAME =
      Pattern.compile("[A-Z]?[a-z]*V[0-9]+(?:(?:alpha|beta)[0-9]+)?([A-Z].*)");
  private static final Pattern CONSTRAINT = Pattern.compile("(\\w+)(!?)(?:: (.+))?");
  private static final String CLIENT = "io.kubernetes.client.";

  /** Kinds of subresources, which the client files under the group of their parent. */
  private static final Map<String, String> SUBRESOURCES =
      Map.of(
          "Scale", "autoscaling.v1",
          "Eviction", "policy.v1",
          "TokenRequest", "authentication.k8s.io.v1");

  private final Path jar;
  private final ClassLoader classes;
  private final Map<String, String> enums = new TreeMap<>();
  private final Set<String> joinedEnums = new HashSet<>();
  private final Map<String, Class<?>> kinds = new TreeMap<>();
  private final Map<String, String> definitions = new TreeMap<>();
  private final Map<String, String> descriptions = new TreeMap<>();
  private final Set<String> unjoinedConstraints = new TreeSet<>();
  private final Deque<Class<?>> waiting = new ArrayDeque<>();
  private final Set<Class<?>> seen = new HashSet<>();

  private GenerateKubernetesSchemas(Path jar, ClassLoader classes) {
    this.jar = jar;
    this.classes = classes;
  }

  /** Finds the classes of another release of the client before those of our own. */
  private static final class OtherRelease extends URLClassLoader {
    OtherRelease(Path jar) throws IOException {
      super(new URL[] {jar.toUri().toURL()}, GenerateKubernetesSchemas.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(CLIENT)) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> known = findLoadedClass(name);
        return known == null ? findClass(name) : known;
      }
    }
  }

  /**
   * Arguments: the folder to write to, the release of the client on the class path, and for each
   * earlier release {@code 1.35=client.jar}.
   */
  public static void main(String[] args) throws IOException, ReflectiveOperationException {
    Path folder = Files.createDirectories(Path.of(args[0]));
    GenerateKubernetesSchemas newest =
        new GenerateKubernetesSchemas(ownJar(), GenerateKubernetesSchemas.class.getClassLoader());
    Map<String, String> texts = newest.generate();
    newest.checkAllUsed();
    StringBuilder schema = new StringBuilder(1 << 19);
    schema
        .append("# Kubernetes ")
        .append(args[1])
        .append(", from io.kubernetes:client-java-api.\n");
    texts.values().forEach(schema::append);
    Files.writeString(folder.resolve(args[1] + ".schema"), schema);
    StringBuilder descriptions = new StringBuilder(1 << 18);
    newest.descriptions.forEach(
        (key, text) -> descriptions.append(key).append('\t').append(text).append('\n'));
    Files.writeString(folder.resolve(args[1] + ".descriptions"), descriptions);
    for (String earlier : List.of(args).subList(2, args.length)) {
      int equals = earlier.indexOf('=');
      Path jar = Path.of(earlier.substring(equals + 1));
      try (OtherRelease classes = new OtherRelease(jar)) {
        Map<String, String> other = new GenerateKubernetesSchemas(jar, classes).generate();
        Files.writeString(
            folder.resolve(earlier.substring(0, equals) + ".delta"), delta(texts, other));
      }
    }
  }

  /** What turns the definitions of one release into those of another. */
  private static String delta(Map<String, String> from, Map<String, String> to) {
    StringBuilder delta = new StringBuilder();
    to.forEach(
        (name, text) -> {
          if (!text.equals(from.get(name))) {
            delta.append(text);
          }
        });
    for (String name : from.keySet()) {
      // Definitions that nothing leads to any more may stay.
      if (!to.containsKey(name) && Character.isLowerCase(name.charAt(0))) {
        delta.append(name).append(" -\n");
      }
    }
    return delta.toString();
  }

  private static Path ownJar() {
    try {
      return Path.of(V1Pod.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The text of each definition, by name. */
  private Map<String, String> generate() throws IOException, ReflectiveOperationException {
    readEnums();
    findKinds();
    while (!waiting.isEmpty()) {
      define(waiting.remove());
    }
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put(
        "Quantity",
        "Quantity = number | quantity/^[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)"
            + "([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$/\n");
    kinds.forEach((kind, type) -> texts.put(kind, kind + " = " + name(type) + "\n"));
    texts.putAll(definitions);
    constrain(texts);
    return texts;
  }

  private void checkAllUsed() {
    Set<String> unused = new TreeSet<>(enums.keySet());
    unused.removeAll(joinedEnums);
    unused.addAll(unjoinedConstraints);
    if (!unused.isEmpty()) {
      throw new IllegalStateException("enumerations and constraints of no field: " + unused);
    }
  }

  /** Lays the constraints over the definitions. */
  private void constrain(Map<String, String> texts) throws IOException {
    String name = "";
    for (String line : read("kubernetes-constraints.schema").split("\n")) {
      if (line.startsWith("#")) {
        continue;
      }
      if (!line.startsWith(" ")) {
        name = line.substring(0, line.indexOf(' '));
        if (!definitions.containsKey(name)) {
          if (Character.isDigit(name.charAt(1)) && line.endsWith("{}")) {
            unjoinedConstraints.add(name);
          }
          texts.put(name, line + "\n");
        }
      } else if (!definitions.containsKey(name)) {
        texts.merge(name, line + "\n", String::concat);
      } else {
        String before = texts.getOrDefault(name, "");
        String after = constrained(before, line.strip());
        if (after.equals(before)) {
          unjoinedConstraints.add(name + ": " + line.strip());
        }
        texts.put(name, after);
      }
    }
  }

  private static String constrained(String definition, String constraint) {
    if (constraint.contains(" of: ")) {
      int colon = constraint.indexOf(" of: ");
      StringBuilder keys = new StringBuilder();
      for (String key : constraint.substring(colon + " of: ".length()).split(" ")) {
        if (definition.contains("\n  " + key + ":") || definition.contains("\n  " + key + "!:")) {
          keys.append(' ').append(key);
        }
      }
      return definition + "  " + constraint.substring(0, colon) + " of:" + keys + "\n";
    }
    Matcher parts = CONSTRAINT.matcher(constraint);
    if (!parts.matches()) {
      throw new IllegalStateException("no constraint: " + constraint);
    }
    Matcher line =
        Pattern.compile("(?m)^  " + Pattern.quote(parts.group(1)) + "(!?): (.*)$")
            .matcher(definition);
    if (!line.find()) {
      return definition;
    }
    String must = parts.group(2).isEmpty() ? line.group(1) : "!";
    String type = parts.group(3) == null ? line.group(2) : parts.group(3);
    return definition.substring(0, line.start())
        + ("  " + parts.group(1) + must + ": " + type)
        + definition.substring(line.end());
  }

  private static String read(String resource) throws IOException {
    try (InputStream in = GenerateKubernetesSchemas.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("no " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private void readEnums() throws IOException {
    for (String line : read("kubernetes-enums.tsv").split("\n")) {
      if (!line.startsWith("#")) {
        int tab = line.indexOf('\t');
        enums.put(line.substring(0, tab), line.substring(tab + 1));
      }
    }
  }

  private void findKinds() throws IOException, ReflectiveOperationException {
    try (JarFile file = new JarFile(jar.toFile())) {
      Map<String, String> groups = new TreeMap<>();
      List<String> requests = new ArrayList<>();
      for (JarEntry entry : Collections.list(file.entries())) {
        String path = entry.getName();
        if (path.startsWith(API_CLASSES) && path.endsWith("Api.class")) {
          String bytes =
              new String(file.getInputStream(entry).readAllBytes(), StandardCharsets.ISO_8859_1);
          Matcher matcher = API_PATH.matcher(bytes);
          if (matcher.find()) {
            String group = matcher.group(1);
            groups.put(
                path.substring(API_CLASSES.length(), path.length() - ".class".length()),
                (group == null ? "" : group + ".") + matcher.group(2));
          }
        } else if (path.startsWith(API_CLASSES) && path.endsWith("Request.class")) {
          requests.add(path.substring(0, path.length() - ".class".length()).replace('/', '.'));
        }
      }
      for (String request : requests) {
        String simple = request.substring(API_CLASSES.length());
        String group = groups.get(simple.substring(0, simple.indexOf('$')));
        if (group != null) {
          addKind(
              group, Class.forName(request, true, classes).getMethod("execute").getReturnType());
        }
      }
    }
  }

  private void addKind(String group, Class<?> type) throws ClassNotFoundException {
    Class<?> object = Class.forName(CLIENT + "common.KubernetesObject", true, classes);
    Class<?> list = Class.forName(CLIENT + "common.KubernetesListObject", true, classes);
    if (!object.isAssignableFrom(type) || list.isAssignableFrom(type)) {
      return;
    }
    Matcher matcher = MODEL_NAME.matcher(type.getSimpleName());
    if (!matcher.matches()) {
      throw new IllegalStateException("no kind in " + type);
    }
    String kind = matcher.group(1);
    kinds.put(SUBRESOURCES.getOrDefault(kind, group) + "." + kind, type);
    use(type);
  }

  private String use(Class<?> type) {
    if (seen.add(type)) {
      waiting.add(type);
    }
    return name(type);
  }

  private static String name(Class<?> type) {
    return type.getSimpleName();
  }

  private void define(Class<?> type) throws ReflectiveOperationException {
    Set<?> required = (Set<?>) type.getField("openapiRequiredFields").get(null);
    StringBuilder text = new StringBuilder(name(type)).append(" {}\n");
    ApiModel model = type.getAnnotation(ApiModel.class);
    if (model != null) {
      describe(name(type), model.description());
    }
    Map<String, Field> fields = new TreeMap<>();
    for (Field field : type.getDeclaredFields()) {
      SerializedName serialized = field.getAnnotation(SerializedName.class);
      if (serialized != null) {
        fields.put(serialized.value(), field);
      }
    }
    for (Map.Entry<String, Field> entry : fields.entrySet()) {
      String key = entry.getKey();
      Field field = entry.getValue();
      String values = enumValues(type, key);
      boolean must = required.contains(key);
      text.append("  ").append(key).append(must ? "!" : "").append(": ");
      text.append(schemaType(field.getGenericType(), values, must)).append('\n');
    }
    describeFields(type, fields);
    definitions.put(name(type), text.toString());
  }

  /**
   * The values of a field as the enumerations name it: by API version, type without prefix, field.
   */
  private @Nullable String enumValues(Class<?> type, String key) {
    Matcher matcher = MODEL_NAME.matcher(name(type));
    if (!matcher.matches()) {
      return null;
    }
    String plain = matcher.group(1);
    String versioned = name(type).substring(0, name(type).length() - plain.length());
    for (Map.Entry<String, String> each : enums.entrySet()) {
      String path = each.getKey();
      int slash = path.lastIndexOf('/');
      if (path.substring(slash + 1).equals(plain + "." + key)
          && isPrefix(path.substring(0, slash), versioned, plain)) {
        joinedEnums.add(path);
        return each.getValue();
      }
    }
    return null;
  }

  /** Whether {@code CoreV1} or {@code V1} is how the client marks the types of an API version. */
  private boolean isPrefix(String apiVersion, String prefix, String plain) {
    int slash = apiVersion.indexOf('/');
    String group = slash < 0 ? "core" : apiVersion.substring(0, slash).replaceAll("[.].*", "");
    String version = capitalised(apiVersion.substring(slash + 1));
    return prefix.equals(capitalised(group) + version)
        || prefix.equals(version) && !exists(capitalised(group) + version + plain);
  }

  private boolean exists(String model) {
    try {
      Class.forName(MODELS + model, false, classes);
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  private static String capitalised(String word) {
    return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
  }

  private String schemaType(Type type, @Nullable String values, boolean required) {
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      boolean map = generic.getRawType() == Map.class;
      String inner = schemaType(arguments[arguments.length - 1], values, true);
      return map ? "{" + inner + "}" : "[" + inner + "]";
    }
    if (type == String.class && values != null) {
      return oneOf(values, required);
    }
    if (type == byte[].class) {
      return "base64";
    }
    if (type == String.class || type == OffsetDateTime.class) {
      return "string";
    }
    if (type == Integer.class || type == Long.class) {
      return "int";
    }
    if (type == Double.class || type == Float.class) {
      return "number";
    }
    if (type == Boolean.class) {
      return "bool";
    }
    if (type.getTypeName().equals(CLIENT + "custom.Quantity")) {
      return "Quantity";
    }
    if (type.getTypeName().equals(CLIENT + "custom.IntOrString")) {
      return "int | string";
    }
    if (type == Object.class) {
      return "any";
    }
    if (type instanceof Class<?> model && model.getName().startsWith(MODELS)) {
      return use(model);
    }
    throw new IllegalStateException("no schema for " + type);
  }

  /** The API takes the empty string of an optional field for its default. */
  private static String oneOf(String values, boolean required) {
    Set<String> quoted = new TreeSet<>();
    for (String value : values.split(",")) {
      quoted.add(value.equals("\"\"") ? value : "\"" + value + "\"");
    }
    if (!required) {
      quoted.add("\"\"");
    }
    return String.join(" | ", quoted);
  }

  private void describeFields(Class<?> type, Map<String, Field> fields) {
    Map<String, String> texts = new TreeMap<>();
    for (Method method : type.getMethods()) {
      ApiModelProperty property = method.getAnnotation(ApiModelProperty.class);
      if (property != null && method.getName().startsWith("get")) {
        texts.put(plain(method.getName().substring("get".length())), property.value());
      }
    }
    fields.forEach(
        (key, field) ->
            describe(name(type) + "." + key, texts.getOrDefault(plain(field.getName()), "")));
  }

  /** Fields and their getters differ in case, and in underscores where a name is a Java keyword. */
  private static String plain(String name) {
    return name.replace("_", "").toLowerCase(Locale.ROOT);
  }

  private void describe(String key, String text) {
    if (!text.isBlank()) {
      descriptions.put(key, KubernetesSchema.firstSentence(text.replaceAll("\\s+", " ").strip()));
    }
  }
}
