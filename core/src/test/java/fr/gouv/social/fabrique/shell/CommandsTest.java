package fr.gouv.social.fabrique.shell;

import static org.assertj.core.api.Assertions.assertThat;

import fr.gouv.social.fabrique.shell.Command.Context;
import fr.gouv.social.fabrique.source.MappedText;
import fr.gouv.social.fabrique.source.SourceFile;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CommandsTest {
  private static final String UNKNOWN = String.valueOf(Argument.UNKNOWN);

  private static List<Command> commands(String text) {
    return commands(text, Map.of());
  }

  private static List<Command> commands(String text, Map<String, String> variables) {
    return ShellScript.parse(MappedText.of(SourceFile.of("script.sh", text).all()))
        .commands(Variables.of(variables), Interpreter.DEFAULT);
  }

  private static List<String> texts(String text) {
    return commands(text).stream().map(Command::toString).toList();
  }

  private static Command named(String name, String text) {
    return commands(text).stream().filter(each -> each.is(name)).findFirst().orElseThrow();
  }

  @Test
  void inSourceOrderWhereverTheyStand() {
    assertThat(
            texts(
                "set -eux; X=$(a b) && if c; then /usr/bin/d \"$(e)\"; fi; f() { g; }; (h | i);"
                    + " for x in 1; do j <(k); done; cat <<E && l\n$(m)\nE\n"))
        .extracting(text -> text.replaceAll(" .*", ""))
        .containsExactly(
            "set", "a", "c", "/usr/bin/d", "e", "g", "h", "i", "j", "k", "cat", "l", "m");
  }

  @Test
  void throughCommandsThatRunCommands() {
    assertThat(texts("sudo -u root -E X=1 apt-get update"))
        .containsExactly("sudo -u root -E X=1 apt-get update", "apt-get update");
    assertThat(texts("env -u A B=c nice -n 10 timeout -k 5 10s time -p make all"))
        .endsWith("make all")
        .hasSize(5);
    assertThat(texts("echo a | xargs -r -n1 apt-get install -y").get(2))
        .isEqualTo("apt-get install -y " + UNKNOWN);
    assertThat(texts("find / -name x -exec rm -rf {} + -exec chmod 777 {} \\;").subList(1, 3))
        .containsExactly("rm -rf {}", "chmod 777 {}");
    assertThat(texts("command -v apk")).hasSize(1);
    assertThat(texts("exec gosu app node server.js").get(2)).isEqualTo("node server.js");
    assertThat(texts("su - app -c 'npm ci && npm test'").subList(1, 3))
        .containsExactly("npm ci", "npm test");
  }

  @Test
  void scriptsWithinScriptsKeepTheirPlaces() {
    String text = "V=1; bash -exc \"pip install \\\"a==$V\\\" 'b c'\" && eval apk add x";
    List<Command> commands = commands(text);
    Command pip = commands.get(1);
    assertThat(pip).hasToString("pip install a==1 b c");
    assertThat(pip.errexit()).isTrue();
    assertThat(pip.contexts()).containsExactly(Context.SCRIPT);
    assertThat(pip.carrier()).isNotNull().extracting(Command::name).isEqualTo("bash");
    assertThat(pip.arguments().get(2).span().text()).isEqualTo("'b c'");
    assertThat(commands.get(3)).hasToString("apk add x");
    assertThat(commands.get(3).arguments().get(1).span().start()).isEqualTo(text.length() - 1);
    assertThat(texts("bash -e <<'E'\nyum -y update\nE\n").get(1)).isEqualTo("yum -y update");
    assertThat(texts("sh -c \"apk add $PKGS\"").get(1)).isEqualTo("apk add " + UNKNOWN);
  }

  @Test
  void assignmentsBeforeSpecialBuiltinsStay() {
    String text = "P='a b' set -x && apk add $P; Q=c true; apk add $Q";
    assertThat(texts(text)).contains("apk add a b", "apk add " + UNKNOWN);
    assertThat(
            ShellScript.parse(MappedText.of(SourceFile.of("script.sh", text).all()))
                .commands(Variables.NONE, Interpreter.of(List.of("bash", "-c"))))
        .extracting(Command::toString)
        .doesNotContain("apk add a b");
    assertThat(texts("bash -c 'P=a set -x; apk add $P'")).doesNotContain("apk add a");
    assertThat(texts("for i in 1 2; do apk add $P; P=$i export X; done"))
        .contains("apk add " + UNKNOWN);
  }

  @Test
  void variablesHoldPackageLists() {
    String text = "PKGS=\"curl git=1\" X=a && apt-get install -y $PKGS \"$X-b\" $Y z=$Y";
    List<Argument> arguments = commands(text).get(0).arguments();
    assertThat(arguments.stream().map(Argument::shape))
        .containsExactly("install", "-y", "curl", "git=1", "a-b", UNKNOWN, "z=" + UNKNOWN);
    assertThat(arguments.get(2).span().start()).isEqualTo(text.indexOf("curl"));
    assertThat(arguments.get(3).span().text()).isEqualTo("git=1");
    assertThat(arguments.get(3).word().span().text()).isEqualTo("$PKGS");
    assertThat(arguments.get(4).span().text()).isEqualTo("\"$X-b\"");
    assertThat(arguments.get(5).text()).isNull();
    assertThat(arguments.get(5).mayBeSeveral()).isTrue();
    assertThat(arguments.get(5).span().text()).isEqualTo("$Y");
  }

  @Test
  void variablesOfTheEnvironment() {
    List<Argument> arguments =
        commands(
                "apk add $A \"$A\" ${B:-c d} ${E:+f} ${A:+g}", Map.of("A", "x y", "B", "", "E", ""))
            .get(0)
            .arguments();
    assertThat(arguments.stream().map(Argument::shape))
        .containsExactly("add", "x", "y", "x y", "c", "d", "g");
    assertThat(arguments.get(1).span().text()).isEqualTo("$A");
    SourceFile file = SourceFile.of("Dockerfile", "ENV A=\"curl git\"\n");
    MappedText value = MappedText.of(file.span(7, 15));
    Command command =
        ShellScript.parse(MappedText.of(SourceFile.of("x", "apk add $A").all()))
            .commands(name -> Variables.Value.of(value), Interpreter.DEFAULT)
            .get(0);
    assertThat(command.arguments().get(2).span().toString()).isEqualTo("Dockerfile:1:13");
  }

  @Test
  void loopsAndBranches() {
    assertThat(texts("for p in a \"b c\"; do apk add $p-dev; done"))
        .containsExactly("apk add a-dev b c-dev");
    assertThat(texts("L='x y'; for p in $L z; do npm i \"$p\"; done"))
        .containsExactly("npm i x y z");
    String text = "if t; then P=a; else P=b; fi; apk add $P";
    List<Argument> either = commands(text).get(1).arguments();
    assertThat(either.stream().map(Argument::shape)).containsExactly("add", "a", "b");
    assertThat(either.get(2).span().start()).isEqualTo(text.indexOf("b;"));
    assertThat(texts("case $A in x) P=a;; *) echo no; exit 1;; esac; apk add $P").get(2))
        .isEqualTo("apk add a");
    assertThat(texts("P=a; [ x ] && P=b; apk add $P").get(1)).isEqualTo("apk add a b");
    assertThat(texts("P=a; while t; do apk add $P; P=b; done").get(1))
        .isEqualTo("apk add " + UNKNOWN);
    assertThat(texts("P=a; (P=b); P=c | t; apk add $P").get(1)).isEqualTo("apk add a");
    assertThat(texts("P=a; f() { P=b; apk add $P; }; apk add $P"))
        .containsExactly("apk add b", "apk add " + UNKNOWN);
    assertThat(texts("read P; apk add $P").get(1)).isEqualTo("apk add " + UNKNOWN);
    assertThat(texts("a=(x 'y z'); a+=(w); apk add \"${a[@]}\""))
        .containsExactly("apk add x y z w");
    assertThat(texts("P=x; P+=' y'; P=\"$P z\"; apk add $P")).containsExactly("apk add x y z");
  }

  @Test
  void optionsInForce() {
    List<Command> commands =
        commands("a; set -euo pipefail; b | (c); (set +e; d); e; set +o pipefail; f");
    assertThat(commands.stream().filter(Command::errexit).map(Command::name))
        .containsExactly("b", "c", "set", "e", "set", "f");
    assertThat(commands.stream().filter(Command::pipefail).map(Command::name))
        .containsExactly("b", "c", "set", "d", "e", "set");
    Interpreter bash = Interpreter.of(List.of("/bin/bash", "-eo", "pipefail", "-c"));
    Command first =
        ShellScript.parse(MappedText.of(SourceFile.of("x", "a | b").all()))
            .commands(Variables.NONE, bash)
            .get(0);
    assertThat(first.errexit() && first.pipefail() && first.isPiped()).isTrue();
  }

  @Test
  void surroundings() {
    List<Command> commands =
        commands("a && b | sudo c || true; while d; do e; done; [ x ] && ! f; g &");
    assertThat(commands.get(2).name()).isEqualTo("sudo");
    Command c = commands.get(3);
    assertThat(c.pipelineIndex()).isEqualTo(1);
    assertThat(c.isPiped()).isFalse();
    assertThat(commands.get(1).isPiped()).isTrue();
    assertThat(c.isChainedWith(commands.get(0))).isTrue();
    assertThat(c.operatorBefore()).isEqualTo(Syntax.Operator.AND);
    assertThat(c.operatorAfter()).isEqualTo(Syntax.Operator.OR);
    assertThat(commands.get(4).isIn(Context.CONDITIONAL)).isTrue();
    assertThat(commands.get(5).contexts()).containsExactly(Context.CONDITION);
    assertThat(commands.get(6).contexts()).containsExactly(Context.LOOP);
    assertThat(commands.get(8).contexts())
        .containsExactlyInAnyOrder(Context.CONDITION, Context.CONDITIONAL);
    assertThat(commands.get(9).contexts()).containsExactly(Context.BACKGROUND);
    assertThat(commands.stream().map(Command::position))
        .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
  }

  @Test
  void flagsAndOptions() {
    Command command = named("x", "x -qy -o A::B=c --t=r -u1 -v -- -n z");
    assertThat(command.has("-y", "--yes")).isTrue();
    assertThat(command.has("-n")).isFalse();
    Command.Options options = command.options("-o", "--t", "-u");
    assertThat(options.value("-o")).isEqualTo("A::B=c");
    assertThat(options.value("--t")).isEqualTo("r");
    assertThat(options.value("-u")).isEqualTo("1");
    assertThat(options.operands().stream().map(Argument::shape)).containsExactly("-n", "z");
    assertThat(named("apt-get", "apt-get install -q=2 a").options().value("-q")).isEqualTo("2");
  }

  @Test
  void variablesOfACommand() {
    assertThat(named("pip", "PIP_NO_CACHE_DIR=1 pip install x").variable("PIP_NO_CACHE_DIR"))
        .isEqualTo("1");
    assertThat(named("pip", "export A=$(b) C=d; env E=f pip i").variable("C")).isEqualTo("d");
    Command pip = named("pip", "export A=$(b); env E=f pip i");
    assertThat(pip.hasVariable("A")).isTrue();
    assertThat(pip.variable("A")).isNull();
    assertThat(pip.variable("E")).isEqualTo("f");
  }

  @Test
  void packageCommands() {
    assertThat(
            packages(
                "apt-get -qy install -t sid --no-install-recommends curl=1.2 git/stable ./a.deb x:arm64"))
        .isEqualTo("APT_GET INSTALL curl[=1.2] git[/stable] ./a.deb{FILE} x:arm64");
    assertThat(packages("apk add --no-cache -t .deps 'gcc>1' make~=4.3 musl-dev"))
        .isEqualTo("APK INSTALL gcc[>1] make[~=4.3] musl-dev");
    assertThat(packages("yum install -y httpd-2.4.6 mod_ssl a-b @dev x.rpm"))
        .isEqualTo("YUM INSTALL httpd[-2.4.6] mod_ssl a-b @dev{GROUP} x.rpm{FILE}");
    assertThat(packages("zypper -n in 'a>=1' b")).isEqualTo("ZYPPER INSTALL a[>=1] b");
    assertThat(
            packages("python3 -m pip install -U 'a[x]==1' b -r r.txt git+https://x/y@v1 . c~=$V"))
        .isEqualTo("PIP INSTALL a[==1] b git+https://x/y@v1{URL} .{FILE} c[~=" + UNKNOWN + "]");
    assertThat(packages("npm install -g @a/b@1.2 c@latest d e/f"))
        .isEqualTo("NPM INSTALL @a/b[@1.2] c[@latest] d e/f{URL}");
    assertThat(packages("yarn --frozen-lockfile")).isEqualTo("YARN INSTALL");
    assertThat(packages("yarn cache clean")).isEqualTo("YARN CLEAN");
    assertThat(packages("yarn build")).isEqualTo("YARN OTHER");
    assertThat(packages("gem install a:1 b -- --with-c d")).isEqualTo("GEM INSTALL a[:1] b");
    assertThat(packages("go install -ldflags='-s -w' a/b@v1 ./c"))
        .isEqualTo("GO INSTALL a/b[@v1] ./c{FILE}");
    assertThat(packages("uv pip install a==1")).isEqualTo("UV INSTALL a[==1]");
    assertThat(packages("composer global require a/b:^1")).isEqualTo("COMPOSER INSTALL a/b[:^1]");
    assertThat(packages("npx -y cowsay@1 hello")).isEqualTo("NPX RUN cowsay[@1]");
    assertThat(packages("apt-get install $P"))
        .isEqualTo("APT_GET INSTALL " + UNKNOWN + "{UNKNOWN}");
    assertThat(packages("dnf -y --setopt=x=y group install A")).isEqualTo("DNF INSTALL A");
    assertThat(PackageCommand.of(named("python", "python -m http.server"))).isNull();
  }

  private static String packages(String text) {
    PackageCommand command = PackageCommand.of(commands(text).get(0));
    assertThat(command).isNotNull();
    StringBuilder result =
        new StringBuilder(command.manager().name()).append(' ').append(command.action());
    for (PackageCommand.Package each : command.packages()) {
      result.append(' ').append(each.name());
      if (!each.constraint().isEmpty()) {
        result.append('[').append(each.constraint()).append(']');
      }
      if (each.kind() != PackageCommand.Package.Kind.NAME) {
        result.append('{').append(each.kind()).append('}');
      }
    }
    return result.toString();
  }

  @Test
  void execForm() {
    SourceFile file = SourceFile.of("Dockerfile", "[\"sh\", \"-c\", \"apk add x; y\"]");
    List<MappedText> words =
        List.of(
            MappedText.of(file.span(2, 4)),
            MappedText.of(file.span(8, 10)),
            MappedText.of(file.span(14, 26)));
    List<Command> commands = ShellScript.ofWords(words, file.all()).commands();
    assertThat(commands)
        .extracting(Command::toString)
        .containsExactly("sh -c apk add x; y", "apk add x", "y");
    assertThat(commands.get(2).span().start()).isEqualTo(25);
  }

  @Test
  void otherInterpretersAreLeftAlone() {
    ShellScript script =
        ShellScript.parse(MappedText.of(SourceFile.of("x", "Get-Item x | Remove-Item").all()));
    for (String shell : List.of("pwsh", "C:\\Windows\\cmd.exe", "/usr/bin/python3", "perl")) {
      assertThat(script.commands(Variables.NONE, Interpreter.of(List.of(shell)))).isEmpty();
    }
    assertThat(Interpreter.of(List.of("powershell.exe", "-Command")).kind())
        .isEqualTo(Interpreter.Kind.POWERSHELL);
    assertThat(Interpreter.ofShebang("#!/usr/bin/env -S bash -e\nx", Interpreter.DEFAULT))
        .isEqualTo(new Interpreter(Interpreter.Kind.BASH, "bash", true, false));
    assertThat(Interpreter.of(List.of("/busybox", "sh")).kind())
        .isEqualTo(Interpreter.Kind.POSIX_SH);
    assertThat(Interpreter.of(List.of("/usr/bin/python3.11")).name()).isEqualTo("python");
  }

  @Test
  void hostileScriptsEnd() {
    assertThat(commands("X='eval \"$X $X\"'; eval \"$X\"")).isNotEmpty();
    assertThat(commands("a=xx; " + "a=$a$a; ".repeat(2000) + "b $a")).hasSize(1);
    assertThat(commands("sudo ".repeat(20_000))).isNotEmpty();
    assertThat(commands("x+=' a'; ".repeat(20_000) + "b $x")).hasSize(1);
    assertThat(commands("for i in " + "a ".repeat(5000) + "; do " + "b $i; ".repeat(5000) + "done"))
        .hasSize(5000);
  }
}
