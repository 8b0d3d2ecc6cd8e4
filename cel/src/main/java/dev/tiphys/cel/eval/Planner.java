package dev.tiphys.cel.eval;

import dev.tiphys.cel.EvaluationException;
import dev.tiphys.cel.Overload;
import dev.tiphys.cel.Price;
import dev.tiphys.cel.Regex;
import dev.tiphys.cel.Type;
import dev.tiphys.cel.check.Checked;
import dev.tiphys.cel.syntax.Expr;
import dev.tiphys.cel.syntax.Macros;
import dev.tiphys.cel.syntax.Operators;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Makes steps of a checked expression.
///
/// Threads: one; made for one expression.
public final class Planner {

  private static final Set<String> FINDS = Set.of("find", "findAll");
  private static final Set<String> CONVERSIONS =
      Set.of("bool", "bytes", "double", "duration", "dyn", "int", "string", "timestamp", "uint");

  private final Checked checked;
  private final Function<String, @Nullable Type> declared;
  private final Function<String, @Nullable Type> named;
  private final Map<String, Integer> variables = new LinkedHashMap<>();
  private final Map<String, Integer> locals = new HashMap<>();
  private int depth;
  private int deepest;

  /// @param declared the types of variables
  /// @param named the types that names stand for
  public Planner(
      Checked checked,
      Function<String, @Nullable Type> declared,
      Function<String, @Nullable Type> named) {
    this.checked = checked;
    this.declared = declared;
    this.named = named;
  }

  /// @throws EvaluationException if a value that needs no variables is none
  public Step plan() {
    return step(checked.root());
  }

  /// How many variables are named.
  public int named() {
    return variables.size();
  }

  /// How many variables folds have at a time.
  public int local() {
    return deepest;
  }

  private Step step(Expr expr) {
    return switch (expr) {
      case Expr.Literal literal -> new Constant(literal.value());
      case Expr.Ident ident -> name(ident, ident.name());
      case Expr.Select select -> select(select);
      case Expr.Call call -> call(call);
      case Expr.ListOf list -> list(list);
      case Expr.MapOf map -> map(map);
      case Expr.Message message -> aggregate(message.fields(), checked.type(message));
      case Expr.Fold fold -> fold(fold);
    };
  }

  /// A value that is known before evaluation, and costs nothing.
  private record Constant(Object value) implements Step {

    @Override
    public Object value(Frame frame) {
      return value;
    }
  }

  private Step list(Expr.ListOf list) {
    Step[] elements = steps(list.elements());
    Step step = new Aggregates.OfList(elements, flags(list.optional()));
    boolean known = !list.optional().contains(true) && areKnown(elements);
    return known ? evaluated(step) : step;
  }

  private Step map(Expr.MapOf map) {
    Step[] keys = steps(map.entries().stream().map(Expr.Entry::key).toList());
    Step[] values = steps(map.entries().stream().map(Expr.Entry::value).toList());
    Step step = aggregate(map.entries(), null);
    boolean optional = map.entries().stream().anyMatch(Expr.Entry::optional);
    return !optional && areKnown(keys) && areKnown(values) ? evaluated(step) : step;
  }

  private static boolean areKnown(Step[] steps) {
    return Arrays.stream(steps).allMatch(Constant.class::isInstance);
  }

  /// The value of a step that needs no variables; the step itself if it has none.
  private static Step evaluated(Step step) {
    try {
      return new Constant(step.value(noVariables()));
    } catch (EvaluationException e) {
      return step; // what is wrong is told when it is evaluated
    }
  }

  private static Frame noVariables() {
    return new Frame(_ -> null, 0, 0, Long.MAX_VALUE);
  }

  private static void check(String regex) {
    try {
      Regex.of(regex);
    } catch (IllegalArgumentException e) {
      throw new EvaluationException(String.valueOf(e.getMessage()));
    }
  }

  private Step[] steps(List<Expr> expressions) {
    return expressions.stream().map(this::step).toArray(Step[]::new);
  }

  private static boolean[] flags(List<Boolean> list) {
    boolean[] flags = new boolean[list.size()];
    for (int i = 0; i < flags.length; i++) {
      flags[i] = list.get(i);
    }
    return flags;
  }

  private Step name(Expr expr, String source) {
    Integer slot = locals.get(source);
    if (slot != null) {
      int place = slot;
      return frame -> {
        frame.charge(1);
        return frame.local(place);
      };
    }
    String name = checked.variable(expr);
    Type type = name == null ? null : declared.apply(name);
    if (name == null || type == null) {
      Type value = name == null ? null : named.apply(name);
      return new Constant(value == null ? Type.ERROR : value);
    }
    int index = variables.computeIfAbsent(name, _ -> variables.size());
    return frame -> {
      frame.charge(1);
      return frame.variable(index, name, type);
    };
  }

  private Step select(Expr.Select select) {
    if (checked.variable(select) != null) {
      return name(select, "");
    }
    Step operand = step(select.operand());
    String field = select.field();
    if (select.test()) {
      return frame -> Access.has(operand.value(frame), field);
    }
    return frame -> {
      Object value = operand.value(frame);
      frame.charge(1);
      return Access.field(value, field);
    };
  }

