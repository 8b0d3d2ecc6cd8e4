package dev.tiphys.template.exec;

import dev.tiphys.template.Limits;
import dev.tiphys.template.MissingKey;
import dev.tiphys.template.TemplateException;
import dev.tiphys.template.format.Printer;
import dev.tiphys.template.format.Quoting;
import dev.tiphys.template.function.CallException;
import dev.tiphys.template.function.Function;
import dev.tiphys.template.parse.Node;
import dev.tiphys.template.parse.Parsed;
import dev.tiphys.template.value.Dict;
import dev.tiphys.template.value.Slice;
import dev.tiphys.template.value.Truth;
import dev.tiphys.template.value.Type;
import dev.tiphys.template.value.Utf8;
import dev.tiphys.template.value.Whole;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Walks the tree of a template and writes what it comes to.
///
/// Threads: one; made for one execution.
public final class Executor {

  /// How deep templates may call each other.
  private static final int DEEPEST = 100_000;

  /// How a list of nodes was left.
  private enum Exit {
    END,
    BREAK,
    CONTINUE
  }

  private final Parsed parsed;
  private final Budget budget;
  private final Evaluator evaluator;
  private final StringBuilder out = new StringBuilder();
  private Variables variables = new Variables();
  private String template;
  private int depth;

  private Executor(
      Parsed parsed, Map<String, Function> functions, MissingKey missing, Limits limits) {
    this.parsed = parsed;
    this.template = parsed.name();
    this.budget = new Budget(limits.steps(), limits.bytes());
    this.evaluator = new Evaluator(functions, missing, budget);
  }

  /// What a template makes of some data.
  ///
  /// @param data as [Data] makes it
  /// @throws TemplateException if it fails
  public static String execute(
      Parsed parsed,
      Map<String, Function> functions,
      MissingKey missing,
      Limits limits,
      @Nullable Object data) {
    Executor executor = new Executor(parsed, functions, missing, limits);
    try {
      executor.run(data);
    } catch (Failure | CallException e) {
      throw executor.failed(String.valueOf(e.getMessage()));
    } catch (StackOverflowError e) {
      // Only templates that call themselves get here; nothing outlives this execution.
      throw executor.failed("exceeded maximum template depth (" + DEEPEST + ")");
    }
    return executor.out.toString();
  }

  private void run(@Nullable Object data) {
    variables.declare("$", data);
    Node.Sequence root = parsed.templates().get(parsed.name());
    if (root == null) {
      throw new Failure(Quoting.quote(parsed.name()) + " is an incomplete or empty template");
    }
    evaluator.variables(variables);
    walk(data, root);
  }

  private TemplateException failed(String problem) {
    Node node = evaluator.at();
    String place =
        node == null
            ? parsed.name()
            : parsed.location(node)
                + ": executing "
                + Quoting.quote(template)
                + " at <"
                + node
                + ">";
    return new TemplateException(Utf8.characters("template: " + place + ": " + problem));
  }

  private void write(String text) {
    budget.bytes(text.length());
    out.append(text);
  }

  private Exit walk(@Nullable Object dot, Node node) {
    evaluator.at(node);
    budget.step();
    switch (node) {
      case Node.Action(int _, Node.Pipe pipe) -> {
        Object value = evaluator.pipe(dot, pipe);
        if (pipe.declared().isEmpty()) {
          evaluator.at(node);
          write(value == null ? "<no value>" : Printer.text(value, budget));
        }
      }
      case Node.Text text -> write(text.text());
      case Node.Sequence(int _, var nodes) -> {
        for (Node each : nodes) {
          Exit exit = walk(dot, each);
          if (exit != Exit.END) {
            return exit;
          }
        }
      }
      case Node.Branch branch -> {
        return branch.word() == Node.Branch.Word.RANGE ? range(dot, branch) : choose(dot, branch);
      }
      case Node.Invocation invocation -> invoke(dot, invocation);
      case Node.Break _ -> {
        return Exit.BREAK;
      }
      case Node.Continue _ -> {
        return Exit.CONTINUE;
      }
      default -> throw new Failure("unknown node: " + node);
    }
    return Exit.END;
  }

