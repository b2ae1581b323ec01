package fr.gouv.social.fabrique.build;

import com.google.gson.annotations.SerializedName;
import io.kubernetes.client.common.KubernetesListObject;
import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.custom.IntOrString;
import io.kubernetes.client.custom.Quantity;
import io.kubernetes.client.openapi.models.V1Pod;
import io.swagger.annotations.ApiModel;
import io.swagger.annotations.ApiModelProperty;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
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
 * kubernetes-enums.tsv} has them.
 */
public final class GenerateKubernetesSchemas {
  private static final String API_CLASSES = "io/kubernetes/client/openapi/apis/";
  private static final String MODELS = "io.kubernetes.client.openapi.models.";
  private static final Pattern API_PATH = Pattern.compile("/api(?:s/([a-z0-9.-]+))?/(v[0-9a-z]+)/");
  private static final Pattern MODEL_NAME =
      Pattern.compile("[A-Z]?[a-z]*V[0-9]+(?:(?:alpha|beta)[0-9]+)?([A-Z].*)");
  private static final Pattern SENTENCE_END = Pattern.compile("\\.(?=\\s+[A-Z(`\"'])|\\.$");
  private static final int LONGEST_DESCRIPTION = 200;

  /** Kinds of subresources, which the client files under the group of their parent. */
  private static final Map<String, String> SUBRESOURCES =
      Map.of(
          "Scale", "autoscaling.v1",
          "Eviction", "policy.v1",
          "TokenRequest", "authentication.k8s.io.v1");

  private final Map<String, String> enums = new TreeMap<>();
  private final Set<String> joinedEnums = new HashSet<>();
  private final Map<String, Class<?>> kinds = new TreeMap<>();
  private final Map<String, String> definitions = new TreeMap<>();
  private final Map<String, String> descriptions = new TreeMap<>();
  private final Deque<Class<?>> waiting = new ArrayDeque<>();
  private final Set<Class<?>> seen = new HashSet<>();

  private GenerateKubernetesSchemas() {}

  /**
   * Arguments: the Kubernetes version, the folder for {@code <version>.schema} and {@code
   * <version>.tsv}.
   */
  public static void main(String[] args) throws IOException, ReflectiveOperationException {
    new GenerateKubernetesSchemas().generate(args[0], Path.of(args[1]));
  }

  private void generate(String version, Path folder)
      throws IOException, ReflectiveOperationException {
    readEnums();
    findKinds();
    while (!waiting.isEmpty()) {
      define(waiting.remove());
    }
    Set<String> unused = new TreeSet<>(enums.keySet());
    unused.removeAll(joinedEnums);
    if (!unused.isEmpty()) {
      throw new IllegalStateException("enumerations of no field: " + unused);
    }
    StringBuilder schema = new StringBuilder(1 << 19);
    schema
        .append("# Kubernetes ")
        .append(version)
        .append(", from io.kubernetes:client-java-api.\n");
    schema.append("Quantity = number | quantity/^[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)");
    schema.append("([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$/\n");
    kinds.forEach(
        (kind, type) -> schema.append(kind).append(" = ").append(name(type)).append('\n'));
    definitions.values().forEach(schema::append);
    StringBuilder texts = new StringBuilder(1 << 18);
    descriptions.forEach((key, text) -> texts.append(key).append('\t').append(text).append('\n'));
    Files.createDirectories(folder);
    Files.writeString(folder.resolve(version + ".schema"), schema);
    Files.writeString(folder.resolve(version + ".descriptions"), texts);
  }

  private void readEnums() throws IOException {
    InputStream resource =
        GenerateKubernetesSchemas.class.getResourceAsStream("kubernetes-enums.tsv");
    if (resource == null) {
      throw new IllegalStateException("no kubernetes-enums.tsv");
    }
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("#")) {
          int tab = line.indexOf('\t');
          enums.put(line.substring(0, tab), line.substring(tab + 1));
        }
      }
    }
  }

  private void findKinds() throws IOException, ReflectiveOperationException {
    Path jar;
    try {
      jar = Path.of(V1Pod.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
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
          addKind(group, Class.forName(request).getMethod("execute").getReturnType());
        }
      }
    }
  }

  private void addKind(String group, Class<?> type) {
    if (!KubernetesObject.class.isAssignableFrom(type)
        || KubernetesListObject.class.isAssignableFrom(type)) {
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
  private static boolean isPrefix(String apiVersion, String prefix, String plain) {
    int slash = apiVersion.indexOf('/');
    String group = slash < 0 ? "core" : apiVersion.substring(0, slash).replaceAll("[.].*", "");
    String version = capitalised(apiVersion.substring(slash + 1));
    return prefix.equals(capitalised(group) + version)
        || prefix.equals(version) && !exists(capitalised(group) + version + plain);
  }

  private static boolean exists(String model) {
    try {
      Class.forName(MODELS + model, false, GenerateKubernetesSchemas.class.getClassLoader());
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
    if (type == String.class || type == OffsetDateTime.class || type == byte[].class) {
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
    if (type == Quantity.class) {
      return "Quantity";
    }
    if (type == IntOrString.class) {
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
      descriptions.put(key, firstSentence(text.replaceAll("\\s+", " ").strip()));
    }
  }

  static String firstSentence(String text) {
    Matcher end = SENTENCE_END.matcher(text);
    String sentence = end.find() ? text.substring(0, end.start()) : text;
    if (sentence.length() <= LONGEST_DESCRIPTION) {
      return sentence;
    }
    return sentence.substring(0, sentence.lastIndexOf(' ', LONGEST_DESCRIPTION - 1)) + "…";
  }
}
