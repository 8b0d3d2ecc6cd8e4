package dev.tiphys.schema.cron;

import dev.tiphys.schema.validation.Characters;
import dev.tiphys.schema.validation.GoText;
import java.util.List;
import java.util.Locale;

/// One of the five fields of a schedule: numbers, ranges and steps.
///
/// @param values a bit for each number that fits
/// @param any whether it is a star, and so does not choose
record CronField(long values, boolean any) {

  /// What a field may say.
  ///
  /// @param least the least number
  /// @param most the largest number
  /// @param names words for the numbers, from the least on
  record Kind(long least, long most, List<String> names) {

    static final Kind MINUTE = new Kind(0, 59, List.of());
    static final Kind HOUR = new Kind(0, 23, List.of());
    static final Kind DAY = new Kind(1, 31, List.of());
    static final Kind MONTH =
        new Kind(
            1,
            12,
            List.of(
                "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov",
                "dec"));
    static final Kind WEEKDAY =
        new Kind(0, 6, List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat"));

    /// Reads a field. Throws with upstream's words if it is none.
    CronField parse(String expression) {
      CronField field = new CronField(0, false);
      for (String range : expression.split(",", -1)) {
        if (!range.isEmpty()) {
          CronField part = range(range);
          field = new CronField(field.values | part.values, field.any || part.any);
        }
      }
      return field;
    }

    private CronField range(String text) {
      String[] steps = text.split("/", -1);
      String[] ends = steps[0].split("-", -1);
      boolean any = ends[0].equals("*") || ends[0].equals("?");
      long first = any ? least : value(ends[0]);
      if (!any && ends.length > 2) {
        throw new IllegalArgumentException("too many hyphens: " + text);
      }
      long last = any ? most : value(ends[ends.length - 1]);
      long step = 1;
      if (steps.length > 2) {
        throw new IllegalArgumentException("too many slashes: " + text);
      }
      if (steps.length == 2) {
        step = number(steps[1]);
        last = ends.length == 1 ? most : last;
      }
      check(text, first, last, step);
      long values = 0;
      for (long value = first; value <= last && value >= first; value += step) {
        values |= 1L << value;
      }
      return new CronField(values, any && step == 1);
    }

    private void check(String text, long first, long last, long step) {
      if (first < least) {
        throw new IllegalArgumentException(
            "beginning of range (%d) below minimum (%d): %s".formatted(first, least, text));
      }
      if (last > most) {
        throw new IllegalArgumentException(
            "end of range (%d) above maximum (%d): %s".formatted(last, most, text));
      }
      if (first > last) {
        throw new IllegalArgumentException(
            "beginning of range (%d) beyond end of range (%d): %s".formatted(first, last, text));
      }
      if (step == 0) {
        throw new IllegalArgumentException("step of range should be a positive number: " + text);
      }
    }

    private long value(String text) {
      int name = names.indexOf(text.toLowerCase(Locale.ROOT));
      return name >= 0 ? least + name : number(text);
    }

    private static long number(String text) {
      long number;
      try {
        number = Long.parseLong(text);
      } catch (NumberFormatException e) {
        boolean digits = !text.isEmpty() && text.chars().allMatch(Characters::isDigit);
        throw new IllegalArgumentException(
            "failed to parse int from "
                + text
                + ": strconv.Atoi: parsing "
                + GoText.quoted(text)
                + (digits ? ": value out of range" : ": invalid syntax"),
            e);
      }
      if (number < 0) {
        throw new IllegalArgumentException("negative number (" + number + ") not allowed: " + text);
      }
      return number;
    }
  }

  boolean fits(int value) {
    return (values >>> value & 1) != 0;
  }
}
