package dev.tiphys.controllers.nodelifecycle;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// How fast the Pods of lost nodes are evicted: one node in ten seconds for each zone, and slower
/// or not at all where so many nodes are lost that the fault is more likely in between.
///
/// Cost of a look: a few steps for each node.
///
/// Threads: one.
final class Zones {

  private static final double NORMAL_RATE = 0.1;
  private static final double REDUCED_RATE = 0.01;

  /// A node with this label says nothing about its zone.
  private static final String EXCLUDED = "node.kubernetes.io/exclude-disruption";

  private static final int LARGE = 50;
  private static final int FEW = 2;
  private static final double MANY = 0.55;

  private final Map<String, Zone> zones = new HashMap<>();

  /// A zone's nodes in one look, and how many of them may be evicted from yet.
  private static final class Zone {
    int nodes;
    int ready; // of those that say something about the zone
    int lost;
    double allowance = 1;

    /// From how many nodes Pods may be evicted in a second.
    double rate() {
      int all = ready + lost;
      boolean partly = ready > 0 && lost > FEW && lost >= MANY * all;
      if (partly) {
        return all > LARGE ? REDUCED_RATE : 0;
      }
      return NORMAL_RATE;
    }
  }

  /// What a look found.
  ///
  /// @param allLost whether no node is ready at all: then it is most likely this process that is
  ///   cut off
  /// @param evictable the nodes whose Pods may be evicted now
  record Verdict(boolean allLost, List<Struct> evictable) {
    Verdict {
      evictable = List.copyOf(evictable);
    }
  }

  /// Looks at all nodes.
  ///
  /// @param passed how long ago the last look was
  Verdict look(List<Struct> nodes, Duration passed) {
    zones.values().forEach(zone -> zone.nodes = zone.ready = zone.lost = 0);
    for (Struct node : nodes) {
      Zone zone = zones.computeIfAbsent(keyOf(node), _ -> new Zone());
      zone.nodes++;
      if (Meta.of(node).labels().has(EXCLUDED)) {
        continue;
      }
      if (NodeConditions.isReady(node)) {
        zone.ready++;
      } else {
        zone.lost++;
      }
    }
    zones.values().removeIf(zone -> zone.nodes == 0);
    boolean someReady = zones.values().stream().anyMatch(zone -> zone.ready > 0);
    boolean someLost = zones.values().stream().anyMatch(zone -> zone.lost > 0);
    boolean allLost = someLost && !someReady;
    return new Verdict(allLost, allLost ? List.of() : evictable(nodes, passed));
  }

  private List<Struct> evictable(List<Struct> nodes, Duration passed) {
    for (Zone zone : zones.values()) {
      double grown = zone.allowance + zone.rate() * passed.toMillis() / 1000;
      zone.allowance = Math.min(1, grown);
    }
    List<Struct> evictable = new ArrayList<>();
    for (Struct node : nodes) {
      String key = NodeTaints.evictionKey(node);
      if (key.isEmpty()
          || NodeTaints.has(node.structs("spec", "taints"), key, NodeTaints.NO_EXECUTE)) {
        continue;
      }
      Zone zone = zones.get(keyOf(node));
      if (zone != null && zone.allowance >= 1 && zone.rate() > 0) {
        zone.allowance -= 1;
        evictable.add(node);
      }
    }
    return evictable;
  }

  /// What metrics call the zone of a node, as upstream does; empty if that is in none.
  static String nameOf(Struct node) {
    String key = keyOf(node);
    return key.equals("/") ? "" : key.replace("/", ":\0:");
  }

  private static String keyOf(Struct node) {
    Meta meta = Meta.of(node);
    return meta.label("topology.kubernetes.io/region")
        + "/"
        + meta.label("topology.kubernetes.io/zone");
  }
}
