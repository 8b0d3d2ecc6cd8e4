package dev.tiphys.cel.syntax;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Expands the calls that are a short way to write something longer.
public final class Macros {

  /// The accumulator of folds, which no source can name.
  public static final String RESULT = "@result";

  public static final String INSERT = "cel.@mapInsert";
  public static final String SORT_BY_KEYS = "@sortByAssociatedKeys";
  private static final String SORTED = "@__sortBy_input__";
  private static final String UNUSED = "#unused";

  private final List<Problem> problems;

  Macros(List<Problem> problems) {
    this.problems = problems;
  }

  /// What a call stands for: itself unless it is a macro.
  Expr expand(Expr.Call call) {
    Expr expanded = expanded(call);
    return expanded == null ? call : expanded;
  }

  private @Nullable Expr expanded(Expr.Call call) {
    List<Expr> arguments = call.arguments();
    Expr target = call.target();
    if (target == null) {
      return call.function().equals("has") && arguments.size() == 1 ? has(call) : null;
    }
    int count = arguments.size();
    return switch (call.function()) {
      case "all", "exists", "exists_one", "existsOne" ->
          count == 2 || count == 3 ? quantified(call, target) : null;
      case "map" -> count == 2 || count == 3 ? mapped(call, target, false) : null;
      case "filter" -> count == 2 ? filtered(call, target) : null;
      case "transformList" -> count == 3 || count == 4 ? mapped(call, target, true) : null;
      case "transformMap" -> count == 3 || count == 4 ? transformed(call, target, false) : null;
      case "transformMapEntry" -> count == 3 || count == 4 ? transformed(call, target, true) : null;
      case "optMap" -> count == 2 ? optional(call, target, true) : null;
      case "optFlatMap" -> count == 2 ? optional(call, target, false) : null;
      case "sortBy" -> count == 2 ? sorted(call, target) : null;
      default -> null;
    };
  }

  private Expr problem(Expr at, String text) {
    problems.add(new Problem(at.position(), text));
    return new Expr.Literal(at.position(), false);
  }

  private Expr has(Expr.Call call) {
    Expr argument = call.arguments().getFirst();
    return argument instanceof Expr.Select select && !select.test()
        ? new Expr.Select(call.position(), select.operand(), select.field(), true)
        : problem(argument, "invalid argument to has() macro");
  }

  /// Whether the first arguments name variables that a fold may use; tells what is wrong if not.
  private boolean named(Expr.Call call, int count) {
    List<Expr> arguments = call.arguments();
    for (int i = 0; i < count; i++) {
      if (!(arguments.get(i) instanceof Expr.Ident(int _, String name)) || name.startsWith(".")) {
        problem(arguments.get(i), "argument must be a simple name");
        return false;
      }
      if (name.equals("__result__")) {
        problem(arguments.get(i), "iteration variable overwrites accumulator variable");
        return false;
      }
    }
    if (count == 2 && name(arguments, 0).equals(name(arguments, 1))) {
      problem(arguments.get(1), "duplicate variable name: " + name(arguments, 1));
      return false;
    }
    return true;
  }

  private static String name(List<Expr> arguments, int index) {
    return ((Expr.Ident) arguments.get(index)).name();
  }

  private static Expr failed(Expr.Call call) {
    return new Expr.Literal(call.position(), false);
  }

  /// The parts of a fold that lead to the same place in the source.
  private record Maker(int position) {

    Expr literal(Object value) {
      return new Expr.Literal(position, value);
    }

    Expr ident(String name) {
      return new Expr.Ident(position, name);
    }

    Expr call(String function, Expr... arguments) {
      return new Expr.Call(position, null, function, List.of(arguments));
    }

    Expr member(Expr target, String function, Expr... arguments) {
      return new Expr.Call(position, target, function, List.of(arguments));
    }

    Expr list(Expr... elements) {
      return new Expr.ListOf(
          position, List.of(elements), List.of(elements).stream().map(_ -> false).toList());
    }

    Expr result() {
      return ident(RESULT);
    }

    /// @param over the call that says what the variables are called
    Expr fold(
        Expr range,
        Expr.Call over,
        int variables,
        Expr start,
        Expr condition,
        Expr step,
        Expr end) {
      return new Expr.Fold(
          position,
          range,
          name(over.arguments(), 0),
          variables == 2 ? name(over.arguments(), 1) : null,
          RESULT,
          start,
          condition,
          step,
          end);
    }
  }

