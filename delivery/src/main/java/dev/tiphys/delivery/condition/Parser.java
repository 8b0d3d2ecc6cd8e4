package dev.tiphys.delivery.condition;

import dev.tiphys.object.Null;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Compiles a condition by climbing through the ranks of its operators.
final class Parser {

  private static final int LONGEST = 10_000;
  private static final int DEEPEST = 100;

  /// Which operators bind more closely.
  private static final Map<String, Integer> RANKS =
      Map.ofEntries(
          Map.entry("||", 10),
          Map.entry("or", 10),
          Map.entry("&&", 15),
          Map.entry("and", 15),
          Map.entry("==", 20),
          Map.entry("!=", 20),
          Map.entry("<", 20),
          Map.entry("<=", 20),
          Map.entry(">", 20),
          Map.entry(">=", 20),
          Map.entry("in", 20),
          Map.entry("not", 20), // as in `not in`
          Map.entry("matches", 20),
          Map.entry("contains", 20),
          Map.entry("startsWith", 20),
          Map.entry("endsWith", 20),
          Map.entry("..", 25),
          Map.entry("+", 30),
          Map.entry("-", 30),
          Map.entry("*", 60),
          Map.entry("/", 60),
          Map.entry("%", 60),
          Map.entry("**", 100),
          Map.entry("^", 100),
          Map.entry("??", 500));

  private static final int NEGATION = 50;
  private static final int SIGN = 90;
  private static final Set<String> RIGHT_FIRST = Set.of("**", "^");
  private static final Set<String> NEGATED =
      Set.of("in", "matches", "contains", "startsWith", "endsWith");

  private final List<Token> tokens;
  private int at;
  private int depth;

  /// How many braces of functions are open: only there `#` means something.
  private int closures;

  private Parser(List<Token> tokens) {
    this.tokens = tokens;
  }

  /// @throws ConditionException if it can't be read
  static Expr parse(String text) {
    if (text.length() > LONGEST) {
      throw new ConditionException("the condition is longer than " + LONGEST + " characters");
    }
    Parser parser = new Parser(new Lexer(text).tokens());
    Expr whole = parser.expression();
    if (parser.now().kind() != Token.Kind.END) {
      throw parser.unexpected();
    }
    return whole;
  }

  private Token now() {
    return tokens.get(at);
  }

  private Token take() {
    Token token = now();
    if (token.kind() != Token.Kind.END) {
      at++;
    }
    return token;
  }

