package fr.gouv.social.fabrique.policy;

import fr.gouv.social.fabrique.policy.Frame.Closure;
import fr.gouv.social.fabrique.policy.Type.Kind;
import fr.gouv.social.fabrique.policy.Type.Lambda;
import fr.gouv.social.fabrique.policy.Type.Member;
import fr.gouv.social.fabrique.policy.Type.Parameter;
import fr.gouv.social.fabrique.schema.Spelling;
import fr.gouv.social.fabrique.source.Text;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.glassfish.expressly.parser.AstAnd;
import org.glassfish.expressly.parser.AstBracketSuffix;
import org.glassfish.expressly.parser.AstChoice;
import org.glassfish.expressly.parser.AstConcat;
import org.glassfish.expressly.parser.AstDiv;
import org.glassfish.expressly.parser.AstDotSuffix;
import org.glassfish.expressly.parser.AstEmpty;
import org.glassfish.expressly.parser.AstEqual;
import org.glassfish.expressly.parser.AstFalse;
import org.glassfish.expressly.parser.AstFloatingPoint;
import org.glassfish.expressly.parser.AstFunction;
import org.glassfish.expressly.parser.AstGreaterThan;
import org.glassfish.expressly.parser.AstGreaterThanEqual;
import org.glassfish.expressly.parser.AstIdentifier;
import org.glassfish.expressly.parser.AstInteger;
import org.glassfish.expressly.parser.AstLambdaExpression;
import org.glassfish.expressly.parser.AstLessThan;
import org.glassfish.expressly.parser.AstLessThanEqual;
import org.glassfish.expressly.parser.AstListData;
import org.glassfish.expressly.parser.AstMethodArguments;
import org.glassfish.expressly.parser.AstMinus;
import org.glassfish.expressly.parser.AstMod;
import org.glassfish.expressly.parser.AstMult;
import org.glassfish.expressly.parser.AstNegative;
import org.glassfish.expressly.parser.AstNot;
import org.glassfish.expressly.parser.AstNotEqual;
import org.glassfish.expressly.parser.AstNull;
import org.glassfish.expressly.parser.AstOr;
import org.glassfish.expressly.parser.AstPlus;
import org.glassfish.expressly.parser.AstString;
import org.glassfish.expressly.parser.AstTrue;
import org.glassfish.expressly.parser.AstValue;
import org.glassfish.expressly.parser.Node;
import org.jspecify.annotations.Nullable;

/**
 * Checks the tree of an expression and makes a function of it. Every kind of node that may stand in
 * a policy is named here; anything else is refused.
 */
final class Compiler {
  /** Operators, properties and calls within one another: each is a frame of the stack. */
  private static final int DEEPEST = 150;

  private static final @Nullable Object[] NONE = {};

  private final Syntax syntax;
  private final Map<String, Member> variables;
  private final Map<String, Integer> slots = new HashMap<>();
  private final Map<String, Type> lambdas = new LinkedHashMap<>();
  private int usedSlots;

  /**
   * A part of an expression.
   *
   * @param size how many nodes it has
   * @param constant its value where it is a literal
   */
  record Typed(Type type, Expr expr, Node node, int size, @Nullable Object constant) {}

  private Compiler(Syntax syntax, Map<String, Member> variables) {
    this.syntax = syntax;
    this.variables = variables;
  }

  /**
   * Compiles an expression.
   *
   * @param variables what it may name
   * @param condition whether it must be true or false
   * @throws PolicyException with the place and the reason
   */
  static Expression compile(
      String text, Syntax.Place place, Map<String, Member> variables, boolean condition) {
    Syntax syntax = Syntax.parse(text, place);
    Compiler compiler = new Compiler(syntax, variables);
    Typed typed = compiler.value(syntax.root(), 0);
    if (condition) {
      compiler.condition(typed);
    }
    return new Expression(
        typed.type(), typed.expr(), compiler.usedSlots, typed.size(), syntax.all());
  }

  private PolicyException refused(Node node, String fr, String en) {
    return new PolicyException(syntax.span(node), fr, en);
  }

