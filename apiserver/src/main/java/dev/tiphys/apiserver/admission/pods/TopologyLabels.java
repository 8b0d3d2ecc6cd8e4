package dev.tiphys.apiserver.admission.pods;

import dev.tiphys.apiserver.admission.Admission;
import dev.tiphys.apiserver.admission.Lookup;
import dev.tiphys.object.Struct;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Pods are told where in the world they run: they take the labels for zone and region from their
/// node, whatever theirs said before. Upstream's plugin PodTopologyLabels.
public final class TopologyLabels implements Admission {

  private static final List<String> LABELS =
      List.of("topology.kubernetes.io/zone", "topology.kubernetes.io/region");

  private final Lookup lookup;

  public TopologyLabels(Lookup lookup) {
    this.lookup = lookup;
  }

  /// A Pod that its maker has already put on a node.
  @Override
  public Struct mutate(Request request, Struct pod, @Nullable Struct old) {
    String node = pod.string("spec", "nodeName");
    boolean placed =
        request.isOn("", "pods") && request.operation() == Operation.CREATE && !node.isEmpty();
    return placed ? labelled(pod, node) : pod;
  }

  /// The Pod with the labels of a node; as it is if there is no such node.
  public Struct labelled(Struct pod, String node) {
    Struct found = lookup.find("", "nodes", "", node);
    if (found == null) {
      return pod;
    }
    Struct next = pod;
    for (String label : LABELS) {
      String value = found.string("metadata", "labels", label);
      if (!value.isEmpty()) {
        next = next.withAt(value, "metadata", "labels", label);
      }
    }
    return next;
  }
}
