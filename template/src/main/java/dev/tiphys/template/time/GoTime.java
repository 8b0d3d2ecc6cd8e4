package dev.tiphys.template.time;

import dev.tiphys.template.function.Call;
import dev.tiphys.template.function.Function;
import dev.tiphys.template.value.Instance;
import dev.tiphys.template.value.Type;
import dev.tiphys.template.value.Whole;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.TextStyle;
import java.util.Locale;
import java.util.Objects;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;

/// A point in time at a place, a `time.Time`.
///
/// @param zoneName what the zone is called; empty for one that has only an offset
public record GoTime(ZonedDateTime at, String zoneName) implements Instance {

  public static final Type TYPE = Type.struct("time.Time");

  /// The time before all others, which is what failed conversions give.
  public static final GoTime ZERO = of(ZonedDateTime.of(1, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC));

  private static final String FORMAT = "2006-01-02 15:04:05.999999999 -0700 MST";

  public static GoTime of(ZonedDateTime at) {
    boolean utc = at.getZone().equals(ZoneOffset.UTC);
    return new GoTime(at, utc ? "UTC" : abbreviation(at));
  }

  public static GoTime of(Instant instant) {
    return of(instant.atZone(ZoneOffset.UTC));
  }

  private static String abbreviation(ZonedDateTime at) {
    if (at.getZone() instanceof ZoneOffset) {
      return "";
    }
    ZoneId zone = at.getZone();
    boolean summer = zone.getRules().isDaylightSavings(at.toInstant());
    String name = TimeZone.getTimeZone(zone).getDisplayName(summer, TimeZone.SHORT, Locale.ENGLISH);
    String shortest = zone.getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
    return Objects.requireNonNullElse(name, shortest);
  }

  /// The same moment elsewhere.
  public GoTime in(ZoneId zone) {
    return of(at.withZoneSameInstant(zone));
  }

  public long unix() {
    return at.toEpochSecond();
  }

  /// How long after another time this one is, in nanoseconds.
  public long since(GoTime other) {
    long seconds = at.toEpochSecond() - other.at.toEpochSecond();
    try {
      return Math.addExact(
          Math.multiplyExact(seconds, Spans.SECOND), at.getNano() - (long) other.at.getNano());
    } catch (ArithmeticException e) {
      return seconds < 0 ? Long.MIN_VALUE : Long.MAX_VALUE; // centuries apart
    }
  }

  public GoTime plus(long nanoseconds) {
    return new GoTime(at.plusNanos(nanoseconds), zoneName);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof GoTime time && at.isEqual(time.at) && zoneName.equals(time.zoneName);
  }

  @Override
  public int hashCode() {
    return at.toInstant().hashCode();
  }

  @Override
  public Type type() {
    return TYPE;
  }

  @Override
  public String text() {
    return Layout.format(this, FORMAT);
  }

  @Override
  public @Nullable Function method(String name) {
    return switch (name) {
      case "String" -> Function.of(name, _ -> text());
      case "Format" ->
          Function.of(name, call -> call.made(Layout.format(this, call.text(0))), Type.STRING);
      case "Unix" -> Function.of(name, _ -> Whole.int64(unix()));
      case "UnixMilli" -> Function.of(name, _ -> Whole.int64(at.toInstant().toEpochMilli()));
      case "UnixMicro" ->
          Function.of(name, _ -> Whole.int64(unix() * 1_000_000 + at.getNano() / 1000));
      case "UnixNano" -> Function.of(name, _ -> Whole.int64(unix() * Spans.SECOND + at.getNano()));
      case "Year" -> number(name, at.getYear());
      case "Month" -> Function.of(name, _ -> new Whole(Type.MONTH, at.getMonthValue()));
      case "Day" -> number(name, at.getDayOfMonth());
      case "Hour" -> number(name, at.getHour());
      case "Minute" -> number(name, at.getMinute());
      case "Second" -> number(name, at.getSecond());
      case "Nanosecond" -> number(name, at.getNano());
      case "YearDay" -> number(name, at.getDayOfYear());
      case "Weekday" ->
          Function.of(name, _ -> new Whole(Type.WEEKDAY, at.getDayOfWeek().getValue() % 7));
      case "UTC" -> Function.of(name, _ -> in(ZoneOffset.UTC));
      case "IsZero" -> Function.of(name, _ -> at.isEqual(ZERO.at));
      case "Add" -> Function.of(name, call -> plus(call.whole(0)), Type.DURATION);
      case "AddDate" -> Function.of(name, this::plusDate, Type.INT, Type.INT, Type.INT);
      case "Sub" -> Function.of(name, call -> Spans.of(since(other(call))), TYPE);
      case "Before" -> Function.of(name, call -> at.isBefore(other(call).at), TYPE);
      case "After" -> Function.of(name, call -> at.isAfter(other(call).at), TYPE);
      case "Equal" -> Function.of(name, call -> at.isEqual(other(call).at), TYPE);
      default -> null;
    };
  }

  private static Function number(String name, int value) {
    return Function.of(name, _ -> (Long) (long) value);
  }

  private static GoTime other(Call call) {
    return call.value(0) instanceof GoTime time ? time : ZERO;
  }

  /// Days beyond the end of a month are days of the next one.
  private GoTime plusDate(Call call) {
    ZonedDateTime first = at.withDayOfMonth(1);
    ZonedDateTime moved = first.plusYears(call.whole(0)).plusMonths(call.whole(1));
    return of(moved.plusDays(at.getDayOfMonth() - 1L + call.whole(2)));
  }
}
