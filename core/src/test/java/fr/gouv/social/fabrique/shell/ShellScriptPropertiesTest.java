package fr.gouv.social.fabrique.shell;

import static org.assertj.core.api.Assertions.assertThat;

import fr.gouv.social.fabrique.source.MappedText;
import fr.gouv.social.fabrique.source.SourceFile;
import fr.gouv.social.fabrique.source.Span;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ShellScriptPropertiesTest {
  private static final List<String> SNIPPETS =
      List.of(
          " ",
          " ",
          "\n",
          ";",
          "&&",
          "||",
          "|",
          "&",
          "(",
          ")",
          "((",
          "))",
          "{ ",
          " }",
          "if ",
          "then ",
          "elif ",
          "else ",
          "fi ",
          "for ",
          "x in ",
          "do ",
          "done ",
          "while ",
          "case ",
          "esac ",
          ";;",
          "'",
          "\"",
          "`",
          "$(",
          "$((",
          "${",
          "}",
          "$x",
          "$",
          "\\",
          "\\\n",
          "<<E\n",
          "E\n",
          "<<-'E'",
          "<<<",
          "<(",
          ">",
          "2>&1",
          "[[ ",
          " ]]",
          "x=",
          "x=(",
          "a",
          "echo ",
          "set -e",
          "#",
          "\r\n",
          "function ",
          "f()",
          "!",
          "@(",
          "$'",
          "sh -c '",
          "eval ",
          "sudo ",
          "xargs ",
          "export x=",
          "é",
          "\uD83D\uDE00",
          "\u0000",
          "read x",
          "apt-get install ",
          "find -exec ",
          "trap ");

  @Provide
  Arbitrary<String> scripts() {
    return Arbitraries.oneOf(
        Arbitraries.of(SNIPPETS).list().ofMaxSize(40).map(parts -> String.join("", parts)),
        Arbitraries.strings().ofMaxLength(60));
  }

  @Property(tries = 3000, seed = "20261123")
  void everythingHasItsPlace(@ForAll("scripts") String text) {
    SourceFile file = SourceFile.of("script.sh", text);
    ShellScript script = ShellScript.parse(MappedText.of(file.all()));
    script.statements().forEach(statement -> check(statement.command(), file.all()));
    int last = 0;
    for (Command command : script.commands()) {
      int start = command.head().word().span().start();
      assertThat(start).isGreaterThanOrEqualTo(last);
      last = start;
      command.arguments().forEach(argument -> assertThat(argument.span().text()).isNotNull());
      PackageCommand packages = PackageCommand.of(command);
      if (packages != null) {
        packages.packages().forEach(each -> assertThat(each.version()).isNotNull());
      }
    }
  }

  private static void check(Syntax syntax, Span around) {
    assertThat(around.contains(syntax.span())).isTrue();
    if (syntax instanceof Syntax.SimpleCommand command) {
      int last = 0;
      for (Word word : command.words()) {
        assertThat(syntax.span().contains(word.span())).isTrue();
        assertThat(word.span().start()).isGreaterThanOrEqualTo(last);
        last = word.span().end();
        check(word);
      }
    } else if (syntax instanceof Syntax.Pipeline pipeline) {
      pipeline.commands().forEach(each -> check(each, syntax.span()));
    } else if (syntax instanceof Syntax.AndOr chain) {
      chain.commands().forEach(each -> check(each, syntax.span()));
      assertThat(chain.operators()).hasSize(chain.commands().size() - 1);
    }
  }

  /** The parts follow one another; what is between them are line continuations. */
  private static void check(Word word) {
    StringBuilder raw = new StringBuilder();
    for (Word.Part part : word.parts()) {
      assertThat(word.span().contains(part.span())).isTrue();
      raw.append(part.span().text());
    }
    assertThat(raw.toString().replaceAll("\\\\\r?\n", ""))
        .isEqualTo(word.span().text().replaceAll("\\\\\r?\n", ""));
  }
}
