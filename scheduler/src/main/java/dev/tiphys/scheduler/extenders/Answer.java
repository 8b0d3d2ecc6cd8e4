package dev.tiphys.scheduler.extenders;

import dev.tiphys.object.Struct;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An answer of an extender, whose fields may be written in any case.
record Answer(Struct struct) {

  static Answer of(Object tree) {
    return new Answer(tree instanceof Struct struct ? struct : Struct.EMPTY);
  }

  private @Nullable Object value(String name) {
    for (String each : struct.names()) {
      if (each.equalsIgnoreCase(name)) {
        return struct.get(each);
      }
    }
    return null;
  }

  String string(String name) {
    return value(name) instanceof String text ? text : "";
  }

  long integer(String name) {
    return value(name) instanceof Number number ? number.longValue() : 0;
  }

  Answer object(String name) {
    return new Answer(value(name) instanceof Struct object ? object : Struct.EMPTY);
  }

  /// The list of a field; null if there is none.
  @Nullable List<?> list(String name) {
    return value(name) instanceof List<?> list ? list : null;
  }
}
