package dev.tiphys.schema.cron;

import dev.tiphys.object.GoDuration;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// When something is due again and again.
public sealed interface CronSchedule permits FieldSchedule, IntervalSchedule {

  /// The first time after another one; null if there is none within five years.
  @Nullable Instant next(Instant after);

  /// The last time that is after one and not after another; null if there is none.
  @Nullable Instant last(Instant after, Instant until);

  /// Reads a schedule: five fields, a word such as `@daily`, or `@every` and a duration, with
  /// `TZ=ZONE` before it or without.
  ///
  /// @param zone for which it is, unless it says so itself
  /// @throws IllegalArgumentException if it is none, in the words of upstream's parser
  static CronSchedule parse(String schedule, ZoneId zone) {
    String text = schedule;
    ZoneId own = zone;
    if (text.startsWith("TZ=") || text.startsWith("CRON_TZ=")) {
      int space = text.indexOf(' ');
      if (space < 0) {
        throw new IllegalArgumentException(
            "invalid schedule format: runtime error: slice bounds out of range [:-1]");
      }
      own = Zones.of(text.substring(text.indexOf('=') + 1, space), zone);
      text = text.substring(space).strip();
    }
    return text.startsWith("@") ? word(text, own) : fields(text, own);
  }

  private static CronSchedule word(String word, ZoneId zone) {
    String fields =
        Map.of(
                "@yearly", "0 0 1 1 *",
                "@annually", "0 0 1 1 *",
                "@monthly", "0 0 1 * *",
                "@weekly", "0 0 * * 0",
                "@daily", "0 0 * * *",
                "@midnight", "0 0 * * *",
                "@hourly", "0 * * * *")
            .get(word);
    if (fields != null) {
      return fields(fields, zone);
    }
    String every = "@every ";
    if (!word.startsWith(every)) {
      throw new IllegalArgumentException("unrecognized descriptor: " + word);
    }
    try {
      return IntervalSchedule.of(
          Duration.ofNanos(GoDuration.nanos(word.substring(every.length()))));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "failed to parse duration " + word + ": " + e.getMessage(), e);
    }
  }

  private static CronSchedule fields(String text, ZoneId zone) {
    List<String> fields = text.isBlank() ? List.of() : Arrays.asList(text.strip().split("\\s+"));
    if (fields.size() != 5) {
      throw new IllegalArgumentException(
          "expected exactly 5 fields, found "
              + fields.size()
              + ": ["
              + String.join(" ", fields)
              + "]");
    }
    return new FieldSchedule(
        CronField.Kind.MINUTE.parse(fields.get(0)),
        CronField.Kind.HOUR.parse(fields.get(1)),
        CronField.Kind.DAY.parse(fields.get(2)),
        CronField.Kind.MONTH.parse(fields.get(3)),
        CronField.Kind.WEEKDAY.parse(fields.get(4)),
        zone);
  }
}
