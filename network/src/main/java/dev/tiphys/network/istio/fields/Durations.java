package dev.tiphys.network.istio.fields;

import dev.tiphys.object.GoDuration;
import dev.tiphys.object.Struct;
import java.time.Duration;

/// Spans of time in objects.
public final class Durations {

  private Durations() {}

  /// @param otherwise if there is none, or none that can be read
  public static Duration of(Struct object, String name, Duration otherwise) {
    Duration read = object.has(name) ? GoDuration.parse(object.string(name)) : null;
    return read == null || read.isNegative() ? otherwise : read;
  }
}
