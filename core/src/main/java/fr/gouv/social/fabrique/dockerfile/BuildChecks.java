package fr.gouv.social.fabrique.dockerfile;

import fr.gouv.social.fabrique.dockerfile.DockerfileProblem.Kind;
import fr.gouv.social.fabrique.source.Setting;
import fr.gouv.social.fabrique.source.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What BuildKit refuses when it puts the stages together (dockerfile2llb/convert.go), as far as
 * values are known: with the defaults of the {@code ARG}s and no base image at hand.
 */
final class BuildChecks {
  private static final Set<String> MOUNT_TYPES = Set.of("bind", "cache", "tmpfs", "secret", "ssh");
  private static final Set<String> SHARING = Set.of("shared", "private", "locked");
  private static final Set<String> BOOLEANS =
      Set.of("1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False");
  private static final Pattern SIZE =
      Pattern.compile("[0-9]*\\.?[0-9]*(e[+-]?[0-9]+)? ?(b|[kmgtp](i?b)?)?");
  private static final Pattern SIGNAL =
      Pattern.compile(
          "(SIG)?(ABRT|ALRM|BUS|CHLD|CLD|CONT|FPE|HUP|ILL|INT|IO|IOT|KILL|PIPE|POLL|PROF|PWR|QUIT|"
              + "SEGV|STKFLT|STOP|SYS|TERM|TRAP|TSTP|TTIN|TTOU|URG|USR1|USR2|VTALRM|WINCH|XCPU|XFSZ|"
              + "RTMIN(\\+([1-9]|1[0-5]))?|RTMAX(-([1-9]|1[0-4]))?)");

  private static final Pattern OCTAL_MODE = Pattern.compile("0*[0-7]{1,4}");
  private static final Pattern SYMBOLIC_MODE =
      Pattern.compile(
          "[ugoa]*(?:[-+=](?:[ugo]|[rwxXst]*))+(?:,[ugoa]*(?:[-+=](?:[ugo]|[rwxXst]*))+)*");
  private static final Pattern HTTP = Pattern.compile("https?://.*", Pattern.DOTALL);
  private static final Pattern GIT =
      Pattern.compile(
          "(?:git|ssh)://.*|[A-Za-z0-9_.-]+@[A-Za-z0-9_.-]+:.*"
              + "|https?://[^#?]*\\.git(?:[#?].*)?",
          Pattern.DOTALL);
  private static final Pattern DIGEST =
      Pattern.compile("sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128}");
  private static final Pattern PLATFORM =
      Pattern.compile(
          "[A-Za-z0-9_-]+(\\([A-Za-z0-9_.%-]*(\\+[A-Za-z0-9_.%-]+)*\\))?(/[A-Za-z0-9_.-]+){0,2}");
  private static final Set<String> SYSTEMS =
      Set.of(
          "aix",
          "android",
          "darwin",
          "dragonfly",
          "freebsd",
          "hurd",
          "illumos",
          "ios",
          "js",
          "linux",
          "macos",
          "nacl",
          "netbsd",
          "openbsd",
          "plan9",
          "solaris",
          "wasip1",
          "windows",
          "zos");
  private static final Set<String> ARCHITECTURES =
      Set.of(
          "386",
          "amd64",
          "amd64p32",
          "arm",
          "armbe",
          "arm64",
          "arm64be",
          "ppc64",
          "ppc64le",
          "loong64",
          "mips",
          "mipsle",
          "mips64",
          "mips64le",
          "mips64p32",
          "mips64p32le",
          "ppc",
          "riscv",
          "riscv64",
          "s390",
          "s390x",
          "sparc",
          "sparc64",
          "wasm",
          "i386",
          "x86_64",
          "x86-64",
          "aarch64",
          "armhf",
          "armel");

  private final Dockerfile dockerfile;
  private final List<DockerfileProblem> problems = new ArrayList<>();

  BuildChecks(Dockerfile dockerfile) {
    this.dockerfile = dockerfile;
  }

  List<DockerfileProblem> run() {
    Scope global = dockerfile.globalScope();
    for (Instruction.Arg arg : dockerfile.globalArguments()) {
      for (Assignment assignment : arg.assignments()) {
        expand(assignment.value(), global.before(assignment.key().span().start()));
      }
    }
    for (Stage stage : dockerfile.stages()) {
      from(stage, global);
      for (Instruction instruction : stage.instructions()) {
        check(stage, instruction);
      }
      for (Stage.Source source : stage.sources()) {
        source(stage, source);
      }
    }
    return problems;
  }

