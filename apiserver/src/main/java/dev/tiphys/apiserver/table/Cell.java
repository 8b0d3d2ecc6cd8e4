package dev.tiphys.apiserver.table;

import dev.tiphys.object.Struct;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What one column shows of an object.
@FunctionalInterface
interface Cell {

  /// The cell's value: a String, Long or Boolean; null or "" if there is nothing to show.
  @Nullable Object of(Struct object, Instant now);
}