  private PolicyException unknown(
      Node node, String fr, String en, String found, Iterable<String> known) {
    String meant = Spelling.nearest(found, known);
    return new PolicyException(
        syntax.span(node),
        meant == null
            ? new Text(fr, en)
            : new Text(
                fr + " ; vouliez-vous « " + meant + " » ?",
                en + "; did you mean “" + meant + "”?"));
  }

  private static Node child(Node node, int index) {
    return node.jjtGetChild(index);
  }

  /** A value, an optional one being what is in it. */
  private Typed value(Node node, int depth) {
    Typed typed = any(node, depth);
    return typed.type().is(Kind.OPTIONAL)
        ? new Typed(typed.type().element(), typed.expr(), node, typed.size(), null)
        : typed;
  }

  private Typed any(Node node, int depth) {
    if (depth > DEEPEST) {
      throw refused(
          node,
          "expression trop imbriquée (plus de " + DEEPEST + ")",
          "expression too deeply nested (more than " + DEEPEST + ")");
    }
    int next = depth + 1;
    if (node instanceof AstTrue) {
      return constant(node, Type.BOOLEAN, true);
    }
    if (node instanceof AstFalse) {
      return constant(node, Type.BOOLEAN, false);
    }
    if (node instanceof AstNull) {
      return new Typed(Type.NULL, frame -> null, node, 1, null);
    }
    if (node instanceof AstString) {
      return constant(node, Type.TEXT, string(node));
    }
    if (node instanceof AstInteger || node instanceof AstFloatingPoint) {
      return number(node);
    }
    if (node instanceof AstAnd || node instanceof AstOr) {
      return logic(node, next);
    }
    if (node instanceof AstNot) {
      Typed operand = condition(value(child(node, 0), next));
      Expr expr = operand.expr();
      return made(
          node, Type.BOOLEAN, frame -> Operations.not(Operations.truth(expr.of(frame))), operand);
    }
    if (node instanceof AstEmpty) {
      Typed operand = value(child(node, 0), next);
      Expr expr = operand.expr();
      return made(node, Type.BOOLEAN, frame -> Operations.empty(expr.of(frame)), operand);
    }
    if (node instanceof AstEqual || node instanceof AstNotEqual) {
      return equality(node, next);
    }
    if (node instanceof AstLessThan
        || node instanceof AstLessThanEqual
        || node instanceof AstGreaterThan
        || node instanceof AstGreaterThanEqual) {
      return comparison(node, next);
    }
    if (node instanceof AstPlus
        || node instanceof AstMinus
        || node instanceof AstMult
        || node instanceof AstDiv
        || node instanceof AstMod) {
      return arithmetic(node, next);
    }
    if (node instanceof AstNegative) {
      Typed operand = numeric(value(child(node, 0), next));
      Expr expr = operand.expr();
      return made(
          node,
          Type.NUMBER,
          frame -> Operations.arithmetic('-', BigDecimal.ZERO, expr.of(frame)),
          operand);
    }
    if (node instanceof AstConcat) {
      return concatenation(node, next);
    }
    if (node instanceof AstChoice) {
      return choice(node, next);
    }
    if (node instanceof AstListData) {
      return list(node, next);
    }
    if (node instanceof AstIdentifier) {
      return identifier(node);
    }
    if (node instanceof AstFunction function) {
      return function(function, next);
    }
    if (node instanceof AstValue) {
      return chain(node, next);
    }
    if (node instanceof AstLambdaExpression) {
      throw refused(
          node,
          "un lambda ne peut être que l'argument d'une opération de liste",
          "a lambda can only be an argument of an operation of a list");
    }
    throw refused(
        node,
        "« " + syntax.written(node) + " » n'est pas admis dans une politique",
        "“" + syntax.written(node) + "” is not allowed in a policy");
  }

  private static Typed constant(Node node, Type type, Object value) {
    return new Typed(type, frame -> value, node, 1, value);
  }

  private static Typed made(Node node, Type type, Expr expr, Typed... parts) {
    int size = 1;
    for (Typed part : parts) {
      size += part.size();
    }
    return new Typed(type, expr, node, size, null);
  }

  private String string(Node node) {
    String written = syntax.written(node);
    StringBuilder text = new StringBuilder();
    for (int i = 1; i < written.length() - 1; i++) {
      char c = written.charAt(i);
      text.append(c == '\\' ? written.charAt(++i) : c);
    }
    return text.toString();
  }