  private void from(Stage stage, Scope global) {
    Word image = stage.from().image();
    if (image != null && "".equals(expand(image, global))) {
      problem(Kind.EMPTY_BASE, image.span(), image.toString());
    }
    Flag platform = stage.from().platform();
    if (platform != null && platform.value() != null) {
      String value = expand(platform.value(), global);
      // What an argument without a default brings is not known.
      if (value != null && !isPlatform(value)) {
        problem(
            Kind.INVALID_FLAG_VALUE,
            platform.value().text().isEmpty() ? platform.span() : platform.value().span(),
            "--platform",
            platform.value().toString(),
            "linux/amd64, linux/arm64…");
      }
    }
  }

  /** As Parse of github.com/containerd/platforms; a single word is a system or an architecture. */
  private static boolean isPlatform(String value) {
    String one = value.toLowerCase(Locale.ROOT).replaceFirst("\\(.*", "");
    return PLATFORM.matcher(value).matches()
        && (value.indexOf('/') >= 0 || SYSTEMS.contains(one) || ARCHITECTURES.contains(one));
  }

  private void source(Stage stage, Stage.Source source) {
    String name = source.word().toString();
    if (source.word().hasVariable()) {
      return;
    }
    Stage from = source.stage();
    if (from != null && from.index() >= stage.index()) {
      problem(Kind.STAGE_NOT_BEFORE, source.span(), name);
    } else if (from == null
        && source.instruction() instanceof Instruction.Copy
        && name.matches("[+-]?[0-9]{1,9}")) {
      problem(Kind.INVALID_STAGE_INDEX, source.span(), name);
    }
  }

  private void check(Stage stage, Instruction instruction) {
    Scope scope = stage.scopeBefore(instruction);
    if (instruction instanceof Instruction.Env env) {
      expand(env.assignments(), scope);
    } else if (instruction instanceof Instruction.Label label) {
      expand(label.assignments(), scope);
    } else if (instruction instanceof Instruction.Arg arg) {
      for (Assignment assignment : arg.assignments()) {
        expand(assignment.value(), stage.scopeBefore(assignment));
      }
    } else if (instruction instanceof Instruction.Transfer transfer) {
      transfer(transfer, scope);
    } else if (instruction instanceof Instruction.User user) {
      expand(user.user(), scope);
    } else if (instruction instanceof Instruction.Workdir workdir) {
      expand(workdir.path(), scope);
    } else if (instruction instanceof Instruction.Volume volume) {
      for (Word path : volume.paths()) {
        if ("".equals(expand(path, scope)) && !path.text().isEmpty()) {
          problem(Kind.EMPTY_VOLUME, path.span());
        }
      }
    } else if (instruction instanceof Instruction.StopSignal stopSignal) {
      String signal = expand(stopSignal.signal(), scope);
      Word word = stopSignal.signal();
      if (signal != null && word != null && !isSignal(signal)) {
        problem(Kind.INVALID_SIGNAL, word.span(), signal);
      }
    } else if (instruction instanceof Instruction.Expose expose) {
      expose.ports().forEach(port -> expose(port, scope));
    } else if (instruction instanceof Instruction.Run run) {
      Setting<String> folder = stage.workdirBefore(run);
      run.mounts().forEach(mount -> new MountCheck(mount, scope, folder).check());
    } else if (instruction instanceof Instruction.OnBuild onBuild
        && onBuild.trigger() instanceof Instruction.Copy copy) {
      variableInFrom(copy);
    }
  }

  private void expose(Word word, Scope scope) {
    if (expand(word, scope) == null) {
      return;
    }
    List<String> ports = Expansion.split(word.toString(), dockerfile.escape(), scope);
    for (String port : ports == null ? List.<String>of() : ports) {
      if (ExposedPort.parse(port) == null) {
        problem(Kind.INVALID_PORT, word.span(), port);
      }
    }
  }

