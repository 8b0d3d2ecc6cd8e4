package dev.tiphys.node.server;

import dev.tiphys.world.World;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Answers of the API server that are good for a while.
///
/// Threads: any.
final class Remembered<K, V> {

  private static final int MOST = 1_000;

  private final World world;
  private final Map<K, Entry<V>> entries = new ConcurrentHashMap<>();

  private record Entry<V>(V value, long until) {}

  Remembered(World world) {
    this.world = world;
  }

  @Nullable V find(K question) {
    Entry<V> entry = entries.get(question);
    return entry == null || entry.until - world.nanoTime() <= 0 ? null : entry.value;
  }

  void keep(K question, V answer, Duration span) {
    if (entries.size() >= MOST) {
      entries.clear();
    }
    entries.put(question, new Entry<>(answer, world.nanoTime() + span.toNanos()));
  }
}