  private Typed number(Node node) {
    BigDecimal number = Values.number(syntax.written(node));
    if (number == null) {
      throw refused(node, "ce nombre est trop grand", "this number is too large");
    }
    return constant(node, Type.NUMBER, number);
  }

  private Typed condition(Typed typed) {
    Type type = typed.type();
    if (type.is(Kind.BOOLEAN) || type.is(Kind.ANY) || type.is(Kind.NULL)) {
      return typed;
    }
    throw refused(
        typed.node(),
        "ce n'est ni vrai ni faux mais : " + type + " ; comparez-le, ou « not empty … »",
        "this is not true or false but: " + type + "; compare it, or “not empty …”");
  }

  private Typed logic(Node node, int depth) {
    Typed left = condition(value(child(node, 0), depth));
    Typed right = condition(value(child(node, 1), depth));
    // What decides alone: false for “and”, true for “or”.
    Boolean decisive = node instanceof AstOr;
    Expr one = left.expr();
    Expr other = right.expr();
    return made(
        node,
        Type.BOOLEAN,
        frame -> {
          Object first = Operations.truth(one.of(frame));
          if (decisive.equals(first)) {
            return first;
          }
          Object second = Operations.truth(other.of(frame));
          return decisive.equals(second) || first instanceof Boolean ? second : first;
        },
        left,
        right);
  }

  private Typed equality(Node node, int depth) {
    Typed left = value(child(node, 0), depth);
    Typed right = value(child(node, 1), depth);
    if (!left.type().is(Kind.NULL) && !right.type().is(Kind.NULL)) {
      Typed first = left;
      left = aligned(node, left, right);
      right = aligned(node, right, first);
      if (!mayBeEqual(left.type(), right.type())) {
        throw refused(
            node,
            "ceci et cela ne sont jamais égaux : " + left.type() + ", " + right.type(),
            "these are never equal: " + left.type() + ", " + right.type());
      }
    }
    Expr one = left.expr();
    Expr other = right.expr();
    boolean negated = node instanceof AstNotEqual;
    return made(
        node,
        Type.BOOLEAN,
        frame -> {
          Object same = Operations.equal(one.of(frame), other.of(frame), frame);
          return negated ? Operations.not(same) : same;
        },
        left,
        right);
  }

  private static boolean mayBeEqual(Type one, Type other) {
    if (one.is(Kind.ANY) || other.is(Kind.ANY)) {
      return true;
    }
    if (one.is(Kind.LIST) && other.is(Kind.LIST)) {
      return mayBeEqual(one.element(), other.element());
    }
    return !one.is(Kind.MAP) && !one.is(Kind.STREAM) && one.equals(other)
        || isNumeric(one) && isNumeric(other);
  }

  private static boolean isNumeric(Type type) {
    return type.is(Kind.NUMBER) || type.equals(Model.QUANTITY);
  }

  private Typed comparison(Node node, int depth) {
    Typed left = value(child(node, 0), depth);
    Typed right = value(child(node, 1), depth);
    Typed first = left;
    left = aligned(node, left, right);
    right = aligned(node, right, first);
    Type one = left.type();
    Type other = right.type();
    boolean orderly = hasOrder(one) && hasOrder(other);
    boolean same =
        one.is(Kind.ANY)
            || other.is(Kind.ANY)
            || one.equals(other)
            || isNumeric(one) && isNumeric(other);
    if (!orderly || !same) {
      boolean texts = one.is(Kind.TEXT) && other.is(Kind.TEXT);
      throw refused(
          node,
          "pas d'ordre entre : "
              + one
              + ", "
              + other
              + (texts ? " ; voyez semver(), quantity(), duration(), date(), number()" : ""),
          "no order between: "
              + one
              + ", "
              + other
              + (texts ? "; see semver(), quantity(), duration(), date(), number()" : ""));
    }
    Expr a = left.expr();
    Expr b = right.expr();
    boolean orEqual = node instanceof AstLessThanEqual || node instanceof AstGreaterThanEqual;
    int sign = node instanceof AstLessThan || node instanceof AstLessThanEqual ? -1 : 1;
    return made(
        node,
        Type.BOOLEAN,
        frame -> {
          Object order = Operations.compare(a.of(frame), b.of(frame));
          if (order instanceof Integer known) {
            return Integer.signum(known) == sign || orEqual && known == 0;
          }
          // Nothing is before or after what is absent.
          return order == null ? (Object) false : order;
        },
        left,
        right);
  }

