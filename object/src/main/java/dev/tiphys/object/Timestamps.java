package dev.tiphys.object;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Points in time as objects hold them: RFC 3339 texts in UTC, with whole seconds or, in a few
/// fields, with microseconds.
public final class Timestamps {

  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private Timestamps() {}

  /// `2026-01-31T09:00:00Z`; parts of a second are cut off.
  public static String seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /// `2026-01-31T09:00:00.000000Z`
  public static String micros(Instant time) {
    return MICROS.format(time);
  }

  /// A time, with any part of a second.
  ///
  /// @throws IllegalArgumentException if `text` is not an RFC 3339 time; the message is Go's
  public static Instant parse(String text) {
    return TimeParser.parse(text, false);
  }

  /// A time with microseconds.
  ///
  /// @throws IllegalArgumentException if `text` is not an RFC 3339 time with six digits after the
  ///   point; the message is Go's
  public static Instant parseMicros(String text) {
    return TimeParser.parse(text, true);
  }

  /// What stands in a tree: a time, or null if there is none or it is malformed.
  public static @Nullable Instant of(@Nullable Object value) {
    if (!(value instanceof String text) || text.isEmpty()) {
      return null;
    }
    try {
      return parse(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
