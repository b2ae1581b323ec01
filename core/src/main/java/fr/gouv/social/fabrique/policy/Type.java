package fr.gouv.social.fabrique.policy;

import fr.gouv.social.fabrique.source.Text;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What an expression may be: its members are all that it has. */
final class Type {
  /** What a type is like. */
  enum Kind {
    BOOLEAN,
    NUMBER,
    TEXT,
    LIST,
    /** What {@code stream()} of a list gives. */
    STREAM,
    /** What ends a stream: a value or none. */
    OPTIONAL,
    MAP,
    OBJECT,
    /** What a YAML file holds, whatever it is. */
    ANY,
    NULL
  }

  static final Type BOOLEAN =
      new Type(Kind.BOOLEAN, "boolean", new Text("vrai ou faux", "true or false"));
  static final Type NUMBER =
      new Type(
          Kind.NUMBER, "number", new Text("un nombre, entier ou non", "a number, whole or not"));
  static final Type TEXT = new Type(Kind.TEXT, "text", new Text("un texte", "a text"));
  static final Type ANY =
      new Type(
          Kind.ANY,
          "yaml",
          new Text(
              "ce qu'un fichier YAML contient : texte, nombre, booléen, liste ou clés et valeurs",
              "what a YAML file holds: a text, a number, a boolean, a list, or keys and values"));
  static final Type NULL = new Type(Kind.NULL, "null", new Text("rien", "nothing"));

  /** One thing that a type has. */
  interface Call {
    @Nullable Object of(Object self, @Nullable Object[] arguments, Frame frame);
  }

  /**
   * What a method or function takes.
   *
   * @param lambda null for a value
   */
  record Parameter(String name, Type type, @Nullable Lambda lambda) {
    static Parameter of(String name, Type type) {
      return new Parameter(name, type, null);
    }
  }

  /**
   * A parameter that is a lambda.
   *
   * @param inputs the types of its own parameters
   * @param condition whether it must say true or false
   */
  record Lambda(List<Type> inputs, boolean condition) {}

  /**
   * A property or method of a type, or a function.
   *
   * @param parameters null for a property
   * @param required how many of the parameters must be given
   * @param result the type of the result, from the types of the arguments; of a lambda, that of its
   *     body
   * @param knowing whether it decides itself what unknown arguments mean
   */
  record Member(
      String name,
      @Nullable List<Parameter> parameters,
      int required,
      Function<List<Type>, Type> result,
      Text text,
      boolean knowing,
      Call call) {}

  private final Kind kind;
  private final String name;
  private final Text text;
  private final @Nullable Type element;
  private final @Nullable Function<String, @Nullable Object> parser;
  private final Map<String, Member> members = new LinkedHashMap<>();

  private Type(
      Kind kind,
      String name,
      Text text,
      @Nullable Type element,
      @Nullable Function<String, @Nullable Object> parser) {
    this.kind = kind;
    this.name = name;
    this.text = text;
    this.element = element;
    this.parser = parser;
  }

  private Type(Kind kind, String name, Text text) {
    this(kind, name, text, null, null);
  }

  /** A type of the model. */
  static Type object(String name, String fr, String en) {
    return new Type(Kind.OBJECT, name, new Text(fr, en));
  }

  /** A type of the model with an order, whose values can be written as texts. */
  static Type ordered(
      String name, Function<String, @Nullable Object> parser, String fr, String en) {
    return new Type(Kind.OBJECT, name, new Text(fr, en), null, parser);
  }

  static Type list(Type element) {
    return of(Kind.LIST, "list of " + element.name, element);
  }

  static Type stream(Type element) {
    return of(Kind.STREAM, "stream of " + element.name, element);
  }

  static Type optional(Type element) {
    return of(Kind.OPTIONAL, "optional " + element.name, element);
  }

  static Type map(Type element) {
    return of(Kind.MAP, "map of " + element.name, element);
  }

  private static Type of(Kind kind, String name, Type element) {
    return new Type(kind, name, new Text("", ""), element, null);
  }

  Kind kind() {
    return kind;
  }

  boolean is(Kind other) {
    return kind == other;
  }

  String name() {
    return name;
  }

  Text text() {
    return text;
  }

  /** The type of the elements of a list, of the values of a map; anything else is anything. */
  Type element() {
    return element == null ? ANY : element;
  }

  /** Whether its values have an order and can be written as texts: {@code '512Mi'}. */
  boolean isOrdered() {
    return parser != null;
  }

  /** The value that a text stands for, or null where it is none. */
  @Nullable Object parse(String written) {
    return parser == null ? null : parser.apply(written);
  }

  /** What it has, in the order of the documentation. */
  Map<String, Member> members() {
    return switch (kind) {
      case TEXT -> TextMembers.ALL;
      case LIST, STREAM, OPTIONAL -> ListMembers.of(this);
      case MAP -> MapMembers.of(this);
      default -> members;
    };
  }

  Type property(String property, Type type, String fr, String en, Call call) {
    members.put(
        property, new Member(property, null, 0, types -> type, new Text(fr, en), false, call));
    return this;
  }

  Type method(
      String method, List<Parameter> parameters, Type type, String fr, String en, Call call) {
    members.put(
        method,
        new Member(
            method, parameters, parameters.size(), types -> type, new Text(fr, en), false, call));
    return this;
  }

  /** Two types of one name are one type. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Type type && type.name.equals(name);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public String toString() {
    return name;
  }
}
