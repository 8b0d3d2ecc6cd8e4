package dev.tiphys.apiserver.fairness;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/// How many requests of a flow schema had their turn so far, and how many had not. Guarded by the
/// level's lock.
final class Tally {

  private final Map<Refusal, Long> refused = new EnumMap<>(Refusal.class);
  private long dispatched;

  void dispatched() {
    dispatched++;
  }

  void refused(Refusal reason) {
    refused.merge(reason, 1L, Long::sum);
  }

  long dispatchedSoFar() {
    return dispatched;
  }

  Map<Refusal, Long> refusedSoFar() {
    return refused;
  }

  static Map<String, Tally> copies(Map<String, Tally> tallies) {
    Map<String, Tally> copies = new TreeMap<>();
    tallies.forEach(
        (schema, tally) -> {
          Tally copy = new Tally();
          copy.dispatched = tally.dispatched;
          copy.refused.putAll(tally.refused);
          copies.put(schema, copy);
        });
    return copies;
  }
}
