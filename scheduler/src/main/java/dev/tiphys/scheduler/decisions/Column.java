package dev.tiphys.scheduler.decisions;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A value for each slot, as they were at one time. Stretches of slots that are as they were in an
/// earlier column are shared with it: from one try to the next, few nodes change.
///
/// Threads: the scheduling task.
///
/// @param <A> an array of such values
public final class Column<A> extends Shared {

  /// How many slots are shared together.
  private static final int LENGTH = 128;

  /// What an object or an array takes beside its content.
  private static final int HEADER = 24;

  private static final int REFERENCE = 4;

  private final List<Stretch<A>> stretches;

  private static final class Stretch<A> extends Shared {
    private final A values;

    Stretch(A values, long bytes) {
      super(bytes, List.of());
      this.values = values;
    }
  }

  /// What is done with one kind of arrays.
  private interface Kind<A> {
    boolean equal(A kept, A values, int from, int to);

    Stretch<A> copy(A values, int from, int to);
  }

  private static final Kind<byte[]> BYTES =
      new Kind<>() {
        @Override
        public boolean equal(byte[] kept, byte[] values, int from, int to) {
          return Arrays.equals(kept, 0, kept.length, values, from, to);
        }

        @Override
        public Stretch<byte[]> copy(byte[] values, int from, int to) {
          return new Stretch<>(Arrays.copyOfRange(values, from, to), 2 * HEADER + to - from);
        }
      };

  private static final Kind<@Nullable Object[]> REFERENCES =
      new Kind<>() {
        @Override
        public boolean equal(@Nullable Object[] kept, @Nullable Object[] values, int from, int to) {
          return Arrays.equals(kept, 0, kept.length, values, from, to);
        }

        @Override
        public Stretch<@Nullable Object[]> copy(@Nullable Object[] values, int from, int to) {
          long bytes = 2 * HEADER + (long) REFERENCE * (to - from);
          return new Stretch<>(Arrays.copyOfRange(values, from, to), bytes);
        }
      };

  private Column(List<Stretch<A>> stretches) {
    super(3 * HEADER + (long) REFERENCE * stretches.size(), stretches);
    this.stretches = stretches;
  }

  /// @param before the column of the try before, of which as much as possible is kept
  /// @param values by slot; copied
  /// @param size how many of them there are
  public static Column<byte[]> of(@Nullable Column<byte[]> before, byte[] values, int size) {
    return of(BYTES, before, values, size);
  }

  /// As above, of objects. What they take themselves is not counted.
  public static Column<@Nullable Object[]> of(
      @Nullable Column<@Nullable Object[]> before, @Nullable Object[] values, int size) {
    return of(REFERENCES, before, values, size);
  }

  private static <A> Column<A> of(Kind<A> kind, @Nullable Column<A> before, A values, int size) {
    int count = (size + LENGTH - 1) / LENGTH;
    int known = before == null ? 0 : Math.min(count, before.stretches.size());
    @SuppressWarnings({"unchecked", "rawtypes"})
    Stretch<A>[] stretches = new Stretch[count];
    boolean same = before != null && before.stretches.size() == count;
    for (int i = 0; i < count; i++) {
      int from = i * LENGTH;
      int to = Math.min(size, from + LENGTH);
      Stretch<A> earlier = before != null && i < known ? before.stretches.get(i) : null;
      if (earlier != null && kind.equal(earlier.values, values, from, to)) {
        stretches[i] = earlier;
      } else {
        stretches[i] = kind.copy(values, from, to);
        same = false;
      }
    }
    return same && before != null ? before : new Column<>(Arrays.asList(stretches));
  }

  /// The array that has the value of a slot, at [#place].
  A around(int slot) {
    return stretches.get(slot / LENGTH).values;
  }

  /// Where in [#around] the value of a slot is.
  static int place(int slot) {
    return slot % LENGTH;
  }
}