  private static boolean hasOrder(Type type) {
    return type.is(Kind.NUMBER) || type.is(Kind.ANY) || type.isOrdered();
  }

  /** A text beside a quantity, a version or the like is meant as one. */
  private Typed aligned(Node node, Typed typed, Typed other) {
    return other.type().isOrdered() && (typed.type().is(Kind.TEXT) || typed.type().is(Kind.ANY))
        ? as(other.type(), typed)
        : typed;
  }

  private Typed as(Type type, Typed text) {
    if (text.constant() instanceof String written) {
      Object parsed = type.parse(written);
      if (parsed == null) {
        throw refused(
            text.node(),
            "« " + written + " » n'est pas admis comme " + type,
            "“" + written + "” is no " + type);
      }
      return new Typed(type, frame -> parsed, text.node(), text.size(), parsed);
    }
    Expr expr = text.expr();
    return made(
        text.node(),
        type,
        frame -> {
          Object value = expr.of(frame);
          String written = Operations.text(value);
          if (written == null) {
            return value instanceof BigDecimal || value instanceof Unknown || value == null
                ? value
                : Unknown.VALUE;
          }
          Object parsed = type.parse(written);
          return parsed == null ? Unknown.VALUE : parsed;
        },
        text);
  }

  private Typed numeric(Typed typed) {
    Type type = typed.type();
    if (isNumeric(type) || type.is(Kind.ANY)) {
      return typed;
    }
    boolean text = type.is(Kind.TEXT);
    throw refused(
        typed.node(),
        "ce n'est pas un nombre mais : "
            + type
            + (text ? " ; les textes se joignent avec « += »" : ""),
        "this is not a number but: " + type + (text ? "; texts are joined by “+=”" : ""));
  }

  private Typed arithmetic(Node node, int depth) {
    Typed left = numeric(value(child(node, 0), depth));
    Typed right = numeric(value(child(node, 1), depth));
    char operator =
        node instanceof AstPlus
            ? '+'
            : node instanceof AstMinus
                ? '-'
                : node instanceof AstMult ? '*' : node instanceof AstDiv ? '/' : '%';
    Expr one = left.expr();
    Expr other = right.expr();
    return made(
        node,
        Type.NUMBER,
        frame -> Operations.arithmetic(operator, one.of(frame), other.of(frame)),
        left,
        right);
  }

  private Typed concatenation(Node node, int depth) {
    Typed left = value(child(node, 0), depth);
    Typed right = value(child(node, 1), depth);
    Expr one = left.expr();
    Expr other = right.expr();
    return made(
        node,
        Type.TEXT,
        frame -> {
          Object first = one.of(frame);
          Object second = other.of(frame);
          if (first instanceof Unknown || second instanceof Unknown) {
            return Unknown.VALUE;
          }
          String start = Operations.show(first);
          String end = Operations.show(second);
          frame.room((long) start.length() + end.length());
          return frame.made(start + end);
        },
        left,
        right);
  }

  private Typed choice(Node node, int depth) {
    Typed test = condition(value(child(node, 0), depth));
    Typed yes = value(child(node, 1), depth);
    Typed no = value(child(node, 2), depth);
    Type type = common(node, yes.type(), no.type());
    Expr decide = test.expr();
    Expr one = yes.expr();
    Expr other = no.expr();
    return made(
        node,
        type,
        frame -> {
          Object truth = Operations.truth(decide.of(frame));
          if (truth instanceof Boolean known) {
            return known ? one.of(frame) : other.of(frame);
          }
          Object first = one.of(frame);
          return Operations.equal(first, other.of(frame), frame) == Boolean.TRUE ? first : truth;
        },
        test,
        yes,
        no);
  }

