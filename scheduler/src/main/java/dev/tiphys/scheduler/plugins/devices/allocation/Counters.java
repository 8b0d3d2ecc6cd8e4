package dev.tiphys.scheduler.plugins.devices.allocation;

import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import java.util.HashMap;
import java.util.Map;

/// What is left of the counters of a pool, which its devices consume.
///
/// Threads: one.
final class Counters {

  private final Map<String, Map<String, Quantity>> free = new HashMap<>();

  /// @param usage the devices that consume counters already
  Counters(Pool pool, Usage usage) {
    pool.counters().forEach((set, counters) -> free.put(set, new HashMap<>(counters)));
    for (Device device : pool.devices()) {
      if (usage.isTaken(device.id()) || usage.isShared(device.id())) {
        add(device, false);
      }
    }
  }

  /// Takes what a device consumes, if there is as much.
  boolean take(Device device) {
    add(device, false);
    for (Struct consumed : device.consumedCounters()) {
      Map<String, Quantity> set = free.getOrDefault(consumed.string("counterSet"), Map.of());
      if (consumed.struct("counters").names().stream()
          .anyMatch(name -> set.getOrDefault(name, Quantity.ZERO).isNegative())) {
        give(device);
        return false;
      }
    }
    return true;
  }

  /// Gives back what a device has consumed.
  void give(Device device) {
    add(device, true);
  }

  private void add(Device device, boolean back) {
    for (Struct consumed : device.consumedCounters()) {
      Map<String, Quantity> set =
          free.computeIfAbsent(consumed.string("counterSet"), _ -> new HashMap<>());
      Pool.amounts(consumed.struct("counters"))
          .forEach(
              (name, amount) -> {
                Quantity known = set.getOrDefault(name, Quantity.ZERO);
                set.put(name, back ? known.plus(amount) : known.minus(amount));
              });
    }
  }
}
