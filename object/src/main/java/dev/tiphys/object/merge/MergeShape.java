package dev.tiphys.object.merge;

import dev.tiphys.object.Null;
import dev.tiphys.object.Struct;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What may stand at one place of an object, and how values there are merged. A place that takes
/// values of several forms has a rule for each.
///
/// @param scalars the scalars that may stand there
/// @param list the lists; null if none may stand there
/// @param map the structs; null if none may stand there
public record MergeShape(Scalars scalars, @Nullable ListShape list, @Nullable MapShape map) {

  /// Values that are owned as a whole.
  public enum Scalars {
    NONE("nothing"),
    STRING("string"),
    NUMBER("numeric (int or float)"),
    BOOLEAN("boolean"),
    ANY("any scalar");

    private final String text;

    Scalars(String text) {
      this.text = text;
    }

    /// As messages name them.
    String text() {
      return text;
    }
  }

  /// How a list is owned.
  public enum Ownership {
    /// One owner has all of it.
    ATOMIC,
    /// Each value has its owners.
    SET,
    /// Each element has its owners, and is told from the others by its key fields.
    MAP
  }

  /// @param keys the fields that tell elements apart
  /// @param elements what each of them is
  public record ListShape(Ownership ownership, List<String> keys, MergeShape elements) {

    public ListShape {
      keys = List.copyOf(keys);
    }

    boolean isAtomic() {
      return ownership == Ownership.ATOMIC;
    }
  }

  /// How structs are merged.
  public interface MapShape {

    /// Whether one owner has all of it.
    boolean isAtomic();

    /// Whether the type names this field, so that it is more than an entry of a map.
    boolean declares(String field);

    /// What may stand in a field; null if there must be none of this name.
    @Nullable MergeShape field(String name);

    /// The value that an absent field of this name counts as; null for none.
    @Nullable Object fallback(String field);
  }

  /// Fields of any name.
  ///
  /// @param values what may stand in each
  private record Entries(boolean isAtomic, MergeShape values) implements MapShape {
    @Override
    public boolean declares(String field) {
      return false;
    }

    @Override
    public MergeShape field(String name) {
      return values;
    }

    @Override
    public @Nullable Object fallback(String field) {
      return null;
    }
  }

  /// Of anything that has no schema and is owned as a whole.
  public static final MergeShape WHOLE = ofAnything(true);

  /// Of anything that has no schema: structs are merged field by field, lists are owned as a whole.
  public static final MergeShape DEDUCED = ofAnything(false);

  public static MergeShape ofScalars(Scalars scalars) {
    return new MergeShape(scalars, null, null);
  }

  public static MergeShape ofList(Ownership ownership, List<String> keys, MergeShape elements) {
    return new MergeShape(Scalars.NONE, new ListShape(ownership, keys, elements), null);
  }

  public static MergeShape ofMap(MapShape map) {
    return new MergeShape(Scalars.NONE, null, map);
  }

  /// Of structs with fields of any name.
  public static MergeShape ofEntries(boolean atomic, MergeShape values) {
    return ofMap(new Entries(atomic, values));
  }

  private static MergeShape ofAnything(boolean atomic) {
    MapShape map =
        new MapShape() {
          @Override
          public boolean isAtomic() {
            return atomic;
          }

          @Override
          public boolean declares(String field) {
            return false;
          }

          @Override
          public MergeShape field(String name) {
            return atomic ? WHOLE : DEDUCED;
          }

          @Override
          public @Nullable Object fallback(String field) {
            return null;
          }
        };
    ListShape list = new ListShape(Ownership.ATOMIC, List.of(), ofScalars(Scalars.ANY));
    return new MergeShape(Scalars.ANY, list, map);
  }

  /// The forms of values that are told apart.
  enum Form {
    MAP,
    SCALAR,
    LIST
  }

  /// The rule for `value`. Null, and values that must not stand here, go by the first rule there
  /// is.
  Form form(Object value) {
    boolean fits =
        switch (value) {
          case Struct _ -> map != null;
          case List<?> _ -> list != null;
          case Null _ -> false;
          default -> scalars != Scalars.NONE;
        };
    if (!fits) {
      return map != null ? Form.MAP : scalars != Scalars.NONE ? Form.SCALAR : Form.LIST;
    }
    return switch (value) {
      case Struct _ -> Form.MAP;
      case List<?> _ -> Form.LIST;
      default -> Form.SCALAR;
    };
  }

  /// The rule for structs, where one stands.
  MapShape mapHere() {
    return Objects.requireNonNull(map);
  }

  /// The rule for lists, where one stands.
  ListShape listHere() {
    return Objects.requireNonNull(list);
  }

  /// Whether this is a place that no schema describes.
  boolean isDeduced() {
    return this == DEDUCED || this == WHOLE;
  }
}
