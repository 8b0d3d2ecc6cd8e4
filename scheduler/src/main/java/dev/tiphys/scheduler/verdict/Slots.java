package dev.tiphys.scheduler.verdict;

import java.util.Arrays;
import java.util.function.IntPredicate;

/// A list of nodes, by their slots: a thousand of them are read in a microsecond, which objects all
/// over the heap are not.
///
/// Threads: the scheduling task.
public final class Slots {

  private int[] values = new int[16];
  private int size;

  public int size() {
    return size;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  public int at(int index) {
    return values[index];
  }

  public boolean contains(int slot) {
    for (int i = 0; i < size; i++) {
      if (values[i] == slot) {
        return true;
      }
    }
    return false;
  }

  /// Drops all that do not satisfy a condition.
  public void keep(IntPredicate condition) {
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (condition.test(values[i])) {
        values[kept++] = values[i];
      }
    }
    size = kept;
  }

  public void clear() {
    size = 0;
  }

  public void add(int slot) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size * 2);
    }
    values[size++] = slot;
  }

  /// A copy.
  public int[] toArray() {
    return Arrays.copyOf(values, size);
  }
}
