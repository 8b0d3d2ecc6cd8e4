package dev.tiphys.controllers.devicetaints;

import dev.tiphys.client.Informer;
import dev.tiphys.client.ObjectIndex;
import dev.tiphys.client.placement.TaintRules;
import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The devices that drivers have published in ResourceSlices.
///
/// Threads: any.
final class Devices {

  private final ObjectIndex slicesByPool;

  private final @Nullable Informer rules;

  /// @param slices the informer about ResourceSlices
  /// @param rules the informer about DeviceTaintRules; null if there are none
  Devices(Informer slices, @Nullable Informer rules) {
    this.rules = rules;
    this.slicesByPool = slices.index(slice -> List.of(poolOf(slice)));
  }

  /// The name of a device in the whole cluster.
  static String name(String driver, String pool, String device) {
    return driver + "/" + pool + "/" + device;
  }

  /// The names of a slice's devices that have taints which evict.
  static List<String> tainted(Struct slice) {
    return slice.structs("spec", "devices").stream()
        .filter(device -> !DeviceTaints.evicting(device).isEmpty())
        .map(device -> poolOf(slice) + "/" + device.string("name"))
        .toList();
  }

  private static String poolOf(Struct slice) {
    return slice.string("spec", "driver") + "/" + slice.string("spec", "pool", "name");
  }

  /// The taints that evict from a device: those that the newest generation of its pool has, and
  /// those of rules.
  List<Struct> evictingTaints(String driver, String pool, String name) {
    List<Struct> published = publishedTaints(driver, pool, name);
    if (rules == null) {
      return published;
    }
    List<Struct> all = new ArrayList<>(published);
    TaintRules.taints(rules.list(), driver, pool, name).stream()
        .filter(DeviceTaints::evicts)
        .forEach(all::add);
    return all;
  }

  private List<Struct> publishedTaints(String driver, String pool, String name) {
    long newest = Long.MIN_VALUE;
    List<Struct> taints = List.of();
    for (Struct slice : slicesByPool.with(driver + "/" + pool)) {
      long generation = slice.integer("spec", "pool", "generation");
      if (generation > newest) {
        newest = generation;
        taints = List.of();
      }
      if (generation == newest) {
        for (Struct device : slice.structs("spec", "devices")) {
          if (device.string("name").equals(name)) {
            taints = DeviceTaints.evicting(device);
          }
        }
      }
    }
    return taints;
  }
}