  private Step call(Expr.Call call) {
    Step appended = appended(call);
    if (appended != null) {
      return appended;
    }
    Checked.Callee callee = checked.callee(call);
    List<Expr> all = new ArrayList<>(call.arguments());
    if (callee.target() != null) {
      all.addFirst(callee.target());
    }
    Step[] steps = steps(all);
    return switch (callee.function()) {
      case Operators.AND -> new Logic(steps[0], steps[1], false);
      case Operators.OR -> new Logic(steps[0], steps[1], true);
      case Operators.NOT_STRICTLY_FALSE ->
          frame -> {
            frame.charge(1);
            return steps[0].value(frame);
          };
      case Operators.CONDITIONAL -> conditional(all, steps);
      case Operators.INDEX -> {
        int cost = isPlace(all.get(1)) ? 0 : 1;
        yield frame -> {
          Object value = steps[0].value(frame);
          Object key = steps[1].value(frame);
          frame.charge(cost);
          return Access.index(value, key);
        };
      }
      case Operators.OPTIONAL_INDEX, Operators.OPTIONAL_SELECT ->
          frame -> {
            Object value = steps[0].value(frame);
            Maybe found = Access.optional(value, steps[1].value(frame));
            frame.charge(found.isEmpty() ? 0 : 1);
            return found;
          };
      case "or", "orValue" -> orElse(callee.function(), steps);
      default -> {
        Overload[] overloads = callee.overloads().toArray(Overload[]::new);
        Step step = new Invocation(callee.function(), overloads, steps);
        boolean known = steps.length == 1 && steps[0] instanceof Constant;
        if (known && CONVERSIONS.contains(callee.function())) {
          yield new Constant(step.value(noVariables()));
        }
        if (FINDS.contains(callee.function())
            && steps[1] instanceof Constant(Object value)
            && value instanceof String regex) {
          check(regex);
        }
        yield step;
      }
    };
  }

  /// A variable or a field in a branch costs one less than elsewhere, as upstream counts.
  private Step conditional(List<Expr> parts, Step[] steps) {
    int then = isPlace(parts.get(1)) ? -1 : 0;
    int otherwise = isPlace(parts.get(2)) ? -1 : 0;
    return frame -> {
      boolean holds = Logic.isTrue(steps[0].value(frame));
      Object value = steps[holds ? 1 : 2].value(frame);
      frame.charge(holds ? then : otherwise);
      return value;
    };
  }

  private static boolean isPlace(Expr expr) {
    return switch (expr) {
      case Expr.Ident _ -> true;
      case Expr.Select select -> !select.test();
      case Expr.Call call -> call.function().equals(Operators.INDEX);
      default -> false;
    };
  }

  /// What stands for an optional without a value is only evaluated if need be.
  private static Step orElse(String function, Step[] steps) {
    boolean unwraps = function.equals("orValue");
    return frame -> {
      if (!(steps[0].value(frame) instanceof Maybe maybe)) {
        throw EvaluationException.noOverload();
      }
      Object inner = maybe.value();
      if (inner == null) {
        return steps[1].value(frame);
      }
      return unwraps ? inner : maybe;
    };
  }

  /// @param object the type of an object; null for a map
  private Step aggregate(List<Expr.Entry> entries, @Nullable Type object) {
    return new Aggregates.OfMap(
        steps(entries.stream().map(Expr.Entry::key).toList()),
        steps(entries.stream().map(Expr.Entry::value).toList()),
        flags(entries.stream().map(Expr.Entry::optional).toList()),
        object);
  }

  /// The accumulator of a fold is changed in place, so each evaluation has its own.
  private Step start(Expr expr) {
    return switch (expr) {
      case Expr.MapOf map when map.entries().isEmpty() -> _ -> new HashMapValue();
      case Expr.ListOf list when list.elements().isEmpty() -> _ -> new ArrayList<>();
      default -> step(expr);
    };
  }

  /// The list that a fold makes, with one more element. Nothing else can see the list before it is
  /// whole, so it need not be copied.
  private @Nullable Step appended(Expr.Call call) {
    boolean grows =
        call.function().equals(Operators.ADD)
            && call.arguments().getFirst() instanceof Expr.Ident ident
            && ident.name().equals(Macros.RESULT);
    if (!grows
        || !(call.arguments().getLast() instanceof Expr.ListOf list)
        || list.elements().size() != 1) {
      return null;
    }
    Step before = step(call.arguments().getFirst());
    Step element = step(list.elements().getFirst());
    long cost = element instanceof Constant ? 1 : 1 + Price.LIST;
    return frame -> {
      @SuppressWarnings("unchecked") // made by the start of the fold
      List<Object> made = (List<Object>) before.value(frame);
      Object value = element.value(frame);
      frame.charge(cost);
      made.add(value);
      return made;
    };
  }

  private Step fold(Expr.Fold fold) {
    Step range = step(fold.range());
    Step start = start(fold.start());
    int before = depth;
    Map<String, Integer> outer = new HashMap<>(locals);
    int accumulator = declare(fold.accumulator());
    Map<String, Integer> around = new HashMap<>(locals);
    int first = declare(fold.first());
    String name = fold.second();
    int second = name == null ? -1 : declare(name);
    Step condition = step(fold.condition());
    Step step = step(fold.step());
    restore(around);
    Step result = step(fold.result());
    restore(outer);
    depth = before;
    return fold.binds()
        ? frame -> {
          frame.assign(accumulator, start.value(frame));
          return result.value(frame);
        }
        : new Folding(range, start, condition, step, result, accumulator, first, second);
  }

  private int declare(String name) {
    int slot = depth++;
    deepest = Math.max(deepest, depth);
    locals.put(name, slot);
    return slot;
  }

  private void restore(Map<String, Integer> names) {
    locals.clear();
    locals.putAll(names);
  }
}
