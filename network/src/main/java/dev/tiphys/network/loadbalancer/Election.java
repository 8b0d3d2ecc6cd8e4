package dev.tiphys.network.loadbalancer;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which node answers for the address of a load balancer. Pure: every node comes to the same result
/// by itself, and when a node goes, only its own addresses move.
final class Election {

  private Election() {}

  /// The name of the node that answers; null if none can.
  ///
  /// @param nodes all nodes
  /// @param slices those of the Service, which are looked at if its traffic must stay on the node
  ///   that it comes to
  static @Nullable String winner(
      String address, Struct service, Collection<Struct> nodes, List<Struct> slices) {
    boolean local = service.string("spec", "externalTrafficPolicy").equals("Local");
    Set<String> serving = local ? serving(slices) : Set.of();
    return nodes.stream()
        .filter(EligibleNodes::isEligible)
        .map(node -> Meta.of(node).name())
        .filter(node -> !local || serving.contains(node))
        .min(
            Comparator.comparingInt((String node) -> mixed(address, node))
                .thenComparing(node -> node))
        .orElse(null);
  }

  private static Set<String> serving(List<Struct> slices) {
    Set<String> nodes = new HashSet<>();
    for (Struct slice : slices) {
      for (Struct endpoint : slice.structs("endpoints")) {
        Struct conditions = endpoint.struct("conditions");
        if (!conditions.has("ready") || conditions.bool("ready")) {
          nodes.add(endpoint.string("nodeName"));
        }
      }
    }
    return nodes;
  }

  /// A number that looks as if it were chance, the same everywhere (the last step of MurmurHash3).
  private static int mixed(String address, String node) {
    int hash = (address + " " + node).hashCode();
    hash = (hash ^ hash >>> 16) * 0x85ebca6b;
    hash = (hash ^ hash >>> 13) * 0xc2b2ae35;
    return hash ^ hash >>> 16;
  }
}
