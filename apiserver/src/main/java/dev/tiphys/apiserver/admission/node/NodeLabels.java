package dev.tiphys.apiserver.admission.node;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Which labels an agent may give its node: those of others could draw Pods to it that are not
/// meant for it.
final class NodeLabels {

  private static final Set<String> ALLOWED =
      Set.of(
          "kubernetes.io/hostname",
          "topology.kubernetes.io/zone",
          "topology.kubernetes.io/region",
          "failure-domain.beta.kubernetes.io/zone",
          "failure-domain.beta.kubernetes.io/region",
          "beta.kubernetes.io/instance-type",
          "node.kubernetes.io/instance-type",
          "kubernetes.io/os",
          "kubernetes.io/arch",
          "beta.kubernetes.io/os",
          "beta.kubernetes.io/arch");

  private static final List<String> ALLOWED_DOMAINS =
      List.of("kubelet.kubernetes.io", "node.kubernetes.io");

  private NodeLabels() {}

  /// Those that differ between two states of a node and may not, in order.
  static Set<String> forbidden(Struct node, @Nullable Struct old) {
    Struct now = Meta.of(node).labels();
    Struct before = old == null ? Struct.EMPTY : Meta.of(old).labels();
    Set<String> changed = new TreeSet<>(now.names());
    changed.addAll(before.names());
    changed.removeIf(label -> Meta.same(now.get(label), before.get(label)));
    changed.removeIf(label -> !isForbidden(label));
    return changed;
  }

  private static boolean isForbidden(String label) {
    int slash = label.indexOf('/');
    String domain = slash < 0 ? "" : label.substring(0, slash);
    boolean reserved = isIn(domain, "node-restriction.kubernetes.io");
    boolean ofKubernetes = isIn(domain, "kubernetes.io") || isIn(domain, "k8s.io");
    boolean allowed =
        ALLOWED.contains(label) || ALLOWED_DOMAINS.stream().anyMatch(each -> isIn(domain, each));
    return reserved || (ofKubernetes && !allowed);
  }

  private static boolean isIn(String domain, String wider) {
    return domain.equals(wider) || domain.endsWith("." + wider);
  }
}
