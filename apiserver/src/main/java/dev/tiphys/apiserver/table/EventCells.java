package dev.tiphys.apiserver.table;

import dev.tiphys.object.Struct;
import java.time.Instant;
import java.util.Locale;

/// What the columns of Events show.
final class EventCells {

  private static final String UNKNOWN = "<unknown>";

  private EventCells() {}

  static String lastSeen(Struct event, Instant now) {
    Object series = event.get("series", "lastObservedTime");
    String age = CellExpression.age(series == null ? event.get("lastTimestamp") : series, now);
    return age == null ? firstSeen(event, now) : age;
  }

  static String firstSeen(Struct event, Instant now) {
    String age = CellExpression.age(event.get("firstTimestamp"), now);
    if (age == null) {
      age = CellExpression.age(event.get("eventTime"), now);
    }
    return age == null ? UNKNOWN : age;
  }

  static String object(Struct event) {
    Struct involved = event.struct("involvedObject");
    String kind = involved.string("kind").toLowerCase(Locale.ROOT);
    String name = involved.string("name");
    return name.isEmpty() ? kind : kind + "/" + name;
  }

  static String source(Struct event) {
    String component = event.string("source", "component");
    String host = event.string("source", "host");
    component = component.isEmpty() ? event.string("reportingComponent") : component;
    host = host.isEmpty() ? event.string("reportingInstance") : host;
    return host.isEmpty() ? component : component + ", " + host;
  }

  static long count(Struct event) {
    long series = event.integer("series", "count");
    if (series > 0) {
      return series;
    }
    return Math.max(1, event.integer("count"));
  }
}
