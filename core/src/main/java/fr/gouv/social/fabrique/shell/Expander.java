package fr.gouv.social.fabrique.shell;

import fr.gouv.social.fabrique.shell.Argument.Piece;
import fr.gouv.social.fabrique.shell.Scope.Value;
import fr.gouv.social.fabrique.shell.Word.Part;
import fr.gouv.social.fabrique.shell.Word.Quote;
import fr.gouv.social.fabrique.source.Span;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns words into fields (POSIX, Shell Command Language, 2.6). File names are not matched: a
 * pattern stands for itself. What it produces in all is bounded; beyond, everything is unknown.
 */
final class Expander {
  private static final int MAX_CHARACTERS = 1_000_000;

  private final Variables environment;
  private int budget = MAX_CHARACTERS;

  Expander(Variables environment) {
    this.environment = environment;
  }

  /** A value that is bound to one of its alternatives while a word is expanded. */
  private record Binding(String name, List<Piece> item) {}

  /** The fields under construction. */
  private static final class Fields {
    final List<List<Piece>> done = new ArrayList<>();
    @Nullable List<Piece> current;

    List<Piece> current() {
      List<Piece> field = current;
      if (field == null) {
        field = new ArrayList<>();
        current = field;
      }
      return field;
    }

    void finish() {
      if (current != null) {
        done.add(current);
        current = null;
      }
    }

    void split(Piece piece) {
      String text = piece.text();
      int start = 0;
      for (int i = 0; i <= text.length(); i++) {
        boolean end = i == text.length();
        if (end || " \t\n\r".indexOf(text.charAt(i)) >= 0) {
          if (i > start) {
            current().add(start == 0 && end ? piece : piece.sub(start, i));
          }
          if (!end) {
            finish();
          }
          start = i + 1;
        }
      }
    }
  }

  /**
   * The fields of a word. A variable that holds one of several values yields the fields for each of
   * them.
   *
   * @param alternatives whether it does; else such a variable is unknown
   */
  List<Argument> fields(Word word, Scope scope, boolean alternatives) {
    List<List<Piece>> fields = new ArrayList<>();
    for (Binding binding : bindings(word, scope, alternatives)) {
      Fields each = new Fields();
      expand(word.parts(), false, scope, binding, each);
      each.finish();
      fields.addAll(each.done);
    }
    List<Argument> arguments = new ArrayList<>();
    for (List<Piece> field : fields) {
      arguments.add(new Argument(word, field, fields.size() == 1));
    }
    return arguments;
  }

  /** The value of a word that is not split, as in an assignment. */
  Value value(Word word, Scope scope) {
    if (word.parts().size() == 1 && word.parts().get(0) instanceof Word.Array array) {
      List<List<Piece>> elements = new ArrayList<>();
      for (Word element : array.elements()) {
        Fields fields = new Fields();
        expand(element.parts(), false, scope, new Binding("", List.of()), fields);
        fields.finish();
        elements.addAll(fields.done);
      }
      return new Value(Value.Kind.ARRAY, elements);
    }
    List<List<Piece>> items = new ArrayList<>();
    for (Binding binding : bindings(word, scope, true)) {
      Fields fields = new Fields();
      expand(word.parts(), true, scope, binding, fields);
      List<Piece> all = new ArrayList<>();
      fields.done.forEach(all::addAll);
      if (fields.current != null) {
        all.addAll(fields.current);
      }
      items.add(all);
    }
    return Value.oneOf(items);
  }

  /** What a variable holds; a value that cannot be known is a single unknown piece. */
  Value lookup(String name, Scope scope, Span use) {
    Value value = scope.get(name);
    if (value != null) {
      return value;
    }
    Variables.Value given = environment.valueOf(name);
    return given == null
        ? Value.scalar(List.of(Piece.unknown(use, false)))
        : given.text().isEmpty()
            ? Value.EMPTY
            : Value.scalar(List.of(new Piece(given.text(), use, given.place(), false, false)));
  }

  private List<Binding> bindings(Word word, Scope scope, boolean alternatives) {
    if (alternatives && !word.isStatic()) {
      for (String name : word.variables()) {
        Value value = scope.get(name);
        if (value != null && value.kind() == Value.Kind.ONE_OF && spend(8 * value.items().size())) {
          return value.items().stream().map(item -> new Binding(name, item)).toList();
        }
      }
    }
    return List.of(new Binding("", List.of()));
  }

