package dev.tiphys.template.parse;

import dev.tiphys.template.Delimiters;
import dev.tiphys.template.TemplateException;
import dev.tiphys.template.format.Quoting;
import dev.tiphys.template.parse.Node.Branch.Word;
import dev.tiphys.template.parse.Token.Kind;
import dev.tiphys.template.value.Utf8;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// Makes a tree of a template's text, from the top down.
///
/// Threads: one; made for one text.
public final class Parser {

  /// How deep actions and parentheses may be nested, so that no stack overflows.
  private static final int DEEPEST = 250;

  private final String name;
  private final String text;
  private final Tokens tokens;
  private final Pipelines pipelines;
  private final Map<String, Node.Sequence> templates = new LinkedHashMap<>();
  private int ranges;
  private int depth;

  private Parser(String name, String text, Delimiters delimiters, Predicate<String> functions) {
    this.name = name;
    this.text = Utf8.of(text);
    Lexer lexer = new Lexer(this.text, delimiters);
    this.tokens = new Tokens(name, lexer);
    this.pipelines = new Pipelines(tokens, functions);
    if (functions.test("break")) {
      lexer.breakIsFunction();
    }
    if (functions.test("continue")) {
      lexer.continueIsFunction();
    }
  }

  /// @param functions whether there is a function of a name
  /// @throws TemplateException if `text` is no template
  public static Parsed parse(
      String name, String text, Delimiters delimiters, Predicate<String> functions) {
    return new Parser(Utf8.of(name), text, delimiters, functions).parse();
  }

  private Parsed parse() {
    List<Node> nodes = new ArrayList<>();
    int start = tokens.peek().at();
    while (!tokens.peek().is(Kind.END_OF_FILE)) {
      if (tokens.peek().is(Kind.LEFT)) {
        Token left = tokens.next();
        if (tokens.peekNonSpace().is(Kind.DEFINE)) {
          tokens.next();
          define();
          continue;
        }
        tokens.push(left);
      }
      Node node = textOrAction();
      if (node instanceof Node.End) {
        throw tokens.failed("unexpected " + node);
      }
      nodes.add(node);
    }
    add(name, new Node.Sequence(start, nodes));
    return new Parsed(name, text, templates);
  }

  private void add(String template, Node.Sequence body) {
    Node.Sequence earlier = templates.get(template);
    if (earlier == null || earlier.isBlank()) {
      templates.put(template, body);
    } else if (!body.isBlank()) {
      throw tokens.failed("template: multiple definition of template " + Quoting.quote(template));
    }
  }

  private void define() {
    List<String> outer = pipelines.enter();
    int outerRanges = ranges;
    ranges = 0;
    String defined = templateName(tokens.nextNonSpace(), "define clause");
    tokens.expect(Kind.RIGHT, "define clause");
    List<Node> nodes = new ArrayList<>();
    int start = tokens.peekNonSpace().at();
    Node.End end = items(nodes);
    if (end.isElse()) {
      throw tokens.failed("unexpected " + end + " in define clause");
    }
    add(defined, new Node.Sequence(start, nodes));
    pipelines.leave(outer);
    ranges = outerRanges;
  }

  private String templateName(Token token, String context) {
    if (!token.is(Kind.STRING) && !token.is(Kind.RAW_STRING)) {
      throw tokens.unexpected(token, context);
    }
    return tokens.unquoted(token);
  }

  private Node.End items(List<Node> nodes) {
    if (++depth > DEEPEST) {
      throw tokens.failed("actions are nested too deeply");
    }
    while (!tokens.peekNonSpace().is(Kind.END_OF_FILE)) {
      Node node = textOrAction();
      if (node instanceof Node.End end) {
        depth--;
        return end;
      }
      nodes.add(node);
    }
    throw tokens.failed("unexpected EOF");
  }

  private Node textOrAction() {
    Token token = tokens.nextNonSpace();
    return switch (token.kind()) {
      case TEXT -> new Node.Text(token.at(), token.text());
      case LEFT -> {
        tokens.actionAt(token.line());
        Node action = action();
        tokens.actionAt(0);
        yield action;
      }
      default -> throw tokens.unexpected(token, "input");
    };
  }

