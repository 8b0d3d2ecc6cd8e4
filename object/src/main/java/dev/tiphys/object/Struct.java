package dev.tiphys.object;

import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// An immutable map from field names to values, ordered by name: a JSON object.
///
/// Values are those that the package names; a Java null is never a value. Reading follows the way
/// Kubernetes reads its own types: what is absent, null or of another type counts as the empty
/// value ("" or 0 or false or an empty struct or list), so a reader states the type it wants and
/// need not ask first.
///
/// Structs with the same names share one array of names, so a struct costs little more than its
/// values.
public final class Struct {

  public static final Struct EMPTY = new Struct(new String[0], new Object[0]);

  private final String[] names;
  private final Object[] values;

  Struct(String[] names, Object[] values) {
    this.names = names;
    this.values = values;
  }

  /// A struct of one field.
  public static Struct of(String name, Object value) {
    return new StructBuilder().add(name, value).build();
  }

  public static Struct of(String name1, Object value1, String name2, Object value2) {
    return new StructBuilder().add(name1, value1).add(name2, value2).build();
  }

  public static Struct of(
      String name1, Object value1, String name2, Object value2, String name3, Object value3) {
    return new StructBuilder().add(name1, value1).add(name2, value2).add(name3, value3).build();
  }

  public int size() {
    return names.length;
  }

  public boolean isEmpty() {
    return names.length == 0;
  }

  /// The name of the field at `index`, in the order of names.
  public String name(int index) {
    return names[index];
  }

  /// The value of the field at `index`, in the order of names.
  public Object value(int index) {
    return values[index];
  }

  /// The names of the fields, in order.
  public List<String> names() {
    return List.of(names);
  }

  /// What stands for the names of the fields: structs with the same names mostly share it, so what
  /// follows from names alone can be kept by it.
  public Object shape() {
    return names;
  }

  public void forEach(BiConsumer<String, Object> action) {
    for (int i = 0; i < names.length; i++) {
      action.accept(names[i], values[i]);
    }
  }

  /// Where the field named `name` is, or a negative number.
  public int indexOf(String name) {
    String[] all = names;
    if (all.length <= 8) {
      for (int i = 0; i < all.length; i++) {
        if (all[i].equals(name)) {
          return i;
        }
      }
      return -1;
    }
    return Arrays.binarySearch(all, name);
  }

  /// The value of a field, or null if there is no such field.
  public @Nullable Object get(String name) {
    int index = indexOf(name);
    return index < 0 ? null : values[index];
  }

  /// The value at the end of a path of field names, or null if the path leads nowhere.
  public @Nullable Object get(String... path) {
    Object found = this;
    for (String name : path) {
      if (!(found instanceof Struct struct)) {
        return null;
      }
      found = struct.get(name);
    }
    return found;
  }

  /// Whether there is a value other than null.
  public boolean has(String... path) {
    Object found = get(path);
    return found != null && found != Null.NULL;
  }

  public String string(String name) {
    return get(name) instanceof String text ? text : "";
  }

  public String string(String... path) {
    return get(path) instanceof String text ? text : "";
  }

  public long integer(String name) {
    return integerOf(get(name));
  }

  public long integer(String... path) {
    return integerOf(get(path));
  }

  public boolean bool(String name) {
    return get(name) instanceof Boolean truth && truth;
  }

  public boolean bool(String... path) {
    return get(path) instanceof Boolean truth && truth;
  }

  public Struct struct(String name) {
    return get(name) instanceof Struct struct ? struct : EMPTY;
  }

  public Struct struct(String... path) {
    return get(path) instanceof Struct struct ? struct : EMPTY;
  }

  public List<?> list(String name) {
    return get(name) instanceof List<?> list ? list : List.of();
  }

  public List<?> list(String... path) {
    return get(path) instanceof List<?> list ? list : List.of();
  }

  /// The structs among the elements of a list.
  public List<Struct> structs(String... path) {
    return elements(list(path), Struct.class);
  }

  /// The strings among the elements of a list.
  public List<String> strings(String... path) {
    return elements(list(path), String.class);
  }

  /// This struct with a field set to `value`; the field is added if need be.
  public Struct with(String name, Object value) {
    int index = Arrays.binarySearch(names, name);
    if (index >= 0) {
      if (values[index] == value) {
        return this;
      }
      Object[] changed = values.clone();
      changed[index] = value;
      return new Struct(names, changed);
    }
    int place = -index - 1;
    String[] moreNames = new String[names.length + 1];
    System.arraycopy(names, 0, moreNames, 0, place);
    moreNames[place] = Names.shared(name);
    System.arraycopy(names, place, moreNames, place + 1, names.length - place);
    Object[] moreValues = new Object[moreNames.length];
    System.arraycopy(values, 0, moreValues, 0, place);
    moreValues[place] = value;
    System.arraycopy(values, place, moreValues, place + 1, values.length - place);
    return new Struct(Names.shape(moreNames, moreNames.length), moreValues);
  }

  /// This struct with the value at the end of `path` set; structs on the way are made if need be.
  public Struct withAt(Object value, String... path) {
    return withAt(value, path, 0);
  }

  private Struct withAt(Object value, String[] path, int depth) {
    String name = path[depth];
    return with(
        name, depth == path.length - 1 ? value : struct(name).withAt(value, path, depth + 1));
  }

  /// This struct without a field.
  public Struct without(String name) {
    int index = indexOf(name);
    if (index < 0) {
      return this;
    }
    if (names.length == 1) {
      return EMPTY;
    }
    String[] fewerNames = new String[names.length - 1];
    System.arraycopy(names, 0, fewerNames, 0, index);
    System.arraycopy(names, index + 1, fewerNames, index, fewerNames.length - index);
    Object[] fewerValues = new Object[fewerNames.length];
    System.arraycopy(values, 0, fewerValues, 0, index);
    System.arraycopy(values, index + 1, fewerValues, index, fewerValues.length - index);
    return new Struct(Names.shape(fewerNames, fewerNames.length), fewerValues);
  }

  /// This struct without the field at the end of `path`. What is left empty on the way stays.
  public Struct withoutAt(String... path) {
    return withoutAt(path, 0);
  }

  private Struct withoutAt(String[] path, int depth) {
    String name = path[depth];
    if (depth == path.length - 1) {
      return without(name);
    }
    return get(name) instanceof Struct inner ? with(name, inner.withoutAt(path, depth + 1)) : this;
  }

  private static long integerOf(@Nullable Object value) {
    return switch (value) {
      case Long number -> number;
      case Double number -> number.longValue();
      case null, default -> 0;
    };
  }

  @SuppressWarnings("unchecked") // checked element by element
  private static <T> List<T> elements(List<?> list, Class<T> type) {
    for (Object element : list) {
      if (!type.isInstance(element)) {
        return list.stream().filter(type::isInstance).map(type::cast).toList();
      }
    }
    return (List<T>) list;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof Struct that
            && (names == that.names || Arrays.equals(names, that.names))
            && Arrays.equals(values, that.values));
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(names) + Arrays.hashCode(values);
  }

  /// The struct as JSON, for messages and tests.
  @Override
  public String toString() {
    return TreeText.of(this);
  }
}
