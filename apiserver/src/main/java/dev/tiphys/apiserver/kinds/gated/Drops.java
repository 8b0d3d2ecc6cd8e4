package dev.tiphys.apiserver.kinds.gated;

import dev.tiphys.object.Struct;
import java.util.List;

/// Fields of a struct that are dropped as their feature is off, unless the stored state has them.
record Drops(List<String> fields) {

  /// @param old the stored state of the struct; empty for a new object
  Struct from(Struct struct, Struct old) {
    Struct left = struct;
    for (String field : fields) {
      if (!old.has(field)) {
        left = left.without(field);
      }
    }
    return left;
  }
}