  private void expand(
      List<Part> parts, boolean quoted, Scope scope, Binding binding, Fields fields) {
    expand(parts, quoted, false, scope, binding, fields);
  }

  /**
   * Adds what the parts yield.
   *
   * @param operand whether they follow an operator such as {@code :-}, so that white space among
   *     them splits
   */
  private void expand(
      List<Part> parts,
      boolean quoted,
      boolean operand,
      Scope scope,
      Binding binding,
      Fields fields) {
    for (Part part : parts) {
      if (part instanceof Word.Literal literal) {
        boolean fixed = quoted || literal.quote() != Quote.NONE;
        spend(literal.value().length());
        Piece piece =
            new Piece(literal.value().text(), literal.span(), literal.value(), true, fixed);
        if (operand && !fixed) {
          fields.split(piece);
        } else {
          fields.current().add(piece);
        }
      } else if (part instanceof Word.DoubleQuoted inner) {
        boolean list =
            inner.parts().size() == 1
                && inner.parts().get(0) instanceof Word.Variable variable
                && isList(variable);
        if (!list) {
          fields.current();
        }
        expand(inner.parts(), true, scope, binding, fields);
      } else if (part instanceof Word.Variable variable) {
        variable(variable, quoted, scope, binding, fields);
      } else {
        boolean single = quoted || !(part instanceof Word.CommandSubstitution);
        fields.current().add(Piece.unknown(part.span(), single));
      }
    }
  }

  private static boolean isList(Word.Variable variable) {
    return variable.name().equals("@") || "@".equals(variable.subscript());
  }

  private void variable(
      Word.Variable variable, boolean quoted, Scope scope, Binding binding, Fields fields) {
    Word operand = variable.operand();
    Value value =
        variable.name().equals(binding.name)
            ? Value.scalar(binding.item)
            : lookup(variable.name(), scope, variable.span());
    List<List<Piece>> items = value.items();
    boolean all = "@".equals(variable.subscript()) || "*".equals(variable.subscript());
    boolean clear =
        switch (value.kind()) {
          case SCALAR -> variable.subscript() == null || all;
          case ARRAY -> variable.subscript() == null || all;
          case ONE_OF -> false;
        };
    if (value.kind() == Value.Kind.ARRAY && !all) {
      items = items.isEmpty() ? List.of(List.of()) : items.subList(0, 1);
    }
    int length = 0;
    boolean known = clear;
    for (List<Piece> item : clear ? items : List.<List<Piece>>of()) {
      for (Piece piece : item) {
        length += piece.text().length() + 1;
        known &= !piece.isUnknown();
      }
    }
    if (!clear || !spend(length)) {
      fields.current().add(Piece.unknown(variable.span(), quoted));
      return;
    }
    boolean empty = length == 0;
    switch (variable.operator()) {
      case "", ":?", "?" -> add(items, variable, quoted, fields);
      case ":-", "-", ":=", "=" -> {
        if (!empty) {
          add(items, variable, quoted, fields);
        } else if (operand != null) {
          expand(operand.parts(), quoted, true, scope, binding, fields);
          if (variable.operator().endsWith("=")) {
            scope.set(variable.name(), value(operand, scope));
          }
        }
      }
      case ":+", "+" -> {
        if (!known) {
          fields.current().add(Piece.unknown(variable.span(), quoted));
        } else if (!empty && operand != null) {
          expand(operand.parts(), quoted, true, scope, binding, fields);
        }
      }
      default ->
          fields
              .current()
              .add(Piece.unknown(variable.span(), quoted || variable.operator().equals("length")));
    }
  }

  private static void add(
      List<List<Piece>> items, Word.Variable variable, boolean quoted, Fields fields) {
    boolean first = true;
    for (List<Piece> item : items) {
      if (!first && (!quoted || isList(variable))) {
        fields.finish();
      } else if (!first) {
        fields.current().add(new Piece(" ", variable.span(), null, false, true));
      }
      first = false;
      if (quoted) {
        List<Piece> field = fields.current();
        item.forEach(piece -> field.add(piece.usedAt(variable.span(), true)));
      } else {
        item.forEach(piece -> fields.split(piece.usedAt(variable.span(), false)));
      }
    }
  }

  /** Whether so many more characters may be produced. */
  boolean spend(int characters) {
    budget = Math.max(-1, budget - characters);
    return budget > 0;
  }
}
