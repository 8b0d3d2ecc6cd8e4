package dev.tiphys.cel.library;

import dev.tiphys.cel.EvaluationException;
import dev.tiphys.cel.Functions;
import dev.tiphys.cel.Price;
import dev.tiphys.cel.Type;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToLongFunction;

/// Parts of points in time and of spans.
final class Times {

  private Times() {}

  static Functions functions() {
    Map<String, ToLongFunction<OffsetDateTime>> parts = new LinkedHashMap<>();
    parts.put("getFullYear", OffsetDateTime::getYear);
    parts.put("getMonth", time -> time.getMonthValue() - 1);
    parts.put("getDayOfYear", time -> time.getDayOfYear() - 1);
    parts.put("getDayOfMonth", time -> time.getDayOfMonth() - 1);
    parts.put("getDate", OffsetDateTime::getDayOfMonth);
    parts.put("getDayOfWeek", time -> time.getDayOfWeek().getValue() % 7);
    parts.put("getHours", OffsetDateTime::getHour);
    parts.put("getMinutes", OffsetDateTime::getMinute);
    parts.put("getSeconds", OffsetDateTime::getSecond);
    parts.put("getMilliseconds", time -> time.getNano() / 1_000_000);
    Functions functions = new Functions();
    parts.forEach(
        (name, part) ->
            functions
                .addMember(
                    name,
                    Type.INT,
                    Price.NOMINAL,
                    a -> part.applyAsLong((OffsetDateTime) a[0]),
                    Type.TIMESTAMP)
                .addMember(
                    name,
                    Type.INT,
                    Price.NOMINAL,
                    a -> part.applyAsLong(inZone(a)),
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

  private static OffsetDateTime inZone(Object[] a) {
    ZoneId zone = zone(Strings.text(a, 1));
    return ((OffsetDateTime) a[0]).atZoneSameInstant(zone).toOffsetDateTime();
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
