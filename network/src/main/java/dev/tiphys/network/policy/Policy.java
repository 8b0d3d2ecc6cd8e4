package dev.tiphys.network.policy;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.selector.LabelSelector;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// A policy: for some Pods of a namespace, all that is let through.
///
/// @param subjects which Pods of the namespace it is about
/// @param permissions what it lets through in each direction that it is about; none for a direction
///   in which nothing is
record Policy(
    String namespace, LabelSelector subjects, Map<Direction, List<Permission>> permissions) {

  static Policy of(Struct object) {
    String namespace = Meta.of(object).namespace();
    Struct spec = object.struct("spec");
    Map<Direction, List<Permission>> permissions = new EnumMap<>(Direction.class);
    for (Direction direction : Direction.values()) {
      if (isAbout(spec, direction)) {
        List<Permission> all = new ArrayList<>();
        for (Struct rule : spec.structs(direction.field())) {
          Permission permission = Permission.of(rule, direction, namespace);
          if (permission != null) {
            all.add(permission);
          }
        }
        permissions.put(direction, all);
      }
    }
    return new Policy(
        namespace, LabelSelector.from(spec.struct("podSelector")), Map.copyOf(permissions));
  }

  /// One that does not say is about what comes in, and about what goes out if it has rules for it.
  private static boolean isAbout(Struct spec, Direction direction) {
    List<String> types = spec.strings("policyTypes");
    return types.isEmpty()
        ? direction == Direction.INGRESS || !spec.list("egress").isEmpty()
        : types.contains(direction.type());
  }

  boolean isAbout(Member pod) {
    return pod.namespace().equals(namespace) && subjects.matches(pod.labels());
  }
}
