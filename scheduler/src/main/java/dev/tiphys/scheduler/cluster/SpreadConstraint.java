package dev.tiphys.scheduler.cluster;

import dev.tiphys.object.Struct;
import dev.tiphys.object.selector.LabelSelector;
import java.util.List;

/// How evenly Pods are to be spread over the values of a label of nodes.
///
/// @param required whether nodes that would make it worse are refused, or only less liked
/// @param minDomains with fewer values than this, the least crowded one counts as empty
/// @param honorsAffinity whether only nodes count that the Pod's node affinity allows
/// @param honorsTaints whether only nodes count whose taints the Pod tolerates
public record SpreadConstraint(
    long maxSkew,
    String topologyKey,
    boolean required,
    LabelSelector selector,
    long minDomains,
    boolean honorsAffinity,
    boolean honorsTaints) {

  private static final String HOST = "kubernetes.io/hostname";
  private static final String ZONE = "topology.kubernetes.io/zone";

  static List<SpreadConstraint> of(Struct spec, Struct labels) {
    return spec.structs("topologySpreadConstraints").stream()
        .map(constraint -> of(constraint, Selectors.ofPods(constraint, labels)))
        .toList();
  }

  /// What a constraint says, but for the Pods that it is about.
  public static SpreadConstraint of(Struct constraint, LabelSelector selector) {
    return new SpreadConstraint(
        constraint.integer("maxSkew"),
        constraint.string("topologyKey"),
        !constraint.string("whenUnsatisfiable").equals("ScheduleAnyway"),
        selector,
        Math.max(1, constraint.integer("minDomains")),
        !constraint.string("nodeAffinityPolicy").equals("Ignore"),
        constraint.string("nodeTaintsPolicy").equals("Honor"));
  }

  /// How Pods of one owner are spread that say nothing about it, unless a configuration does.
  public static List<SpreadConstraint> systemDefaults() {
    LabelSelector none = LabelSelector.NOTHING;
    return List.of(
        new SpreadConstraint(3, HOST, false, none, 1, true, false),
        new SpreadConstraint(5, ZONE, false, none, 1, true, false));
  }

  /// This constraint, about other Pods.
  public SpreadConstraint about(LabelSelector pods) {
    return new SpreadConstraint(
        maxSkew, topologyKey, required, pods, minDomains, honorsAffinity, honorsTaints);
  }

  /// Whether each node is a value of its own.
  public boolean byHost() {
    return topologyKey.equals(HOST);
  }
}