  private Type common(Node node, Type one, Type other) {
    if (one.equals(other) || other.is(Kind.NULL)) {
      return one;
    }
    if (one.is(Kind.NULL)) {
      return other;
    }
    if (one.is(Kind.ANY) || other.is(Kind.ANY)) {
      return Type.ANY;
    }
    if (isNumeric(one) && isNumeric(other)) {
      return Type.NUMBER;
    }
    if (one.is(Kind.LIST) && other.is(Kind.LIST)) {
      return Type.list(common(node, one.element(), other.element()));
    }
    throw refused(
        node, "de deux sortes : " + one + ", " + other, "of two kinds: " + one + ", " + other);
  }

  private Typed list(Node node, int depth) {
    int count = node.jjtGetNumChildren();
    Type element = Type.NULL;
    Typed[] parts = new Typed[count];
    for (int i = 0; i < count; i++) {
      parts[i] = value(child(node, i), depth);
      element = i == 0 ? parts[i].type() : common(node, element, parts[i].type());
    }
    Type type = Type.list(element.is(Kind.NULL) ? Type.ANY : element);
    return made(
        node,
        type,
        frame -> {
          List<@Nullable Object> made = new ArrayList<>(parts.length);
          for (Typed part : parts) {
            made.add(part.expr().of(frame));
          }
          return made;
        },
        parts);
  }

  private Typed identifier(Node node) {
    String name = node.getImage();
    Type lambda = lambdas.get(name);
    if (lambda != null) {
      int slot = slots.getOrDefault(name, 0);
      return new Typed(lambda, frame -> frame.slot(slot), node, 1, null);
    }
    Member variable = variables.get(name);
    if (variable == null) {
      throw unknownName(node, name);
    }
    Type.Call call = variable.call();
    return new Typed(
        variable.result().apply(List.of()),
        frame -> frame.given(call.of(frame.subject(), NONE, frame)),
        node,
        1,
        null);
  }

  private PolicyException unknownName(Node node, String name) {
    // Most often a property of the subject whose subject was left out.
    for (Member variable : variables.values()) {
      Type type = variable.result().apply(List.of());
      if (type.is(Kind.OBJECT) && type.members().containsKey(name)) {
        return refused(
            node,
            "nom inconnu « "
                + name
                + " » ; vouliez-vous « "
                + variable.name()
                + "."
                + name
                + " » ?",
            "unknown name “" + name + "”; did you mean “" + variable.name() + "." + name + "”?");
      }
    }
    List<String> known = new ArrayList<>(lambdas.keySet());
    known.addAll(variables.keySet());
    String all = String.join(", ", known);
    String meant = Spelling.nearest(name, known);
    return refused(
        node,
        "nom inconnu « "
            + name
            + (meant == null
                ? " » (connus : " + all + ")"
                : " » ; vouliez-vous « " + meant + " » ?"),
        "unknown name “"
            + name
            + (meant == null ? "” (known: " + all + ")" : "”; did you mean “" + meant + "”?"));
  }

  private Typed function(AstFunction node, int depth) {
    String name = node.getOutputName();
    Member function = Functions.ALL.get(name);
    if (function == null) {
      if (node.getPrefix() != null && !node.getPrefix().isEmpty()) {
        throw refused(
            node,
            "pas de fonction « "
                + name
                + " » ; après « ? », mettez « "
                + node.getPrefix()
                + " » entre parenthèses",
            "no function “" + name + "”; after “?”, put “" + node.getPrefix() + "” in parentheses");
      }
      throw unknown(
          node,
          "fonction inconnue « " + name + " »",
          "unknown function “" + name + "”",
          name,
          Functions.ALL.keySet());
    }
    if (node.jjtGetNumChildren() != 1) {
      throw refused(node, "le résultat n'est pas une fonction", "the result is not a function");
    }
    return call(node, null, function, child(node, 0), depth);
  }

  private Typed chain(Node node, int depth) {
    Typed base = any(child(node, 0), depth);
    for (int i = 1; i < node.jjtGetNumChildren(); i++) {
      if (depth + i > DEEPEST) {
        throw refused(node, "expression trop longue", "expression too long");
      }
      base = suffix(base, child(node, i), depth + i);
    }
    return new Typed(base.type(), base.expr(), node, base.size(), null);
  }

