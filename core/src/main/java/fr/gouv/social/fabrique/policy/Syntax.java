package fr.gouv.social.fabrique.policy;

import fr.gouv.social.fabrique.source.Span;
import jakarta.el.ELException;
import java.io.StringReader;
import java.util.IdentityHashMap;
import java.util.Map;
import org.glassfish.expressly.parser.AstDotSuffix;
import org.glassfish.expressly.parser.AstDynamicExpression;
import org.glassfish.expressly.parser.ELParser;
import org.glassfish.expressly.parser.ELParserConstants;
import org.glassfish.expressly.parser.ELParserTokenManager;
import org.glassfish.expressly.parser.JJTELParserState;
import org.glassfish.expressly.parser.Node;
import org.glassfish.expressly.parser.ParseException;
import org.glassfish.expressly.parser.SimpleCharStream;
import org.glassfish.expressly.parser.Token;
import org.glassfish.expressly.parser.TokenMgrError;

/** The tree of an expression as Expressly reads it, with the place of each node. */
final class Syntax {
  /** Characters of an expression. */
  static final int LONGEST = 4_000;

  /** Brackets, choices and lambdas within one another. */
  static final int DEEPEST = 40;

  private static final String OPEN = "${";

  private final String text;
  private final Place place;
  private final Map<Node, int[]> offsets = new IdentityHashMap<>();
  private final Node root;

  /** Where a part of an expression is written. */
  interface Place {
    Span of(int from, int to);
  }

  private Syntax(String text, Place place) {
    this.text = text;
    this.place = place;
    // Expressly counts columns: with blanks for tabs and line ends, columns are offsets.
    String line = OPEN + text.replace('\t', ' ').replace('\n', ' ').replace('\r', ' ') + "}";
    bound(line);
    this.root = read(line);
  }

  /** Reads an expression. */
  static Syntax parse(String text, Place place) {
    return new Syntax(text, place);
  }

  Node root() {
    return root;
  }

  /** Where a node is written; of a property or a method, its name. */
  Span span(Node node) {
    int[] at = offsets.get(node);
    if (at == null) {
      return all();
    }
    if (node instanceof AstDotSuffix) {
      int name = text.indexOf(node.getImage(), at[0]);
      return span(name, name + node.getImage().length());
    }
    return span(at[0], at[1]);
  }

  Span all() {
    return span(0, text.length());
  }

  private Span span(int from, int to) {
    int start = Math.max(0, Math.min(text.length(), from));
    return place.of(start, Math.max(start, Math.min(text.length(), to)));
  }

  /** The characters of a node as written. */
  String written(Node node) {
    int[] at = offsets.get(node);
    return at == null ? "" : text.substring(at[0], Math.min(text.length(), at[1]));
  }

  private static ELParserTokenManager tokens(String line) {
    return new ELParserTokenManager(
        new SimpleCharStream(new StringReader(line), 1, 1, line.length() + 1));
  }

  private static int start(Token token) {
    return token.beginColumn - 1 - OPEN.length();
  }

  private static int end(Token token) {
    return token.endColumn - OPEN.length();
  }

  private PolicyException refused(int from, int to, String fr, String en) {
    return new PolicyException(span(from, to), fr, en);
  }

