package dev.tiphys.controllers.endpoints;

import dev.tiphys.object.Struct;
import dev.tiphys.object.Timestamps;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// When that happened for which the places of a Service are written anew: those who follow them can
/// tell how long it took to reach them.
///
/// Threads: any, one for each Service at a time.
final class TriggerTimes {

  /// The annotation that tells.
  static final String ANNOTATION = "endpoints.kubernetes.io/last-change-trigger-time";

  private final Map<ObjectKey, Seen> seen = new ConcurrentHashMap<>();

  private record Seen(@Nullable Instant service, Map<String, Instant> pods) {}

  /// The first thing that happened to a Service or its Pods since the last call, in the form of the
  /// annotation; empty if that is not known. What happens twice in between is known by its last
  /// time alone.
  String next(Struct service, List<Struct> pods) {
    Map<String, Instant> times = new HashMap<>();
    Instant created = Timestamps.of(service.struct("metadata").get("creationTimestamp"));
    Seen before = seen.get(ObjectKey.of(service));
    Instant first = null;
    for (Struct pod : pods) {
      Instant changed = changed(pod);
      if (changed != null) {
        times.put(Meta.of(pod).name(), changed);
        Instant known = before == null ? null : before.pods().get(Meta.of(pod).name());
        first = first(first, isAfter(changed, known) ? changed : null);
      }
    }
    seen.put(ObjectKey.of(service), new Seen(created, times));
    if (before == null) {
      return text(created);
    }
    return text(first(first, isAfter(created, before.service()) ? created : null));
  }

  private static boolean isAfter(@Nullable Instant time, @Nullable Instant other) {
    return time != null && (other == null || time.isAfter(other));
  }

  private static @Nullable Instant first(@Nullable Instant one, @Nullable Instant other) {
    return one == null || other != null && other.isBefore(one) ? other : one;
  }

  private static String text(@Nullable Instant time) {
    return time == null ? "" : Timestamps.seconds(time);
  }

  private static @Nullable Instant changed(Struct pod) {
    for (Struct condition : pod.structs("status", "conditions")) {
      if (condition.string("type").equals("Ready")) {
        return Timestamps.of(condition.get("lastTransitionTime"));
      }
    }
    return null;
  }

  /// Forgets a Service that is gone.
  void forget(ObjectKey service) {
    seen.remove(service);
  }

  /// An object with the annotation, or without it if there is nothing to tell.
  static Struct annotated(Struct object, String time) {
    return time.isEmpty() ? without(object) : Meta.withAnnotation(object, ANNOTATION, time);
  }

  /// An object without the annotation.
  static Struct without(Struct object) {
    Struct bare = object.withoutAt("metadata", "annotations", ANNOTATION);
    return Meta.of(bare).annotations().isEmpty() ? bare.withoutAt("metadata", "annotations") : bare;
  }
}
