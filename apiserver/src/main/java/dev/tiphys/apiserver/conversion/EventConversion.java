package dev.tiphys.apiserver.conversion;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.Map;

/// Events of `events.k8s.io/v1` and of the core group: the same objects under other names.
final class EventConversion implements Conversion {

  /// The names of fields in `events.k8s.io/v1`, and of the same fields in the core group.
  private static final Map<String, String> CORE_NAMES =
      Map.of(
          "regarding", "involvedObject",
          "note", "message",
          "reportingController", "reportingComponent",
          "deprecatedSource", "source",
          "deprecatedFirstTimestamp", "firstTimestamp",
          "deprecatedLastTimestamp", "lastTimestamp",
          "deprecatedCount", "count");

  private static final Map<String, String> NEW_NAMES = inverse();

  private static Map<String, String> inverse() {
    Map<String, String> inverse = new java.util.HashMap<>();
    CORE_NAMES.forEach((newName, coreName) -> inverse.put(coreName, newName));
    return Map.copyOf(inverse);
  }

  @Override
  public Struct toStored(Struct served) {
    return renamed(served, CORE_NAMES, "v1");
  }

  @Override
  public Struct toServed(Struct stored) {
    return renamed(stored, NEW_NAMES, "events.k8s.io/v1");
  }

  private static Struct renamed(Struct event, Map<String, String> names, String apiVersion) {
    StructBuilder builder = new StructBuilder(event.size());
    event.forEach((name, value) -> builder.put(names.getOrDefault(name, name), value));
    return builder.add("apiVersion", apiVersion).build();
  }
}
