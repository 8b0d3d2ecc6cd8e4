package dev.tiphys.scheduler.cluster;

import dev.tiphys.object.Struct;
import dev.tiphys.object.selector.LabelSelector;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which other Pods a Pod wants near, or far.
///
/// @param namespaces where they live
/// @param namespaceSelector where else they may live; null for nowhere else
/// @param selector which Pods they are
/// @param topologyKey the label whose value is the same for nodes that are near
/// @param weight what the wish counts for; 0 for a demand
public record AffinityTerm(
    Set<String> namespaces,
    @Nullable LabelSelector namespaceSelector,
    LabelSelector selector,
    String topologyKey,
    long weight) {

  static List<AffinityTerm> required(Struct affinity, String namespace, Struct labels) {
    return affinity.structs("requiredDuringSchedulingIgnoredDuringExecution").stream()
        .map(term -> of(term, 0, namespace, labels))
        .toList();
  }

  static List<AffinityTerm> preferred(Struct affinity, String namespace, Struct labels) {
    return affinity.structs("preferredDuringSchedulingIgnoredDuringExecution").stream()
        .map(wish -> of(wish.struct("podAffinityTerm"), wish.integer("weight"), namespace, labels))
        .toList();
  }

  private static AffinityTerm of(Struct term, long weight, String namespace, Struct labels) {
    Set<String> named = Set.copyOf(term.strings("namespaces"));
    boolean selects = term.has("namespaceSelector");
    return new AffinityTerm(
        named.isEmpty() && !selects ? Set.of(namespace) : named,
        selects ? Selectors.read(term.struct("namespaceSelector")) : null,
        Selectors.ofPods(term, labels),
        term.string("topologyKey"),
        weight);
  }

  public boolean matches(PodTemplate pod, Cluster cluster) {
    return inReach(pod.namespace(), cluster) && selector.matches(pod.labels());
  }

  private boolean inReach(String namespace, Cluster cluster) {
    return namespaces.contains(namespace)
        || (namespaceSelector != null
            && namespaceSelector.matches(cluster.namespaceLabels(namespace)));
  }
}