  /** Refuses what the parser could not read without running deep, and what is never allowed. */
  private void bound(String line) {
    if (text.length() > LONGEST) {
      throw refused(
          0,
          1,
          "expression de plus de " + LONGEST + " caractères",
          "expression of more than " + LONGEST + " characters");
    }
    if (text.isBlank()) {
      throw refused(0, text.length(), "l'expression est vide", "the expression is empty");
    }
    String trimmed = text.strip();
    if (trimmed.startsWith("${") || trimmed.startsWith("#{")) {
      throw refused(
          0,
          text.length(),
          "l'expression s'écrit seule, sans ${ }",
          "the expression is written alone, without ${ }");
    }
    ELParserTokenManager tokens = tokens(line);
    int brackets = 0;
    int others = 0;
    int unary = 0;
    try {
      for (Token token = tokens.getNextToken();
          token.kind != ELParserConstants.EOF;
          token = tokens.getNextToken()) {
        switch (token.kind) {
          case ELParserConstants.LPAREN, ELParserConstants.LBRACK, ELParserConstants.START_MAP ->
              brackets++;
          case ELParserConstants.RPAREN, ELParserConstants.RBRACK, ELParserConstants.RCURL ->
              brackets--;
          case ELParserConstants.QUESTIONMARK, ELParserConstants.ARROW -> others++;
          case ELParserConstants.ASSIGN ->
              throw refused(
                  start(token),
                  end(token),
                  "une politique n'affecte rien ; vouliez-vous « == » ?",
                  "a policy assigns nothing; did you mean “==”?");
          case ELParserConstants.SEMICOLON ->
              throw refused(
                  start(token),
                  end(token),
                  "une politique est une seule expression, sans « ; »",
                  "a policy is one expression, without “;”");
          case ELParserConstants.START_DYNAMIC_EXPRESSION,
              ELParserConstants.START_DEFERRED_EXPRESSION -> {
            if (start(token) >= 0) {
              throw refused(
                  start(token),
                  end(token),
                  "pas de ${ } dans une expression",
                  "no ${ } within an expression");
            }
          }
          default -> {}
        }
        boolean isUnary =
            token.kind == ELParserConstants.NOT0
                || token.kind == ELParserConstants.NOT1
                || token.kind == ELParserConstants.EMPTY
                || token.kind == ELParserConstants.MINUS;
        unary = isUnary ? unary + 1 : 0;
        if (brackets + others > DEEPEST || unary > DEEPEST) {
          throw refused(
              start(token),
              end(token),
              "expression trop imbriquée (plus de " + DEEPEST + ")",
              "expression too deeply nested (more than " + DEEPEST + ")");
        }
      }
    } catch (TokenMgrError | java.util.EmptyStackException unreadable) {
      throw refused(0, text.length(), "expression illisible", "the expression cannot be read");
    }
  }

  private Node read(String line) {
    try {
      Node composite = new Recorder(tokens(line)).CompositeExpression();
      if (composite.jjtGetNumChildren() == 1
          && composite.jjtGetChild(0) instanceof AstDynamicExpression whole
          && whole.jjtGetNumChildren() == 1) {
        return whole.jjtGetChild(0);
      }
      throw refused(
          0, text.length(), "une politique est une seule expression", "a policy is one expression");
    } catch (ParseException unexpected) {
      Token after = unexpected.currentToken;
      Token token = after == null || after.next == null ? after : after.next;
      throw token == null ? unreadable() : unexpected(token);
    } catch (TokenMgrError | ELException | java.util.EmptyStackException unreadable) {
      throw unreadable();
    } catch (StackOverflowError tooDeep) {
      throw refused(0, text.length(), "expression trop imbriquée", "expression too deeply nested");
    }
  }

  private PolicyException unreadable() {
    return refused(0, text.length(), "expression illisible", "the expression cannot be read");
  }

  private PolicyException unexpected(Token token) {
    int from = start(token);
    if (from >= text.length()) {
      return refused(
          Math.max(0, text.length() - 1),
          text.length(),
          "l'expression n'est pas finie",
          "the expression is not finished");
    }
    if (token.kind == ELParserConstants.BADLY_ESCAPED_STRING_LITERAL) {
      return refused(
          from,
          end(token),
          "dans un texte, « \\ » s'écrit « \\\\ »",
          "in a text, “\\” is written “\\\\”");
    }
    if (token.kind == ELParserConstants.INSTANCEOF) {
      return refused(
          from, end(token), "« instanceof » n'existe pas ici", "there is no “instanceof” here");
    }
    return refused(
        from,
        end(token),
        "« " + token.image + " » n'est pas attendu ici",
        "“" + token.image + "” is not expected here");
  }

  /** The parser, noting from which token to which one each node goes. */
  private final class Recorder extends ELParser {
    Recorder(ELParserTokenManager tokens) {
      super(tokens);
      jjtree = new Nodes();
    }

    private final class Nodes extends JJTELParserState {
      @Override
      public void openNodeScope(Node node) {
        super.openNodeScope(node);
        offsets.put(node, new int[] {start(getToken(1)), 0});
      }

      @Override
      public void closeNodeScope(Node node, int children) {
        super.closeNodeScope(node, children);
        close(node);
      }

      @Override
      public void closeNodeScope(Node node, boolean created) {
        super.closeNodeScope(node, created);
        close(node);
      }

      private void close(Node node) {
        int[] at = offsets.get(node);
        if (at == null) {
          return;
        }
        at[1] = end(getToken(0));
        // The node of an operator is opened after its first operand.
        for (int i = 0; i < node.jjtGetNumChildren(); i++) {
          int[] child = offsets.get(node.jjtGetChild(i));
          at[0] = child == null ? at[0] : Math.min(at[0], child[0]);
        }
      }
    }
  }
}
