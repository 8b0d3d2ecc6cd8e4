package dev.tiphys.scheduler.plugins.devices;

import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import dev.tiphys.scheduler.cluster.PodInfo;
import java.util.ArrayList;
import java.util.List;

/// The claims to devices that Pods use.
///
/// Threads: the scheduling task.
final class DeviceClaims {

  private final Devices devices;

  DeviceClaims(Devices devices) {
    this.devices = devices;
  }

  /// What became of the claims of a Pod.
  ///
  /// @param problem why the Pod can't be tried; empty if it can
  record Found(List<Struct> claims, String problem) {}

  static boolean areUsedBy(PodInfo pod) {
    return !pod.object().list("spec", "resourceClaims").isEmpty();
  }

  static boolean isReservedFor(Struct claim, PodInfo pod) {
    return claim.structs("status", "reservedFor").stream()
        .anyMatch(user -> user.string("uid").equals(pod.uid()));
  }

  Found of(PodInfo pod) {
    List<Struct> found = new ArrayList<>();
    for (Struct use : pod.object().structs("spec", "resourceClaims")) {
      String name = use.string("resourceClaimName");
      boolean own = name.isEmpty();
      if (own) {
        Struct generated = generated(pod, use.string("name"));
        if (generated.isEmpty()) {
          return problem("pod \"" + pod.key() + "\": ResourceClaim not created yet");
        }
        name = generated.string("resourceClaimName");
        if (name.isEmpty()) {
          continue; // It was found that no claim is needed.
        }
      }
      Struct claim = devices.claim(new ObjectKey(pod.key().namespace(), name));
      if (claim == null) {
        return problem("resourceclaim.resource.k8s.io \"" + name + "\" not found");
      }
      if (Meta.of(claim).isBeingDeleted()) {
        return problem("resourceclaim \"" + name + "\" is being deleted");
      }
      if (own && !Meta.of(claim).isControlledBy(pod.uid())) {
        return problem(
            "ResourceClaim %s was not created for pod %s (pod is not owner)"
                .formatted(ObjectKey.of(claim), pod.key()));
      }
      found.add(claim);
    }
    return new Found(found, "");
  }

  private static Found problem(String text) {
    return new Found(List.of(), text);
  }

  /// What the controller of claims has noted of one that it was to make; empty if it has not.
  private static Struct generated(PodInfo pod, String use) {
    return pod.object().structs("status", "resourceClaimStatuses").stream()
        .filter(each -> each.string("name").equals(use))
        .findFirst()
        .orElse(Struct.EMPTY);
  }
}
