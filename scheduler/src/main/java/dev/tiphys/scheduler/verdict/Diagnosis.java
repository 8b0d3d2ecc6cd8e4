package dev.tiphys.scheduler.verdict;

import dev.tiphys.scheduler.cluster.NodeInfo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Why a Pod fits on no node, node by node.
public final class Diagnosis {

  private final List<NodeInfo> nodes = new ArrayList<>();
  private final List<Rejection> rejections = new ArrayList<>();
  private final @Nullable Rejection refusal;
  private final Set<String> plugins = new LinkedHashSet<>();

  /// Thousands of nodes in a row are often refused by the same one.
  private String lastPlugin = "";

  public Diagnosis() {
    this(null);
  }

  /// @param refusal what holds for any node, if something does
  public Diagnosis(@Nullable Rejection refusal) {
    this.refusal = refusal;
  }

  public void add(NodeInfo node, Rejection rejection) {
    nodes.add(node);
    rejections.add(rejection);
    if (!rejection.plugin().equals(lastPlugin)) {
      lastPlugin = rejection.plugin();
      plugins.add(lastPlugin);
    }
  }

  /// Takes note that a plugin is among those that have refused nodes.
  public void add(String plugin) {
    plugins.add(plugin);
  }

  /// The plugins that have refused nodes.
  public Set<String> plugins() {
    return Collections.unmodifiableSet(plugins);
  }

  /// The nodes that could do if some Pods were taken off them.
  public List<NodeInfo> curable() {
    return select(true);
  }

  /// The nodes that could not.
  public List<NodeInfo> incurable() {
    return select(false);
  }

  /// Whether a node could not do, whichever Pods were taken off it.
  public boolean isIncurable(NodeInfo node) {
    int index = nodes.indexOf(node);
    return index >= 0 && !rejections.get(index).curable();
  }

  private List<NodeInfo> select(boolean curable) {
    List<NodeInfo> selected = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      if (rejections.get(i).curable() == curable) {
        selected.add(nodes.get(i));
      }
    }
    return selected;
  }

  /// The reasons with the number of nodes each holds for, as upstream words them.
  ///
  /// @param all how many nodes there are
  public String message(int all) {
    String unavailable = "0/" + all + " nodes are available: ";
    if (refusal != null) {
      return unavailable + String.join(", ", refusal.reasons()) + ".";
    }
    Map<String, Integer> counts = counts();
    List<String> parts = new ArrayList<>();
    counts.forEach((reason, count) -> parts.add(count + " " + reason));
    parts.sort(null);
    return unavailable + String.join(", ", parts) + ".";
  }

  /// On how many nodes each reason holds.
  private Map<String, Integer> counts() {
    Map<String, Integer> counts = new HashMap<>();
    for (int i = 0, end; i < rejections.size(); i = end) {
      List<String> reasons = rejections.get(i).reasons();
      end = i + 1;
      while (end < rejections.size() && rejections.get(end).reasons().equals(reasons)) {
        end++;
      }
      int alike = end - i;
      reasons.forEach(reason -> counts.merge(reason, alike, Integer::sum));
    }
    return counts;
  }
}
