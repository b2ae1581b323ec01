package fr.gouv.social.fabrique.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Whoever writes a policy gets no further than the model, and no longer than the budget. */
class HostileExpressionTest {
  private static final String MANIFEST =
      """
      apiVersion: v1
      kind: Pod
      metadata: { name: web, labels: { app: web } }
      spec:
        containers:
          - { name: api, image: "node:22", args: [a, b, c, d, e, f, g, h, i, j] }
      """;

  private static final Expressions FILES = new Expressions(Map.of("pod.yaml", MANIFEST));

  private static final String TEN = "[0,1,2,3,4,5,6,7,8,9]";
  private static final String HUNDRED = TEN + ".flatMap(a -> " + TEN + ")";

  /** Well-known payloads against EL, SpEL and OGNL, in the forms that Jakarta EL reads. */
  private static final List<String> INJECTIONS =
      List.of(
          "''.getClass()",
          "''.class",
          "''['class']",
          "container.class",
          "container.getClass().forName('java.lang.Runtime')",
          "''.getClass().forName('java.lang.Runtime').getMethod('getRuntime').invoke(null)",
          "''.getClass().forName('java.lang.Runtime').getMethods()[6].invoke(null).exec('id')",
          "\"\".getClass().forName(\"javax.script.ScriptEngineManager\").newInstance()"
              + ".getEngineByName(\"js\").eval(\"java.lang.Runtime.getRuntime().exec('id')\")",
          "[].getClass().getClassLoader()",
          "container.labels.getClass().getProtectionDomain()",
          "T(java.lang.Runtime).getRuntime().exec('id')",
          "T (java.lang.System).getenv()",
          "new java.lang.ProcessBuilder('id').start()",
          "new ProcessBuilder({'/bin/sh', '-c', 'id'}).start()",
          "Runtime.getRuntime().exec('id')",
          "java.lang.Runtime.getRuntime()",
          "System.getProperty('user.dir')",
          "System.exit(0)",
          "Integer.MAX_VALUE",
          "Integer('42')",
          "Boolean.TRUE",
          "@java.lang.Runtime@getRuntime().exec('id')",
          "#_memberAccess['allowStaticMethodAccess'] = true",
          "(#rt = @java.lang.Runtime@getRuntime()).exec('id')",
          "(#context['xwork.MethodAccessor.denyMethodExecution'] = false)(id)",
          "#this.getClass()",
          "#root",
          "%{(#a = @org.apache.commons.io.IOUtils@toString(#b))}",
          "applicationScope",
          "request.getSession().getServletContext()",
          "pageContext.request.getHeader('x')",
          "facesContext.getExternalContext().redirect('http://x')",
          "sessionScope.toString().concat('x')",
          "param.x",
          "initParam['x']",
          "container.setName('x')",
          "container.name = 'x'",
          "container.object.labels.put('a', 'b')",
          "container.args.add('x')",
          "container.args.remove(0)",
          "container.args.forEach(x -> x.getClass())",
          "container.args.stream().iterator()",
          "container.args.stream().toArray()",
          "container.image.getClass()",
          "container.image.text.getBytes()",
          "container.object.file().text()",
          "container.limits['memory'].class.classLoader",
          "container.hashCode()",
          "container.toString()",
          "''.toString()",
          "''.format('%1000000000d', 1)",
          "''.equals('')",
          "''.intern()",
          "String.format('%s', 1)",
          "ns:fn('x')",
          "${''.getClass()}",
          "true} ${''.getClass()",
          "true}#{''.getClass()",
          "container['getClass']()",
          "container['cl' += 'ass']",
          "container[container.name]",
          "empty.getClass()",
          "(x -> x.getClass())('')",
          "[''].map(x -> x.getClass())",
          "[''].map(x -> x.class)",
          "parameters.class",
          "project.getClass()",
          "project.tree.root",
          "today.getClass()",
          "environment.getBytes()",
          "'' instanceof String");

