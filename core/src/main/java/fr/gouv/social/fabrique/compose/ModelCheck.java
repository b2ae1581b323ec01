package fr.gouv.social.fabrique.compose;

import fr.gouv.social.fabrique.compose.ComposeProblem.Kind;
import fr.gouv.social.fabrique.compose.ComposeResource.Section;
import fr.gouv.social.fabrique.schema.Spelling;
import fr.gouv.social.fabrique.source.Located;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.Span;
import fr.gouv.social.fabrique.yaml.YamlMapping;
import fr.gouv.social.fabrique.yaml.YamlNode;
import fr.gouv.social.fabrique.yaml.YamlPlace;
import fr.gouv.social.fabrique.yaml.YamlScalar;
import fr.gouv.social.fabrique.yaml.YamlSequence;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The values and references of a merged project (compose-go: the decoding of each type,
 * validation/validation.go, loader/validate.go, graph/cycle.go). What is not known is never wrong.
 */
final class ModelCheck {
  private static final Pattern CONTAINER_NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]+");
  private static final Pattern BOOLEAN = Pattern.compile("(?i)true|false|y(?:es)?|no?|on|off");
  private static final Set<String> MOUNT_OPTIONS =
      Set.of(
          "ro",
          "rw",
          "nocopy",
          "copy",
          "z",
          "Z",
          "shared",
          "rshared",
          "slave",
          "rslave",
          "private",
          "rprivate",
          "cached",
          "delegated",
          "consistent",
          "default");
  private static final List<String> DURATIONS =
      List.of(
          "stop_grace_period",
          "healthcheck.interval",
          "healthcheck.timeout",
          "healthcheck.start_period",
          "healthcheck.start_interval",
          "deploy.update_config.delay",
          "deploy.update_config.monitor",
          "deploy.rollback_config.delay",
          "deploy.rollback_config.monitor",
          "deploy.restart_policy.delay",
          "deploy.restart_policy.window");
  private static final List<String> SIZES =
      List.of(
          "mem_limit",
          "mem_reservation",
          "memswap_limit",
          "mem_swappiness",
          "shm_size",
          "build.shm_size",
          "deploy.resources.limits.memory",
          "deploy.resources.reservations.memory");

  /** Read as booleans after the merge: words will do, {@code yes} too. */
  private static final List<String> BOOLEANS =
      List.of("attach", "build.no_cache", "build.privileged", "build.pull");

  /** Where commands stand that run in or beside a service. */
  private static final List<String> HOOKS = List.of("post_start", "pre_stop", "develop.watch");

  private static final Pattern OCTAL = Pattern.compile("[-+]?[0-7]+");
  private static final int MANY = 500;

  private final ComposeProject project;
  private final Set<String> names = new LinkedHashSet<>();
  private final @Nullable Set<String> profiles;
  private final Problems problems;

  ModelCheck(ComposeProject project, @Nullable Set<String> profiles, Problems problems) {
    this.project = project;
    this.profiles = profiles;
    this.problems = problems;
  }

  /** Whether a service is on; all are when no profiles are given. */
  static boolean isOn(ComposeService service, @Nullable Set<String> profiles) {
    List<String> own = service.profiles();
    return profiles == null
        || own.isEmpty()
        || profiles.contains("*")
        || own.stream().anyMatch(profiles::contains);
  }

  void check() {
    project.services().forEach(service -> names.add(service.name()));
    for (Section section : Section.values()) {
      project.resources(section).values().forEach(this::checkResource);
    }
    for (ComposeService service : project.services()) {
      checkValues(service);
      if (isOn(service, profiles)) {
        checkConsistency(service);
      }
    }
    checkContainerNames();
    checkCycles();
  }

  // Values.

  private void checkResource(ComposeResource resource) {
    YamlPlace place = resource.place();
    Section section = resource.section();
    if (!(place.node() instanceof YamlMapping mapping)) {
      return;
    }
    YamlPlace external = place.key("external");
    if (external.node() instanceof YamlMapping) {
      YamlPlace name = external.key("name");
      if (name.isPresent()) {
        problems.add(
            Kind.DEPRECATED_EXTERNAL_NAME,
            external,
            external.label(),
            section.key(),
            resource.name());
        YamlPlace other = place.key("name");
        if (other.isPresent()
            && !other.isUnknown()
            && !name.isUnknown()
            && !other.text("").equals(name.text(""))) {
          problems.add(
              Kind.EXTERNAL_NAME_CONFLICT, name, place.label(), section.key(), resource.name());
        }
      }
    }
    if (section == Section.VOLUMES && resource.external().isTrue()) {
      for (YamlMapping.Entry entry : mapping.entries()) {
        String key = entry.name();
        if (!key.equals("name") && !key.equals("external") && !key.startsWith("x-")) {
          problems.add(
              Kind.EXTERNAL_CONFLICT,
              entry,
              place.label() + "." + key,
              section.key(),
              resource.name(),
              key);
        }
      }
    }
    if (section == Section.CONFIGS) {
      checkFileObject(resource, "config", List.of("file", "environment", "content"));
    } else if (section == Section.SECRETS) {
      checkFileObject(resource, "secret", List.of("file", "environment"));
      checkSecret(resource);
    }
  }

  private void checkFileObject(ComposeResource resource, String what, List<String> keys) {
    YamlPlace place = resource.place();
    long count = keys.stream().filter(key -> hasKey(place, key)).count();
    if (count > 1 || (count == 0 && !hasKey(place, "driver") && !hasKey(place, "external"))) {
      problems.add(
          Kind.FILE_OBJECT_SOURCE,
          count > 1 ? place : place.key("file"),
          place.label(),
          what,
          resource.name(),
          String.join(", ", keys));
    }
  }

  /** Compose runs no driver of secrets: what is not external has a file or a variable. */
  private void checkSecret(ComposeResource resource) {
    YamlPlace place = resource.place();
    boolean external =
        place.key("external").node() instanceof YamlMapping
            || resource.external().isTrue()
            || resource.external().isUnknown();
    if (!external
        && List.of("driver", "external", "file", "environment").stream()
            .anyMatch(key -> hasKey(place, key))
        && isBlank(place.key("file"))
        && isBlank(place.key("environment"))) {
      problems.add(
          Kind.SECRET_WITHOUT_SOURCE,
          place.key("file"),
          place.label(),
          "secret",
          resource.name(),
          "file, environment");
    }
  }

  private static boolean isBlank(YamlPlace at) {
    return !at.isUnknown() && at.text("").isEmpty();
  }

  private static boolean hasKey(YamlPlace place, String key) {
    return place.node() instanceof YamlMapping mapping && mapping.has(key);
  }

  private void checkValues(ComposeService service) {
    for (PortMapping port : service.ports()) {
      if (port.error() != null) {
        problems.add(Kind.INVALID_PORT, port, port.label(), text(port.node()), port.error());
      }
      String ip = port.hostIp().value();
      if (port.node() instanceof YamlMapping mapping
          && (ip == null
              ? mapping.get("host_ip") instanceof YamlScalar written
                  && written.value().isEmpty()
                  && written.style() != YamlScalar.Style.PLAIN
              : !Addresses.isAddress(ip))) {
        problems.add(
            Kind.INVALID_HOST_IP, port.hostIp(), port.hostIp().label(), ip == null ? "" : ip);
      }
    }
    for (VolumeMount volume : service.volumes()) {
      checkVolume(service, volume);
    }
    checkDevices(service);
    checkScalars(service.place());
    service.place().key("pre_start").items().forEach(this::checkScalars);
    for (YamlPlace file : service.place().key("env_file").items()) {
      checkBoolean(file.key("required"));
      YamlPlace format = file.key("format");
      if (isKnownText(format) && !List.of("", "raw").contains(format.text(""))) {
        problems.add(Kind.INVALID_CAST, format, format.label(), format.text(""), "env-file-format");
      }
    }
    for (String hook : HOOKS) {
      for (YamlPlace each : service.place().at(hook).items()) {
        YamlPlace command = hook.equals("develop.watch") ? each.key("exec") : each;
        checkBoolean(command.key("privileged"));
        checkCommand(command.key("command"));
        checkNames(command.key("environment"));
      }
    }
    for (String path :
        List.of("deploy.resources.limits.cpus", "deploy.resources.reservations.cpus")) {
      YamlPlace at = service.place().at(path);
      if (isKnownText(at) && !Units.isNumber(at.text(""))) {
        problems.add(Kind.INVALID_CAST, at, at.label(), at.text(""), "number");
      }
    }
    checkNames(service.place().at("build.args"));
    checkHosts(service.place().at("build.extra_hosts"));
    checkBlockIo(service.place().key("blkio_config"));
    for (YamlPlace port : service.place().key("expose").items()) {
      if (port.node() instanceof YamlScalar scalar && scalar.kind() == YamlScalar.Kind.FLOAT) {
        problems.add(Kind.INVALID_CAST, port, port.label(), port.text(""), "integer");
      }
    }
    YamlPlace contexts = service.place().at("build.additional_contexts");
    for (YamlPlace item : contexts.items()) {
      if (isKnownText(item) && item.text("").indexOf('=') < 0) {
        problems.add(Kind.INVALID_KEY_VALUE, item, item.label(), item.text(""));
      }
    }
    for (String path : List.of("secrets", "configs", "build.secrets")) {
      for (YamlPlace item : service.place().at(path).items()) {
        YamlPlace mode = item.key("mode");
        checkMode(mode);
        if (mode.node() instanceof YamlScalar scalar
            && scalar.kind() == YamlScalar.Kind.INTEGER
            && scalar.style() == YamlScalar.Style.PLAIN
            && scalar.value().matches("0[0-7]+")) {
          problems.add(Kind.OCTAL_MODE, mode, mode.label(), scalar.value());
        }
      }
    }
    for (YamlPlace watch : service.place().at("develop.watch").items()) {
      YamlPlace path = watch.key("path");
      if (path.node() instanceof YamlScalar scalar
          && scalar.kind() == YamlScalar.Kind.STRING
          && scalar.value().isEmpty()) {
        problems.add(Kind.WATCH_PATH_BLANK, path, path.label());
      }
    }
  }

  private void checkMode(YamlPlace mode) {
    if (mode.node() instanceof YamlScalar scalar && scalar.isKnown()) {
      boolean isValid =
          switch (scalar.kind()) {
            case STRING -> OCTAL.matcher(scalar.value()).matches();
            case FLOAT -> false;
            default -> true;
          };
      if (!isValid) {
        problems.add(Kind.INVALID_CAST, mode, mode.label(), scalar.value(), "mode");
      }
    }
  }

  /** Weights are whole numbers even after variables, rates are sizes. */
  private void checkBlockIo(YamlPlace config) {
    List<YamlPlace> weights = new ArrayList<>(List.of(config.key("weight")));
    config.key("weight_device").items().forEach(each -> weights.add(each.key("weight")));
    for (YamlPlace weight : weights) {
      if (isKnownText(weight)
          && weight.node() instanceof YamlScalar scalar
          && scalar.kind() == YamlScalar.Kind.STRING) {
        problems.add(Kind.INVALID_CAST, weight, weight.label(), scalar.value(), "bare-integer");
      }
    }
    for (String key :
        List.of("device_read_bps", "device_read_iops", "device_write_bps", "device_write_iops")) {
      config
          .key(key)
          .items()
          .forEach(each -> check(each.key("rate"), Kind.INVALID_SIZE, Units::bytes));
    }
  }

  private void checkHosts(YamlPlace hosts) {
    for (YamlPlace item : hosts.items()) {
      if (isKnownText(item) && item.text("").indexOf('=') < 0 && item.text("").indexOf(':') < 0) {
        problems.add(Kind.HOST_WITHOUT_ADDRESS, item, item.label(), item.text(""));
      }
    }
  }

  private void checkCommand(YamlPlace command) {
    Words.Split split = Words.split(command.node());
    if (split == null || !(command.node() instanceof YamlScalar text)) {
      return;
    }
    if (!split.isWhole()) {
      if (text.isKnown()) {
        problems.add(Kind.INVALID_COMMAND, command, command.label(), text.value());
      }
    } else if (split.cut() >= 0) {
      int end = text.value().stripTrailing().length();
      Part left = new Part(text.place(split.cut(), end), command.label(), text.way());
      problems.add(Kind.CUT_COMMAND, left, left.label(), text.value().substring(split.cut(), end));
    }
  }

  /** What a service and a container before it say alike. */
  private void checkScalars(YamlPlace container) {
    checkCommand(container.key("command"));
    checkCommand(container.key("entrypoint"));
    checkNames(container.key("environment"));
    checkHosts(container.key("extra_hosts"));
    for (String path : DURATIONS) {
      YamlPlace at = container.at(path);
      // A number is none, which the schema says.
      if (at.node() instanceof YamlScalar scalar && scalar.kind() == YamlScalar.Kind.STRING) {
        check(at, Kind.INVALID_DURATION, Units::duration);
      }
    }
    for (String path : SIZES) {
      check(container.at(path), Kind.INVALID_SIZE, Units::bytes);
    }
    BOOLEANS.forEach(path -> checkBoolean(container.at(path)));
  }

  private void check(YamlPlace at, Kind kind, Function<String, @Nullable Object> read) {
    if (isKnownText(at)
        && at.node() instanceof YamlScalar scalar
        && scalar.kind() == YamlScalar.Kind.STRING
        && read.apply(scalar.value()) == null) {
      problems.add(kind, at, at.label(), scalar.value());
    }
  }

  private void checkBoolean(YamlPlace at) {
    if (at.node() instanceof YamlScalar scalar
        && scalar.kind() == YamlScalar.Kind.STRING
        && scalar.isKnown()
        && !BOOLEAN.matcher(scalar.value()).matches()) {
      problems.add(Kind.INVALID_CAST, at, at.label(), at.text(""), "boolean");
    }
  }

  private void checkNames(YamlPlace place) {
    YamlNode node = place.node();
    if (node instanceof YamlMapping mapping) {
      for (YamlMapping.Entry entry : mapping.entries()) {
        // A mapping that a merge made of a list: the key of a mapping may end with a blank.
        Span key = entry.key().span();
        if (key.file().text().startsWith("=", key.end())) {
          checkName(entry.name(), entry, place.label());
        }
      }
    } else if (node instanceof YamlSequence sequence) {
      for (YamlNode item : sequence.items()) {
        if (item instanceof YamlScalar scalar && !scalar.isNull()) {
          checkName(KeyValue.of(scalar).name(), scalar, place.label());
        }
      }
    }
  }

  private void checkName(String name, Located at, String label) {
    if (!name.isEmpty() && Character.isWhitespace(name.charAt(name.length() - 1))) {
      problems.add(Kind.ENVIRONMENT_TRAILING_SPACE, at, label, name);
    }
  }

  private void checkVolume(ComposeService service, VolumeMount volume) {
    if (volume.error() != null) {
      problems.add(
          Kind.INVALID_VOLUME, volume, volume.label(), text(volume.node()), volume.error());
      return;
    }
    if (volume.node() instanceof YamlMapping) {
      if (volume.type() == VolumeMount.Type.BIND && volume.source() == null) {
        problems.add(Kind.BIND_WITHOUT_SOURCE, volume, volume.label(), service.name());
      }
      return;
    }
    for (YamlScalar option : volume.options()) {
      if (option.isKnown()
          && !MOUNT_OPTIONS.contains(option.value())
          && !option.value().startsWith("volume-")) {
        problems.add(
            Kind.UNKNOWN_VOLUME_OPTION,
            option,
            volume.label(),
            text(volume.node()),
            option.value());
      }
    }
  }

  private void checkDevices(ComposeService service) {
    for (YamlPlace item : service.place().key("devices").items()) {
      if (isKnownText(item) && item.text("").split(":", -1).length > 3) {
        problems.add(Kind.INVALID_DEVICE, item, item.label(), item.text(""), "too-many-colons");
      } else if (item.node() instanceof YamlMapping mapping && !mapping.has("target")) {
        problems.add(
            Kind.INVALID_DEVICE, item, item.label(), item.key("source").text(""), "no-target");
      }
    }
    List<YamlPlace> requests =
        new ArrayList<>(service.place().at("deploy.resources.reservations.devices").items());
    requests.addAll(service.place().key("gpus").items());
    for (YamlPlace request : requests) {
      YamlPlace count = request.key("count");
      if (count.isPresent() && request.key("device_ids").isPresent()) {
        problems.add(Kind.DEVICE_COUNT_AND_IDS, request, request.label());
      }
      if (isKnownText(count)
          && !count.text("").equalsIgnoreCase("all")
          && !Units.isInteger(count.text(""))) {
        problems.add(Kind.INVALID_DEVICE_COUNT, count, count.label(), count.text(""));
      }
    }
  }

  // Consistency.

  private void checkConsistency(ComposeService service) {
    YamlPlace place = service.place();
    String name = service.name();
    ComposeBuild build = service.build();
    boolean image = place.key("image").isPresent() && !place.key("image").text("-").isEmpty();
    if (service.isComplete()
        && project.isComplete()
        && build == null
        && !image
        && !place.key("provider").isPresent()) {
      problems.add(Kind.NO_IMAGE_OR_BUILD, place.key("image"), place.label(), name);
    }
    if (build != null) {
      checkBuild(service, build);
    }
    Map<String, YamlPlace> networks = service.networks();
    if (place.key("network_mode").isPresent()
        && !place.key("network_mode").text("").isEmpty()
        && !networks.isEmpty()) {
      problems.add(
          Kind.NETWORK_MODE_AND_NETWORKS,
          place.key("network_mode"),
          place.key("network_mode").label(),
          name);
    }
    Map<String, YamlPlace> named = new HashMap<>(networks);
    named.remove("default");
    checkReferences(service, named, Section.NETWORKS, Kind.UNDEFINED_NETWORK);
    Map<String, YamlPlace> volumes = new LinkedHashMap<>();
    for (VolumeMount volume : service.volumes()) {
      YamlScalar source = volume.source();
      if (volume.type() == VolumeMount.Type.VOLUME && source != null && source.isKnown()) {
        volumes.putIfAbsent(source.value(), YamlPlace.of(source).labelled(volume.label()));
      }
    }
    checkReferences(service, volumes, Section.VOLUMES, Kind.UNDEFINED_VOLUME);
    checkReferences(service, service.secrets(), Section.SECRETS, Kind.UNDEFINED_SECRET);
    checkReferences(service, service.buildSecrets(), Section.SECRETS, Kind.UNDEFINED_BUILD_SECRET);
    checkReferences(service, service.configs(), Section.CONFIGS, Kind.UNDEFINED_CONFIG);
    checkReferences(service, service.models(), Section.MODELS, Kind.UNDEFINED_MODEL);
    checkDependencies(service);
    checkTest(place.key("healthcheck"));
    checkScale(service);
    checkLimits(service);
    for (YamlPlace watch : place.at("develop.watch").items()) {
      String action = watch.key("action").text("");
      if (!watch.key("target").isPresent()
          && !watch.key("action").isUnknown()
          && !action.equals("rebuild")
          && !action.equals("restart")) {
        problems.add(Kind.WATCH_TARGET_MISSING, watch, watch.label(), name);
      }
    }
    checkMountTargets(service);
    Setting<String> container = service.containerName();
    String written = container.value();
    if (written != null && !CONTAINER_NAME.matcher(written).matches()) {
      // The pattern of the schema may stand anywhere in the name.
      Kind kind =
          CONTAINER_NAME.matcher(written).find()
              ? Kind.INVALID_CONTAINER_NAME
              : Kind.REFUSED_CONTAINER_NAME;
      problems.add(kind, container, container.label(), written);
    }
  }

  private void checkBuild(ComposeService service, ComposeBuild build) {
    YamlPlace place = build.place();
    YamlPlace dockerfile = place.key("dockerfile");
    if (place.key("dockerfile_inline").isPresent() && dockerfile.isPresent()) {
      problems.add(Kind.DOCKERFILE_AND_INLINE, dockerfile, dockerfile.label(), service.name());
    }
    YamlPlace contexts = place.key("additional_contexts");
    for (ComposeVariable each : Environments.variables(contexts, Variables.of(Map.of()))) {
      String value = each.value().value();
      if (value == null || !value.startsWith("service:")) {
        continue;
      }
      String target = value.substring("service:".length());
      ComposeService other = project.service(target);
      if (other == null ? project.isComplete() : other.build() == null && other.isComplete()) {
        problems.add(
            Kind.ADDITIONAL_CONTEXT_SERVICE,
            each,
            each.label(),
            service.name(),
            each.name(),
            target,
            other == null ? "unknown" : "not-built");
      }
    }
    Setting<String> platform = service.place().key("platform").string();
    List<YamlPlace> platforms = place.key("platforms").items();
    String wanted = platform.value();
    if (wanted != null
        && !wanted.isEmpty()
        && !platforms.isEmpty()
        && platforms.stream().noneMatch(p -> p.isUnknown() || p.text("").equals(wanted))) {
      problems.add(Kind.PLATFORM_NOT_BUILT, platform, platform.label(), service.name(), wanted);
    }
  }

  private void checkReferences(
      ComposeService service, Map<String, YamlPlace> references, Section section, Kind kind) {
    Map<String, ComposeResource> defined = project.resources(section);
    references.forEach(
        (name, at) -> {
          if (!defined.containsKey(name) && project.isComplete()) {
            problems.add(kind, at, at.label(), service.name(), name, near(name, defined.keySet()));
          }
        });
  }

  /** The name that was probably meant, or nothing; among very many it is not looked for. */
  private static String near(String name, Set<String> names) {
    String near = names.size() > MANY ? null : Spelling.nearest(name, names);
    return near == null ? "" : near;
  }

  private void checkDependencies(ComposeService service) {
    for (ServiceDependency each : service.dependencies()) {
      ComposeService other = project.service(each.service());
      if (other == null) {
        boolean nothing =
            project.root().get("services") instanceof YamlMapping all && all.has(each.service());
        if (project.isComplete() && !nothing) {
          problems.add(
              Kind.UNDEFINED_DEPENDENCY,
              each,
              each.label(),
              service.name(),
              each.service(),
              each.via(),
              near(each.service(), names));
        }
      } else if (each.required() && mayBeOff(other, service)) {
        problems.add(
            Kind.DISABLED_DEPENDENCY,
            each,
            each.label(),
            service.name(),
            each.service(),
            String.join(", ", other.profiles()));
      }
    }
  }

  /** Whether a service is off when the one that needs it is on. */
  private boolean mayBeOff(ComposeService needed, ComposeService by) {
    if (profiles != null) {
      return !isOn(needed, profiles);
    }
    List<String> own = needed.profiles();
    Variables.Value always = project.variables().get("COMPOSE_PROFILES");
    if (always != null
        && (!always.known() || !Collections.disjoint(own, List.of(always.text().split(","))))) {
      return false;
    }
    return !own.isEmpty() && (by.profiles().isEmpty() || Collections.disjoint(own, by.profiles()));
  }

  private void checkTest(YamlPlace healthcheck) {
    List<YamlPlace> words = healthcheck.key("test").items();
    if (words.isEmpty() || !isKnownText(words.get(0))) {
      return;
    }
    String first = words.get(0).text("");
    if (!Set.of("CMD", "CMD-SHELL", "NONE").contains(first)) {
      problems.add(Kind.HEALTHCHECK_TEST_FORM, words.get(0), words.get(0).label(), first);
    }
  }

  private void checkScale(ComposeService service) {
    YamlPlace scale = service.place().key("scale");
    YamlPlace replicas = service.place().at("deploy.replicas");
    distinct(service, scale, replicas, Units::number);
    for (YamlPlace each : List.of(scale, replicas)) {
      BigDecimal count = number(each);
      if (count != null && count.signum() < 0) {
        problems.add(Kind.NEGATIVE_SCALE, each, each.label(), service.name(), each.label());
      }
    }
    YamlPlace effective = scale.isPresent() ? scale : replicas;
    BigDecimal count = number(effective);
    YamlPlace container = service.place().key("container_name");
    if (count != null && count.compareTo(BigDecimal.ONE) > 0 && !container.text("").isEmpty()) {
      problems.add(
          Kind.CONTAINER_NAME_SCALED,
          container,
          container.label(),
          service.name(),
          container.text(""),
          count.toString());
    }
  }

  private void checkLimits(ComposeService service) {
    YamlPlace place = service.place();
    YamlPlace limits = place.at("deploy.resources.limits");
    YamlPlace reservations = place.at("deploy.resources.reservations");
    if (limits.isPresent()) {
      distinct(service, place.key("cpus"), limits.key("cpus"), Units::number);
      distinct(service, place.key("mem_limit"), limits.key("memory"), ModelCheck::bytes);
      distinct(service, place.key("pids_limit"), limits.key("pids"), Units::number);
    }
    if (reservations.isPresent()) {
      distinct(
          service, place.key("mem_reservation"), reservations.key("memory"), ModelCheck::bytes);
    }
  }

  private static @Nullable BigDecimal bytes(String text) {
    Long bytes = Units.bytes(text);
    return bytes == null ? null : BigDecimal.valueOf(bytes);
  }

  private void distinct(
      ComposeService service,
      YamlPlace one,
      YamlPlace other,
      Function<String, @Nullable BigDecimal> read) {
    if (!isKnownText(one) || !isKnownText(other)) {
      return;
    }
    BigDecimal left = read.apply(one.text(""));
    BigDecimal right = read.apply(other.text(""));
    if (left != null && right != null && left.compareTo(right) != 0 && left.signum() != 0) {
      problems.add(
          new ComposeProblem(
              Kind.DISTINCT_VALUES,
              one.span(),
              one.label(),
              List.of(service.name(), one.label(), other.label()),
              one.way(),
              List.of(other.span()),
              null));
    }
  }

  private void checkMountTargets(ComposeService service) {
    Map<String, Span> targets = new HashMap<>();
    YamlPlace tmpfs = service.place().key("tmpfs");
    List<YamlPlace> mounted =
        new ArrayList<>(tmpfs.text() == null ? tmpfs.items() : List.of(tmpfs));
    for (YamlPlace each : mounted) {
      if (isKnownText(each)) {
        mount(service, each, each.text("").split(":", -1)[0], targets);
      }
    }
    for (VolumeMount volume : service.volumes()) {
      YamlScalar target = volume.target();
      if (target != null && target.isKnown() && volume.error() == null) {
        mount(service, volume, target.value(), targets);
      }
    }
  }

  private void mount(ComposeService service, Located at, String target, Map<String, Span> targets) {
    String clean = clean(target);
    Span other = targets.putIfAbsent(clean, at.span());
    if (other != null) {
      problems.add(
          new ComposeProblem(
              Kind.MOUNT_TARGET_CLASH,
              at.span(),
              at.label(),
              List.of(service.name(), clean),
              at.way(),
              List.of(other),
              null));
    }
  }

  /** The path without what does not change where it leads. */
  static String clean(String path) {
    if (!path.startsWith("/")) {
      return path;
    }
    String clean = Paths.from("", path.substring(1).replaceAll("^/+", ""));
    return clean == null ? path : "/" + clean;
  }

  private void checkContainerNames() {
    Map<String, ComposeService> names = new HashMap<>();
    for (ComposeService service : project.services()) {
      Setting<String> container = service.containerName();
      String name = container.value();
      if (name == null || name.isEmpty()) {
        continue;
      }
      ComposeService other = names.putIfAbsent(name, service);
      if (other != null) {
        problems.add(
            new ComposeProblem(
                Kind.DUPLICATE_CONTAINER_NAME,
                container.span(),
                container.label(),
                List.of(name, service.name(), other.name()),
                container.way(),
                List.of(other.containerName().span()),
                null));
      }
    }
  }

  /** Each cycle once, by a walk that does not recurse: chains may be long. */
  private void checkCycles() {
    Map<String, List<ServiceDependency>> edges = new HashMap<>();
    for (ComposeService service : project.services()) {
      if (isOn(service, profiles)) {
        edges.put(service.name(), service.dependencies());
      }
    }
    Set<String> done = new HashSet<>();
    for (ComposeService start : project.services()) {
      if (!edges.containsKey(start.name()) || done.contains(start.name())) {
        continue;
      }
      List<String> path = new ArrayList<>();
      Set<String> open = new HashSet<>();
      Deque<Iterator<ServiceDependency>> left = new ArrayDeque<>();
      path.add(start.name());
      open.add(start.name());
      left.push(edges.getOrDefault(start.name(), List.of()).iterator());
      while (!left.isEmpty()) {
        Iterator<ServiceDependency> next = left.element();
        if (!next.hasNext()) {
          left.pop();
          String finished = path.remove(path.size() - 1);
          open.remove(finished);
          done.add(finished);
          continue;
        }
        ServiceDependency edge = next.next();
        String to = edge.service();
        if (open.contains(to)) {
          List<String> cycle = new ArrayList<>(path.subList(path.indexOf(to), path.size()));
          cycle.add(to);
          problems.add(Kind.DEPENDENCY_CYCLE, edge, edge.label(), String.join(" -> ", cycle));
        } else if (edges.containsKey(to) && !done.contains(to)) {
          path.add(to);
          open.add(to);
          left.push(edges.getOrDefault(to, List.of()).iterator());
        }
      }
    }
  }

  private static @Nullable BigDecimal number(YamlPlace at) {
    return isKnownText(at) ? Units.number(at.text("")) : null;
  }

  private static boolean isKnownText(YamlPlace at) {
    return at.text() != null && !at.isUnknown();
  }

  private static String text(YamlNode node) {
    return node instanceof YamlScalar scalar
        ? scalar.value()
        : node.span().text().lines().findFirst().orElse("").strip().toLowerCase(Locale.ROOT);
  }
}
