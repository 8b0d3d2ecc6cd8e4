package dev.tiphys.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.store.Event;
import dev.tiphys.store.KeyValue;
import dev.tiphys.store.Store;
import dev.tiphys.store.Write;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What was asked of a store and what it acknowledged, to hold against what it remembers.
///
/// Threads: any.
final class Ledger {

  /// What each revision did, as far as anybody was told of it.
  private final TreeMap<Long, String> known = new TreeMap<>();

  /// The states after revision `checked`, by their keys.
  private final Map<String, String> states = new TreeMap<>();

  private long checked = 1;

  /// Everything that was ever asked for.
  private final Set<String> asked = new HashSet<>();

  synchronized void ask(Write write) {
    asked.add(line(write.key(), write.value()));
  }

  synchronized void know(long revision, String key, byte @Nullable [] value) {
    String line = line(key, value);
    String before = known.put(revision, line);
    assertThat(before).as("revision %d", revision).isIn(null, line);
  }

  void know(Event event) {
    KeyValue current = event.current();
    know(event.revision(), event.key(), current == null ? null : current.value());
  }

  synchronized int size() {
    return known.size();
  }

  /// Checks that a store holds all that is known, in its place, and beyond that only what was asked
  /// for; and learns that.
  ///
  /// @param history every event that the store still knows
  synchronized void check(Store store, List<Event> history) {
    long revision = store.revision();
    assertThat(revision).isGreaterThanOrEqualTo(known.isEmpty() ? 1 : known.lastKey());
    long next = store.history().compacted() == 0 ? 2 : store.history().compacted() + 1;
    for (Event event : history) {
      assertThat(event.revision()).isEqualTo(next++);
      KeyValue current = event.current();
      String line = line(event.key(), current == null ? null : current.value());
      assertThat(asked.contains(line)).as("asked for %s", line).isTrue();
      know(event);
    }
    assertThat(next).isEqualTo(revision + 1);
    assertThat(known).hasSize((int) revision - 1);

    known.tailMap(checked, false).values().forEach(line -> apply(line, states));
    checked = revision;
    assertThat(
            store.snapshot().list("", "", Integer.MAX_VALUE).stream()
                .map(state -> line(state.key(), state.value())))
        .containsExactlyElementsOf(states.values());
  }

  private static void apply(String line, Map<String, String> states) {
    String key = line.substring(line.startsWith("-") ? 1 : 0, line.indexOf('='));
    if (line.startsWith("-")) {
      states.remove(key);
    } else {
      states.put(key, line);
    }
  }

  private static String line(String key, byte @Nullable [] value) {
    return value == null
        ? "-" + key + "="
        : key + "=" + value.length + "#" + Arrays.hashCode(value);
  }
}