  private Expr quantified(Expr.Call call, Expr target) {
    int variables = call.arguments().size() - 1;
    if (!named(call, variables)) {
      return failed(call);
    }
    Maker make = new Maker(call.position());
    Expr test = call.arguments().getLast();
    return switch (call.function()) {
      case "all" ->
          make.fold(
              target,
              call,
              variables,
              make.literal(true),
              make.call(Operators.NOT_STRICTLY_FALSE, make.result()),
              make.call(Operators.AND, make.result(), test),
              make.result());
      case "exists" ->
          make.fold(
              target,
              call,
              variables,
              make.literal(false),
              make.call(Operators.NOT_STRICTLY_FALSE, make.call(Operators.NOT, make.result())),
              make.call(Operators.OR, make.result(), test),
              make.result());
      default ->
          make.fold(
              target,
              call,
              variables,
              make.literal(0L),
              make.literal(true),
              make.call(
                  Operators.CONDITIONAL,
                  test,
                  make.call(Operators.ADD, make.result(), make.literal(1L)),
                  make.result()),
              make.call(Operators.EQUALS, make.result(), make.literal(1L)));
    };
  }

  /// @param range what is folded, which `sortBy` gives another name
  /// @param pairs whether there are two variables
  private Expr mapped(Expr.Call call, Expr range, boolean pairs) {
    int variables = pairs ? 2 : 1;
    if (!named(call, variables)) {
      return failed(call);
    }
    Maker make = new Maker(call.position());
    boolean conditional = call.arguments().size() == variables + 2;
    Expr step = make.call(Operators.ADD, make.result(), make.list(call.arguments().getLast()));
    if (conditional) {
      step = make.call(Operators.CONDITIONAL, call.arguments().get(variables), step, make.result());
    }
    return make.fold(range, call, variables, make.list(), make.literal(true), step, make.result());
  }

  private Expr filtered(Expr.Call call, Expr target) {
    if (!named(call, 1)) {
      return failed(call);
    }
    Maker make = new Maker(call.position());
    Expr kept = make.call(Operators.ADD, make.result(), make.list(call.arguments().getFirst()));
    return make.fold(
        target,
        call,
        1,
        make.list(),
        make.literal(true),
        make.call(Operators.CONDITIONAL, call.arguments().getLast(), kept, make.result()),
        make.result());
  }

  private Expr transformed(Expr.Call call, Expr target, boolean entries) {
    if (!named(call, 2)) {
      return failed(call);
    }
    Maker make = new Maker(call.position());
    Expr value = call.arguments().getLast();
    Expr step =
        entries
            ? make.call(INSERT, make.result(), value)
            : make.call(INSERT, make.result(), make.ident(name(call.arguments(), 0)), value);
    if (call.arguments().size() == 4) {
      step = make.call(Operators.CONDITIONAL, call.arguments().get(2), step, make.result());
    }
    Expr start = new Expr.MapOf(call.position(), List.of());
    return make.fold(target, call, 2, start, make.literal(true), step, make.result());
  }

  /// A value given a name, which stands for it in the result.
  private static Expr bound(Maker make, String name, Expr value, Expr result) {
    return new Expr.Fold(
        make.position(),
        make.list(),
        UNUSED,
        null,
        name,
        value,
        make.literal(false),
        make.ident(name),
        result);
  }

  /// @param wraps whether the result is made an optional
  private Expr optional(Expr.Call call, Expr target, boolean wraps) {
    if (!(call.arguments().getFirst() instanceof Expr.Ident(int _, String name))) {
      return problem(
          call.arguments().getFirst(),
          call.function() + "() variable name must be a simple identifier");
    }
    Maker make = new Maker(call.position());
    Expr inner = bound(make, name, make.member(target, "value"), call.arguments().getLast());
    return make.call(
        Operators.CONDITIONAL,
        make.member(target, "hasValue"),
        wraps ? make.call("optional.of", inner) : inner,
        make.call("optional.none"));
  }

  private Expr sorted(Expr.Call call, Expr target) {
    if (target instanceof Expr.Literal || target instanceof Expr.MapOf) {
      return problem(
          target,
          "sortBy can only be applied to a list, identifier, comprehension, call or select"
              + " expression");
    }
    Maker make = new Maker(call.position());
    Expr keys = mapped(call, make.ident(SORTED), false);
    Expr result = make.member(make.ident(SORTED), SORT_BY_KEYS, keys);
    return bound(make, SORTED, target, result);
  }
}
