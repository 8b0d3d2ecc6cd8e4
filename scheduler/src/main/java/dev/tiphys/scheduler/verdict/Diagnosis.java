package dev.tiphys.scheduler.verdict;

import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.decisions.Attempt.Refusal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Why a Pod fits on no node, node by node.
public final class Diagnosis {

  private final List<NodeInfo> nodes;
  private final List<Rejection> rejections;
  private final @Nullable Rejection refusal;
  private final Set<String> plugins = new LinkedHashSet<>();

  /// On how many nodes each is the reason.
  private final Map<Rejection, Count> counts = new LinkedHashMap<>();

  /// Thousands of nodes in a row are often refused alike.
  private @Nullable Rejection last;

  private Count ofLast = new Count();

  private static final class Count {
    private int value;
  }

  public Diagnosis() {
    this(null, 0);
  }

  /// @param refusal what holds for any node, if something does
  /// @param nodes how many there are
  public Diagnosis(@Nullable Rejection refusal, int nodes) {
    this.refusal = refusal;
    this.nodes = new ArrayList<>(nodes);
    this.rejections = new ArrayList<>(nodes);
  }

  public void add(NodeInfo node, Rejection rejection) {
    nodes.add(node);
    rejections.add(rejection);
    if (rejection != last) {
      last = rejection;
      ofLast = counts.computeIfAbsent(rejection, _ -> new Count());
      plugins.add(rejection.plugin());
    }
    ofLast.value++;
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
    int alike = 0;
    for (Map.Entry<Rejection, Count> each : counts.entrySet()) {
      alike += each.getKey().curable() == curable ? each.getValue().value : 0;
    }
    if (alike == nodes.size()) {
      return Collections.unmodifiableList(nodes);
    }
    List<NodeInfo> selected = new ArrayList<>(alike);
    for (int i = 0; i < nodes.size() && selected.size() < alike; i++) {
      if (rejections.get(i).curable() == curable) {
        selected.add(nodes.get(i));
      }
    }
    return selected;
  }

  /// What each reason is, with the nodes that it holds for.
  ///
  /// @param most how many of them are named for each reason
  public List<Refusal> refusals(int most) {
    List<Refusal> refusals = new ArrayList<>();
    counts.forEach(
        (rejection, count) -> {
          List<String> names = new ArrayList<>();
          for (int i = 0; i < nodes.size() && names.size() < most; i++) {
            if (rejections.get(i).equals(rejection)) {
              names.add(nodes.get(i).name());
            }
          }
          refusals.add(
              new Refusal(
                  rejection.plugin(),
                  rejection.reasons(),
                  rejection.curable(),
                  count.value,
                  List.copyOf(names)));
        });
    return refusals;
  }

  /// The reasons with the number of nodes each holds for, as upstream words them.
  ///
  /// @param all how many nodes there are
  public String message(int all) {
    String unavailable = "0/" + all + " nodes are available: ";
    if (refusal != null) {
      return unavailable + String.join(", ", refusal.reasons()) + ".";
    }
    Map<String, Integer> ofReasons = new HashMap<>();
    counts.forEach(
        (rejection, count) ->
            rejection
                .reasons()
                .forEach(reason -> ofReasons.merge(reason, count.value, Integer::sum)));
    List<String> parts = new ArrayList<>();
    ofReasons.forEach((reason, count) -> parts.add(count + " " + reason));
    parts.sort(null);
    return unavailable + String.join(", ", parts) + ".";
  }
}
