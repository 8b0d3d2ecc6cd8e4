package dev.tiphys.cel.cost;

import dev.tiphys.cel.Bytes;
import dev.tiphys.cel.Overload;
import dev.tiphys.cel.Price;
import dev.tiphys.cel.Range;
import dev.tiphys.cel.Type;
import dev.tiphys.cel.check.Checked;
import dev.tiphys.cel.syntax.Expr;
import dev.tiphys.cel.syntax.Operators;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Estimates what an expression costs, from how large its parts can get: as far as a part comes
/// from a variable by way of fields, elements and keys, the declared type tells that.
///
/// Threads: one; made for one expression.
public final class Estimator {

  private static final Range ONE = Range.ONE;

  private final Checked checked;
  private final Function<String, @Nullable Type> declared;
  private final Type root;
  private final Map<Expr, Type> places = new IdentityHashMap<>();
  private final Map<Expr, Range> sizes = new IdentityHashMap<>();
  private final Map<Expr, Entries> entries = new IdentityHashMap<>();
  private final Map<String, Deque<Local>> locals = new HashMap<>();

  /// A variable of a fold.
  ///
  /// @param place the declared type it comes from
  private record Local(@Nullable Type place, @Nullable Range size, @Nullable Entries entries) {}

  private Estimator(Checked checked, Function<String, @Nullable Type> declared, Type root) {
    this.checked = checked;
    this.declared = declared;
    this.root = root;
  }

  /// @param declared the types of variables, with the most that values can have
  /// @param root what is taken for the place of values that come from nowhere
  public static Range estimate(
      Checked checked, Function<String, @Nullable Type> declared, Type root) {
    return new Estimator(checked, declared, root).cost(checked.root());
  }

  private Range cost(Expr expr) {
    return switch (expr) {
      case Expr.Literal _ -> Range.ZERO;
      case Expr.Ident ident -> variable(ident, ident.name());
      case Expr.Select select -> select(select);
      case Expr.Call call -> call(call);
      case Expr.ListOf list -> list(list);
      case Expr.MapOf map -> map(map);
      case Expr.Message message -> {
        Range sum = Range.of(Price.OBJECT);
        for (Expr.Entry field : message.fields()) {
          sum = sum.plus(cost(field.value()));
        }
        yield sum;
      }
      case Expr.Fold fold -> fold.binds() ? bind(fold) : fold(fold);
    };
  }

  private @Nullable Local local(String name) {
    Deque<Local> stack = locals.get(name);
    return stack == null ? null : stack.peek();
  }

  private Range variable(Expr expr, String name) {
    Local local = local(name);
    if (local == null) {
      String variable = checked.variable(expr);
      Type type = variable == null ? null : declared.apply(variable);
      places.put(expr, type == null ? root : type.unwrapped());
    } else if (local.place() != null) {
      places.put(expr, local.place());
    }
    return ONE;
  }

  private Range select(Expr.Select select) {
    if (checked.variable(select) != null) {
      return variable(select, "");
    }
    Range sum = cost(select.operand());
    if (select.test()) {
      return sum;
    }
    Type place = places.get(select.operand());
    Type field = place == null ? null : place.field(select.field());
    if (field != null) {
      places.put(select, field);
    }
    return switch (checked.type(select.operand()).kind()) {
      case MAP, OBJECT, PARAMETER -> sum.plus(ONE);
      default -> sum;
    };
  }

  private Range list(Expr.ListOf list) {
    Range sum = Range.of(Price.LIST);
    Range size = null;
    for (Expr element : list.elements()) {
      sum = sum.plus(cost(element));
      size = size == null ? size(element) : size.or(size(element));
    }
    entries.put(list, new Entries(Type.Kind.LIST, ONE, size == null ? Range.ZERO : size));
    return sum;
  }

  private Range map(Expr.MapOf map) {
    Range sum = Range.of(Price.MAP);
    Range key = null;
    Range value = null;
    for (Expr.Entry entry : map.entries()) {
      sum = sum.plus(cost(entry.key())).plus(cost(entry.value()));
      key = key == null ? size(entry.key()) : key.or(size(entry.key()));
      value = value == null ? size(entry.value()) : value.or(size(entry.value()));
    }
    entries.put(
        map,
        new Entries(
            Type.Kind.MAP, key == null ? Range.ZERO : key, value == null ? Range.ZERO : value));
    return sum;
  }

