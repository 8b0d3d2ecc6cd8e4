package dev.tiphys.scheduler.plugins.devices.allocation;

import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A pool of devices in its newest generation.
///
/// Threads: one.
final class Pool {

  private final PoolId id;
  private final List<Slice> slices;
  private final List<Device> devices;
  private final boolean complete;
  private final boolean valid;
  private final boolean binding;

  /// What can be consumed in all, by counter set and counter.
  private final Map<String, Map<String, Quantity>> counters = new HashMap<>();

  /// @param all the slices of the pool, of any generation; at least one
  Pool(PoolId id, List<Slice> all) {
    this.id = id;
    long newest = all.stream().mapToLong(Slice::generation).max().orElse(0);
    this.slices =
        all.stream()
            .filter(slice -> slice.generation() == newest)
            .sorted(Comparator.comparing(Slice::name))
            .toList();
    this.complete = slices.size() == slices.getFirst().count();
    this.devices = slices.stream().flatMap(slice -> slice.devices().stream()).toList();
    this.binding = devices.stream().anyMatch(device -> !device.bindingConditions().isEmpty());
    this.valid = countersAreUnique() && devicesAreUnique() && consumedCountersExist();
  }

  private boolean countersAreUnique() {
    boolean unique = true;
    for (Slice slice : slices) {
      for (Struct set : slice.counterSets()) {
        unique &= counters.put(set.string("name"), amounts(set.struct("counters"))) == null;
      }
    }
    return unique;
  }

  private boolean devicesAreUnique() {
    Set<DeviceId> seen = new HashSet<>();
    return devices.stream().allMatch(device -> seen.add(device.id()));
  }

  private boolean consumedCountersExist() {
    for (Device device : devices) {
      for (Struct consumed : device.consumedCounters()) {
        Map<String, Quantity> set = counters.get(consumed.string("counterSet"));
        if (set == null || !set.keySet().containsAll(consumed.struct("counters").names())) {
          return !complete; // A slice that is to come may have it.
        }
      }
    }
    return true;
  }

  /// @param counters Counters, by their names
  static Map<String, Quantity> amounts(Struct counters) {
    Map<String, Quantity> amounts = new HashMap<>();
    for (String name : counters.names()) {
      amounts.put(name, Quantity.from(counters.get(name, "value")));
    }
    return amounts;
  }

  PoolId id() {
    return id;
  }

  /// Whether all its slices are known.
  boolean isComplete() {
    return complete;
  }

  /// Whether no two devices have one name, and all that they consume exists.
  boolean isValid() {
    return valid;
  }

  /// Whether some of its devices must be made ready for a node first.
  boolean isBinding() {
    return binding;
  }

  /// All its devices, wherever they are.
  List<Device> devices() {
    return devices;
  }

  Map<String, Map<String, Quantity>> counters() {
    return counters;
  }

  /// Whether a node may get devices of it.
  boolean reaches(Site site) {
    return slices.stream().anyMatch(slice -> slice.reaches(site));
  }

  /// The devices that a node may get.
  List<Device> devicesOn(Site site) {
    List<Device> near = new ArrayList<>();
    for (Device device : devices) {
      if (device.reach().includes(site)) {
        near.add(device);
      }
    }
    return near;
  }
}
