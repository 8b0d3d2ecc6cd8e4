package dev.tiphys.apiserver.admission.node;

import dev.tiphys.apiserver.admission.Lookup;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;

/// The audiences of the tokens that the volumes of a Pod need.
///
/// @param lookup where claims, volumes and drivers are found
record TokenAudiences(Lookup lookup) {

  /// Whether a Pod needs a token for an audience.
  ///
  /// @param audience empty for the API server
  boolean needs(Struct pod, String audience) {
    return pod.structs("spec", "volumes").stream()
        .anyMatch(volume -> isProjected(volume, audience) || asks(pod, volume, audience));
  }

  private static boolean isProjected(Struct volume, String audience) {
    return volume.structs("projected", "sources").stream()
        .filter(source -> source.has("serviceAccountToken"))
        .anyMatch(source -> source.string("serviceAccountToken", "audience").equals(audience));
  }

  /// Whether the driver of a volume asks for such tokens.
  private boolean asks(Struct pod, Struct volume, String audience) {
    String driver = driver(pod, volume);
    Struct found =
        driver.isEmpty() ? null : lookup.find("storage.k8s.io", "csidrivers", "", driver);
    return found != null
        && found.structs("spec", "tokenRequests").stream()
            .anyMatch(request -> request.string("audience").equals(audience));
  }

  private String driver(Struct pod, Struct volume) {
    if (volume.has("ephemeral")) {
      return driverOf(pod, Meta.of(pod).name() + "-" + volume.string("name"));
    }
    return volume.has("persistentVolumeClaim")
        ? driverOf(pod, volume.string("persistentVolumeClaim", "claimName"))
        : volume.string("csi", "driver");
  }

  private String driverOf(Struct pod, String name) {
    Struct claim = lookup.find("", "persistentvolumeclaims", Meta.of(pod).namespace(), name);
    String bound = claim == null ? "" : claim.string("spec", "volumeName");
    Struct volume = bound.isEmpty() ? null : lookup.find("", "persistentvolumes", "", bound);
    return volume == null ? "" : volume.string("spec", "csi", "driver");
  }
}