  private void transfer(Instruction.Transfer transfer, Scope scope) {
    for (String name : List.of("chown", "chmod", "checksum")) {
      Flag flag = transfer.flag(name);
      String value = expand(flag == null ? null : flag.value(), scope);
      if (flag == null || value == null || value.isEmpty()) {
        continue;
      }
      if (name.equals("chmod")
          && !OCTAL_MODE.matcher(value).matches()
          && !SYMBOLIC_MODE.matcher(value).matches()) {
        invalidFlag(flag, value, "755, u+x, a=rX…");
      } else if (name.equals("checksum")) {
        checksum(transfer, flag, value, scope);
      }
    }
    if (transfer instanceof Instruction.Copy) {
      for (Word source : transfer.paths()) {
        String path = Expansion.of(source.toString(), dockerfile.escape(), scope).text();
        if (path != null && (HTTP.matcher(path).matches() || GIT.matcher(path).matches())) {
          problem(Kind.REMOTE_COPY, source.span(), path);
        }
      }
    }
    if (transfer instanceof Instruction.Copy copy) {
      variableInFrom(copy);
    }
    transfer.paths().forEach(path -> expand(path, scope));
    expand(transfer.destination(), scope);
    for (Word source : transfer.sources()) {
      Heredoc heredoc = transfer.heredoc(source);
      if (heredoc != null && heredoc.expand()) {
        failure(Expansion.ofBody(heredoc.body().text(), scope), heredoc.marker().span());
      }
    }
  }

  private void checksum(Instruction.Transfer add, Flag flag, String checksum, Scope scope) {
    if (!(add instanceof Instruction.Add)) {
      return;
    }
    List<Word> paths = add.paths();
    if (paths.size() != 1) {
      problem(Kind.CHECKSUM_WITHOUT_DOWNLOAD, flag.span());
      return;
    }
    String path = Expansion.of(paths.get(0).toString(), dockerfile.escape(), scope).text();
    if (path == null || GIT.matcher(path).matches()) {
      return;
    }
    if (!HTTP.matcher(path).matches()) {
      problem(Kind.CHECKSUM_WITHOUT_DOWNLOAD, flag.span());
    } else if (!DIGEST.matcher(checksum).matches()) {
      invalidFlag(flag, checksum, "sha256:…");
    }
  }

  private void invalidFlag(Flag flag, String value, String allowed) {
    Word written = flag.value();
    problem(
        Kind.INVALID_FLAG_VALUE,
        written == null || written.text().isEmpty() ? flag.span() : written.span(),
        "--" + flag.name(),
        value,
        allowed);
  }

  private void variableInFrom(Instruction.Copy copy) {
    Word from = copy.from();
    if (from != null) {
      Expansion expansion = Expansion.of(from.toString(), dockerfile.escape(), Scope.empty());
      if (!failure(expansion, from.span()) && !from.toString().equals(expansion.text())) {
        problem(Kind.VARIABLE_IN_FROM, from.span(), from.toString());
      }
    }
  }

  private void expand(List<Assignment> assignments, Scope scope) {
    for (Assignment assignment : assignments) {
      expand(assignment.key(), scope);
      expand(assignment.value(), scope);
    }
  }

  private @Nullable String expand(@Nullable Word word, Scope scope) {
    if (word == null) {
      return null;
    }
    Expansion expansion = Expansion.of(word.toString(), dockerfile.escape(), scope);
    failure(expansion, word.span());
    return expansion.text();
  }

  private boolean failure(Expansion expansion, Span at) {
    Expansion.Failure failure = expansion.failure();
    if (failure != null) {
      problem(Kind.INVALID_SUBSTITUTION, at, Dockerfile.lower(failure.name()));
    }
    return failure != null;
  }

  private static boolean isSignal(String signal) {
    return signal.matches("[+-]?0*[1-9][0-9]{0,17}")
        || SIGNAL.matcher(signal.toUpperCase(Locale.ROOT)).matches();
  }

  private void problem(Kind kind, Span span, String... arguments) {
    problems.add(new DockerfileProblem(kind, span, List.of(arguments)));
  }

  /** The rules of parseMount (instructions/commands_runmount.go): the first broken one counts. */
  private final class MountCheck {
    private final RunMount mount;
    private final Scope scope;
    private final Setting<String> folder;
    private @Nullable String type = "bind";
    private @Nullable String target = "";
    private boolean broken;

    MountCheck(RunMount mount, Scope scope, Setting<String> folder) {
      this.mount = mount;
      this.scope = scope;
      this.folder = folder;
    }

