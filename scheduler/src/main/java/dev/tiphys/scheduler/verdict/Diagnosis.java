package dev.tiphys.scheduler.verdict;

import dev.tiphys.scheduler.cluster.Cluster;
import dev.tiphys.scheduler.cluster.NodeInfo;
import dev.tiphys.scheduler.decisions.Attempt.Refusal;
import java.util.ArrayList;
import java.util.Arrays;
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

  private final Cluster cluster;
  private final Slots slots = new Slots();
  private Rejection[] rejections;
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

  public Diagnosis(Cluster cluster) {
    this(cluster, null);
  }

  /// @param refusal what holds for any node, if something does
  public Diagnosis(Cluster cluster, @Nullable Rejection refusal) {
    this.cluster = cluster;
    this.refusal = refusal;
    this.rejections = new Rejection[Math.max(16, cluster.slots())];
  }

  public void add(NodeInfo node, Rejection rejection) {
    add(node.slot(), rejection);
  }

  /// @param slot of the node
  public void add(int slot, Rejection rejection) {
    int count = slots.size();
    if (count == rejections.length) {
      rejections = Arrays.copyOf(rejections, count * 2);
    }
    rejections[count] = rejection;
    slots.add(slot);
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
  public Slots curable() {
    return select(true);
  }

  /// The nodes that could not.
  public Slots incurable() {
    return select(false);
  }

  /// Whether a node could not do, whichever Pods were taken off it.
  public boolean isIncurable(NodeInfo node) {
    for (int i = 0; i < slots.size(); i++) {
      if (slots.at(i) == node.slot()) {
        return !rejections[i].curable();
      }
    }
    return false;
  }

  private Slots select(boolean curable) {
    if (counts.keySet().stream().allMatch(rejection -> rejection.curable() == curable)) {
      return slots;
    }
    Slots selected = new Slots();
    for (int i = 0; i < slots.size(); i++) {
      if (rejections[i].curable() == curable) {
        selected.add(slots.at(i));
      }
    }
    return selected;
  }

  /// On how many nodes each is the reason.
  public List<Refusal> refusals() {
    return counts.entrySet().stream()
        .map(each -> new Refusal(each.getKey(), each.getValue().value))
        .toList();
  }

  /// Why each node will not do, by slot.
  public @Nullable Rejection[] bySlot() {
    @Nullable Rejection[] bySlot = new Rejection[cluster.slots()];
    for (int i = 0; i < slots.size(); i++) {
      bySlot[slots.at(i)] = rejections[i];
    }
    return bySlot;
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
