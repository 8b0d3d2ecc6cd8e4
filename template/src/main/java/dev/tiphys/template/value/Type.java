package dev.tiphys.template.value;

import org.jspecify.annotations.Nullable;

/// A type of Go's, by the name that messages and `%T` give it.
///
/// @param kindName what `kindOf` says
/// @param element of a slice or map
public record Type(String name, Kind kind, String kindName, @Nullable Type element) {

  public static final Type ANY = new Type("interface {}", Kind.INTERFACE, "interface", null);
  public static final Type BOOL = basic("bool", Kind.BOOL);
  public static final Type STRING = basic("string", Kind.STRING);
  public static final Type INT = basic("int", Kind.INT);
  public static final Type INT32 = basic("int32", Kind.INT);
  public static final Type INT64 = basic("int64", Kind.INT);
  public static final Type UINT8 = basic("uint8", Kind.UINT);
  public static final Type UINT32 = basic("uint32", Kind.UINT);
  public static final Type UINT64 = basic("uint64", Kind.UINT);
  public static final Type FLOAT64 = basic("float64", Kind.FLOAT);
  public static final Type DURATION = new Type("time.Duration", Kind.INT, "int64", null);
  public static final Type MONTH = new Type("time.Month", Kind.INT, "int", null);
  public static final Type WEEKDAY = new Type("time.Weekday", Kind.INT, "int", null);
  public static final Type BYTES = slice(UINT8);
  public static final Type STRINGS = slice(STRING);
  public static final Type INTS = slice(INT);
  public static final Type ANYS = slice(ANY);
  public static final Type LISTS = slice(ANYS);
  public static final Type MAP = map(ANY);
  public static final Type STRING_MAP = map(STRING);

  /// What a function of the language takes that looks at values itself: anything, nothing included.
  public static final Type VALUE = struct("reflect.Value");

  private static Type basic(String name, Kind kind) {
    return new Type(name, kind, name, null);
  }

  public static Type slice(Type element) {
    return new Type("[]" + element.name, Kind.SLICE, "slice", element);
  }

  public static Type map(Type element) {
    return new Type("map[string]" + element.name, Kind.MAP, "map", element);
  }

  public static Type struct(String name) {
    return new Type(name, Kind.STRUCT, "struct", null);
  }

  public static Type pointer(String name) {
    return new Type(name, Kind.POINTER, "ptr", null);
  }

  /// The type of a value.
  public static Type of(Object value) {
    return switch (value) {
      case String _ -> STRING;
      case Boolean _ -> BOOL;
      case Long _ -> INT;
      case Double _ -> FLOAT64;
      case Whole whole -> whole.type();
      case Slice slice -> slice.type();
      case Dict dict -> dict.type();
      case byte[] _ -> BYTES;
      case Instance instance -> instance.type();
      default -> ANY; // the null that an interface holds
    };
  }

  /// Whether a variable of this type may hold nothing.
  public boolean canBeNil() {
    return switch (kind) {
      case SLICE, MAP, POINTER, INTERFACE -> true;
      case BOOL, INT, UINT, FLOAT, STRING -> false;
      case STRUCT -> this == VALUE;
    };
  }

  /// Whether a variable of this type takes a value of another.
  public boolean takes(Type other) {
    return kind == Kind.INTERFACE || this == VALUE || name.equals(other.name);
  }

  /// What a variable of this type holds before anything is assigned.
  public @Nullable Object zero() {
    return switch (kind) {
      case BOOL -> false;
      case INT, UINT -> Whole.of(this, 0);
      case FLOAT -> 0.0;
      case STRING -> "";
      case SLICE -> this == BYTES ? new byte[0] : Slice.none(element == null ? ANY : element);
      case MAP -> new Dict(element == null ? ANY : element);
      case STRUCT, POINTER, INTERFACE -> null;
    };
  }
}
