package dev.tiphys.template.parse;

import dev.tiphys.template.TemplateException;
import dev.tiphys.template.parse.Token.Kind;
import dev.tiphys.template.value.Utf8;
import java.util.ArrayDeque;
import java.util.Deque;

/// The tokens of a text, some of which may be given back, and what is wrong with them.
///
/// Threads: one; made for one text.
final class Tokens {

  private final String name;
  private final Lexer lexer;
  private final Deque<Token> ahead = new ArrayDeque<>();
  private Token last = new Token(Kind.END_OF_FILE, 0, "", 1);
  private int actionLine;

  Tokens(String name, Lexer lexer) {
    this.name = name;
    this.lexer = lexer;
  }

  /// Notes where an action begins, for messages; 0 outside of actions.
  void actionAt(int line) {
    actionLine = line;
  }

  /// Gives a token back, to be read again.
  void push(Token token) {
    ahead.push(token);
  }

  TemplateException failed(String problem) {
    return failed(last.line(), problem);
  }

  private TemplateException failed(int line, String problem) {
    return new TemplateException(
        Utf8.characters("template: " + name + ":" + line + ": " + problem));
  }

  TemplateException unexpected(Token token, String context) {
    if (token.is(Kind.ERROR)) {
      String problem = token.toString();
      if (actionLine != 0 && actionLine != token.line()) {
        String started = " in action started at " + name + ":" + actionLine;
        problem += problem.endsWith(" action") ? started.substring(" in action".length()) : started;
      }
      return failed(problem);
    }
    return failed("unexpected " + token + " in " + context);
  }

  Token next() {
    Token token = ahead.isEmpty() ? lexer.next() : ahead.pop();
    last = token;
    return token;
  }

  Token peek() {
    if (ahead.isEmpty()) {
      ahead.push(lexer.next());
    }
    last = ahead.element();
    return last;
  }

  Token peekNonSpace() {
    while (peek().is(Kind.SPACE)) {
      ahead.pop();
    }
    return peek();
  }

  Token nextNonSpace() {
    peekNonSpace();
    return next();
  }

  Token expect(Kind kind, String context) {
    Token token = nextNonSpace();
    if (!token.is(kind)) {
      throw unexpected(token, context);
    }
    return token;
  }

  /// What a text in quotes stands for.
  String unquoted(Token token) {
    try {
      return Literals.text(token.text());
    } catch (IllegalArgumentException e) {
      throw failed("invalid syntax");
    }
  }
}
