package dev.tiphys.template.value;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A list of values of one type. Not changed once it is made.
public final class Slice {

  private final Type type;
  private final List<? extends @Nullable Object> items;
  private final boolean none;

  private Slice(Type type, List<? extends @Nullable Object> items, boolean none) {
    this.type = type;
    this.items = items;
    this.none = none;
  }

  /// @param items not changed from now on
  public static Slice of(Type element, List<? extends @Nullable Object> items) {
    Type type =
        element == Type.ANY
            ? Type.ANYS
            : element == Type.STRING ? Type.STRINGS : Type.slice(element);
    return new Slice(type, items, false);
  }

  /// A slice that is nil, which is empty, and `null` in JSON.
  public static Slice none(Type element) {
    return new Slice(Type.slice(element), List.of(), true);
  }

  public static Slice any(List<? extends @Nullable Object> items) {
    return new Slice(Type.ANYS, items, false);
  }

  public static Slice any(@Nullable Object[] items) {
    return any(Collections.unmodifiableList(Arrays.asList(items)));
  }

  public static Slice strings(List<String> items) {
    return new Slice(Type.STRINGS, items, false);
  }

  public Type type() {
    return type;
  }

  public Type element() {
    return type.element() == null ? Type.ANY : type.element();
  }

  public List<? extends @Nullable Object> items() {
    return items;
  }

  public int size() {
    return items.size();
  }

  public boolean isNone() {
    return none;
  }
}