  private Range call(Expr.Call call) {
    if (call.function().equals("dyn") && call.arguments().size() == 1) {
      Expr inner = call.arguments().getFirst();
      Range cost = cost(inner).plus(ONE);
      copySizes(call, inner);
      return cost;
    }
    Checked.Callee callee = checked.callee(call);
    List<Expr> operands = new ArrayList<>(call.arguments());
    if (callee.target() != null) {
      operands.addFirst(callee.target());
    }
    List<Range> costs = operands.stream().map(this::cost).toList();
    Range all = Range.ZERO;
    for (Range cost : costs) {
      all = all.plus(cost);
    }
    return switch (callee.function()) {
      case Operators.AND, Operators.OR -> new Range(costs.getFirst().min(), all.max());
      case Operators.CONDITIONAL -> conditional(call, operands, costs);
      case Operators.INDEX -> indexed(call, operands.getFirst()).plus(all);
      case Operators.OPTIONAL_INDEX, Operators.OPTIONAL_SELECT -> all.plus(ONE);
      default -> priced(call, callee.overloads(), operands).plus(all);
    };
  }

  private Range conditional(Expr call, List<Expr> operands, List<Range> costs) {
    Expr then = operands.get(1);
    Expr otherwise = operands.get(2);
    sizes.put(call, size(then).or(size(otherwise)));
    Entries either = Entries.either(entries(then), entries(otherwise));
    if (either != null) {
      entries.put(call, either);
    }
    return costs.get(0).plus(costs.get(1).or(costs.get(2)));
  }

  private Range indexed(Expr call, Expr container) {
    Type place = places.get(container);
    if (place != null) {
      if (place.kind() == Type.Kind.LIST) {
        places.put(call, place.parameter(0));
      } else if (place.kind() == Type.Kind.MAP) {
        places.put(call, place.parameter(1));
      }
    }
    Entries inside = entries(container);
    Range size = inside == null ? computed(call) : inside.value();
    if (size != null) {
      sizes.put(call, size);
    }
    return ONE;
  }

  private Range priced(Expr.Call call, List<Overload> overloads, List<Expr> expressions) {
    List<Price.Operand> operands = expressions.stream().<Price.Operand>map(Argument::new).toList();
    Range cost = null;
    Range size = null;
    for (Overload overload : overloads) {
      Price.Estimate estimate = overload.price().estimate(operands);
      cost = cost == null ? estimate.cost() : cost.or(estimate.cost());
      if (estimate.size() != null) {
        size = size == null ? estimate.size() : size.or(estimate.size());
      }
    }
    Range known = size == null ? computed(call) : size;
    if (known != null) {
      sizes.put(call, known);
    }
    if (call.function().equals(Operators.ADD)) {
      Entries joined = Entries.either(entries(expressions.get(0)), entries(expressions.get(1)));
      if (joined != null) {
        entries.put(call, joined);
      }
    }
    return cost == null ? Range.ZERO : cost;
  }

  private final class Argument implements Price.Operand {
    private final Expr expr;

    Argument(Expr expr) {
      this.expr = expr;
    }

    @Override
    public Range size() {
      return Estimator.this.size(expr);
    }

    @Override
    public Type type() {
      return checked.type(expr);
    }

    @Override
    public Range elementSize() {
      Type place = places.get(expr);
      return place != null && place.kind() == Type.Kind.LIST && known(place.parameter(0)) != null
          ? new Range(0, place.parameter(0).most())
          : Range.ANY;
    }

    @Override
    public @Nullable Object literal() {
      return expr instanceof Expr.Literal(int _, Object value) ? value : null;
    }
  }

  private Range bind(Expr.Fold fold) {
    Range sum = cost(fold.range()).plus(cost(fold.start()));
    push(fold.accumulator(), localOf(fold.start()));
    sum = sum.plus(cost(fold.result()));
    pop(fold.accumulator());
    copySizes(fold, fold.result());
    return sum;
  }

