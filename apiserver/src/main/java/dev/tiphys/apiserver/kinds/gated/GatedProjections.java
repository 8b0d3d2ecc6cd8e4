package dev.tiphys.apiserver.kinds.gated;

import dev.tiphys.client.features.FeatureGates;
import dev.tiphys.object.Struct;
import java.util.List;
import java.util.Map;

/// Sources of projected volumes that belong to features that are off. They are dropped, unless the
/// stored spec has one of their kind; what had them stays as a source of nothing.
final class GatedProjections {

  /// The features by the sources that need them.
  private static final Map<String, String> NEEDED =
      Map.of(
          "clusterTrustBundle", FeatureGates.CLUSTER_TRUST_BUNDLE_PROJECTION,
          "podCertificate", FeatureGates.POD_CERTIFICATE_REQUEST);

  private GatedProjections() {}

  /// @param spec of a Pod
  /// @param before the stored one; empty for a new object
  static Struct dropped(Struct spec, Struct before, FeatureGates gates) {
    List<String> off =
        NEEDED.entrySet().stream()
            .filter(needed -> !gates.isOn(needed.getValue()))
            .map(Map.Entry::getKey)
            .filter(source -> uses(spec, source) && !uses(before, source))
            .toList();
    return off.isEmpty()
        ? spec
        : spec.with(
            "volumes",
            spec.structs("volumes").stream().map(volume -> without(volume, off)).toList());
  }

  private static boolean uses(Struct spec, String source) {
    return spec.structs("volumes").stream()
        .flatMap(volume -> volume.structs("projected", "sources").stream())
        .anyMatch(each -> each.has(source));
  }

  private static Struct without(Struct volume, List<String> off) {
    return volume.has("projected", "sources")
        ? volume.withAt(
            volume.structs("projected", "sources").stream()
                .map(source -> new Drops(off).from(source, Struct.EMPTY))
                .toList(),
            "projected",
            "sources")
        : volume;
  }
}
