package dev.tiphys.node.devices;

import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.pod.PodContainer;
import dev.tiphys.object.Struct;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which claims a Pod has, and which of its containers want what of them.
final class PodClaims {
  private PodClaims() {}

  /// A claim of a Pod.
  ///
  /// @param name the claim's
  /// @param made whether it was made for the Pod, and must be its own
  /// @param uses what containers want of it
  record PodClaim(String name, boolean made, List<Use> uses) {}

  /// @param request of the claim; empty for all of them
  record Use(String container, String request) {}

  /// The claims that containers want something of.
  ///
  /// @throws DeviceFailure if one of them was not made yet
  static List<PodClaim> of(Pod pod) throws DeviceFailure {
    List<PodClaim> claims = new ArrayList<>();
    for (Struct wanted : pod.spec().structs("resourceClaims")) {
      String name = nameOf(pod, wanted);
      List<Use> uses = uses(pod, wanted.string("name"));
      if (name != null && !uses.isEmpty()) {
        claims.add(new PodClaim(name, wanted.has("resourceClaimTemplateName"), uses));
      }
    }
    Struct extended = pod.status().struct("extendedResourceClaimStatus");
    if (!extended.isEmpty()) {
      List<Use> uses =
          extended.structs("requestMappings").stream()
              .map(each -> new Use(each.string("containerName"), each.string("requestName")))
              .toList();
      claims.add(new PodClaim(extended.string("resourceClaimName"), true, uses));
    }
    return claims;
  }

  /// Null if none was needed after all.
  private static @Nullable String nameOf(Pod pod, Struct wanted) throws DeviceFailure {
    if (wanted.has("resourceClaimName")) {
      return wanted.string("resourceClaimName");
    }
    for (Struct made : pod.status().structs("resourceClaimStatuses")) {
      if (made.string("name").equals(wanted.string("name"))) {
        String name = made.string("resourceClaimName");
        return name.isEmpty() ? null : name;
      }
    }
    throw new DeviceFailure(
        "pod \"%s/%s\": pod claim %s: ResourceClaim not created yet"
            .formatted(pod.namespace(), pod.name(), wanted.string("name")));
  }

  private static List<Use> uses(Pod pod, String claim) {
    List<Use> uses = new ArrayList<>();
    for (PodContainer container : pod.allContainers()) {
      for (Struct use : container.spec().structs("resources", "claims")) {
        if (use.string("name").equals(claim)) {
          uses.add(new Use(container.name(), use.string("request")));
        }
      }
    }
    return uses;
  }
}
