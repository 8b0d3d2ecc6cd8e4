package dev.tiphys.object.encoding;

import dev.tiphys.object.Struct;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The order in which JSON shows the fields of structs of one type: that in which the type declares
/// them. Fields that the type does not have come last, by name.
///
/// Structs of the same shape share what is worked out for one of them, so writing in order costs no
/// more than writing by name.
///
/// Threads: any.
public abstract class FieldOrder {

  private static final int UNKNOWN = Integer.MAX_VALUE;

  /// What was worked out, by shape. A place keeps the newest of its candidates.
  private final @Nullable Arrangement[] arrangements = new @Nullable Arrangement[16];

  /// An order of the fields of one struct, and of those in a list; what is in them is ordered by
  /// name.
  public static FieldOrder of(List<String> fields) {
    List<String> all = List.copyOf(fields);
    return new FieldOrder() {
      @Override
      protected int rank(String field) {
        return all.indexOf(field);
      }

      @Override
      protected @Nullable FieldOrder content(String field) {
        return null;
      }
    };
  }

  /// The place of a field in the declared order; negative for one that the type does not have.
  protected abstract int rank(String field);

  /// The order within the structs that a field holds, or those in its list; null if that is by
  /// name.
  protected abstract @Nullable FieldOrder content(String field);

  /// How the fields of one struct are written.
  final Arrangement of(Struct struct) {
    Object shape = struct.shape();
    int place = System.identityHashCode(shape) & (arrangements.length - 1);
    Arrangement known = arrangements[place];
    if (known != null && known.shape == shape) {
      return known;
    }
    Arrangement made = arrange(struct);
    arrangements[place] = made;
    return made;
  }

  private Arrangement arrange(Struct struct) {
    int size = struct.size();
    Integer[] order = new Integer[size];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingInt(i -> place(struct.name(i)))); // stable: then by name
    int[] indexes = new int[size];
    byte[][] heads = new byte[size][];
    @Nullable FieldOrder[] contents = new @Nullable FieldOrder[size];
    for (int i = 0; i < size; i++) {
      String name = struct.name(order[i]);
      indexes[i] = order[i];
      heads[i] = ((i == 0 ? "" : ",") + Json.text(name) + ":").getBytes(StandardCharsets.UTF_8);
      contents[i] = content(name);
    }
    return new Arrangement(struct.shape(), indexes, heads, contents);
  }

  private int place(String field) {
    int rank = rank(field);
    return rank < 0 ? UNKNOWN : rank;
  }

  /// The fields of structs of one shape, in the order in which they are written.
  static final class Arrangement {
    private final Object shape;
    private final int[] indexes;
    private final byte[][] heads;
    private final @Nullable FieldOrder[] contents;

    private Arrangement(
        Object shape, int[] indexes, byte[][] heads, @Nullable FieldOrder[] contents) {
      this.shape = shape;
      this.indexes = indexes;
      this.heads = heads;
      this.contents = contents;
    }

    int size() {
      return indexes.length;
    }

    /// Where in the struct the field is that is written at a place.
    int index(int place) {
      return indexes[place];
    }

    /// What is written before the field's value: a comma, its name, a colon.
    byte[] head(int place) {
      return heads[place];
    }

    @Nullable FieldOrder content(int place) {
      return contents[place];
    }
  }
}
