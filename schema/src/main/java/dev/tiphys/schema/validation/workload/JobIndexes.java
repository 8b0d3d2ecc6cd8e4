package dev.tiphys.schema.validation.workload;

import dev.tiphys.schema.validation.FieldValue;
import dev.tiphys.schema.validation.GoText;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The indexes of a Job's Pods as a text of numbers and ranges that ascend: `0,2-4`.
final class JobIndexes {

  private JobIndexes() {}

  /// The first to the last of some indexes, both among them.
  private record Range(long first, long last) {

    static Range parse(String text, long completions) {
      String[] ends = text.split("-", -1);
      if (ends.length > 2) {
        throw new IllegalArgumentException(
            "the fragment "
                + GoText.quoted(text)
                + " violates the requirement that an index interval can have at most two parts"
                + " separated by '-'");
      }
      long first = index(ends[0], completions);
      if (ends.length == 1) {
        return new Range(first, first);
      }
      long last = index(ends[1], completions);
      ascend(first, last);
      return new Range(first, last);
    }

    private static long index(String text, long completions) {
      long index;
      try {
        index = Long.parseLong(text);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            "cannot convert string to integer for index: " + GoText.quoted(text), e);
      }
      if (index >= completions) {
        throw new IllegalArgumentException("too large index: " + GoText.quoted(text));
      }
      return index;
    }

    boolean overlaps(Range other) {
      return first <= other.last && other.first <= last;
    }
  }

  private static void ascend(long first, long next) {
    if (first >= next) {
      throw new IllegalArgumentException(
          "non-increasing order, previous: " + first + ", current: " + next);
    }
  }

  /// How many indexes the text here names; it must be well formed.
  static long count(FieldValue value, long completions) {
    if (value.isEmpty()) {
      return 0;
    }
    try {
      long total = 0;
      long last = -1;
      for (String text : value.string().split(",", -1)) {
        Range range = Range.parse(text, completions);
        if (total > 0) {
          ascend(last, range.first());
        }
        total += range.last() - range.first() + 1;
        last = range.last();
      }
      return total;
    } catch (IllegalArgumentException e) {
      value.invalid("error parsing " + value.name() + ": " + e.getMessage());
      return 0;
    }
  }

  /// The first index that stands in both texts; what is malformed in them is passed over.
  static @Nullable Long common(String one, String other, long completions) {
    List<Range> left = ranges(one, completions);
    List<Range> right = ranges(other, completions);
    int i = 0;
    int j = 0;
    while (i < left.size() && j < right.size()) {
      if (left.get(i).overlaps(right.get(j))) {
        return Math.max(left.get(i).first(), right.get(j).first());
      }
      if (left.get(i).first() <= right.get(j).first()) {
        i++;
      } else {
        j++;
      }
    }
    return null;
  }

  private static List<Range> ranges(String texts, long completions) {
    List<Range> ranges = new ArrayList<>();
    if (texts.isEmpty()) {
      return ranges;
    }
    for (String text : texts.split(",", -1)) {
      try {
        ranges.add(Range.parse(text, completions));
      } catch (IllegalArgumentException e) {
        continue; // told of its own field
      }
    }
    return ranges;
  }
}