  private Typed suffix(Typed base, Node suffix, int depth) {
    if (suffix instanceof AstDotSuffix) {
      String name = suffix.getImage();
      return suffix.jjtGetNumChildren() > 0
          ? method(base, suffix, name, child(suffix, 0), depth)
          : property(base, suffix, name);
    }
    if (!(suffix instanceof AstBracketSuffix)) {
      throw refused(suffix, "ceci n'est pas admis", "this is not allowed");
    }
    Typed key = value(child(suffix, 0), depth);
    if (suffix.jjtGetNumChildren() > 1) {
      if (key.constant() instanceof String name) {
        return method(base, suffix, name, child(suffix, 1), depth);
      }
      throw refused(
          suffix,
          "le nom d'une méthode s'écrit en toutes lettres",
          "the name of a method is written out");
    }
    return element(base, suffix, key);
  }

  private Typed element(Typed base, Node suffix, Typed key) {
    Type type = base.type();
    Expr self = base.expr();
    Expr index = key.expr();
    if (type.is(Kind.OBJECT)) {
      if (key.constant() instanceof String name) {
        return property(base, suffix, name);
      }
      throw refused(
          suffix,
          "le nom d'une propriété s'écrit en toutes lettres",
          "the name of a property is written out");
    }
    boolean list = type.is(Kind.LIST) || type.is(Kind.ANY);
    boolean map = type.is(Kind.MAP) || type.is(Kind.ANY);
    boolean fits =
        key.type().is(Kind.NUMBER) && list
            || key.type().is(Kind.TEXT) && map
            || key.type().is(Kind.ANY) && (list || map);
    if (!fits) {
      throw refused(
          suffix,
          "pas d'élément [" + key.type() + "] dans : " + type,
          "no element [" + key.type() + "] in: " + type);
    }
    return made(
        suffix,
        type.element(),
        frame -> {
          Object value = self.of(frame);
          Object at = index.of(frame);
          if (value == null || at == null) {
            return null;
          }
          if (value instanceof Unknown || at instanceof Unknown) {
            return Unknown.VALUE;
          }
          if (value instanceof List<?> elements && Operations.number(at) != null) {
            return ListMembers.get(elements, at);
          }
          String name = Operations.text(at);
          return value instanceof Entries entries && name != null
              ? entries.get(name)
              : Unknown.VALUE;
        },
        base,
        key);
  }

  private Typed property(Typed base, Node node, String name) {
    Type type = base.type();
    Expr self = base.expr();
    if (type.is(Kind.MAP) || type.is(Kind.ANY)) {
      return made(
          node,
          type.element(),
          frame -> {
            Object value = self.of(frame);
            if (value == null) {
              return null;
            }
            return value instanceof Entries entries ? entries.get(name) : Unknown.VALUE;
          },
          base);
    }
    Member member = type.members().get(name);
    if (member == null || member.parameters() != null) {
      if (member != null) {
        throw refused(
            node,
            "« " + name + " » s'écrit avec des parenthèses : " + name + "(…)",
            "“" + name + "” is written with parentheses: " + name + "(…)");
      }
      throw noMember(node, type, name, "propriété inconnue", "unknown property");
    }
    Type.Call call = member.call();
    return made(
        node,
        member.result().apply(List.of()),
        frame -> {
          Object value = self.of(frame);
          return value == null
              ? null
              : value instanceof Unknown ? Unknown.VALUE : frame.given(call.of(value, NONE, frame));
        },
        base);
  }

  private PolicyException noMember(Node node, Type type, String name, String fr, String en) {
    return unknown(
        node,
        fr + " « " + name + " » de : " + type,
        en + " “" + name + "” of: " + type,
        name,
        type.members().keySet());
  }

  private Typed method(Typed base, Node node, String name, Node arguments, int depth) {
    Type type = base.type();
    if (type.is(Kind.ANY)) {
      return dynamic(base, node, name, arguments, depth);
    }
    Member member = type.members().get(name);
    if (member == null) {
      throw noMember(node, type, name, "méthode inconnue", "unknown method");
    }
    if (member.parameters() == null) {
      throw refused(
          node,
          "« " + name + " » s'écrit sans parenthèses",
          "“" + name + "” is written without parentheses");
    }
    return call(node, base, member, arguments, depth);
  }

