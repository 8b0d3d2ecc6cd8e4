package dev.tiphys.cel.library;

import dev.tiphys.cel.EvaluationException;
import dev.tiphys.cel.Functions;
import dev.tiphys.cel.Price;
import dev.tiphys.cel.Type;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToLongFunction;

/// Parts of points in time and of spans.
final class Times {

  private Times() {}

  static Functions functions() {
    Map<String, ToLongFunction<ZonedDateTime>> parts = new LinkedHashMap<>();
    parts.put("getFullYear", ZonedDateTime::getYear);
    parts.put("getMonth", time -> time.getMonthValue() - 1);
    parts.put("getDayOfYear", time -> time.getDayOfYear() - 1);
    parts.put("getDayOfMonth", time -> time.getDayOfMonth() - 1);
    parts.put("getDate", ZonedDateTime::getDayOfMonth);
    parts.put("getDayOfWeek", time -> time.getDayOfWeek().getValue() % 7);
    parts.put("getHours", ZonedDateTime::getHour);
    parts.put("getMinutes", ZonedDateTime::getMinute);
    parts.put("getSeconds", ZonedDateTime::getSecond);
    parts.put("getMilliseconds", time -> time.getNano() / 1_000_000);
    Functions functions = new Functions();
    parts.forEach(
        (name, part) ->
            functions
                .addMember(
                    name,
                    Type.INT,
                    Price.NOMINAL,
                    a -> part.applyAsLong(((Instant) a[0]).atZone(ZoneOffset.UTC)),
                    Type.TIMESTAMP)
                .addMember(
                    name,
                    Type.INT,
                    Price.NOMINAL,
                    a -> part.applyAsLong(((Instant) a[0]).atZone(zone(Strings.text(a, 1)))),
                    Type.TIMESTAMP,
                    Type.STRING));
    Map<String, ToLongFunction<Duration>> spans = new LinkedHashMap<>();
    spans.put("getHours", Duration::toHours);
    spans.put("getMinutes", Duration::toMinutes);
    spans.put("getSeconds", span -> span.toMillis() / 1000);
    spans.put("getMilliseconds", Duration::toMillis);
    spans.forEach(
        (name, part) ->
            functions.addMember(
                name,
                Type.INT,
                Price.NOMINAL,
                a -> part.applyAsLong((Duration) a[0]),
                Type.DURATION));
    return functions;
  }

  /// A time zone by its name, or by how far it is from UTC: `-08:00`.
  private static ZoneId zone(String name) {
    try {
      boolean offset = name.matches("[+-]?[0-9]{2}:[0-9]{2}");
      return ZoneId.of(offset && Character.isDigit(name.charAt(0)) ? "+" + name : name);
    } catch (DateTimeException e) {
      throw new EvaluationException("unknown time zone " + name);
    }
  }
}
