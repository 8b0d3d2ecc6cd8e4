package dev.tiphys.controllers.tokens;

import dev.tiphys.object.Struct;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The names of the Secrets that a Pod refers to.
final class PodSecrets {

  /// Kinds of volumes with a field `secretRef`.
  private static final List<String> REFERRING =
      List.of("cephfs", "flexVolume", "iscsi", "rbd", "scaleIO", "storageos");

  private final Set<String> found = new HashSet<>();

  private PodSecrets() {}

  static Set<String> of(Struct pod) {
    PodSecrets secrets = new PodSecrets();
    secrets.visit(pod.struct("spec"));
    secrets.found.remove("");
    return secrets.found;
  }

  private void visit(Struct spec) {
    spec.structs("imagePullSecrets").forEach(each -> found.add(each.string("name")));
    for (String containers : List.of("initContainers", "containers", "ephemeralContainers")) {
      for (Struct container : spec.structs(containers)) {
        container.structs("envFrom").forEach(e -> found.add(e.string("secretRef", "name")));
        container
            .structs("env")
            .forEach(e -> found.add(e.string("valueFrom", "secretKeyRef", "name")));
      }
    }
    spec.structs("volumes").forEach(this::volume);
  }

  private void volume(Struct volume) {
    found.add(volume.string("secret", "secretName"));
    found.add(volume.string("azureFile", "secretName"));
    found.add(volume.string("csi", "nodePublishSecretRef", "name"));
    REFERRING.forEach(kind -> found.add(volume.string(kind, "secretRef", "name")));
    volume
        .structs("projected", "sources")
        .forEach(source -> found.add(source.string("secret", "name")));
  }
}