  /** A method of what a YAML file holds: what it holds decides. */
  private Typed dynamic(Typed base, Node node, String name, Node arguments, int depth) {
    Map<Kind, Member> candidates = new LinkedHashMap<>();
    List<String> known = new ArrayList<>();
    for (Type type : List.of(Type.TEXT, Type.list(Type.ANY), Type.map(Type.ANY))) {
      known.addAll(type.members().keySet());
      Member member = type.members().get(name);
      if (member != null) {
        candidates.put(type.kind(), member);
      }
    }
    if (candidates.isEmpty()) {
      throw unknown(
          node,
          "méthode inconnue « " + name + " » de : " + Type.ANY,
          "unknown method “" + name + "” of: " + Type.ANY,
          name,
          known);
    }
    Typed shape = null;
    Map<Kind, Type.Call> calls = new HashMap<>();
    for (Map.Entry<Kind, Member> candidate : candidates.entrySet()) {
      calls.put(candidate.getKey(), candidate.getValue().call());
    }
    // The candidates take the same arguments; one stands for all of them.
    Member first = candidates.values().iterator().next();
    Type.Call chosen =
        (self, given, frame) -> {
          Kind kind =
              self instanceof List<?> ? Kind.LIST : self instanceof Entries ? Kind.MAP : Kind.TEXT;
          Type.Call call = calls.get(kind);
          return call == null || kind == Kind.TEXT && Operations.text(self) == null
              ? Unknown.VALUE
              : call.of(self, given, frame);
        };
    Member any =
        new Member(
            name,
            first.parameters(),
            first.required(),
            candidates.size() == 1 || !name.equals("get") ? first.result() : types -> Type.ANY,
            first.text(),
            first.knowing(),
            chosen);
    shape = call(node, base, loosened(any, candidates.size() > 1), arguments, depth);
    return shape;
  }

  /** Where several types have the method, its arguments may be of either. */
  private static Member loosened(Member member, boolean several) {
    List<Parameter> parameters = member.parameters();
    if (!several || parameters == null) {
      return member;
    }
    return new Member(
        member.name(),
        parameters.stream()
            .map(each -> new Parameter(each.name(), Type.ANY, each.lambda()))
            .toList(),
        member.required(),
        member.result(),
        member.text(),
        member.knowing(),
        member.call());
  }

  private Typed call(Node node, @Nullable Typed base, Member member, Node arguments, int depth) {
    List<Parameter> parameters = member.parameters();
    int given = arguments.jjtGetNumChildren();
    if (parameters == null
        || !(arguments instanceof AstMethodArguments)
        || given < member.required()
        || given > parameters.size()) {
      String wanted = signature(member);
      throw refused(node, "attendu : " + wanted, "expected: " + wanted);
    }
    Typed[] typed = new Typed[given];
    List<Type> types = new ArrayList<>();
    for (int i = 0; i < given; i++) {
      typed[i] = argument(child(arguments, i), parameters.get(i), depth);
      types.add(typed[i].type());
    }
    check(member, typed);
    int size = 1 + (base == null ? 0 : base.size());
    for (Typed each : typed) {
      size += each.size();
    }
    return new Typed(member.result().apply(types), call(base, member, typed), node, size, null);
  }

  private static Expr call(@Nullable Typed base, Member member, Typed[] arguments) {
    Expr self = base == null ? null : base.expr();
    // What ends a stream knows what to make of nothing.
    boolean takesNull = base != null && base.type().is(Kind.OPTIONAL);
    Type.Call call = member.call();
    boolean knowing = member.knowing();
    Expr[] given = new Expr[arguments.length];
    for (int i = 0; i < given.length; i++) {
      given[i] = arguments[i].expr();
    }
    return frame -> {
      Object value = self == null ? frame.subject() : self.of(frame);
      if (value == null && !takesNull) {
        return null;
      }
      if (value instanceof Unknown && !takesNull) {
        return Unknown.VALUE;
      }
      @Nullable Object[] values = new @Nullable Object[given.length];
      boolean absent = false;
      boolean unknown = false;
      for (int i = 0; i < given.length; i++) {
        values[i] = given[i].of(frame);
        absent |= values[i] == null;
        unknown |= values[i] instanceof Unknown;
      }
      if (!knowing && (absent || unknown)) {
        return unknown ? Unknown.VALUE : null;
      }
      frame.spend(1);
      @Nullable Object result = callOf(call, value, values, frame);
      return result;
    };
  }

