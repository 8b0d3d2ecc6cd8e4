package dev.tiphys.delivery.measuring;

import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.Map;
import java.util.TreeMap;

/// How many metrics there are, and how many ended in each way.
///
/// Threads: one.
final class Summary {

  private final Map<String, Long> counts = new TreeMap<>();

  void count(String what) {
    counts.merge(what, 1L, Long::sum);
  }

  Struct stored() {
    StructBuilder all = new StructBuilder();
    counts.forEach(all::add);
    return all.build();
  }
}
