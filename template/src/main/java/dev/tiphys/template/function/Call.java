package dev.tiphys.template.function;

import dev.tiphys.template.exec.Budget;
import dev.tiphys.template.value.Boxed;
import dev.tiphys.template.value.Dict;
import dev.tiphys.template.value.Nothing;
import dev.tiphys.template.value.Slice;
import dev.tiphys.template.value.Type;
import dev.tiphys.template.value.Whole;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One call of a function: its arguments, of the types that it declares, and what it may take.
///
/// @param elements which of the first 64 arguments are elements of containers of any values
public record Call(List<? extends @Nullable Object> arguments, long elements, Budget budget) {

  public static Call of(Budget budget, @Nullable Object... arguments) {
    List<@Nullable Object> plain = new ArrayList<>(arguments.length);
    long elements = 0;
    for (int i = 0; i < arguments.length; i++) {
      Object argument = arguments[i];
      Object value =
          argument instanceof Boxed boxed
              ? boxed.value()
              : argument == Nothing.NIL ? null : argument;
      if (value != argument && i < Long.SIZE) {
        elements |= 1L << i;
      }
      plain.add(value);
    }
    return new Call(plain, elements, budget);
  }

  /// Whether an argument is an element of a container of any values.
  boolean isElement(int index) {
    return index < Long.SIZE && (elements >> index & 1) != 0;
  }

  public int count() {
    return arguments.size();
  }

  public @Nullable Object value(int index) {
    return arguments.get(index);
  }

  /// All arguments from `index` on.
  public List<? extends @Nullable Object> rest(int index) {
    return arguments.subList(Math.min(index, arguments.size()), arguments.size());
  }

  public String text(int index) {
    return (String) there(index);
  }

  public long whole(int index) {
    return there(index) instanceof Whole whole ? whole.value() : (Long) there(index);
  }

  public double real(int index) {
    return (Double) there(index);
  }

  public boolean truth(int index) {
    return (Boolean) there(index);
  }

  /// A map; an empty one if nil was given.
  public Dict dict(int index) {
    return value(index) instanceof Dict dict ? dict : new Dict();
  }

  /// A list; an empty one if nil was given.
  public Slice slice(int index) {
    return value(index) instanceof Slice slice ? slice : Slice.none(Type.ANY);
  }

  private Object there(int index) {
    Object value = value(index);
    if (value == null) {
      throw new IllegalStateException(
          "argument " + index + " is nothing: " + Arrays.toString(arguments.toArray()));
    }
    return value;
  }

  /// Text that a function is about to make, paid for.
  public String made(String text) {
    budget.bytes(text.length());
    return text;
  }
}
