package dev.tiphys.apiserver.openapi;

import static java.util.Map.entry;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The defaults that upstream's description of the API states. It is silent about most of those
/// that the server fills in.
final class StatedDefaults {

  private static final String CORE = "io.k8s.api.core.v1.";

  private static final Map<String, Set<String>> STATED =
      Map.ofEntries(
          entry("io.k8s.api.autoscaling.v1.ScaleSpec", Set.of("replicas")),
          entry(
              CORE + "AzureDiskVolumeSource", Set.of("cachingMode", "fsType", "kind", "readOnly")),
          entry(CORE + "ContainerPort", Set.of("protocol")),
          entry(CORE + "FileKeySelector", Set.of("optional")),
          entry(CORE + "GRPCAction", Set.of("service")),
          entry(CORE + "ISCSIPersistentVolumeSource", Set.of("iscsiInterface")),
          entry(CORE + "ISCSIVolumeSource", Set.of("iscsiInterface")),
          entry(CORE + "RBDPersistentVolumeSource", Set.of("keyring", "pool", "user")),
          entry(CORE + "RBDVolumeSource", Set.of("keyring", "pool", "user")),
          entry(CORE + "ReplicationControllerSpec", Set.of("minReadySeconds", "replicas")),
          entry(CORE + "ScaleIOPersistentVolumeSource", Set.of("fsType", "storageMode")),
          entry(CORE + "ScaleIOVolumeSource", Set.of("fsType", "storageMode")),
          entry(CORE + "ServicePort", Set.of("protocol")),
          entry("io.k8s.api.resource.v1.DeviceToleration", Set.of("operator")),
          entry("io.k8s.api.resource.v1beta2.DeviceToleration", Set.of("operator")),
          entry("io.k8s.api.scheduling.v1alpha2.PodGroupSpec", Set.of("disruptionMode")));

  /// Stated, though an absent value stays absent.
  private static final Map<String, Object> STATED_ONLY =
      Map.of(
          "io.k8s.api.autoscaling.v1.ScaleSpec.replicas",
          0L,
          CORE + "LocalObjectReference.name",
          "",
          CORE + "ReplicationControllerSpec.minReadySeconds",
          0L);

  private StatedDefaults() {}

  /// The default that is stated for a field; null if none is.
  ///
  /// @param filledIn what an absent value becomes; null if it stays absent
  static @Nullable Object of(String type, String field, @Nullable Object filledIn) {
    Object only = STATED_ONLY.get(type + "." + field);
    if (only != null) {
      return only;
    }
    return STATED.getOrDefault(type, Set.of()).contains(field) ? filledIn : null;
  }
}
