package dev.tiphys.scheduler.framework;

import dev.tiphys.scheduler.cluster.NodeInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Why a Pod fits on no node, node by node.
public final class Diagnosis {

  private final Map<NodeInfo, Rejection> byNode = new LinkedHashMap<>();
  private final @Nullable Rejection refusal;

  public Diagnosis() {
    this(null);
  }

  /// @param refusal what holds for any node, if something does
  Diagnosis(@Nullable Rejection refusal) {
    this.refusal = refusal;
  }

  public void add(NodeInfo node, Rejection rejection) {
    byNode.put(node, rejection);
  }

  /// The plugins that have refused nodes.
  public Set<String> plugins() {
    Set<String> plugins = new LinkedHashSet<>();
    byNode.values().forEach(rejection -> plugins.add(rejection.plugin()));
    return plugins;
  }

  /// The nodes that could do if some Pods were taken off them.
  public List<NodeInfo> curable() {
    List<NodeInfo> curable = new ArrayList<>();
    byNode.forEach(
        (node, rejection) -> {
          if (rejection.curable()) {
            curable.add(node);
          }
        });
    return curable;
  }

  /// The reasons with the number of nodes each holds for, as upstream words them.
  ///
  /// @param nodes how many nodes there are
  public String message(int nodes) {
    String unavailable = "0/" + nodes + " nodes are available: ";
    if (refusal != null) {
      return unavailable + String.join(", ", refusal.reasons()) + ".";
    }
    Map<String, Integer> counts = new HashMap<>();
    for (Rejection rejection : byNode.values()) {
      rejection.reasons().forEach(reason -> counts.merge(reason, 1, Integer::sum));
    }
    List<String> parts = new ArrayList<>();
    counts.forEach((reason, count) -> parts.add(count + " " + reason));
    parts.sort(null);
    return unavailable + String.join(", ", parts) + ".";
  }
}
