package dev.tiphys.template.sprig;

import static dev.tiphys.template.value.Type.ANY;
import static dev.tiphys.template.value.Type.ANYS;
import static dev.tiphys.template.value.Type.INT;

import dev.tiphys.template.function.Call;
import dev.tiphys.template.function.CallException;
import dev.tiphys.template.function.Function;
import dev.tiphys.template.value.DeepEqual;
import dev.tiphys.template.value.Slice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Lists; each function gives a new one. There are two of most: one that panics about what is no
/// list, and one that returns an error, which is the same to a template.
final class Lists {

  private Lists() {}

  static List<Function> functions() {
    List<Function> all = new ArrayList<>();
    all.add(Function.variadic("list", call -> Slice.any(call.arguments()), ANY));
    all.add(Function.variadic("tuple", call -> Slice.any(call.arguments()), ANY));
    all.add(Function.variadic("concat", Lists::concat, ANY));
    both(all, name -> Function.of(name, Lists::append, ANY, ANY), "append", "mustAppend");
    both(all, name -> Function.of(name, Lists::append, ANY, ANY), "push", "mustPush");
    both(all, name -> Function.of(name, Lists::prepend, ANY, ANY), "prepend", "mustPrepend");
    both(all, name -> Function.of(name, Lists::first, ANY), "first", "mustFirst");
    both(all, name -> Function.of(name, Lists::last, ANY), "last", "mustLast");
    both(all, name -> Function.of(name, call -> part(call, "rest"), ANY), "rest", "mustRest");
    both(
        all,
        name -> Function.of(name, call -> part(call, "initial"), ANY),
        "initial",
        "mustInitial");
    both(all, name -> Function.of(name, Lists::reverse, ANY), "reverse", "mustReverse");
    both(all, name -> Function.of(name, Lists::compact, ANY), "compact", "mustCompact");
    both(all, name -> Function.of(name, Lists::unique, ANY), "uniq", "mustUniq");
    both(all, name -> Function.variadic(name, Lists::without, ANY, ANY), "without", "mustWithout");
    both(all, name -> Function.of(name, Lists::has, ANY, ANY), "has", "mustHas");
    both(all, name -> Function.variadic(name, Lists::slice, ANY, ANY), "slice", "mustSlice");
    both(all, name -> Function.of(name, Lists::chunk, INT, ANY), "chunk", "mustChunk");
    return all;
  }

  private static void both(
      List<Function> all,
      java.util.function.Function<String, Function> maker,
      String name,
      String must) {
    all.add(maker.apply(name));
    all.add(maker.apply(must));
  }

  private static List<? extends @Nullable Object> items(Call call, int index, String refusal) {
    Object value = call.value(index);
    if (value == null) {
      throw new CallException("runtime error: invalid memory address or nil pointer dereference");
    }
    List<? extends @Nullable Object> items = Casts.items(value);
    if (items == null) {
      throw new CallException(refusal.formatted(Casts.kind(value)));
    }
    call.budget().steps(items.size());
    call.budget().bytes(items.size() * 4L);
    return items;
  }

  private static Slice append(Call call) {
    List<@Nullable Object> items = new ArrayList<>(items(call, 0, "Cannot push on type %s"));
    items.add(call.value(1));
    return Slice.any(items);
  }

  private static Slice prepend(Call call) {
    List<@Nullable Object> items = new ArrayList<>();
    items.add(call.value(1));
    items.addAll(items(call, 0, "Cannot prepend on type %s"));
    return Slice.any(items);
  }

  private static @Nullable Object first(Call call) {
    List<? extends @Nullable Object> items = items(call, 0, "Cannot find first on type %s");
    return items.isEmpty() ? null : items.getFirst();
  }

  private static @Nullable Object last(Call call) {
    List<? extends @Nullable Object> items = items(call, 0, "Cannot find last on type %s");
    return items.isEmpty() ? null : items.getLast();
  }

  private static Slice part(Call call, String name) {
    List<? extends @Nullable Object> items = items(call, 0, "Cannot find " + name + " on type %s");
    if (items.isEmpty()) {
      return Slice.none(ANY);
    }
    return Slice.any(
        name.equals("rest") ? items.subList(1, items.size()) : items.subList(0, items.size() - 1));
  }

  private static Slice reverse(Call call) {
    return Slice.any(items(call, 0, "Cannot find reverse on type %s").reversed());
  }

  private static Slice compact(Call call) {
    List<@Nullable Object> kept = new ArrayList<>();
    for (Object item : items(call, 0, "Cannot compact on type %s")) {
      if (!Casts.isEmpty(item)) {
        kept.add(item);
      }
    }
    return Slice.any(kept);
  }

  private static Slice unique(Call call) {
    List<@Nullable Object> kept = new ArrayList<>();
    for (Object item : items(call, 0, "Cannot find uniq on type %s")) {
      if (!among(kept, item, call)) {
        kept.add(item);
      }
    }
    return Slice.any(kept);
  }

  private static boolean among(
      List<? extends @Nullable Object> list, @Nullable Object value, Call call) {
    return list.stream().anyMatch(each -> DeepEqual.test(value, each, call.budget()));
  }

  private static Slice without(Call call) {
    List<@Nullable Object> kept = new ArrayList<>();
    for (Object item : items(call, 0, "Cannot find without on type %s")) {
      if (!among(call.rest(1), item, call)) {
        kept.add(item);
      }
    }
    return Slice.any(kept);
  }

  private static boolean has(Call call) {
    return call.value(1) != null
        && among(items(call, 1, "Cannot find has on type %s"), call.value(0), call);
  }

  private static @Nullable Object slice(Call call) {
    String refusal = "list should be type of slice or array but %s";
    List<? extends @Nullable Object> items = items(call, 0, refusal);
    if (items.isEmpty()) {
      return null;
    }
    long start = call.count() > 1 ? Casts.whole(call.value(1)) : 0;
    long end = call.count() > 2 ? Casts.whole(call.value(2)) : items.size();
    if (start < 0 || start > end || end > items.size()) {
      throw new CallException("reflect.Value.Slice: slice index out of bounds");
    }
    if (call.value(0) instanceof byte[] bytes) {
      return Arrays.copyOfRange(bytes, (int) start, (int) end);
    }
    return Slice.of(call.slice(0).element(), items.subList((int) start, (int) end));
  }

  private static Slice concat(Call call) {
    List<@Nullable Object> all = new ArrayList<>();
    for (int i = 0; i < call.count(); i++) {
      all.addAll(items(call, i, "Cannot concat type %s as list"));
    }
    return all.isEmpty() ? Slice.none(ANY) : Slice.any(all);
  }

  private static Slice chunk(Call call) {
    List<? extends @Nullable Object> items = items(call, 1, "Cannot chunk type %s");
    long size = call.whole(0);
    long count = (long) Math.floor((items.size() - 1) / (double) size) + 1;
    if (size < 0 && count == 0) {
      return Slice.of(ANYS, List.of()); // more than one, but fewer than that
    }
    if (size <= 0) {
      throw new CallException("runtime error: makeslice: len out of range");
    }
    List<Slice> chunks = new ArrayList<>();
    for (int i = 0; i < items.size(); i += (int) Math.min(size, items.size())) {
      int end = (int) Math.min(i + size, items.size());
      chunks.add(Slice.any(items.subList(i, end)));
    }
    return Slice.of(ANYS, chunks);
  }
}
