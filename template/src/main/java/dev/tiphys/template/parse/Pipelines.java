package dev.tiphys.template.parse;

import dev.tiphys.template.format.Quoting;
import dev.tiphys.template.parse.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Makes trees of what stands inside of actions: pipelines of commands, and the variables that they
/// declare.
///
/// Threads: one; made for one text.
final class Pipelines {

  /// How deep parentheses may be nested, so that no stack overflows.
  private static final int DEEPEST = 250;

  private static final Set<Kind> OPERANDS =
      Set.of(
          Kind.BOOL,
          Kind.RUNE,
          Kind.DOT,
          Kind.FIELD,
          Kind.IDENTIFIER,
          Kind.NUMBER,
          Kind.NIL,
          Kind.RAW_STRING,
          Kind.STRING,
          Kind.VARIABLE,
          Kind.LEFT_PAREN);

  private final Tokens tokens;
  private final Predicate<String> functions;
  private List<String> variables = newVariables();
  private int depth;

  Pipelines(Tokens tokens, Predicate<String> functions) {
    this.tokens = tokens;
    this.functions = functions;
  }

  private static List<String> newVariables() {
    return new ArrayList<>(List.of("$"));
  }

  /// Begins a template of its own, which sees no variable of the one around it.
  ///
  /// @return the variables around it, for [#leave]
  List<String> enter() {
    List<String> outer = variables;
    variables = newVariables();
    return outer;
  }

  void leave(List<String> outer) {
    variables = outer;
  }

  /// How many variables can be seen.
  int mark() {
    return variables.size();
  }

  /// Forgets the variables that were declared since a mark.
  void backTo(int mark) {
    variables.subList(mark, variables.size()).clear();
  }

  /// A pipeline, up to what ends it.
  Node.Pipe pipe(String context, Kind end) {
    if (++depth > DEEPEST) {
      throw tokens.failed("actions are nested too deeply");
    }
    int at = tokens.peekNonSpace().at();
    List<Node.Variable> declared = new ArrayList<>();
    boolean assigns = declarations(context, declared);
    List<Node.Command> commands = new ArrayList<>();
    while (true) {
      Token token = tokens.nextNonSpace();
      if (token.is(end)) {
        break;
      }
      if (!OPERANDS.contains(token.kind())) {
        throw tokens.unexpected(token, context);
      }
      tokens.push(token);
      commands.add(command());
    }
    check(commands, context);
    depth--;
    return new Node.Pipe(at, assigns, declared, commands);
  }

  private void check(List<Node.Command> commands, String context) {
    if (commands.isEmpty()) {
      throw tokens.failed("missing value for " + context);
    }
    for (int i = 1; i < commands.size(); i++) {
      switch (commands.get(i).words().getFirst()) {
        case Node.Bool _, Node.Dot _, Node.Nil _, Node.Number _, Node.Quoted _ ->
            throw tokens.failed("non executable command in pipeline stage " + (i + 1));
        default -> {}
      }
    }
  }

  /// The variables at the start of a pipe, if there are any; true if they are there already.
  private boolean declarations(String context, List<Node.Variable> declared) {
    while (tokens.peekNonSpace().is(Kind.VARIABLE)) {
      Token variable = tokens.next();
      Token after = tokens.peek();
      Token following = tokens.peekNonSpace();
      if (following.is(Kind.ASSIGN) || following.is(Kind.DECLARE)) {
        tokens.next();
        declare(variable, declared);
        return following.is(Kind.ASSIGN);
      }
      if (!following.is(Kind.CHAR) || !following.text().equals(",")) {
        if (after.is(Kind.SPACE)) {
          tokens.push(after);
        }
        tokens.push(variable);
        return false;
      }
      tokens.next();
      declare(variable, declared);
      if (!context.equals("range") || declared.size() >= 2) {
        throw tokens.failed("too many declarations in " + context);
      }
      Token more = tokens.peekNonSpace();
      if (!more.is(Kind.VARIABLE) && !more.is(Kind.RIGHT) && !more.is(Kind.RIGHT_PAREN)) {
        throw tokens.failed("range can only initialize variables");
      }
    }
    return false;
  }

  private void declare(Token variable, List<Node.Variable> declared) {
    declared.add(new Node.Variable(variable.at(), List.of(variable.text())));
    variables.add(variable.text());
  }

  private Node.Command command() {
    int at = tokens.peekNonSpace().at();
    List<Node> words = new ArrayList<>();
    while (true) {
      Node operand = operand();
      if (operand != null) {
        words.add(operand);
      }
      Token token = tokens.next();
      if (token.is(Kind.SPACE)) {
        continue;
      }
      if (token.is(Kind.RIGHT) || token.is(Kind.RIGHT_PAREN)) {
        tokens.push(token);
      } else if (!token.is(Kind.PIPE)) {
        throw tokens.unexpected(token, "operand");
      }
      break;
    }
    if (words.isEmpty()) {
      throw tokens.failed("empty command");
    }
    return new Node.Command(at, words);
  }

  private @Nullable Node operand() {
    Node term = term();
    if (term == null || !tokens.peek().is(Kind.FIELD)) {
      return term;
    }
    int at = tokens.peek().at();
    List<String> names = new ArrayList<>();
    while (tokens.peek().is(Kind.FIELD)) {
      names.add(tokens.next().text().substring(1));
    }
    return switch (term) {
      case Node.Field field -> new Node.Field(at, joined(field.names(), names));
      case Node.Variable variable -> new Node.Variable(at, joined(variable.names(), names));
      case Node.Bool _, Node.Quoted _, Node.Number _, Node.Nil _, Node.Dot _ ->
          throw tokens.failed("unexpected . after term " + Quoting.quote(term.toString()));
      default -> new Node.Chain(at, term, names);
    };
  }

  private static List<String> joined(List<String> names, List<String> more) {
    List<String> all = new ArrayList<>(names);
    all.addAll(more);
    return all;
  }

  private @Nullable Node term() {
    Token token = tokens.nextNonSpace();
    int at = token.at();
    return switch (token.kind()) {
      case IDENTIFIER -> {
        if (!functions.test(token.text())) {
          throw tokens.failed("function " + Quoting.quote(token.text()) + " not defined");
        }
        yield new Node.Identifier(at, token.text());
      }
      case DOT -> new Node.Dot(at);
      case NIL -> new Node.Nil(at);
      case VARIABLE -> {
        if (!variables.contains(token.text())) {
          throw tokens.failed("undefined variable " + Quoting.quote(token.text()));
        }
        yield new Node.Variable(at, List.of(token.text()));
      }
      case FIELD -> new Node.Field(at, List.of(token.text().substring(1)));
      case BOOL -> new Node.Bool(at, token.text().equals("true"));
      case RUNE, NUMBER -> number(token);
      case LEFT_PAREN -> pipe("parenthesized pipeline", Kind.RIGHT_PAREN);
      case STRING, RAW_STRING -> new Node.Quoted(at, token.text(), tokens.unquoted(token));
      default -> {
        tokens.push(token);
        yield null;
      }
    };
  }

  private Node number(Token token) {
    try {
      return Literals.number(token.at(), token.text(), token.is(Kind.RUNE));
    } catch (IllegalArgumentException e) {
      throw tokens.failed(String.valueOf(e.getMessage()));
    }
  }
}
