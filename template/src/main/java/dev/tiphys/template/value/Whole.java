package dev.tiphys.template.value;

/// A whole number of another type than `int`, which is a [Long].
public record Whole(Type type, long value) {

  /// A number of a type.
  public static Object of(Type type, long value) {
    return type == Type.INT ? (Object) value : new Whole(type, value);
  }

  public static Whole int64(long value) {
    return new Whole(Type.INT64, value);
  }
}
