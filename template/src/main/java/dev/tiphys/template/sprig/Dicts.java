package dev.tiphys.template.sprig;

import static dev.tiphys.template.value.Type.ANY;
import static dev.tiphys.template.value.Type.MAP;
import static dev.tiphys.template.value.Type.STRING;

import dev.tiphys.template.exec.Budget;
import dev.tiphys.template.function.Call;
import dev.tiphys.template.function.CallException;
import dev.tiphys.template.function.Function;
import dev.tiphys.template.value.Dict;
import dev.tiphys.template.value.Slice;
import dev.tiphys.template.value.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Maps. `set`, `unset` and the merges change the one that they are given.
final class Dicts {

  private Dicts() {}

  static List<Function> functions() {
    return List.of(
        Function.variadic("dict", Dicts::dict, ANY),
        Function.of("get", Dicts::get, MAP, STRING),
        Function.of(
            "set", call -> writable(call).put(call.text(1), call.value(2)), MAP, STRING, ANY),
        Function.of("unset", Dicts::unset, MAP, STRING),
        Function.of("hasKey", call -> call.dict(0).has(call.text(1)), MAP, STRING),
        Function.variadic("pluck", Dicts::pluck, STRING, MAP),
        Function.variadic("keys", Dicts::keys, MAP),
        Function.of(
            "values", call -> Slice.any(new ArrayList<>(call.dict(0).entries().values())), MAP),
        Function.variadic("pick", Dicts::pick, MAP, STRING),
        Function.variadic("omit", Dicts::omit, MAP, STRING),
        Function.variadic("merge", call -> merge(call, false), MAP, MAP),
        Function.variadic("mustMerge", call -> merge(call, false), MAP, MAP),
        Function.variadic("mergeOverwrite", call -> merge(call, true), MAP, MAP),
        Function.variadic("mustMergeOverwrite", call -> merge(call, true), MAP, MAP),
        Function.of("deepCopy", Dicts::copy, ANY),
        Function.of("mustDeepCopy", Dicts::copy, ANY),
        Function.variadic("dig", Dicts::dig, ANY));
  }

  private static Dict writable(Call call) {
    if (call.value(0) instanceof Dict dict) {
      return dict;
    }
    throw new CallException("assignment to entry in nil map");
  }

  private static Dict dict(Call call) {
    Dict dict = new Dict();
    for (int i = 0; i < call.count(); i += 2) {
      String key = Casts.text(call.value(i), call.budget());
      dict.put(key, i + 1 < call.count() ? call.value(i + 1) : "");
    }
    return dict;
  }

  private static @Nullable Object get(Call call) {
    Dict dict = call.dict(0);
    return dict.has(call.text(1)) ? dict.get(call.text(1)) : "";
  }

  private static Dict unset(Call call) {
    call.dict(0).entries().remove(call.text(1));
    return call.dict(0);
  }

  private static Slice pluck(Call call) {
    List<@Nullable Object> found = new ArrayList<>();
    for (int i = 1; i < call.count(); i++) {
      if (call.dict(i).has(call.text(0))) {
        found.add(call.dict(i).get(call.text(0)));
      }
    }
    return Slice.any(found);
  }

  /// In their order; elsewhere in any.
  private static Slice keys(Call call) {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < call.count(); i++) {
      keys.addAll(call.dict(i).entries().keySet());
    }
    call.budget().steps(keys.size());
    return Slice.strings(keys);
  }

  private static Dict pick(Call call) {
    Dict picked = new Dict();
    for (Object key : call.rest(1)) {
      if (key instanceof String name && call.dict(0).has(name)) {
        picked.put(name, call.dict(0).get(name));
      }
    }
    return picked;
  }

  private static Dict omit(Call call) {
    Dict kept = new Dict();
    kept.entries().putAll(call.dict(0).entries());
    call.budget().steps(kept.size());
    call.rest(1).forEach(key -> kept.entries().remove(String.valueOf(key)));
    return kept;
  }

  private static Object merge(Call call, boolean overwrites) {
    Dict into = call.dict(0);
    for (int i = 1; i < call.count(); i++) {
      merge(into, call.dict(i), overwrites, call.budget(), 0);
    }
    return into;
  }

  /// What is empty is overwritten in any case; nothing but a map is merged with a map.
  private static void merge(Dict into, Dict from, boolean overwrites, Budget budget, int depth) {
    budget.depth(depth);
    for (Map.Entry<String, @Nullable Object> entry : new ArrayList<>(from.entries().entrySet())) {
      budget.step();
      Object there = into.get(entry.getKey());
      Object value = entry.getValue();
      if (there instanceof Dict inner && value instanceof Dict other) {
        if (inner != other) {
          merge(inner, other, overwrites, budget, depth + 1);
        }
      } else if (value == null
          ? overwrites
          : overwrites && !(value instanceof Dict) || Casts.isEmpty(there)) {
        into.put(entry.getKey(), value);
      }
    }
  }

  private static @Nullable Object copy(Call call) {
    if (call.value(0) == null) {
      throw new CallException("reflect: call of reflect.Value.Type on zero Value");
    }
    return copy(call.value(0), call.budget(), 0);
  }

  /// A value with nothing of it shared.
  private static @Nullable Object copy(@Nullable Object value, Budget budget, int depth) {
    budget.step();
    budget.depth(depth);
    return switch (value) {
      case Dict dict -> {
        Dict copy = new Dict(dict.element());
        for (Map.Entry<String, @Nullable Object> entry : dict.entries().entrySet()) {
          copy.put(entry.getKey(), copy(entry.getValue(), budget, depth + 1));
        }
        yield copy;
      }
      case Slice slice -> {
        List<@Nullable Object> copy = new ArrayList<>(slice.size());
        for (Object item : slice.items()) {
          copy.add(copy(item, budget, depth + 1));
        }
        yield slice.isNone() ? slice : Slice.of(slice.element(), copy);
      }
      case null, default -> value;
    };
  }

  private static @Nullable Object dig(Call call) {
    int count = call.count();
    if (count < 3) {
      throw new CallException("dig needs at least three arguments");
    }
    Object at = dict(call.value(count - 1));
    for (Object key : call.arguments().subList(0, count - 2)) {
      if (!(key instanceof String)) {
        throw new CallException(conversion(key, STRING));
      }
    }
    for (int i = 0; i < count - 2; i++) {
      String key = call.text(i);
      Dict dict = dict(at);
      if (!dict.has(key)) {
        return call.value(count - 2);
      }
      at = dict.get(key);
    }
    return at;
  }

  private static Dict dict(@Nullable Object value) {
    if (value instanceof Dict dict && dict.type() == MAP) {
      return dict;
    }
    throw new CallException(conversion(value, MAP));
  }

  private static String conversion(@Nullable Object value, Type wanted) {
    String is = value == null ? "nil" : Type.of(value).name();
    return "interface conversion: interface {} is " + is + ", not " + wanted.name();
  }
}
