package dev.tiphys.schema.validation.workload;

import dev.tiphys.object.GoDuration;
import dev.tiphys.schema.validation.Characters;
import dev.tiphys.schema.validation.GoText;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Schedules as crontab(5) has them: five fields of numbers, ranges and steps, or a word such as
/// `@daily`. Problems are told in the words of the parser that upstream uses.
final class CronFormat {

  private static final Set<String> WORDS =
      Set.of("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly");
  private static final String EVERY = "@every ";
  private static final List<Part> PARTS =
      List.of(
          new Part(0, 59, List.of()),
          new Part(0, 23, List.of()),
          new Part(1, 31, List.of()),
          new Part(
              1,
              12,
              List.of(
                  "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov",
                  "dec")),
          new Part(0, 6, List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat")));

  private CronFormat() {}

  /// One of the five fields: the least and the most it may say, and names from the least on.
  private record Part(long least, long most, List<String> names) {

    void check(String expression) {
      for (String range : expression.split(",", -1)) {
        if (!range.isEmpty()) {
          range(range);
        }
      }
    }

    private void range(String text) {
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
      fits(text, first, last, step);
    }

    private void fits(String text, long first, long last, long step) {
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

  /// What is wrong with the schedule; null if nothing is.
  static @Nullable String problem(String schedule) {
    try {
      check(schedule);
      return null;
    } catch (IllegalArgumentException e) {
      return e.getMessage();
    }
  }

  private static void check(String schedule) {
    String text = schedule;
    if (text.startsWith("TZ=") || text.startsWith("CRON_TZ=")) {
      text = withoutZone(text);
    }
    if (text.startsWith("@")) {
      word(text);
      return;
    }
    List<String> fields = text.isBlank() ? List.of() : Arrays.asList(text.strip().split("\\s+"));
    if (fields.size() != PARTS.size()) {
      throw new IllegalArgumentException(
          "expected exactly 5 fields, found "
              + fields.size()
              + ": ["
              + String.join(" ", fields)
              + "]");
    }
    for (int i = 0; i < fields.size(); i++) {
      PARTS.get(i).check(fields.get(i));
    }
  }

  private static String withoutZone(String text) {
    int space = text.indexOf(' ');
    if (space < 0) {
      throw new IllegalArgumentException(
          "invalid schedule format: runtime error: slice bounds out of range [:-1]");
    }
    String zone = text.substring(text.indexOf('=') + 1, space);
    if (!CronJobRules.isZone(zone)) {
      throw new IllegalArgumentException(
          "provided bad location " + zone + ": " + CronJobRules.unknown(zone));
    }
    return text.substring(space).strip();
  }

  private static void word(String word) {
    if (WORDS.contains(word)) {
      return;
    }
    if (!word.startsWith(EVERY)) {
      throw new IllegalArgumentException("unrecognized descriptor: " + word);
    }
    try {
      GoDuration.nanos(word.substring(EVERY.length()));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "failed to parse duration " + word + ": " + e.getMessage(), e);
    }
  }
}
