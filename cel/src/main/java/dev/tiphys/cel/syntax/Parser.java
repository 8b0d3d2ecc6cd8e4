package dev.tiphys.cel.syntax;

import dev.tiphys.cel.Unsigned;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Parses an expression by descending through the levels of its operators.
///
/// The first problem of syntax ends it; problems of another kind are collected.
public final class Parser {

  private static final int LONGEST = 100_000;
  private static final int DEEPEST = 250;
  private static final String OPERANDS =
      "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT,"
          + " STRING, BYTES, IDENTIFIER}";
  private static final Set<String> RELATIONS = Set.of("<", "<=", ">=", ">", "==", "!=", "in");
  private static final Set<String> RESERVED =
      Set.of(
          "as",
          "break",
          "const",
          "continue",
          "else",
          "false",
          "for",
          "function",
          "if",
          "import",
          "in",
          "let",
          "loop",
          "package",
          "namespace",
          "null",
          "return",
          "true",
          "var",
          "void",
          "while");

  private final Source source;
  private final List<Problem> problems;
  private final Macros macros;
  private List<Token> tokens = List.of();
  private int at;
  private int depth;

  private Parser(Source source, List<Problem> problems) {
    this.source = source;
    this.problems = problems;
    this.macros = new Macros(problems);
  }

  /// What a source says; null if it can't be made out at all.
  ///
  /// @param problems what is wrong with it
  public static @Nullable Expr parse(Source source, List<Problem> problems) {
    return new Parser(source, problems).whole();
  }

  private static final class Stop extends RuntimeException {
    Stop() {
      super(null, null, false, false);
    }
  }

  private @Nullable Expr whole() {
    if (source.length() > LONGEST) {
      problems.add(
          new Problem(
              0,
              "expression code point size exceeds limit: size: "
                  + source.length()
                  + ", limit "
                  + LONGEST));
      return null;
    }
    tokens = new Lexer(source, problems::add).tokens();
    try {
      Expr whole = expression();
      if (now().kind() != Token.Kind.END) {
        throw unexpected("<EOF>");
      }
      return whole;
    } catch (Stop e) {
      return null;
    }
  }

  private Token now() {
    return tokens.get(at);
  }

