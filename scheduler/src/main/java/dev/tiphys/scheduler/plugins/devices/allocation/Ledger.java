package dev.tiphys.scheduler.plugins.devices.allocation;

import dev.tiphys.object.Quantity;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is in use, with what an attempt takes beside it.
///
/// Threads: one.
final class Ledger {

  private final Usage usage;

  /// The claims of the attempt that have a device, by their places.
  private final Map<DeviceId, Set<Integer>> taken = new HashMap<>();

  /// How many shares of a device the attempt has, and what they come to.
  private final Map<DeviceId, Integer> shares = new HashMap<>();

  private final Map<DeviceId, Map<String, Quantity>> amounts = new HashMap<>();
  private final Map<PoolId, Counters> counters = new HashMap<>();

  Ledger(Usage usage) {
    this.usage = usage;
  }

  /// What a request would take of a device's capacities; null if there is not as much left.
  @Nullable Map<String, Quantity> affordable(DeviceRequest request, Device device) {
    Map<String, Quantity> wanted = Capacities.wanted(request.capacity(), device.capacity());
    if (wanted == null || !device.isShared()) {
      return wanted;
    }
    Map<String, Quantity> before = usage.amounts(device.id());
    Map<String, Quantity> now = amounts.getOrDefault(device.id(), Map.of());
    for (var each : wanted.entrySet()) {
      String name = each.getKey();
      Quantity sum =
          each.getValue()
              .plus(before.getOrDefault(name, Quantity.ZERO))
              .plus(now.getOrDefault(name, Quantity.ZERO));
      if (sum.compareTo(Quantity.from(device.capacity().get(name, "value"))) > 0) {
        return null;
      }
    }
    return wanted;
  }

  /// Whether a request of a claim may have a device, as far as others use it.
  boolean isFree(DeviceRequest request, int claim, DeviceId device) {
    Set<Integer> own = taken.getOrDefault(device, Set.of());
    return request.adminAccess() ? !own.contains(claim) : own.isEmpty() && !usage.isTaken(device);
  }

  /// Whether no claim has the device or a share of it.
  boolean isUntouched(DeviceId device) {
    return taken.getOrDefault(device, Set.of()).isEmpty()
        && !shares.containsKey(device)
        && !usage.isTaken(device)
        && !usage.isShared(device);
  }

  /// Takes a device, or a share of it. Returns false if its pool has too little left of what it
  /// consumes.
  ///
  /// @param wanted of its capacities
  boolean take(int claim, Pool pool, Device device, Map<String, Quantity> wanted) {
    DeviceId id = device.id();
    if (consumes(device) && !counters(pool).take(device)) {
      return false;
    }
    if (device.isShared()) {
      shares.merge(id, 1, Integer::sum);
      Map<String, Quantity> sum = amounts.computeIfAbsent(id, _ -> new HashMap<>());
      wanted.forEach((name, amount) -> sum.merge(name, amount, Quantity::plus));
    } else {
      taken.computeIfAbsent(id, _ -> new HashSet<>()).add(claim);
    }
    return true;
  }

  /// Takes back what was taken last.
  void give(int claim, Pool pool, Device device, Map<String, Quantity> wanted) {
    DeviceId id = device.id();
    if (device.isShared()) {
      shares.computeIfPresent(id, (_, count) -> count == 1 ? null : count - 1);
      Map<String, Quantity> sum = amounts.getOrDefault(id, Map.of());
      wanted.forEach((name, amount) -> sum.merge(name, amount, Quantity::minus));
    } else {
      taken.getOrDefault(id, Set.of()).remove(claim);
    }
    if (consumes(device)) {
      counters(pool).give(device);
    }
  }

  /// Whether a device would consume counters: only the first share of one does.
  private boolean consumes(Device device) {
    boolean inUse = usage.isShared(device.id()) || shares.containsKey(device.id());
    return !device.consumedCounters().isEmpty() && !(device.isShared() && inUse);
  }

  private Counters counters(Pool pool) {
    return counters.computeIfAbsent(pool.id(), _ -> new Counters(pool, usage));
  }
}
