package dev.tiphys.node.eviction;

import dev.tiphys.node.settings.EvictionThresholds;
import dev.tiphys.node.volumes.usage.VolumeUsage.Amount;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Of what a node may have too little, in the order in which something is done about it.
enum Signal {
  MEMORY("memory.available", "memory", "MemoryPressure", Vitals::memory),
  POD_DISK(
      "nodefs.available", "ephemeral-storage", "DiskPressure", vitals -> vitals.pods().bytes()),
  POD_INODES("nodefs.inodesFree", "inodes", "DiskPressure", vitals -> vitals.pods().inodes()),
  IMAGE_DISK(
      "imagefs.available", "ephemeral-storage", "DiskPressure", vitals -> vitals.images().bytes()),
  IMAGE_INODES("imagefs.inodesFree", "inodes", "DiskPressure", vitals -> vitals.images().inodes());

  private final String id;
  private final String resource;
  private final String condition;
  private final Function<Vitals, @Nullable Amount> part;

  /// @param id as thresholds name it
  Signal(String id, String resource, String condition, Function<Vitals, @Nullable Amount> part) {
    this.id = id;
    this.resource = resource;
    this.condition = condition;
    this.part = part;
  }

  /// What thresholds and metrics call it.
  String id() {
    return id;
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
  static List<Met> met(Vitals vitals, EvictionThresholds thresholds) {
    List<Met> met = new ArrayList<>();
    for (Signal signal : values()) {
      Amount amount = signal.part.apply(vitals);
      if (amount != null && amount.total() > 0) {
        long threshold = thresholds.least(signal.id, amount.total());
        if (amount.available() < threshold) {
          met.add(new Met(signal, threshold, amount.available()));
        }
      }
    }
    return met;
  }
}