  private Token after() {
    return tokens.get(Math.min(at + 1, tokens.size() - 1));
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

  private Token expect(String symbol) {
    if (!now().is(symbol)) {
      throw unexpected("'" + symbol + "'");
    }
    return take();
  }

  private Stop unexpected(String expected) {
    boolean extra =
        expected.equals("<EOF>")
            ? after().kind() == Token.Kind.END
            : expected.equals("'" + after().text() + "'");
    if (extra && now().kind() != Token.Kind.END) {
      return syntax("extraneous input " + now().shown() + " expecting " + expected);
    }
    if (now().kind() == Token.Kind.END && expected.startsWith("'")) {
      return syntax("missing " + expected + " at " + now().shown());
    }
    return syntax("mismatched input " + now().shown() + " expecting " + expected);
  }

  private Stop syntax(String text) {
    problems.add(new Problem(now().position(), "Syntax error: " + text));
    return new Stop();
  }

  private void problem(Token token, String text) {
    problems.add(new Problem(token.position(), text));
  }

  /// One level deeper: each level of nesting, and each operator in a row but `&&` and `||`, is one.
  private void deeper() {
    if (++depth > DEEPEST) {
      problems.add(new Problem(0, "expression recursion limit exceeded: " + DEEPEST));
      throw new Stop();
    }
  }

  private Expr expression() {
    deeper();
    Expr condition = alternatives();
    if (now().is("?")) {
      int position = take().position();
      Expr then = alternatives();
      expect(":");
      condition = call(position, Operators.CONDITIONAL, condition, then, expression());
    }
    depth--;
    return condition;
  }

  private static Expr call(int position, String function, Expr... arguments) {
    return new Expr.Call(position, null, function, List.of(arguments));
  }

  private Expr alternatives() {
    Expr first = conditions();
    if (!now().is("||")) {
      return first;
    }
    List<Expr> terms = new ArrayList<>(List.of(first));
    List<Integer> positions = new ArrayList<>();
    while (now().is("||")) {
      positions.add(take().position());
      terms.add(conditions());
    }
    return balanced(Operators.OR, terms, positions, 0, positions.size() - 1);
  }

  private Expr conditions() {
    Expr first = relation();
    if (!now().is("&&")) {
      return first;
    }
    List<Expr> terms = new ArrayList<>(List.of(first));
    List<Integer> positions = new ArrayList<>();
    while (now().is("&&")) {
      positions.add(take().position());
      terms.add(relation());
    }
    return balanced(Operators.AND, terms, positions, 0, positions.size() - 1);
  }

  /// A tree over many terms that is as flat as can be.
  private static Expr balanced(
      String operator, List<Expr> terms, List<Integer> positions, int from, int to) {
    int middle = (from + to + 1) / 2;
    Expr left =
        middle == from ? terms.get(middle) : balanced(operator, terms, positions, from, middle - 1);
    Expr right =
        middle == to ? terms.get(middle + 1) : balanced(operator, terms, positions, middle + 1, to);
    return call(positions.get(middle), operator, left, right);
  }

  private Expr relation() {
    Expr left = sum();
    int nested = depth;
    while (now().kind() == Token.Kind.SYMBOL && RELATIONS.contains(now().text())) {
      deeper();
      Token operator = take();
      String name = operator.is("in") ? Operators.IN : Operators.binary(operator.text());
      left = call(operator.position(), name, left, sum());
    }
    depth = nested;
    return left;
  }

  private Expr sum() {
    Expr left = product();
    int nested = depth;
    while (now().is("+") || now().is("-")) {
      deeper();
      Token operator = take();
      left = call(operator.position(), Operators.binary(operator.text()), left, product());
    }
    depth = nested;
    return left;
  }

  private Expr product() {
    Expr left = unary();
    int nested = depth;
    while (now().is("*") || now().is("/") || now().is("%")) {
      deeper();
      Token operator = take();
      left = call(operator.position(), Operators.binary(operator.text()), left, unary());
    }
    depth = nested;
    return left;
  }

  private Expr unary() {
    if (now().is("!")) {
      return repeated("!", Operators.NOT);
    }
    boolean sign = now().is("-") && after().value() instanceof Lexer.Number;
    return now().is("-") && !sign ? repeated("-", Operators.NEGATE) : member();
  }

  /// An operator before its operand: twice is as good as not at all.
  private Expr repeated(String symbol, String function) {
    int position = now().position();
    int count = 0;
    while (now().is(symbol) && !(count > 0 && after().value() instanceof Lexer.Number)) {
      take();
      count++;
    }
    Expr operand = member();
    return count % 2 == 0 ? operand : call(position, function, operand);
  }

  private Expr member() {
    Expr operand = primary();
    int nested = depth;
    while (true) {
      if (now().is(".")) {
        operand = field(operand, take());
      } else if (now().is("[")) {
        Token bracket = take();
        String function = skip("?") ? Operators.OPTIONAL_INDEX : Operators.INDEX;
        Expr index = expression();
        expect("]");
        operand = call(bracket.position(), function, operand, index);
      } else {
        depth = nested;
        return operand;
      }
      deeper();
    }
  }

  private Expr field(Expr operand, Token dot) {
    boolean optional = skip("?");
    Token name = now();
    if (name.kind() != Token.Kind.IDENTIFIER && name.kind() != Token.Kind.QUOTED) {
      String text = name.kind() == Token.Kind.END ? "" : name.text();
      boolean word = !text.isEmpty() && Character.isLetter(text.charAt(0));
      throw syntax(
          word
              ? "mismatched input " + name.shown() + " expecting IDENTIFIER"
              : "no viable alternative at input '." + text + "'");
    }
    take();
    if (optional) {
      return call(
          dot.position(),
          Operators.OPTIONAL_SELECT,
          operand,
          new Expr.Literal(name.position(), name.text()));
    }
    if (name.kind() == Token.Kind.IDENTIFIER && now().is("(")) {
      int position = take().position();
      return macros.expand(new Expr.Call(position, operand, name.text(), listUntil(")")));
    }
    return new Expr.Select(dot.position(), operand, name.text(), false);
  }

  private List<Expr> listUntil(String end) {
    List<Expr> list = new ArrayList<>();
    if (!now().is(end)) {
      do {
        list.add(expression());
      } while (skip(","));
    }
    expect(end);
    return list;
  }

  private Expr primary() {
    Token token = now();
    if (token.is("-") && after().value() instanceof Lexer.Number number) {
      take();
      take();
      return number(token, "-", number);
    }
    return switch (token.kind()) {
      case LITERAL -> {
        take();
        yield token.value() instanceof Lexer.Number number
            ? number(token, "", number)
            : new Expr.Literal(token.position(), java.util.Objects.requireNonNull(token.value()));
      }
      case IDENTIFIER -> name("");
      case SYMBOL ->
          switch (token.text()) {
            case "." -> {
              take();
              yield name(".");
            }
            case "(" -> {
              take();
              Expr inner = expression();
              expect(")");
              yield inner;
            }
            case "[" -> list(take().position());
            case "{" -> {
              take();
              yield new Expr.MapOf(token.position(), entries(false));
            }
            default -> throw unexpected(OPERANDS);
          };
      case QUOTED, END -> throw unexpected(OPERANDS);
    };
  }

  private Expr number(Token token, String sign, Lexer.Number number) {
    String digits = sign + number.digits();
    try {
      Object value =
          switch (number.form()) {
            case INT -> Long.valueOf(digits, number.radix());
            case UINT -> new Unsigned(Long.parseUnsignedLong(digits, number.radix()));
            case DOUBLE -> finite(digits);
          };
      return new Expr.Literal(token.position(), value);
    } catch (NumberFormatException e) {
      String form =
          switch (number.form()) {
            case INT -> "int";
            case UINT -> "uint";
            case DOUBLE -> "double";
          };
      problem(token, "invalid " + form + " literal");
      return new Expr.Literal(token.position(), 0L);
    }
  }

  private static Double finite(String digits) {
    double value = Double.parseDouble(digits);
    if (Double.isInfinite(value)) {
      throw new NumberFormatException();
    }
    return value;
  }

  private Expr list(int position) {
    List<Expr> elements = new ArrayList<>();
    List<Boolean> optional = new ArrayList<>();
    while (!now().is("]")) {
      optional.add(skip("?"));
      elements.add(expression());
      if (!skip(",")) {
        break;
      }
    }
    expect("]");
    return new Expr.ListOf(position, elements, optional);
  }

  /// @param named whether the keys are names of fields
  private List<Expr.Entry> entries(boolean named) {
    List<Expr.Entry> entries = new ArrayList<>();
    while (!now().is("}")) {
      boolean optional = skip("?");
      Expr key = named ? fieldName() : expression();
      int position = expect(":").position();
      entries.add(new Expr.Entry(position, key, expression(), optional));
      if (!skip(",")) {
        break;
      }
    }
    expect("}");
    return entries;
  }

  private Expr fieldName() {
    Token name = now();
    if (name.kind() != Token.Kind.IDENTIFIER && name.kind() != Token.Kind.QUOTED) {
      throw unexpected("{'}', ',', '?', IDENTIFIER, ESC_IDENTIFIER}");
    }
    take();
    return new Expr.Literal(name.position(), name.text());
  }

  private Expr name(String dot) {
    if (now().kind() != Token.Kind.IDENTIFIER) {
      throw unexpected("IDENTIFIER");
    }
    String type = messageType(dot);
    if (type != null) {
      int position = take().position();
      return new Expr.Message(position, type, entries(true));
    }
    Token name = take();
    if (RESERVED.contains(name.text())) {
      problem(name, "reserved identifier: " + name.text());
    }
    if (now().is("(")) {
      int position = take().position();
      return macros.expand(new Expr.Call(position, null, dot + name.text(), listUntil(")")));
    }
    return new Expr.Ident(name.position(), dot + name.text());
  }

  /// The dotted name before a brace, which is then the next token; null if there is none.
  private @Nullable String messageType(String dot) {
    StringBuilder type = new StringBuilder(dot);
    int next = at;
    while (tokens.get(next).kind() == Token.Kind.IDENTIFIER) {
      type.append(tokens.get(next).text());
      next++;
      if (tokens.get(next).is("{")) {
        at = next;
        return type.toString();
      }
      if (!tokens.get(next).is(".")) {
        return null;
      }
      type.append('.');
      next++;
    }
    return null;
  }
}