  private boolean skip(String symbol) {
    if (now().is(symbol)) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(String symbol) {
    if (!skip(symbol)) {
      throw unexpected();
    }
  }

  private ConditionException unexpected() {
    return new ConditionException("unexpected token \"" + now().text() + "\" at " + now().column());
  }

  private Expr expression() {
    if (++depth > DEEPEST) {
      throw new ConditionException("the condition is nested too deeply");
    }
    Expr test = binary(0);
    if (skip("?")) {
      Expr yes = expression();
      expect(":");
      Expr no = expression();
      depth--;
      return scope -> Values.bool(test.of(scope), "?:") ? yes.of(scope) : no.of(scope);
    }
    depth--;
    return test;
  }

  private Expr binary(int least) {
    Expr left = unary();
    while (isOperator()) {
      String operator = now().text();
      int rank = RANKS.getOrDefault(operator, 0);
      if (rank < least) {
        return left;
      }
      at++;
      boolean negated = operator.equals("not");
      if (negated) {
        operator = take().text();
      }
      Expr right = binary(RIGHT_FIRST.contains(operator) ? rank : rank + 1);
      Expr joined = joined(operator, left, right);
      left = negated ? scope -> !Values.bool(joined.of(scope), "not") : joined;
    }
    return left;
  }

  private boolean isOperator() {
    Token token = now();
    if (token.kind() == Token.Kind.TEXT || !RANKS.containsKey(token.text())) {
      return false;
    }
    return !token.is("not") || NEGATED.contains(tokens.get(at + 1).text());
  }

  private static Expr joined(String operator, Expr left, Expr right) {
    return switch (operator) {
      case "||", "or" ->
          scope -> Values.bool(left.of(scope), operator) || Values.bool(right.of(scope), operator);
      case "&&", "and" ->
          scope -> Values.bool(left.of(scope), operator) && Values.bool(right.of(scope), operator);
      case "??" ->
          scope -> {
            Object value = left.of(scope);
            return value == Null.NULL ? right.of(scope) : value;
          };
      default -> scope -> Operators.apply(scope, operator, left.of(scope), right.of(scope));
    };
  }

  private Expr unary() {
    if (++depth > DEEPEST) {
      throw new ConditionException("the condition is nested too deeply");
    }
    Expr value;
    if (skip("!") || skip("not")) {
      Expr inner = binary(NEGATION);
      value = scope -> !Values.bool(inner.of(scope), "!");
    } else if (skip("-")) {
      Expr inner = binary(SIGN);
      value = scope -> negative(inner.of(scope));
    } else if (skip("+")) {
      Expr inner = binary(SIGN);
      value = scope -> Operators.apply(scope, "+", 0L, inner.of(scope));
    } else {
      value = postfix(primary());
    }
    depth--;
    return value;
  }

  private static Object negative(Object value) {
    return switch (value) {
      case Double number -> -number;
      case Long number -> -number;
      default ->
          throw new ConditionException(
              "invalid operation: operator - not defined on " + Values.type(value));
    };
  }

  private Expr postfix(Expr start) {
    Expr holder = start;
    while (true) {
      if (skip("[")) {
        holder = index(holder);
      } else if (skip(".")) {
        holder = member(holder, name(), false);
      } else if (skip("?.")) {
        holder = member(holder, name(), true);
      } else {
        return holder;
      }
    }
  }

  private static Expr member(Expr holder, String name, boolean optional) {
    return scope -> {
      scope.spend(1);
      Object value = holder.of(scope);
      return optional && value == Null.NULL ? Null.NULL : Values.at(value, name);
    };
  }

  private String name() {
    if (now().kind() != Token.Kind.NAME) {
      throw unexpected();
    }
    return take().text();
  }

  private Expr index(Expr holder) {
    Expr from = now().is(":") ? null : expression();
    if (from != null && skip("]")) {
      return scope -> {
        scope.spend(1);
        return Values.at(holder.of(scope), from.of(scope));
      };
    }
    expect(":");
    Expr to = now().is("]") ? null : expression();
    expect("]");
    return scope -> {
      Object slice = Values.slice(holder.of(scope), bound(from, scope), bound(to, scope));
      scope.spend(slice instanceof List<?> list ? list.size() : 1);
      return slice;
    };
  }

  private static Object bound(@Nullable Expr expr, Scope scope) {
    return expr == null ? Null.NULL : expr.of(scope);
  }

  private Expr primary() {
    Token token = take();
    return switch (token.kind()) {
      case NUMBER -> constant(number(token));
      case TEXT -> constant(token.text());
      case NAME -> named(token);
      case SYMBOL -> symbol(token);
      case END -> throw new ConditionException("unexpected end of the condition");
    };
  }

  private static Expr constant(Object value) {
    return _ -> value;
  }

  private static Object number(Token token) {
    String text = token.text();
    try {
      boolean isWhole = text.chars().allMatch(c -> c >= '0' && c <= '9');
      return isWhole ? (Object) Long.parseLong(text) : (Object) Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new ConditionException("bad number " + text + " at " + token.column());
    }
  }

  private Expr symbol(Token token) {
    switch (token.text()) {
      case "(" -> {
        Expr inner = expression();
        expect(")");
        return inner;
      }
      case "[" -> {
        return array();
      }
      case "#" -> {
        return element(token);
      }
      case "." -> {
        return member(element(token), name(), false); // short for `#.name`
      }
      default -> {
        at--;
        throw unexpected();
      }
    }
  }

  private Expr element(Token token) {
    if (closures == 0) {
      throw new ConditionException(
          "cannot use pointer accessor outside closure at " + token.column());
    }
    return Scope::element;
  }

  private Expr array() {
    List<Expr> elements = list("]");
    return scope -> {
      List<Object> all = new ArrayList<>();
      for (Expr element : elements) {
        scope.spend(1);
        all.add(element.of(scope));
      }
      return all;
    };
  }

  private List<Expr> list(String end) {
    List<Expr> all = new ArrayList<>();
    while (!skip(end)) {
      if (!all.isEmpty()) {
        expect(",");
      }
      all.add(expression());
    }
    return all;
  }

  private Expr named(Token token) {
    String name = token.text();
    if (skip("(")) {
      return call(token);
    }
    return switch (name) {
      case "true" -> constant(true);
      case "false" -> constant(false);
      case "nil", "null" -> constant(Null.NULL);
      case "result" -> Scope::result;
      default -> throw new ConditionException("unknown name " + name + " at " + token.column());
    };
  }

  private Expr call(Token token) {
    String name = token.text();
    Predicates.Body overElements = Predicates.named(name);
    if (overElements != null) {
      return overElements(name, overElements);
    }
    Functions function = Functions.named(name);
    if (function == null) {
      throw new ConditionException("unknown name " + name + " at " + token.column());
    }
    List<Expr> arguments = list(")");
    if (arguments.size() < function.fewest()) {
      throw new ConditionException("not enough arguments to call " + name);
    }
    if (arguments.size() > function.most()) {
      throw new ConditionException("too many arguments to call " + name);
    }
    return scope ->
        function
            .body()
            .apply(scope, arguments.stream().map(argument -> argument.of(scope)).toList());
  }

  private Expr overElements(String name, Predicates.Body body) {
    Expr list = expression();
    if (skip(")")) {
      if (!name.equals("count")) {
        throw new ConditionException("not enough arguments to call " + name);
      }
      return scope -> body.of(scope, Values.list(list.of(scope), name), Scope::element);
    }
    expect(",");
    closures++;
    boolean braces = skip("{");
    Expr each = expression();
    if (braces) {
      expect("}");
    }
    closures--;
    expect(")");
    return scope -> body.of(scope, Values.list(list.of(scope), name), each);
  }
}