  /** Expressions that ask for more time, memory or stack than anybody has. */
  private static Stream<String> exhaustions() {
    String nested = HUNDRED + ".flatMap(b -> " + HUNDRED.replace("a ->", "c ->") + ")";
    String inner = nested.replace("a ->", "e ->").replace("b ->", "f ->").replace("c ->", "g ->");
    return Stream.of(
        "(x -> x(x))(x -> x(x))",
        "(f -> f(f))(f -> f(f))",
        "[x -> x(x)].map(f -> f(f))",
        "(x -> (y -> x(x))(x))(x -> x(x))",
        "fact = (n -> n == 0 ? 1 : n * fact(n - 1)); fact(5)",
        nested + ".flatMap(d -> " + HUNDRED.replace("a ->", "e ->") + ").size()",
        TEN
            + ".allMatch(a -> "
            + IntStream.range(0, 8)
                .mapToObj(i -> TEN + ".allMatch(x" + i + " -> ")
                .collect(Collectors.joining())
            + "true"
            + ")".repeat(9),
        nested
            + ".map(d -> "
            + nested.replace("a ->", "e ->").replace("b ->", "f ->").replace("c ->", "g ->")
            + ".sum()).sum()",
        nested.replace("size", "") + ".reduce('x', (s, d) -> s += s)",
        HUNDRED + ".reduce('xxxxxxxxxx', (s, d) -> s += s)",
        TEN + ".reduce('aaaaaaaaaa', (s, d) -> s.replace('a', 'aaaaaaaaaa'))",
        TEN + ".reduce('aaaaaaaaaa', (s, d) -> s.replace('', 'bbbbbbbbbb'))",
        HUNDRED
            + ".map(x -> 'aaaaaaaaaaaaaaaaaaaaaaaaa').map(x -> x.replace('a', x).replace('a', x)).join('')",
        nested + ".map(x -> '" + "a".repeat(200) + "').join(',')",
        nested + ".map(x -> " + inner + ").size()",
        nested + ".noneMatch(x -> " + inner + " == [])",
        HUNDRED
            + ".map(i -> 'x').reduce('', (s, d) -> (s += d).matches('a{1000}b{1000}c{1000}' += s) ? s : s += d += s)",
        HUNDRED
            + ".map(i -> 'x').flatMap(i -> "
            + TEN
            + ").allMatch(i -> !matches('x', 'a{1000}b{1000}c{1000}' += i))",
        "1e999999999 > 0",
        "1e999999999 * 1e999999999 == 0",
        "1e-999999999 + 1 > 0",
        "9".repeat(2000) + " > 0",
        "0." + "1".repeat(2000) + " > 0",
        "(".repeat(1500) + "true" + ")".repeat(1500),
        "[".repeat(1500) + "]".repeat(1500),
        "{".repeat(1500) + "}".repeat(1500),
        "!".repeat(3000) + "true",
        "-".repeat(3000) + "1 > 0",
        "not ".repeat(900) + "true",
        "empty ".repeat(600) + "null",
        "true" + "?true:true".repeat(300),
        "true?".repeat(700) + "true" + ":true".repeat(700),
        "x->".repeat(900) + "x",
        "1" + "+1".repeat(1500) + " > 0",
        "true" + "&&true".repeat(600),
        "container" + ".pod.workload".repeat(200) + ".name == ''",
        "container" + "['pod']".repeat(400),
        "'" + "a".repeat(5000) + "' == ''",
        " ".repeat(100_000) + "true",
        "a".repeat(100_000),
        "matches('aaaa', '(a{1000}){1000}')",
        "matches('aaaa', '((((a{20}){20}){20}){20}){20}')",
        "matches('aaaa', '(\\\\Q)\\\\E(a{1000}){1000})')",
        "matches('aaaa', '(a|b|c){1000}{1000}')",
        "matches('aaaa', '[[:alpha:]](x{1000}){1000}')",
        "matches('a', '" + "(".repeat(1200) + "a" + ")".repeat(1200) + "')",
        "matches('a', '(a)\\\\1')",
        "matches('a', '(?=a)a')");
  }

  @TestFactory
  Stream<DynamicTest> injectionsAreRefused() {
    return INJECTIONS.stream().map(HostileExpressionTest::refused);
  }

  @TestFactory
  Stream<DynamicTest> exhaustionsAreRefused() {
    return exhaustions().map(HostileExpressionTest::refused);
  }

  /** Numbers keep 34 digits; what grows beyond reason is no number any more. */
  @Test
  void numbersDoNotGrow() {
    for (String factor : List.of("10", "0.1")) {
      assertThat(
              FILES.eval(
                  Subject.KUBERNETES_CONTAINER,
                  HUNDRED + ".reduce(" + factor + ", (s, d) -> s * s)"))
          .isEqualTo("?");
    }
    assertThat(FILES.eval(Subject.KUBERNETES_CONTAINER, "number('1e200') * number('1e200') > 0"))
        .isEqualTo("?");
    assertThat(FILES.eval(Subject.KUBERNETES_CONTAINER, "1e299 % 3 == 0")).isEqualTo("?");
  }

