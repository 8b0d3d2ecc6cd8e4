package dev.tiphys.node.eviction;

import dev.tiphys.node.volumes.usage.VolumeUsage.Amount;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Of what a node may have too little, in the order in which something is done about it. The
/// thresholds are upstream's.
enum Signal {
  MEMORY("memory", "MemoryPressure", Vitals::memory, 0),
  POD_DISK("ephemeral-storage", "DiskPressure", vitals -> vitals.pods().bytes(), 10),
  POD_INODES("inodes", "DiskPressure", vitals -> vitals.pods().inodes(), 5),
  IMAGE_DISK("ephemeral-storage", "DiskPressure", vitals -> vitals.images().bytes(), 15),
  IMAGE_INODES("inodes", "DiskPressure", vitals -> vitals.images().inodes(), 5);

  private static final long MEMORY_KEPT_FREE = 100 << 20;
  private static final int ALL = 100;

  private final String resource;
  private final String condition;
  private final Function<Vitals, @Nullable Amount> part;
  private final int percent;

  Signal(String resource, String condition, Function<Vitals, @Nullable Amount> part, int percent) {
    this.resource = resource;
    this.condition = condition;
    this.part = part;
    this.percent = percent;
  }

  /// What messages call it.
  String resource() {
    return resource;
  }

  /// The Node's condition that says it.
  String condition() {
    return condition;
  }

  /// Something of which there is too little.
  ///
  /// @param threshold how much there should be at least
  record Met(Signal signal, long threshold, long available) {}

  /// Of what there is too little.
  static List<Met> met(Vitals vitals) {
    List<Met> met = new ArrayList<>();
    for (Signal signal : values()) {
      Amount amount = signal.part.apply(vitals);
      if (amount != null && amount.total() > 0) {
        long threshold =
            signal == MEMORY ? MEMORY_KEPT_FREE : amount.total() / ALL * signal.percent;
        if (amount.available() < threshold) {
          met.add(new Met(signal, threshold, amount.available()));
        }
      }
    }
    return met;
  }
}