  /// `if` and `with`.
  private Exit choose(@Nullable Object dot, Node.Branch branch) {
    int mark = variables.mark();
    Object value = evaluator.pipe(dot, branch.pipe());
    Exit exit = Exit.END;
    if (Truth.of(value)) {
      exit = walk(branch.word() == Node.Branch.Word.WITH ? value : dot, branch.body());
    } else if (branch.otherwise() != null) {
      exit = walk(dot, branch.otherwise());
    }
    variables.backTo(mark);
    return exit;
  }

  private Exit range(@Nullable Object dot, Node.Branch range) {
    int outer = variables.mark();
    Object over = evaluator.pipe(dot, range.pipe());
    boolean some =
        switch (over) {
          case null -> false;
          case Slice slice -> elements(range, slice);
          case Dict dict -> entries(range, dict);
          case byte[] bytes -> bytes(range, bytes);
          case Long count -> numbers(range, count, Type.INT);
          case Whole count when !count.type().name().startsWith("time.") ->
              numbers(range, count.value(), count.type());
          default -> throw new Failure("range can't iterate over " + Printer.text(over, budget));
        };
    Exit exit = Exit.END;
    if (!some && range.otherwise() != null) {
      exit = walk(dot, range.otherwise());
    }
    variables.backTo(outer);
    return exit;
  }

  private boolean elements(Node.Branch range, Slice slice) {
    boolean boxed = slice.element() == Type.ANY;
    long index = 0;
    for (Object item : slice.items()) {
      if (!iterate(range, index++, Evaluator.element(item, boxed))) {
        break;
      }
    }
    return slice.size() > 0;
  }

  private boolean entries(Node.Branch range, Dict dict) {
    boolean boxed = dict.element() == Type.ANY;
    budget.steps(dict.size());
    for (String key : dict.entries().keySet().toArray(new String[0])) { // a body may change it
      if (!iterate(range, key, Evaluator.element(dict.get(key), boxed))) {
        break;
      }
    }
    return dict.size() > 0;
  }

  private boolean bytes(Node.Branch range, byte[] bytes) {
    for (int i = 0; i < bytes.length; i++) {
      if (!iterate(range, (long) i, new Whole(Type.UINT8, bytes[i] & 0xff))) {
        break;
      }
    }
    return bytes.length > 0;
  }

  private boolean numbers(Node.Branch range, long count, Type type) {
    if (range.pipe().declared().size() > 1) {
      throw new Failure("can't use " + count + " to iterate over more than one variable");
    }
    for (long i = 0; i < count; i++) {
      Object number = Whole.of(type, i);
      if (!iterate(range, number, number)) {
        break;
      }
    }
    return count > 0;
  }

  /// One turn of a loop; false if it was the last one.
  private boolean iterate(Node.Branch range, Object index, @Nullable Object element) {
    budget.step();
    int mark = variables.mark();
    evaluator.loopVariables(range.pipe(), index, element);
    Exit exit = walk(element, range.body());
    variables.backTo(mark);
    return exit != Exit.BREAK;
  }

  private void invoke(@Nullable Object dot, Node.Invocation invocation) {
    Node.Sequence called = parsed.templates().get(invocation.name());
    if (called == null) {
      throw new Failure("template " + Quoting.quote(invocation.name()) + " not defined");
    }
    if (depth == DEEPEST) {
      throw new Failure("exceeded maximum template depth (" + DEEPEST + ")");
    }
    Object given = invocation.pipe() == null ? null : evaluator.pipe(dot, invocation.pipe());
    Variables callers = variables;
    String caller = template;
    depth++;
    template = invocation.name();
    variables = new Variables();
    variables.declare("$", given);
    evaluator.variables(variables);
    walk(given, called);
    depth--;
    template = caller;
    variables = callers;
    evaluator.variables(callers);
  }
}