  private static DynamicTest refused(String expression) {
    return DynamicTest.dynamicTest(
        expression.length() < 100 ? expression : expression.substring(0, 100) + "…",
        () ->
            assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () ->
                    assertThat(FILES.refusal(Subject.KUBERNETES_CONTAINER, expression))
                        .matches("(?s)\\d+: .+")));
  }

  @TestFactory
  Stream<DynamicTest> whatWouldBacktrackDoesNot() {
    String text = "a".repeat(3_000);
    return Stream.of("(a+)+b", "(a*)*b", "(a|a)*b", "(a|aa)+$b", "([a-zA-Z]+)*b", "(.*a){20}b")
        .map(
            regex ->
                DynamicTest.dynamicTest(
                    regex,
                    () ->
                        assertTimeoutPreemptively(
                            Duration.ofSeconds(20),
                            () ->
                                assertThat(
                                        FILES.eval(
                                            Subject.KUBERNETES_CONTAINER,
                                            "'" + text + "'.matches('" + regex + "')"))
                                    .isEqualTo("false"))));
  }

  @TestFactory
  Stream<DynamicTest> globsDoNotBacktrack() {
    return Stream.of("*a".repeat(60) + "b", "**a".repeat(60) + "b", "{a,aa}".repeat(40) + "b")
        .map(
            glob ->
                DynamicTest.dynamicTest(
                    glob,
                    () ->
                        assertTimeoutPreemptively(
                            Duration.ofSeconds(20),
                            () ->
                                assertThat(
                                        FILES.eval(
                                            Subject.KUBERNETES_CONTAINER,
                                            "glob('" + "a".repeat(2_000) + "', '" + glob + "')"))
                                    .isEqualTo("false"))));
  }

  /** Nothing is found by name at run time: there is no way from a name to a class or a method. */
  @Test
  void nothingReflects() {
    ArchRuleDefinition.noClasses()
        .that()
        .resideInAPackage("..fabrique.policy..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.lang.reflect", "java.lang.invoke", "java.beans", "javax.script")
        .orShould()
        .callMethod(Class.class, "forName", String.class)
        .orShould()
        .dependOnClassesThat()
        .haveNameMatching("jakarta\\.el\\.(?!ELException).*")
        .orShould()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.glassfish.expressly",
            "org.glassfish.expressly.lang",
            "org.glassfish.expressly.stream",
            "org.glassfish.expressly.util")
        .orShould()
        .dependOnClassesThat()
        .haveNameMatching("java\\.io\\.(?!StringReader).*|java\\.nio\\.file\\..*")
        .because("expressions are functions of the model")
        .allowEmptyShould(false)
        .check(
            new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("fr.gouv.social.fabrique.policy"));
  }

  /** Whatever is written, it is a value or a mistake with a place. */
  @Property(tries = 3000, seed = "7")
  void neverThrowsAnythingElse(@ForAll("expressions") String expression) {
    String refusal = FILES.refusal(Subject.KUBERNETES_CONTAINER, expression);
    assertThat(refusal.isEmpty() || refusal.matches("(?s)\\d+: .+")).as(expression).isTrue();
  }

  @Provide
  Arbitrary<String> expressions() {
    Arbitrary<String> words =
        Arbitraries.of(
            "container",
            ".",
            "name",
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
            "'a'",
            "\"",
            "'",
            "\\",
            "1",
            "1e9",
            ".5",
            "x",
            "->",
            "?",
            ":",
            "==",
            "!",
            "-",
            "+",
            "+=",
            "=",
            ";",
            ",",
            "empty",
            "not",
            "and",
            "or",
            "null",
            "true",
            "args",
            "map",
            "filter",
            "anyMatch",
            "stream",
            "get",
            "image",
            "tag",
            "object",
            "spec",
            "labels",
            "limits",
            "memory",
            "glob",
            "matches",
            "semver",
            " ",
            "\n",
            "\t",
            "#",
            "$",
            "${",
            "#{",
            "@",
            "T(",
            "é",
            "😀",
            "\u0000",
            "\uFFFF",
            "instanceof",
            "%",
            "/",
            "<",
            ">=",
            "&&",
            "||");
    return words.list().ofMinSize(1).ofMaxSize(14).map(list -> String.join("", list));
  }
}
