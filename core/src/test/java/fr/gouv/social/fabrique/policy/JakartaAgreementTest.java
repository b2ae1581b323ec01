package fr.gouv.social.fabrique.policy;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.el.ELProcessor;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Expressions that both evaluate mean the same here and to Expressly. */
class JakartaAgreementTest {
  private static final Expressions FILES = new Expressions(Map.of("README.md", ""));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1 + 2 * 3 - 4",
        "(1 + 2) * 3",
        "7 / 2",
        "7 div 2",
        "7 % 4",
        "7 mod 4",
        "-3 + 5",
        "1.5 * 2",
        "1.0 + 0.25",
        "1 < 2 && 2 <= 2",
        "1 gt 2 or 2 ge 2",
        "not (1 eq 2) and 3 ne 4",
        "!true || !false",
        "true && false || true",
        "1 == 1.0",
        "'a' == 'a'",
        "'a' != 'b'",
        "null == null",
        "'a' == null",
        "empty ''",
        "empty null",
        "empty []",
        "empty [1]",
        "not empty 'a'",
        "true ? 1 : 2",
        "false ? 'a' : true ? 'b' : 'c'",
        "'a' += 'b'",
        "'a' += 1",
        "'it\\'s' += \"q\\\"q\"",
        "1 + 2 == 3 ? 'yes' : 'no'",
        "2 - 3 - 4",
        "8 / 2 / 2",
        "1 < 2 == true",
        "[1, 2, 3][1]",
        "['a', 'b'][0]",
        "[1, 2, 3].stream().map(x -> x * 2).toList()",
        "[1, 2, 3, 4].stream().filter(x -> x % 2 == 0).toList()",
        "[1, 2, 3].stream().sum()",
        "[1, 2, 3].stream().count()",
        "[1, 2, 3].stream().max().get()",
        "[3, 1, 2].stream().min().get()",
        "[3, 1, 2].stream().sorted().toList()",
        "[1, 1, 2].stream().distinct().toList()",
        "[1, 2, 3].stream().limit(2).toList()",
        "[1, 2, 3].stream().substream(1).toList()",
        "[1, 2, 3, 4].stream().substream(1, 3).toList()",
        "[1, 2, 3].stream().reduce(0, (a, b) -> a + b)",
        "[[1, 2], [3]].stream().flatMap(x -> x.stream()).toList()",
        "[1, 2].stream().anyMatch(x -> x == 2)",
        "[1, 2].stream().allMatch(x -> x > 0)",
        "[1, 2].stream().noneMatch(x -> x > 2)",
        "[].stream().anyMatch(x -> x == 2)",
        "[].stream().allMatch(x -> x == 2)",
        "[].stream().noneMatch(x -> x == 2)",
        "[1, 2].stream().findFirst().get()",
        "[].stream().findFirst().orElse(7)",
        "[1, 2].stream().filter(x -> [2, 3].stream().anyMatch(y -> y == x)).toList()",
        "'a,b'.split(',')[1]",
        "'abc'.substring(1)",
        "'abc'.indexOf('c')",
        "'abc'.contains('b')",
        "'abc'.replace('b', 'x').toUpperCase()",
        "'abc'.length()",
        "'abc'.matches('[a-c]+')",
      })
  void meansTheSame(String expression) {
    Object theirs = new ELProcessor().eval(expression);
    assertThat(FILES.eval(Subject.PROJECT, expression)).isEqualTo(written(theirs));
  }

  private static String written(Object value) {
    if (value instanceof Number number) {
      return new BigDecimal(number.toString()).stripTrailingZeros().toPlainString();
    }
    if (value instanceof String text) {
      return "'" + text.replace("'", "\\'") + "'";
    }
    if (value instanceof List<?> list) {
      return list.stream()
          .map(JakartaAgreementTest::written)
          .collect(Collectors.joining(", ", "[", "]"));
    }
    return String.valueOf(value);
  }
}