  private Range fold(Expr.Fold fold) {
    Range sum = cost(fold.range()).plus(cost(fold.start()));
    push(fold.accumulator(), localOf(fold.start()));
    String second = fold.second();
    if (second == null) {
      push(fold.first(), part(fold.range(), isList(fold.range())));
    } else {
      push(fold.first(), part(fold.range(), false));
      push(second, part(fold.range(), true));
    }
    Range each = cost(fold.condition()).plus(cost(fold.step()));
    pop(fold.first());
    if (second != null) {
      pop(second);
    }
    sum = sum.plus(cost(fold.result()));
    pop(fold.accumulator());
    Range count = size(fold.range());
    switch (fold.start()) {
      case Expr.Literal literal -> sizes.put(fold, size(literal));
      case Expr.ListOf _, Expr.MapOf _ -> {
        sizes.put(fold, count);
        Entries made = entries(fold.step());
        if (made != null) {
          entries.put(fold, made);
        }
      }
      default -> {}
    }
    return sum.plus(count.times(each));
  }

  private boolean isList(Expr range) {
    Entries inside = entries(range);
    Type.Kind kind = inside == null ? checked.type(range).kind() : inside.container();
    return kind == Type.Kind.LIST;
  }

  private Local localOf(Expr expr) {
    return new Local(places.get(expr), computed(expr), entries(expr));
  }

  /// The values of a list or map, or its keys.
  private Local part(Expr range, boolean values) {
    Entries inside = entries(range);
    Range size = inside == null ? null : values ? inside.value() : inside.key();
    Type place = places.get(range);
    if (place == null) {
      return new Local(root, size, null);
    }
    Type part =
        switch (place.kind()) {
          case LIST -> values ? place.parameter(0) : null;
          case MAP -> place.parameter(values ? 1 : 0);
          default -> null;
        };
    return new Local(part, size, null);
  }

  private void push(String name, Local local) {
    locals.computeIfAbsent(name, _ -> new ArrayDeque<>()).push(local);
  }

  private void pop(String name) {
    Deque<Local> stack = locals.get(name);
    if (stack != null) {
      stack.pop();
    }
  }

  private void copySizes(Expr to, Expr from) {
    Range size = computed(from);
    if (size != null) {
      sizes.put(to, size);
    }
    Entries inside = entries(from);
    if (inside != null) {
      entries.put(to, inside);
    }
  }

  private @Nullable Entries entries(Expr expr) {
    Entries known = entries.get(expr);
    if (known == null && expr instanceof Expr.Ident ident) {
      Local local = local(ident.name());
      return local == null ? null : local.entries();
    }
    return known;
  }

  private Range size(Expr expr) {
    Range size = computed(expr);
    return size == null ? Range.ANY : size;
  }

  private @Nullable Range computed(Expr expr) {
    Range known = sizes.get(expr);
    if (known == null) {
      known = literalSize(expr);
    }
    if (known == null) {
      Type place = places.get(expr);
      known = place == null ? null : known(place);
    }
    if (known == null && isScalar(checked.type(expr))) {
      known = ONE;
    }
    if (known == null && expr instanceof Expr.Ident ident) {
      Local local = local(ident.name());
      known = local == null ? null : local.size();
    }
    return known;
  }

  private static @Nullable Range known(Type place) {
    return place.most() == Type.UNBOUNDED ? null : new Range(0, place.most());
  }

  private static @Nullable Range literalSize(Expr expr) {
    return switch (expr) {
      case Expr.Literal(int _, String text) -> Range.of(text.codePointCount(0, text.length()));
      case Expr.Literal(int _, Bytes bytes) -> Range.of(bytes.size());
      case Expr.Literal _ -> ONE;
      case Expr.ListOf list -> Range.of(list.elements().size());
      case Expr.MapOf map -> Range.of(map.entries().size());
      default -> null;
    };
  }

  private static boolean isScalar(Type type) {
    return switch (type.unwrapped().kind()) {
      case BOOL, DOUBLE, DURATION, INT, TIMESTAMP, UINT -> true;
      default -> false;
    };
  }
}
