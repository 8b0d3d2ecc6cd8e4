package dev.tiphys.cel;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The type of a value: what an expression may do with it, and how large it can get.
///
/// Types are equal if their values can stand for one another; how large they get does not count.
///
/// Threads: any; immutable.
public final class Type {

  /// The sorts of types.
  public enum Kind {
    DYN("dyn"),
    ERROR("!error!"),
    NULL("null"),
    BOOL("bool"),
    INT("int"),
    UINT("uint"),
    DOUBLE("double"),
    STRING("string"),
    BYTES("bytes"),
    TIMESTAMP("google.protobuf.Timestamp"),
    DURATION("google.protobuf.Duration"),
    LIST("list"),
    MAP("map"),
    /// A struct with declared fields.
    OBJECT("object"),
    /// A value that only functions look into.
    OPAQUE("opaque"),
    /// A type as a value.
    TYPE("type"),
    /// Stands for any one type in what functions declare.
    PARAMETER("parameter");

    private final String label;

    Kind(String label) {
      this.label = label;
    }
  }

  /// The fields of an object type.
  public interface Fields {

    /// The type of a field under the name that expressions use; null if there is none.
    @Nullable Type type(String name);

    /// The name of that field in the tree.
    String inTree(String name);
  }

  /// What makes elements of a list the same: a set is equal in any order, a map by its keys.
  ///
  /// @param keys the fields that tell the structs of a list apart; empty for a set
  public record Correlation(List<String> keys) {}

  public static final Type DYN = plain(Kind.DYN);
  public static final Type ERROR = plain(Kind.ERROR);
  public static final Type NULL = plain(Kind.NULL);
  public static final Type BOOL = plain(Kind.BOOL);
  public static final Type INT = plain(Kind.INT);
  public static final Type UINT = plain(Kind.UINT);
  public static final Type DOUBLE = plain(Kind.DOUBLE);
  public static final Type STRING = plain(Kind.STRING);
  public static final Type BYTES = plain(Kind.BYTES);
  public static final Type TIMESTAMP = plain(Kind.TIMESTAMP);
  public static final Type DURATION = plain(Kind.DURATION);
  private static final String OPTIONAL = "optional_type";

  /// As large as a value can be of which nothing is known.
  public static final long UNBOUNDED = -1;

  private final Kind kind;
  private final String name;
  private final List<Type> parameters;
  private final @Nullable Fields fields;
  private final @Nullable Correlation correlation;
  private final long most;

  private Type(
      Kind kind,
      String name,
      List<Type> parameters,
      @Nullable Fields fields,
      @Nullable Correlation correlation,
      long most) {
    this.kind = kind;
    this.name = name;
    this.parameters = parameters;
    this.fields = fields;
    this.correlation = correlation;
    this.most = most;
  }

  private static Type plain(Kind kind) {
    boolean sized =
        switch (kind) {
          case DYN, STRING, BYTES, ERROR -> true;
          default -> false;
        };
    return new Type(kind, kind.label, List.of(), null, null, sized ? UNBOUNDED : 0);
  }

  public static Type list(Type element) {
    return new Type(Kind.LIST, "list", List.of(element), null, null, UNBOUNDED);
  }

  public static Type map(Type key, Type value) {
    return new Type(Kind.MAP, "map", List.of(key, value), null, null, UNBOUNDED);
  }

  /// @param name two object types of the same name are one
  public static Type object(String name, Fields fields) {
    return new Type(Kind.OBJECT, name, List.of(), fields, null, 0);
  }

  /// An object type of a few fields that are called in the tree what expressions call them.
  public static Type object(String name, Map<String, Type> fields) {
    return object(
        name,
        new Fields() {
          @Override
          public @Nullable Type type(String field) {
            return fields.get(field);
          }

          @Override
          public String inTree(String field) {
            return field;
          }
        });
  }

  public static Type opaque(String name, Type... parameters) {
    return new Type(Kind.OPAQUE, name, List.of(parameters), null, null, UNBOUNDED);
  }

  public static Type optional(Type value) {
    return opaque(OPTIONAL, value);
  }

  public static Type parameter(String name) {
    return new Type(Kind.PARAMETER, name, List.of(), null, null, UNBOUNDED);
  }

  /// The type of a type.
  public static Type of(Type type) {
    return new Type(Kind.TYPE, "type", List.of(type), null, null, 0);
  }

  /// The same type, of which it is known how many characters, bytes, elements or entries a value
  /// has at most.
  public Type atMost(long size) {
    return new Type(kind, name, parameters, fields, correlation, size);
  }

  /// The same list type, of which it is known what makes elements the same.
  public Type correlatedBy(Correlation by) {
    return new Type(kind, name, parameters, fields, by, most);
  }

  /// The same type with other parameters.
  public Type with(List<Type> otherParameters) {
    return new Type(kind, name, otherParameters, fields, correlation, most);
  }

  public Kind kind() {
    return kind;
  }

  /// The name by which expressions know the type.
  public String name() {
    return kind == Kind.NULL ? "null_type" : name;
  }

  /// The types of elements, or of keys and values.
  public List<Type> parameters() {
    return parameters;
  }

  public Type parameter(int index) {
    return parameters.get(index);
  }

  /// The type of a declared field; null if there is none.
  public @Nullable Type field(String field) {
    return fields == null ? null : fields.type(field);
  }

  /// The name in the tree of a field of an object type.
  public String inTree(String field) {
    return fields == null ? field : fields.inTree(field);
  }

  public @Nullable Correlation correlation() {
    return correlation;
  }

  /// How large values are at most; [#UNBOUNDED] if that is not known.
  public long most() {
    return most;
  }

  public boolean isDyn() {
    return kind == Kind.DYN;
  }

  public boolean isOptional() {
    return kind == Kind.OPAQUE && name.equals(OPTIONAL);
  }

  /// The type of the value in an optional; the type itself if it is none.
  public Type unwrapped() {
    return isOptional() ? parameters.getFirst() : this;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof Type that
            && kind == that.kind
            && name.equals(that.name)
            && parameters.equals(that.parameters));
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + parameters.hashCode();
  }

  /// The type as messages show it.
  @Override
  public String toString() {
    return switch (kind) {
      case TIMESTAMP -> "timestamp";
      case DURATION -> "duration";
      case TYPE -> "type(" + parameters.getFirst() + ")";
      case LIST, MAP, OPAQUE ->
          parameters.isEmpty()
              ? name
              : name
                  + parameters.stream()
                      .map(Type::toString)
                      .collect(Collectors.joining(", ", "(", ")"));
      default -> name;
    };
  }
}
