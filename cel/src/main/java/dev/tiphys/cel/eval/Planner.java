package dev.tiphys.cel.eval;

import dev.tiphys.cel.EvaluationException;
import dev.tiphys.cel.Overload;
import dev.tiphys.cel.Price;
import dev.tiphys.cel.Type;
import dev.tiphys.cel.check.Checked;
import dev.tiphys.cel.syntax.Expr;
import dev.tiphys.cel.syntax.Operators;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Makes steps of a checked expression.
///
/// Threads: one; made for one expression.
public final class Planner {

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
      case Expr.Literal literal -> {
        Object value = literal.value();
        yield _ -> value;
      }
      case Expr.Ident ident -> name(ident, ident.name());
      case Expr.Select select -> select(select);
      case Expr.Call call -> call(call);
      case Expr.ListOf list ->
          new Aggregates.OfList(steps(list.elements()), flags(list.optional()));
      case Expr.MapOf map -> aggregate(map.entries(), false);
      case Expr.Message message -> aggregate(message.fields(), true);
      case Expr.Fold fold -> fold(fold);
    };
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
      Object constant = value == null ? Type.ERROR : value;
      return _ -> constant;
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
      case Operators.CONDITIONAL ->
          frame ->
              Logic.isTrue(steps[0].value(frame)) ? steps[1].value(frame) : steps[2].value(frame);
      case Operators.INDEX ->
          frame -> {
            Object value = steps[0].value(frame);
            Object key = steps[1].value(frame);
            frame.charge(1);
            return Access.index(value, key);
          };
      case Operators.OPTIONAL_INDEX, Operators.OPTIONAL_SELECT ->
          frame -> {
            Object value = steps[0].value(frame);
            Object key = steps[1].value(frame);
            frame.charge(1);
            return Access.optional(value, key);
          };
      case "or", "orValue" -> orElse(callee.function(), steps);
      default ->
          new Invocation(callee.function(), callee.overloads().toArray(Overload[]::new), steps);
    };
  }

  /// What stands for an optional without a value is only evaluated if need be.
  private static Step orElse(String function, Step[] steps) {
    boolean unwraps = function.equals("orValue");
    return frame -> {
      Object value = steps[0].value(frame);
      frame.charge(1);
      if (!(value instanceof Maybe maybe)) {
        throw EvaluationException.noOverload();
      }
      Object inner = maybe.value();
      if (inner == null) {
        return steps[1].value(frame);
      }
      return unwraps ? inner : maybe;
    };
  }

  private Step aggregate(List<Expr.Entry> entries, boolean message) {
    return new Aggregates.OfMap(
        steps(entries.stream().map(Expr.Entry::key).toList()),
        steps(entries.stream().map(Expr.Entry::value).toList()),
        flags(entries.stream().map(Expr.Entry::optional).toList()),
        message);
  }

  private Step fold(Expr.Fold fold) {
    Step range = step(fold.range());
    Step start = step(fold.start());
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
          frame.charge(Price.LIST);
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
