package fr.gouv.social.fabrique.shell;

import static org.assertj.core.api.Assertions.assertThat;

import fr.gouv.social.fabrique.source.MappedText;
import fr.gouv.social.fabrique.source.SourceFile;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShellScriptTest {

  private static ShellScript parse(String text) {
    return ShellScript.parse(MappedText.of(SourceFile.of("script.sh", text).all()));
  }

  private static ShellScript clean(String text) {
    ShellScript script = parse(text);
    assertThat(script.problems()).isEmpty();
    return script;
  }

  /** The tree with the source of its leaves, so that a wrong span shows. */
  private static String tree(String text) {
    return tree(clean(text).statements());
  }

  private static String tree(List<Syntax.Statement> statements) {
    return statements.stream()
        .map(each -> tree(each.command()) + (each.background() ? " &" : ""))
        .collect(Collectors.joining("; "));
  }

  private static String tree(Syntax syntax) {
    if (syntax instanceof Syntax.SimpleCommand command) {
      return "<" + command.span().text() + ">";
    } else if (syntax instanceof Syntax.Pipeline pipeline) {
      return (pipeline.negated() ? "not " : "")
          + "pipe("
          + pipeline.commands().stream().map(ShellScriptTest::tree).collect(Collectors.joining(" "))
          + ")";
    } else if (syntax instanceof Syntax.AndOr chain) {
      return "chain"
          + chain.operators()
          + "("
          + chain.commands().stream().map(ShellScriptTest::tree).collect(Collectors.joining(" "))
          + ")";
    } else if (syntax instanceof Syntax.If choice) {
      return "if("
          + choice.branches().stream()
              .map(each -> tree(each.condition()) + " -> " + tree(each.body()))
              .collect(Collectors.joining(" | "))
          + (choice.otherwise().isEmpty() ? "" : " | else " + tree(choice.otherwise()))
          + ")";
    } else if (syntax instanceof Syntax.While loop) {
      return (loop.until() ? "until(" : "while(")
          + tree(loop.condition())
          + " -> "
          + tree(loop.body())
          + ")";
    } else if (syntax instanceof Syntax.For loop) {
      return "for("
          + loop.name().text()
          + (loop.words() == null
              ? ""
              : loop.words().stream()
                  .map(word -> " " + word.span().text())
                  .collect(Collectors.joining()))
          + " -> "
          + tree(loop.body())
          + ")";
    } else if (syntax instanceof Syntax.ArithmeticFor loop) {
      return "for((" + tree(loop.body()) + "))";
    } else if (syntax instanceof Syntax.Case choice) {
      return "case("
          + choice.subject().span().text()
          + choice.arms().stream()
              .map(
                  arm ->
                      " "
                          + arm.patterns().stream()
                              .map(word -> word.span().text())
                              .collect(Collectors.joining("|"))
                          + " -> "
                          + tree(arm.body())
                          + arm.end())
              .collect(Collectors.joining())
          + ")";
    } else if (syntax instanceof Syntax.Function function) {
      return "function " + function.name() + " " + tree(function.body());
    } else if (syntax instanceof Syntax.Subshell subshell) {
      return "(" + tree(subshell.body()) + ")";
    } else if (syntax instanceof Syntax.Group group) {
      return "{" + tree(group.body()) + "}";
    } else if (syntax instanceof Syntax.Redirected redirected) {
      return tree(redirected.command())
          + redirected.redirections().stream()
              .map(each -> " [" + each.span().text() + "]")
              .collect(Collectors.joining());
    }
    return syntax.getClass().getSimpleName() + "<" + syntax.span().text() + ">";
  }

  @Test
  void listsAndPipelines() {
    assertThat(tree("set -eux; a && b || ! c | d |& e & f"))
        .isEqualTo("<set -eux>; chain[AND, OR](<a> <b> not pipe(<c> <d> <e>)) &; <f>");
  }

  @Test
  void compoundCommands() {
    assertThat(tree("if a; then b; elif c\nthen d; else e; fi > out 2>&1 && f"))
        .isEqualTo("chain[AND](if(<a> -> <b> | <c> -> <d> | else <e>) [> out] [2>&1] <f>)");
    assertThat(tree("for p in $PKGS \"$a b\"; do x \"$p\"; done; for y do z; done"))
        .isEqualTo("for(p $PKGS \"$a b\" -> <x \"$p\">); for(y -> <z>)");
    assertThat(tree("while read -r l; do a; done < <(b c)"))
        .isEqualTo("while(<read -r l> -> <a>) [< <(b c)]");
    assertThat(tree("until a\ndo b &\ndone")).isEqualTo("until(<a> -> <b> &)");
    assertThat(tree("for ((i = 0; i < $(a); i++)); do b; done")).isEqualTo("for((<b>))");
    assertThat(tree("f() { a; }\nfunction g { b; } >x; h () ( c )"))
        .isEqualTo("function f {<a>}; function g {<b>} [>x]; function h (<c>)");
    assertThat(tree("(( x > 1 && (y) )) && [[ $a =~ ^(a|b)+$ && ! -f x ]] && ((a); b)"))
        .isEqualTo(
            "chain[AND, AND](Arithmetic<(( x > 1 && (y) ))>"
                + " Test<[[ $a =~ ^(a|b)+$ && ! -f x ]]> ((<a>); <b>))");
  }

  @Test
  void casePatternsHaveUnbalancedBrackets() {
    assertThat(
            tree(
                "x=$(case $a in (b|c) d ;; e*) f;; esac) ; case \"$1\" in\n -*) g ;;& @(h|i)) j;& *) k\nesac"))
        .isEqualTo(
            "<x=$(case $a in (b|c) d ;; e*) f;; esac)>;"
                + " case(\"$1\" -* -> <g>;;& @(h|i) -> <j>;& * -> <k>)");
  }

  @Test
  void nestedQuotesInSubstitutions() {
    Syntax.SimpleCommand command = first("echo \"a $(b \"c $(d '\"' \")\")\" e) f\" g");
    assertThat(command.words()).hasSize(3);
    assertThat(command.words().get(1).span().text())
        .isEqualTo("\"a $(b \"c $(d '\"' \")\")\" e) f\"");
    assertThat(command.words().get(1).isStatic()).isFalse();
    Word.DoubleQuoted quoted = (Word.DoubleQuoted) command.words().get(1).parts().get(0);
    assertThat(quoted.parts()).hasSize(3);
    assertThat(tree(((Word.CommandSubstitution) quoted.parts().get(1)).statements()))
        .isEqualTo("<b \"c $(d '\"' \")\")\" e>");
  }

  @Test
  void wordsWithoutQuotes() {
    assertThat(first("a'b c'\"d\\\"\\n\"\\ e$'\\t\\x41\\u00e9'").words().get(0).text())
        .isEqualTo("ab cd\"\\n e\tA\u00e9");
    assertThat(first("echo ${a:-${b}'}'} x").words().get(1).span().text())
        .isEqualTo("${a:-${b}'}'}");
    assertThat(first("echo \"${a:-it's}\" x").words()).hasSize(3);
    assertThat(first("echo \"${a#'}'}\" x").words()).hasSize(3);
    assertThat(first("echo ${#a[@]} ${!b} ${c%%.*} ${@:2} $((1 << 2)) $[1 + 2]").words())
        .hasSize(7);
    assertThat(first("echo a#b $ \"$\" #c").words().stream().map(Word::text))
        .containsExactly("echo", "a#b", "$", "$");
    assertThat(first("echo $a ${b:+$c} \"$d\"").words().get(2).variables())
        .containsExactly("b", "c");
  }

  @Test
  void backquotesNest() {
    Syntax.SimpleCommand command = first("x=`a \\`b \"\\$c\"\\` d` y");
    Word.CommandSubstitution outer =
        (Word.CommandSubstitution) command.assignments().get(0).value().parts().get(0);
    Syntax.SimpleCommand inner = (Syntax.SimpleCommand) outer.statements().get(0).command();
    assertThat(inner.words().get(2).span().text()).isEqualTo("d");
    assertThat(inner.words().get(1).parts().get(0)).isInstanceOf(Word.CommandSubstitution.class);
  }

  @Test
  void hereDocuments() {
    Syntax.SimpleCommand command =
        first("cat <<A <<-'B C' > f; d\none $(e)\nA\n\ttwo $(g)\n\tB C\nh");
    assertThat(command.redirections()).hasSize(3);
    Syntax.HereDocument one = command.redirections().get(0).document();
    Syntax.HereDocument two = command.redirections().get(1).document();
    assertThat(one).isNotNull();
    assertThat(two).isNotNull();
    assertThat(one.body().text()).isEqualTo("one $(e)\n");
    assertThat(one.parts()).hasSize(3);
    assertThat(two.body().text()).isEqualTo("two $(g)\n");
    assertThat(two.body().span().text()).isEqualTo("two $(g)\n");
    assertThat(two.parts()).hasSize(1);
    assertThat(tree("cat <<A <<-'B C' > f; d\none $(e)\nA\n\ttwo $(g)\n\tB C\nh"))
        .isEqualTo("<cat <<A <<-'B C' > f>; <d>; <h>");
  }

  @Test
  void hereDocumentsWithinSubstitutionsAndLoops() {
    assertThat(tree("x=\"$(cat <<E\na ) \" $b\nE\n)\"; y")).endsWith("; <y>");
    assertThat(tree("while a; do\n  cat <<-E | b \\\n    && c # it's\n\t)\n\tE\ndone; d"))
        .isEqualTo("while(<a> -> chain[AND](pipe(<cat <<-E> <b>) <c>)); <d>");
    assertThat(tree("cat <<E\r\nit's\r\nE\r\na")).isEqualTo("<cat <<E>; <a>");
  }

  @Test
  void continuationsCommentsAndWindowsLineEnds() {
    ShellScript script = clean("a \\\r\n  b # c; d\r\n# e\r\nf&&\\\ng");
    assertThat(tree(script.statements())).isEqualTo("<a \\\r\n  b>; chain[AND](<f> <g>)");
    assertThat(script.comments().stream().map(each -> each.text()))
        .containsExactly("# c; d", "# e");
  }

  @Test
  void arraysAndAssignments() {
    Syntax.SimpleCommand command = first("a=(x 'y z' # c\n $(b)) c[i + 1]=d e+=f g= h --i=j");
    assertThat(command.assignments().stream().map(Syntax.Assignment::name))
        .containsExactly("a", "c", "e", "g");
    assertThat(command.assignments().get(1).subscript()).isEqualTo("i + 1");
    assertThat(command.assignments().get(2).append()).isTrue();
    assertThat(command.words()).hasSize(2);
    assertThat(tree("declare -a x=(1 2) y")).isEqualTo("<declare -a x=(1 2) y>");
  }

  @Test
  void aLongChainOfBranches() {
    StringBuilder text = new StringBuilder("if a0; then b0\n");
    for (int i = 1; i < 400; i++) {
      text.append("elif a").append(i).append("; then\n  b").append(i).append(" &&\\\n  c\n");
    }
    ShellScript script = clean(text.append("else d; fi").toString());
    Syntax.If choice = (Syntax.If) script.statements().get(0).command();
    assertThat(choice.branches()).hasSize(400);
    assertThat(script.commands()).hasSize(400 + 1 + 2 * 399 + 1);
  }

  @Test
  void placesAreThoseOfTheFileWhenTheCallerJoinsLines() {
    SourceFile file = SourceFile.of("Dockerfile", "RUN apt-get \\\n# note\n  update");
    MappedText run = MappedText.of(file.span(4, file.text().length()));
    String text = run.sub(0, 8).text() + run.sub(17).text();
    int[] offsets = new int[text.length() + 1];
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = run.offsetAt(i < 8 ? i : i + 9);
    }
    Syntax.SimpleCommand command =
        (Syntax.SimpleCommand)
            ShellScript.parse(MappedText.of(text, offsets, file)).statements().get(0).command();
    assertThat(command.words().get(1).span().toString()).isEqualTo("Dockerfile:3:3");
    assertThat(command.words().get(1).span().text()).isEqualTo("update");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a 'b; c",
        "a \"b; c",
        "a `b",
        "a $(b",
        "a ${b",
        "a && ",
        "| a",
        "if a; then b",
        "fi; a",
        "a; done",
        "case x in a b;; esac",
        "case x in",
        "for; do a; done",
        "( a",
        "a )",
        "{ a;",
        "a ;; b",
        "cat <<E\na",
        "a > ; b",
        "[[ a",
        "a=(b",
        "! ",
        "while a; b; done",
        "a (b)",
        "f() "
      })
  void problemsAreToldAndTheRestIsRead(String text) {
    assertThat(parse(text).problems()).isNotEmpty();
    ShellScript twice = parse("apt-get update; " + text);
    assertThat(twice.problems()).isNotEmpty();
    assertThat(twice.commands().get(0).name()).isEqualTo("apt-get");
  }

  @Test
  void problemsHavePlaces() {
    ShellProblem problem = parse("a; b \"c d").problems().get(0);
    assertThat(problem.kind()).isEqualTo(ShellProblem.Kind.UNTERMINATED);
    assertThat(problem.what()).isEqualTo("\"");
    assertThat(problem.span().column()).isEqualTo(6);
    ShellScript script = parse("if a; then b; done; c");
    assertThat(script.problems().get(0).what()).isEqualTo("done");
    assertThat(script.commands().stream().map(Command::name)).containsExactly("a", "b", "c");
  }

  @Test
  void whatNestsTooDeepIsLeftOut() {
    ShellScript script = parse("a; " + "$(b ".repeat(100_000));
    assertThat(script.problems().stream().map(ShellProblem::kind))
        .contains(ShellProblem.Kind.TOO_DEEP);
    assertThat(script.commands().get(0).name()).isEqualTo("a");
    assertThat(parse("(".repeat(100_000)).problems()).isNotEmpty();
    assertThat(parse("$((".repeat(100_000)).problems()).isNotEmpty();
    assertThat(parse("${a:-\"".repeat(100_000)).problems()).isNotEmpty();
  }

  private static Syntax.SimpleCommand first(String text) {
    return (Syntax.SimpleCommand) clean(text).statements().get(0).command();
  }
}
