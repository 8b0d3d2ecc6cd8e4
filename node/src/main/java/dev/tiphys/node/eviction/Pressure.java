package dev.tiphys.node.eviction;

import dev.tiphys.world.World;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// Of what the node has too little, or had a short while ago: what comes and goes is not to make
/// Pods come and go.
///
/// Threads: any.
public final class Pressure {
  private static final Duration HOLDS = Duration.ofMinutes(5);

  private final World world;
  private final Map<String, Instant> last = new ConcurrentHashMap<>();
  private volatile Runnable onNews = () -> {};

  public Pressure(World world) {
    this.world = world;
  }

  /// @param news run when a condition holds that did not before
  public void listen(Runnable news) {
    onNews = news;
  }

  /// Takes note of what there is too little of now.
  void observe(Collection<Signal.Met> met) {
    List<String> before = conditions();
    met.forEach(each -> last.put(each.signal().condition(), world.now()));
    if (!before.equals(conditions())) {
      onNews.run();
    }
  }

  /// The conditions of the Node that hold: `MemoryPressure`, `DiskPressure`.
  public List<String> conditions() {
    return new TreeMap<>(last)
        .descendingMap().entrySet().stream()
            .filter(each -> each.getValue().plus(HOLDS).isAfter(world.now()))
            .map(Map.Entry::getKey)
            .toList();
  }
}