  private Node action() {
    Token token = tokens.nextNonSpace();
    return switch (token.kind()) {
      case BLOCK -> block();
      case BREAK -> jump(token, "break");
      case CONTINUE -> jump(token, "continue");
      case ELSE -> otherwise();
      case END -> {
        int at = tokens.expect(Kind.RIGHT, "end").at();
        yield new Node.End(at, false);
      }
      case IF -> branch(Word.IF);
      case RANGE -> branch(Word.RANGE);
      case WITH -> branch(Word.WITH);
      case TEMPLATE -> template();
      default -> {
        tokens.push(token);
        int at = tokens.peek().at();
        yield new Node.Action(at, pipelines.pipe("command", Kind.RIGHT));
      }
    };
  }

  private Node jump(Token word, String context) {
    Token token = tokens.nextNonSpace();
    if (!token.is(Kind.RIGHT)) {
      throw tokens.unexpected(token, "{{" + context + "}}");
    }
    if (ranges == 0) {
      throw tokens.failed("{{" + context + "}} outside {{range}}");
    }
    return context.equals("break") ? new Node.Break(word.at()) : new Node.Continue(word.at());
  }

  /// `else`; what follows it in the action is left to the branch that it belongs to.
  private Node otherwise() {
    Token following = tokens.peekNonSpace();
    if (following.is(Kind.IF) || following.is(Kind.WITH)) {
      return new Node.End(following.at(), true);
    }
    return new Node.End(tokens.expect(Kind.RIGHT, "else").at(), true);
  }

  private Node branch(Word word) {
    int mark = pipelines.mark();
    String context = word.text();
    Node.Pipe pipe = pipelines.pipe(context, Kind.RIGHT);
    ranges += word == Word.RANGE ? 1 : 0;
    Node.Sequence otherwise = null;
    List<Node> nodes = new ArrayList<>();
    int start = tokens.peekNonSpace().at();
    Node.End end = items(nodes);
    ranges -= word == Word.RANGE ? 1 : 0;
    if (end.isElse()) {
      otherwise = elseBranch(word, end);
    }
    pipelines.backTo(mark);
    return new Node.Branch(pipe.at(), word, pipe, new Node.Sequence(start, nodes), otherwise);
  }

  private Node.Sequence elseBranch(Word word, Node.End end) {
    Token following = tokens.peek();
    boolean chained =
        word == Word.IF && following.is(Kind.IF) || word == Word.WITH && following.is(Kind.WITH);
    if (chained) {
      tokens.next();
      if (++depth > DEEPEST) {
        throw tokens.failed("actions are nested too deeply");
      }
      Node inner = branch(word);
      depth--;
      return new Node.Sequence(end.at(), List.of(inner));
    }
    if (following.is(Kind.IF) || following.is(Kind.WITH)) {
      throw tokens.unexpected(tokens.next(), "input");
    }
    List<Node> nodes = new ArrayList<>();
    int start = tokens.peekNonSpace().at();
    Node.End last = items(nodes);
    if (last.isElse()) {
      throw tokens.failed("expected end; found " + last);
    }
    return new Node.Sequence(start, nodes);
  }

  private Node block() {
    Token token = tokens.nextNonSpace();
    String defined = templateName(token, "block clause");
    Node.Pipe pipe = pipelines.pipe("block clause", Kind.RIGHT);
    List<String> outer = pipelines.enter();
    int outerRanges = ranges;
    ranges = 0;
    List<Node> nodes = new ArrayList<>();
    int start = tokens.peekNonSpace().at();
    Node.End end = items(nodes);
    if (end.isElse()) {
      throw tokens.failed("unexpected " + end + " in block clause");
    }
    add(defined, new Node.Sequence(start, nodes));
    pipelines.leave(outer);
    ranges = outerRanges;
    return new Node.Invocation(token.at(), defined, pipe);
  }

  private Node template() {
    Token token = tokens.nextNonSpace();
    String called = templateName(token, "template clause");
    Node.Pipe pipe = null;
    if (!nextNonSpaceIsRight()) {
      pipe = pipelines.pipe("template clause", Kind.RIGHT);
    }
    return new Node.Invocation(token.at(), called, pipe);
  }

  private boolean nextNonSpaceIsRight() {
    Token token = tokens.nextNonSpace();
    if (token.is(Kind.RIGHT)) {
      return true;
    }
    tokens.push(token);
    return false;
  }
}
