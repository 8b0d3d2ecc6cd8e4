package dev.tiphys.template.parse;

import dev.tiphys.template.Delimiters;
import dev.tiphys.template.TemplateException;
import dev.tiphys.template.format.Quoting;
import dev.tiphys.template.parse.Node.Branch.Word;
import dev.tiphys.template.parse.Token.Kind;
import dev.tiphys.template.value.Utf8;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Makes a tree of a template's text, from the top down.
///
/// Threads: one; made for one text.
public final class Parser {

  /// How deep actions and parentheses may be nested, so that no stack overflows.
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

  private final String name;
  private final String text;
  private final Lexer lexer;
  private final Predicate<String> functions;
  private final Deque<Token> ahead = new ArrayDeque<>();
  private final Map<String, Node.Sequence> templates = new LinkedHashMap<>();
  private List<String> variables = new ArrayList<>(List.of("$"));
  private Token last = new Token(Kind.END_OF_FILE, 0, "", 1);
  private int ranges;
  private int actionLine;
  private int depth;

  private Parser(String name, String text, Delimiters delimiters, Predicate<String> functions) {
    this.name = name;
    this.text = Utf8.of(text);
    this.lexer = new Lexer(this.text, delimiters);
    this.functions = functions;
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
    int start = peek().at();
    while (!peek().is(Kind.END_OF_FILE)) {
      if (peek().is(Kind.LEFT)) {
        Token left = next();
        if (peekNonSpace().is(Kind.DEFINE)) {
          next();
          define();
          continue;
        }
        ahead.push(left);
      }
      Node node = textOrAction();
      if (node instanceof Node.End) {
        throw failed("unexpected " + node);
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
      throw failed("template: multiple definition of template " + Quoting.quote(template));
    }
  }

  private TemplateException failed(String problem) {
    return failed(last.line(), problem);
  }

  private TemplateException failed(int line, String problem) {
    return new TemplateException(
        Utf8.characters("template: " + name + ":" + line + ": " + problem));
  }

  private TemplateException unexpected(Token token, String context) {
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

  private Token next() {
    Token token = ahead.isEmpty() ? lexer.next() : ahead.pop();
    last = token;
    return token;
  }

  private Token peek() {
    if (ahead.isEmpty()) {
      ahead.push(lexer.next());
    }
    last = ahead.element();
    return last;
  }

  private Token peekNonSpace() {
    while (peek().is(Kind.SPACE)) {
      ahead.pop();
    }
    return peek();
  }

  private Token nextNonSpace() {
    peekNonSpace();
    return next();
  }

  private Token expect(Kind kind, String context) {
    Token token = nextNonSpace();
    if (!token.is(kind)) {
      throw unexpected(token, context);
    }
    return token;
  }

  private void define() {
    List<String> outer = variables;
    int outerRanges = ranges;
    variables = new ArrayList<>(List.of("$"));
    ranges = 0;
    String defined = templateName(nextNonSpace(), "define clause");
    expect(Kind.RIGHT, "define clause");
    List<Node> nodes = new ArrayList<>();
    int start = peekNonSpace().at();
    Node.End end = items(nodes);
    if (end.isElse()) {
      throw failed("unexpected " + end + " in define clause");
    }
    add(defined, new Node.Sequence(start, nodes));
    variables = outer;
    ranges = outerRanges;
  }

  private String templateName(Token token, String context) {
    if (!token.is(Kind.STRING) && !token.is(Kind.RAW_STRING)) {
      throw unexpected(token, context);
    }
    return unquoted(token);
  }

  private String unquoted(Token token) {
    try {
      return Literals.text(token.text());
    } catch (IllegalArgumentException e) {
      throw failed("invalid syntax");
    }
  }

  private Node.End items(List<Node> nodes) {
    if (++depth > DEEPEST) {
      throw failed("actions are nested too deeply");
    }
    while (!peekNonSpace().is(Kind.END_OF_FILE)) {
      Node node = textOrAction();
      if (node instanceof Node.End end) {
        depth--;
        return end;
      }
      nodes.add(node);
    }
    throw failed("unexpected EOF");
  }

  private Node textOrAction() {
    Token token = nextNonSpace();
    return switch (token.kind()) {
      case TEXT -> new Node.Text(token.at(), token.text());
      case LEFT -> {
        actionLine = token.line();
        Node action = action();
        actionLine = 0;
        yield action;
      }
      default -> throw unexpected(token, "input");
    };
  }

  private Node action() {
    Token token = nextNonSpace();
    return switch (token.kind()) {
      case BLOCK -> block();
      case BREAK -> jump(token, "break");
      case CONTINUE -> jump(token, "continue");
      case ELSE -> otherwise();
      case END -> {
        int at = expect(Kind.RIGHT, "end").at();
        yield new Node.End(at, false);
      }
      case IF -> branch(Word.IF);
      case RANGE -> branch(Word.RANGE);
      case WITH -> branch(Word.WITH);
      case TEMPLATE -> template();
      default -> {
        ahead.push(token);
        int at = peek().at();
        yield new Node.Action(at, pipe("command", Kind.RIGHT));
      }
    };
  }

  private Node jump(Token word, String context) {
    Token token = nextNonSpace();
    if (!token.is(Kind.RIGHT)) {
      throw unexpected(token, "{{" + context + "}}");
    }
    if (ranges == 0) {
      throw failed("{{" + context + "}} outside {{range}}");
    }
    return context.equals("break") ? new Node.Break(word.at()) : new Node.Continue(word.at());
  }

  /// `else`; what follows it in the action is left to the branch that it belongs to.
  private Node otherwise() {
    Token following = peekNonSpace();
    if (following.is(Kind.IF) || following.is(Kind.WITH)) {
      return new Node.End(following.at(), true);
    }
    return new Node.End(expect(Kind.RIGHT, "else").at(), true);
  }

  private Node branch(Word word) {
    int mark = variables.size();
    String context = word.text();
    Node.Pipe pipe = pipe(context, Kind.RIGHT);
    ranges += word == Word.RANGE ? 1 : 0;
    Node.Sequence otherwise = null;
    List<Node> nodes = new ArrayList<>();
    int start = peekNonSpace().at();
    Node.End end = items(nodes);
    ranges -= word == Word.RANGE ? 1 : 0;
    if (end.isElse()) {
      otherwise = elseBranch(word, end);
    }
    variables.subList(mark, variables.size()).clear();
    return new Node.Branch(pipe.at(), word, pipe, new Node.Sequence(start, nodes), otherwise);
  }

  private Node.Sequence elseBranch(Word word, Node.End end) {
    Token following = peek();
    boolean chained =
        word == Word.IF && following.is(Kind.IF) || word == Word.WITH && following.is(Kind.WITH);
    if (chained) {
      next();
      if (++depth > DEEPEST) {
        throw failed("actions are nested too deeply");
      }
      Node inner = branch(word);
      depth--;
      return new Node.Sequence(end.at(), List.of(inner));
    }
    if (following.is(Kind.IF) || following.is(Kind.WITH)) {
      throw unexpected(next(), "input");
    }
    List<Node> nodes = new ArrayList<>();
    int start = peekNonSpace().at();
    Node.End last = items(nodes);
    if (last.isElse()) {
      throw failed("expected end; found " + last);
    }
    return new Node.Sequence(start, nodes);
  }

  private Node block() {
    Token token = nextNonSpace();
    String defined = templateName(token, "block clause");
    Node.Pipe pipe = pipe("block clause", Kind.RIGHT);
    List<String> outer = variables;
    int outerRanges = ranges;
    variables = new ArrayList<>(List.of("$"));
    ranges = 0;
    List<Node> nodes = new ArrayList<>();
    int start = peekNonSpace().at();
    Node.End end = items(nodes);
    if (end.isElse()) {
      throw failed("unexpected " + end + " in block clause");
    }
    add(defined, new Node.Sequence(start, nodes));
    variables = outer;
    ranges = outerRanges;
    return new Node.Invocation(token.at(), defined, pipe);
  }

  private Node template() {
    Token token = nextNonSpace();
    String called = templateName(token, "template clause");
    Node.Pipe pipe = null;
    if (!nextNonSpaceIsRight()) {
      pipe = pipe("template clause", Kind.RIGHT);
    }
    return new Node.Invocation(token.at(), called, pipe);
  }

  private boolean nextNonSpaceIsRight() {
    Token token = nextNonSpace();
    if (token.is(Kind.RIGHT)) {
      return true;
    }
    ahead.push(token);
    return false;
  }

  private Node.Pipe pipe(String context, Kind end) {
    if (++depth > DEEPEST) {
      throw failed("actions are nested too deeply");
    }
    int at = peekNonSpace().at();
    List<Node.Variable> declared = new ArrayList<>();
    boolean assigns = declarations(context, declared);
    List<Node.Command> commands = new ArrayList<>();
    while (true) {
      Token token = nextNonSpace();
      if (token.is(end)) {
        break;
      }
      if (!OPERANDS.contains(token.kind())) {
        throw unexpected(token, context);
      }
      ahead.push(token);
      commands.add(command());
    }
    check(commands, context);
    depth--;
    return new Node.Pipe(at, assigns, declared, commands);
  }

  private void check(List<Node.Command> commands, String context) {
    if (commands.isEmpty()) {
      throw failed("missing value for " + context);
    }
    for (int i = 1; i < commands.size(); i++) {
      switch (commands.get(i).words().getFirst()) {
        case Node.Bool _, Node.Dot _, Node.Nil _, Node.Number _, Node.Quoted _ ->
            throw failed("non executable command in pipeline stage " + (i + 1));
        default -> {}
      }
    }
  }

  /// The variables at the start of a pipe, if there are any; true if they are there already.
  private boolean declarations(String context, List<Node.Variable> declared) {
    while (peekNonSpace().is(Kind.VARIABLE)) {
      Token variable = next();
      Token after = peek();
      Token following = peekNonSpace();
      if (following.is(Kind.ASSIGN) || following.is(Kind.DECLARE)) {
        next();
        declare(variable, declared);
        return following.is(Kind.ASSIGN);
      }
      if (!following.is(Kind.CHAR) || !following.text().equals(",")) {
        if (after.is(Kind.SPACE)) {
          ahead.push(after);
        }
        ahead.push(variable);
        return false;
      }
      next();
      declare(variable, declared);
      if (!context.equals("range") || declared.size() >= 2) {
        throw failed("too many declarations in " + context);
      }
      Token more = peekNonSpace();
      if (!more.is(Kind.VARIABLE) && !more.is(Kind.RIGHT) && !more.is(Kind.RIGHT_PAREN)) {
        throw failed("range can only initialize variables");
      }
    }
    return false;
  }

  private void declare(Token variable, List<Node.Variable> declared) {
    declared.add(new Node.Variable(variable.at(), List.of(variable.text())));
    variables.add(variable.text());
  }

  private Node.Command command() {
    int at = peekNonSpace().at();
    List<Node> words = new ArrayList<>();
    while (true) {
      Node operand = operand();
      if (operand != null) {
        words.add(operand);
      }
      Token token = next();
      if (token.is(Kind.SPACE)) {
        continue;
      }
      if (token.is(Kind.RIGHT) || token.is(Kind.RIGHT_PAREN)) {
        ahead.push(token);
      } else if (!token.is(Kind.PIPE)) {
        throw unexpected(token, "operand");
      }
      break;
    }
    if (words.isEmpty()) {
      throw failed("empty command");
    }
    return new Node.Command(at, words);
  }

  private @Nullable Node operand() {
    Node term = term();
    if (term == null || !peek().is(Kind.FIELD)) {
      return term;
    }
    int at = peek().at();
    List<String> names = new ArrayList<>();
    while (peek().is(Kind.FIELD)) {
      names.add(next().text().substring(1));
    }
    return switch (term) {
      case Node.Field field -> new Node.Field(at, joined(field.names(), names));
      case Node.Variable variable -> new Node.Variable(at, joined(variable.names(), names));
      case Node.Bool _, Node.Quoted _, Node.Number _, Node.Nil _, Node.Dot _ ->
          throw failed("unexpected . after term " + Quoting.quote(term.toString()));
      default -> new Node.Chain(at, term, names);
    };
  }

  private static List<String> joined(List<String> names, List<String> more) {
    List<String> all = new ArrayList<>(names);
    all.addAll(more);
    return all;
  }

  private @Nullable Node term() {
    Token token = nextNonSpace();
    int at = token.at();
    return switch (token.kind()) {
      case IDENTIFIER -> {
        if (!functions.test(token.text())) {
          throw failed("function " + Quoting.quote(token.text()) + " not defined");
        }
        yield new Node.Identifier(at, token.text());
      }
      case DOT -> new Node.Dot(at);
      case NIL -> new Node.Nil(at);
      case VARIABLE -> {
        if (!variables.contains(token.text())) {
          throw failed("undefined variable " + Quoting.quote(token.text()));
        }
        yield new Node.Variable(at, List.of(token.text()));
      }
      case FIELD -> new Node.Field(at, List.of(token.text().substring(1)));
      case BOOL -> new Node.Bool(at, token.text().equals("true"));
      case RUNE, NUMBER -> number(token);
      case LEFT_PAREN -> pipe("parenthesized pipeline", Kind.RIGHT_PAREN);
      case STRING, RAW_STRING -> new Node.Quoted(at, token.text(), unquoted(token));
      default -> {
        ahead.push(token);
        yield null;
      }
    };
  }

  private Node number(Token token) {
    try {
      return Literals.number(token.at(), token.text(), token.is(Kind.RUNE));
    } catch (IllegalArgumentException e) {
      throw failed(String.valueOf(e.getMessage()));
    }
  }
}
