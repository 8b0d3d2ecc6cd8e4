package dev.tiphys.apiserver.authorization.node;

import dev.tiphys.object.Struct;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The Secrets that a node needs to mount a PersistentVolume.
final class VolumeReferences {

  /// Sources whose Secret is in the namespace of the claim, unless they name another.
  private static final List<String> NEAR_CLAIM =
      List.of("cephfs", "flexVolume", "rbd", "scaleIO", "iscsi");

  private static final List<String> ELSEWHERE = List.of("cinder", "storageos");

  private static final List<String> OF_CSI =
      List.of("nodePublishSecretRef", "nodeStageSecretRef", "nodeExpandSecretRef");

  private VolumeReferences() {}

  static Set<Reference> of(Struct volume) {
    Struct spec = volume.struct("spec");
    String near = spec.string("claimRef", "namespace");
    Set<Reference> found = new HashSet<>();
    Struct azure = spec.struct("azureFile");
    add(found, orElse(azure.string("secretNamespace"), near), azure.string("secretName"));
    for (String source : NEAR_CLAIM) {
      Struct secret = spec.struct(source, "secretRef");
      add(found, orElse(secret.string("namespace"), near), secret.string("name"));
    }
    for (String source : ELSEWHERE) {
      add(found, spec.struct(source, "secretRef"));
    }
    for (String reference : OF_CSI) {
      add(found, spec.struct("csi", reference));
    }
    return found;
  }

  private static String orElse(String namespace, String other) {
    return namespace.isEmpty() ? other : namespace;
  }

  private static void add(Set<Reference> found, Struct secret) {
    add(found, secret.string("namespace"), secret.string("name"));
  }

  private static void add(Set<Reference> found, String namespace, String name) {
    if (!name.isEmpty()) {
      found.add(new Reference(Reference.SECRETS, namespace, name));
    }
  }
}
