package dev.tiphys.template.function;

import dev.tiphys.template.format.Format;
import dev.tiphys.template.format.Printer;
import dev.tiphys.template.value.Dict;
import dev.tiphys.template.value.Kind;
import dev.tiphys.template.value.Slice;
import dev.tiphys.template.value.Truth;
import dev.tiphys.template.value.Type;
import dev.tiphys.template.value.Whole;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The functions of the language itself.
public final class Builtins {

  private static final Map<String, Function> ALL =
      List.of(
              Function.variadic("and", call -> call.value(0), Type.VALUE, Type.VALUE),
              Function.variadic("or", call -> call.value(0), Type.VALUE, Type.VALUE),
              Function.of("not", call -> !Truth.of(call.value(0)), Type.VALUE),
              Function.of("len", Builtins::length, Type.VALUE),
              Function.variadic("index", Builtins::index, Type.VALUE, Type.VALUE),
              Function.variadic("slice", Builtins::slice, Type.VALUE, Type.VALUE),
              Function.variadic("call", Builtins::refuseCall, Type.VALUE, Type.VALUE),
              Function.variadic(
                  "print", call -> Printer.print(call.arguments(), call.budget()), Type.ANY),
              Function.variadic(
                  "println", call -> Printer.printLine(call.arguments(), call.budget()), Type.ANY),
              Function.variadic(
                  "printf",
                  call -> Format.format(call.text(0), call.rest(1), call.budget()),
                  Type.STRING,
                  Type.ANY),
              Function.variadic("html", call -> Escapes.html(escaped(call), call), Type.ANY),
              Function.variadic("js", call -> Escapes.js(escaped(call), call), Type.ANY),
              Function.variadic("urlquery", call -> Escapes.query(escaped(call), call), Type.ANY),
              Function.variadic("eq", Comparisons::equal, Type.VALUE, Type.VALUE),
              Function.of("ne", call -> !Comparisons.equal(call), Type.VALUE, Type.VALUE),
              Function.of("lt", Comparisons::less, Type.VALUE, Type.VALUE),
              Function.of("le", Comparisons::lessOrEqual, Type.VALUE, Type.VALUE),
              Function.of("gt", call -> !Comparisons.lessOrEqual(call), Type.VALUE, Type.VALUE),
              Function.of("ge", call -> !Comparisons.less(call), Type.VALUE, Type.VALUE))
          .stream()
          .collect(Collectors.toUnmodifiableMap(Function::name, function -> function));

  private Builtins() {}

  public static Map<String, Function> all() {
    return ALL;
  }

  /// Whether a function is the language's own of its name.
  public static boolean isLanguage(Function function) {
    return ALL.get(function.name()) == function;
  }

  private static String escaped(Call call) {
    return call.count() == 1 && call.value(0) instanceof String text
        ? text
        : Printer.print(
            call.arguments().stream().map(value -> value == null ? "<no value>" : value).toList(),
            call.budget());
  }

  private static Object length(Call call) {
    Object value = call.value(0);
    return switch (value) {
      case null ->
          throw new CallException(
              call.isElement(0)
                  ? "len of nil pointer"
                  : "reflect: call of reflect.Value.Type on zero Value");
      case String text -> (Long) (long) text.length();
      case Slice slice -> (Long) (long) slice.size();
      case Dict dict -> (Long) (long) dict.size();
      case byte[] bytes -> (Long) (long) bytes.length;
      default -> throw new CallException("len of type " + Type.of(value).name());
    };
  }

  private static @Nullable Object index(Call call) {
    Object item = call.value(0);
    if (item == null) {
      throw new CallException("index of untyped nil");
    }
    for (Object index : call.rest(1)) {
      if (item == null) {
        throw new CallException("index of nil pointer");
      }
      item =
          switch (item) {
            case String text ->
                new Whole(Type.UINT8, text.charAt(position(index, text.length(), "string")));
            case byte[] bytes ->
                new Whole(Type.UINT8, bytes[position(index, bytes.length, "slice")] & 0xff);
            case Slice slice -> slice.items().get(position(index, slice.size(), "slice"));
            case Dict dict -> entry(dict, index);
            default -> throw new CallException("can't index item of type " + Type.of(item).name());
          };
    }
    return item;
  }

  private static @Nullable Object entry(Dict dict, @Nullable Object key) {
    if (key == null) {
      throw new CallException("value is nil; should be of type string");
    }
    if (key instanceof String text) {
      return dict.has(text) ? dict.get(text) : dict.element().zero();
    }
    throw new CallException("value has type " + Type.of(key).name() + "; should be string");
  }

  /// @param within what the position has to be within; null if it may be its end
  private static int position(@Nullable Object index, int size, @Nullable String within) {
    if (index == null) {
      throw new CallException("cannot index slice/array with nil");
    }
    Kind kind = Type.of(index).kind();
    if (kind != Kind.INT && kind != Kind.UINT) {
      throw new CallException("cannot index slice/array with type " + Type.of(index).name());
    }
    long position = index instanceof Whole whole ? whole.value() : (Long) index;
    if (position < 0 || position > size) {
      throw new CallException("index out of range: " + position);
    }
    if (within != null && position == size) {
      throw new CallException("reflect: " + within + " index out of range");
    }
    return (int) position;
  }

  private static Object slice(Call call) {
    Object item = call.value(0);
    if (item == null) {
      throw new CallException("slice of untyped nil");
    }
    List<? extends @Nullable Object> indexes = call.rest(1);
    if (indexes.size() > 3) {
      throw new CallException("too many slice indexes: " + indexes.size());
    }
    if (item instanceof String && indexes.size() == 3) {
      throw new CallException("cannot 3-index slice a string");
    }
    int size =
        switch (item) {
          case String text -> text.length();
          case byte[] bytes -> bytes.length;
          case Slice slice -> slice.size();
          default -> throw new CallException("can't slice item of type " + Type.of(item).name());
        };
    int[] bounds = {0, size, size};
    for (int i = 0; i < indexes.size(); i++) {
      if (call.isElement(i + 1)) {
        throw new CallException("cannot index slice/array with type interface {}");
      }
      bounds[i] = position(indexes.get(i), size, null);
    }
    for (int i = 0; i < Math.max(1, indexes.size() - 1); i++) {
      if (bounds[i] > bounds[i + 1]) {
        throw new CallException("invalid slice index: " + bounds[i] + " > " + bounds[i + 1]);
      }
    }
    return switch (item) {
      case String text -> text.substring(bounds[0], bounds[1]);
      case byte[] bytes -> Arrays.copyOfRange(bytes, bounds[0], bounds[1]);
      default -> {
        Slice slice = (Slice) item;
        yield Slice.of(slice.element(), slice.items().subList(bounds[0], bounds[1]));
      }
    };
  }

  /// There are no values here that are functions.
  private static Object refuseCall(Call call) {
    Object value = call.value(0);
    throw new CallException(
        value == null ? "call of nil" : "non-function of type " + Type.of(value).name());
  }
}