  @SuppressWarnings("NullAway") // An optional is nothing at times, and knows it.
  private static @Nullable Object callOf(
      Type.Call call, @Nullable Object self, @Nullable Object[] values, Frame frame) {
    return call.of(self, values, frame);
  }

  private Typed argument(Node node, Parameter parameter, int depth) {
    Lambda lambda = parameter.lambda();
    if (lambda != null) {
      return lambda(node, lambda, depth);
    }
    Typed typed = value(node, depth);
    Type type = typed.type();
    Type wanted = parameter.type();
    if (wanted.isOrdered() && (type.is(Kind.TEXT) || type.is(Kind.ANY))) {
      return as(wanted, typed);
    }
    if (!fits(type, wanted)) {
      throw refused(
          node,
          "attendu : " + wanted + ", trouvé : " + type,
          "expected: " + wanted + ", found: " + type);
    }
    return typed;
  }

  private static boolean fits(Type type, Type wanted) {
    return type.equals(wanted)
        || type.is(Kind.ANY)
        || wanted.is(Kind.ANY)
        || type.is(Kind.NULL)
        || isNumeric(type) && isNumeric(wanted)
        || type.is(Kind.LIST) && wanted.is(Kind.LIST) && fits(type.element(), wanted.element());
  }

  private Typed lambda(Node node, Lambda lambda, int depth) {
    if (!(node instanceof AstLambdaExpression) || node.jjtGetNumChildren() != 2) {
      throw refused(node, "attendu : un lambda, x -> …", "expected: a lambda, x -> …");
    }
    Node names = child(node, 0);
    if (names.jjtGetNumChildren() != lambda.inputs().size()) {
      throw refused(
          node,
          "nombre de paramètres attendu du lambda : " + lambda.inputs().size(),
          "number of parameters expected of the lambda: " + lambda.inputs().size());
    }
    int first = usedSlots;
    usedSlots += lambda.inputs().size();
    List<String> added = new ArrayList<>();
    for (int i = 0; i < lambda.inputs().size(); i++) {
      String name = child(names, i).getImage();
      if (lambdas.containsKey(name) || variables.containsKey(name)) {
        throw refused(
            child(names, i),
            "le nom « " + name + " » est déjà pris",
            "the name “" + name + "” is taken");
      }
      lambdas.put(name, lambda.inputs().get(i));
      slots.put(name, first + i);
      added.add(name);
    }
    Typed body = value(child(node, 1), depth + 1);
    added.forEach(lambdas::remove);
    if (lambda.condition()) {
      condition(body);
    }
    Expr expr = body.expr();
    int size = body.size();
    return new Typed(
        body.type(), frame -> new Closure(first, expr, size, frame), node, 1 + size, null);
  }

  /** What can be told of literal arguments before anything is evaluated. */
  private void check(Member member, Typed[] arguments) {
    if (arguments.length == 0) {
      return;
    }
    Typed last = arguments[arguments.length - 1];
    if (!(last.constant() instanceof String written)) {
      return;
    }
    if (member.name().equals("matches")) {
      try {
        Patterns.compile(written);
      } catch (Patterns.BadPatternException bad) {
        throw refused(
            last.node(),
            "expression rationnelle fausse (syntaxe RE2) : " + bad.reason(),
            "wrong regular expression (RE2 syntax): " + bad.reason());
      }
    }
    Type result = member.result().apply(List.of(last.type()));
    if (arguments.length == 1 && result.isOrdered() && Functions.ALL.get(member.name()) == member) {
      as(result, last);
    }
  }

  static String signature(Member member) {
    List<Parameter> parameters = member.parameters();
    if (parameters == null) {
      return member.name();
    }
    StringBuilder out = new StringBuilder(member.name()).append('(');
    for (int i = 0; i < parameters.size(); i++) {
      Parameter each = parameters.get(i);
      Lambda lambda = each.lambda();
      out.append(i >= member.required() ? "[" : "").append(i == 0 ? "" : ", ");
      if (lambda == null) {
        out.append(each.name());
      } else {
        out.append(lambda.inputs().size() == 1 ? "x -> …" : "(sum, x) -> …");
      }
      out.append(i >= member.required() ? "]" : "");
    }
    return out.append(')').toString();
  }
}
