package dev.tiphys.controllers.resourceclaims;

import dev.tiphys.controllers.common.Pods;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import dev.tiphys.object.api.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which ResourceClaims a Pod uses, and for how long. Pure.
final class PodClaims {

  private PodClaims() {}

  /// What is known of the claim that an entry of `spec.resourceClaims` stands for.
  sealed interface Named {

    /// A claim that is to be made yet.
    record Unnamed() implements Named {}

    /// It was found that none is needed.
    record Unneeded() implements Named {}

    /// @param generated whether it must be the Pod's own
    record Of(String claim, boolean generated) implements Named {}
  }

  static Named named(Struct pod, Struct entry) {
    if (entry.has("resourceClaimName")) {
      return new Named.Of(entry.string("resourceClaimName"), false);
    }
    for (Struct status : pod.structs("status", "resourceClaimStatuses")) {
      if (status.string("name").equals(entry.string("name"))) {
        return status.has("resourceClaimName")
            ? new Named.Of(status.string("resourceClaimName"), true)
            : new Named.Unneeded();
      }
    }
    return new Named.Unnamed();
  }

  static List<Struct> entries(Struct pod) {
    return pod.structs("spec", "resourceClaims");
  }

  /// The claims that a Pod names, as far as they have names.
  static List<ObjectKey> of(Struct pod) {
    String namespace = Meta.of(pod).namespace();
    List<ObjectKey> claims = new ArrayList<>();
    for (Struct entry : entries(pod)) {
      switch (named(pod, entry)) {
        case Named.Of(String claim, _) -> claims.add(new ObjectKey(namespace, claim));
        case Named.Unnamed(), Named.Unneeded() -> {}
      }
    }
    String extended = pod.string("status", "extendedResourceClaimStatus", "resourceClaimName");
    if (!extended.isEmpty()) {
      claims.add(new ObjectKey(namespace, extended));
    }
    return claims;
  }

  /// Whether none of a Pod's containers runs or ever will.
  static boolean isDone(Struct pod) {
    boolean neverBound = pod.string("spec", "nodeName").isEmpty();
    return Pods.isTerminal(pod) || (Meta.of(pod).isBeingDeleted() && neverBound);
  }

  /// The reference to the Pod that a claim was made for; null if it was made for none.
  static @Nullable Struct owner(Struct claim) {
    Struct owner = Meta.of(claim).controller();
    return owner != null
            && owner.string("kind").equals("Pod")
            && owner.string("apiVersion").equals("v1")
        ? owner
        : null;
  }
}
