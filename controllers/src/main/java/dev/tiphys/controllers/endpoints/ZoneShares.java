package dev.tiphys.controllers.endpoints;

import dev.tiphys.client.Informer;
import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Which share of the cluster's processors each zone has, by its ready nodes. Nodes that are of the
/// control plane do not count.
///
/// Cost: a look at all nodes, once after some of them changed.
///
/// Threads: any.
final class ZoneShares {
  private static final String ZONE = "topology.kubernetes.io/zone";
  private static final String CONTROL_PLANE = "node-role.kubernetes.io/control-plane";
  private static final String MASTER = "node-role.kubernetes.io/master";

  private final Informer nodes;
  private volatile @Nullable Map<String, Double> shares;

  /// @param changed is told the revision of a node by which shares may have changed
  ZoneShares(Informer nodes, LongConsumer changed) {
    this.nodes = nodes;
    nodes.listen(
        new Informer.Listener() {
          @Override
          public void added(Struct node) {
            forget(node);
          }

          @Override
          public void updated(Struct before, Struct now) {
            if (!of(before).equals(of(now))) {
              forget(now);
            }
          }

          @Override
          public void deleted(Struct last) {
            forget(last);
          }

          private void forget(Struct node) {
            shares = null;
            changed.accept(Meta.of(node).revision());
          }
        });
  }

  /// What a node adds.
  private record Part(boolean counts, String zone, Quantity processors) {}

  private static Part of(Struct node) {
    Struct labels = Meta.of(node).labels();
    return new Part(
        Meta.isTrue(node, "Ready") && !labels.has(CONTROL_PLANE) && !labels.has(MASTER),
        Meta.of(node).label(ZONE),
        Quantity.from(node.struct("status", "allocatable").get("cpu")));
  }

  /// The shares; none unless there are two zones, and a node that is in none or has no processors
  /// makes it impossible to tell.
  Map<String, Double> all() {
    Map<String, Double> known = shares;
    if (known == null) {
      known = compute();
      shares = known;
    }
    return known;
  }

  private Map<String, Double> compute() {
    Map<String, Double> byZone = new HashMap<>();
    double sum = 0;
    for (Struct node : nodes.list()) {
      Part part = of(node);
      double milli = part.processors().milli();
      if (part.counts() && (part.zone().isEmpty() || milli == 0)) {
        return Map.of();
      }
      if (part.counts()) {
        byZone.merge(part.zone(), milli, Double::sum);
        sum += milli;
      }
    }
    if (byZone.size() < 2) {
      return Map.of();
    }
    double whole = sum;
    byZone.replaceAll((_, milli) -> milli / whole);
    return Map.copyOf(byZone);
  }
}