    void check() {
      for (RunMount.Field field : mount.fields()) {
        if (broken) {
          return;
        }
        Word word = field.value();
        if (word == null) {
          bare(field);
        } else if (field.key().equals("from")) {
          int dollar = word.toString().indexOf('$');
          if (dollar >= 0 && dollar < word.text().length() - 1) {
            broken = true;
            problem(Kind.VARIABLE_IN_FROM, word.span(), word.toString());
          }
        } else {
          Expansion expansion = Expansion.of(word.toString(), dockerfile.escape(), scope);
          broken = failure(expansion, word.span());
          value(field, expansion.text());
        }
      }
      if (!broken) {
        whole();
      }
    }

    private void bare(RunMount.Field field) {
      switch (field.key()) {
        case "readonly", "readwrite" -> {}
        case "required" -> requireType(field, "secret", "ssh");
        default -> wrong("no-value", field.span(), field.key());
      }
    }

    private void value(RunMount.Field field, @Nullable String value) {
      switch (field.key()) {
        case "type" -> {
          type = value == null ? null : value.toLowerCase(Locale.ROOT);
          require(type == null || MOUNT_TYPES.contains(type), "type", field, value);
        }
        case "readonly", "readwrite" ->
            require(value == null || BOOLEANS.contains(value), "boolean", field, value);
        case "required" -> {
          requireType(field, "secret", "ssh");
          require(value == null || BOOLEANS.contains(value), "boolean", field, value);
        }
        case "size" -> {
          requireType(field, "tmpfs");
          boolean valid =
              value == null
                  || (SIZE.matcher(value.toLowerCase(Locale.ROOT)).matches()
                      && value.matches(".*[0-9].*"));
          require(valid, "size", field, value);
        }
        case "sharing" ->
            require(
                value == null || SHARING.contains(value.toLowerCase(Locale.ROOT)),
                "sharing",
                field,
                value);
        case "mode" ->
            require(value == null || fits(value, "[0-7]{1,40}", 8), "mode", field, value);
        case "uid", "gid" ->
            require(value == null || fits(value, "[0-9]{1,40}", 10), field.key(), field, value);
        case "target" -> target = value;
        case "source", "id", "env" -> {}
        default -> wrong("key", field.span(), field.key());
      }
    }

    private static boolean fits(String value, String digits, int radix) {
      return value.matches(digits)
          && new java.math.BigInteger(value, radix).bitLength() <= Integer.SIZE;
    }

    private void whole() {
      String known = type;
      if (known == null) {
        return;
      }
      if (known.equals("bind") || known.equals("tmpfs")) {
        forbid("mode", "uid", "gid");
      }
      if (known.equals("secret")) {
        forbid("from", "sharing");
        if (isEmpty("source") && isEmpty("target") && isEmpty("id")) {
          wrong("secret-without-source", mount.span(), known);
        } else if (!isEmpty("source") && !isEmpty("id")) {
          wrong("source-and-id", mount.span(), known);
        }
      }
      if (known.equals("ssh")) {
        forbid("source");
      }
      if (!known.equals("cache")) {
        forbid("sharing");
      }
      if (Set.of("bind", "cache", "tmpfs").contains(known) && isRoot()) {
        RunMount.Field field = mount.field("target");
        wrong("target", field == null ? mount.span() : field.span(), "/");
      }
    }

    /** Whether it would lie over the whole file system (dispatchRunMounts). */
    private boolean isRoot() {
      String path = target;
      if (path == null) {
        return false;
      }
      if (path.startsWith("/")) {
        return Paths.clean(path).equals("/");
      }
      String base = folder.value();
      return base != null
          && base.startsWith("/")
          && !path.matches("[A-Za-z]:.*|\\\\.*")
          && Paths.clean(base + "/" + path).equals("/");
    }

    private boolean isEmpty(String key) {
      Word value = mount.value(key);
      return value == null || value.text().isEmpty();
    }

    private void forbid(String... keys) {
      for (String key : keys) {
        RunMount.Field field = mount.field(key);
        if (field != null && !isEmpty(key)) {
          wrong("not-for-type", field.span(), key);
        }
      }
    }

    private void requireType(RunMount.Field field, String... types) {
      if (type != null && !List.of(types).contains(type)) {
        wrong("not-for-type", field.span(), field.key());
      }
    }

    private void require(
        boolean valid, String reason, RunMount.Field field, @Nullable String value) {
      if (!valid) {
        wrong(reason, field.span(), String.valueOf(value));
      }
    }

    private void wrong(String reason, Span span, String value) {
      if (!broken) {
        broken = true;
        problem(Kind.INVALID_MOUNT, span, reason, value);
      }
    }
  }
}
