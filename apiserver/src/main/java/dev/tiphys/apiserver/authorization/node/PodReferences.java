package dev.tiphys.apiserver.authorization.node;

import dev.tiphys.object.Struct;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What a Pod refers to, and so its node needs.
final class PodReferences {

  /// Volumes that name a Secret for themselves.
  private static final List<String> WITH_SECRET =
      List.of("cephfs", "cinder", "flexVolume", "rbd", "scaleIO", "iscsi", "storageos");

  private final String namespace;
  private final String name;
  private final Set<Reference> found = new HashSet<>();

  private PodReferences(Struct pod) {
    namespace = pod.string("metadata", "namespace");
    name = pod.string("metadata", "name");
  }

  static Set<Reference> of(Struct pod) {
    PodReferences references = new PodReferences(pod);
    // a node makes these itself, and must not give itself rights by that
    if (!pod.has("metadata", "annotations", "kubernetes.io/config.mirror")) {
      references.visit(pod);
    }
    return references.found;
  }

  private void add(String resource, String named) {
    if (!named.isEmpty()) {
      found.add(new Reference(resource, namespace, named));
    }
  }

  private void visit(Struct pod) {
    Struct spec = pod.struct("spec");
    add(Reference.SERVICE_ACCOUNTS, spec.string("serviceAccountName"));
    spec.structs("imagePullSecrets").forEach(each -> add(Reference.SECRETS, each.string("name")));
    for (String containers : List.of("initContainers", "containers", "ephemeralContainers")) {
      spec.structs(containers).forEach(this::container);
    }
    spec.structs("volumes").forEach(this::volume);
    spec.structs("resourceClaims").forEach(claim -> resourceClaim(pod, claim));
    Struct extended = pod.struct("status", "extendedResourceClaimStatus");
    add(Reference.RESOURCE_CLAIMS, extended.string("resourceClaimName"));
  }

  private void container(Struct container) {
    for (Struct from : container.structs("envFrom")) {
      add(Reference.SECRETS, from.string("secretRef", "name"));
      add(Reference.CONFIG_MAPS, from.string("configMapRef", "name"));
    }
    for (Struct variable : container.structs("env")) {
      add(Reference.SECRETS, variable.string("valueFrom", "secretKeyRef", "name"));
      add(Reference.CONFIG_MAPS, variable.string("valueFrom", "configMapKeyRef", "name"));
    }
  }

  private void volume(Struct volume) {
    add(Reference.SECRETS, volume.string("secret", "secretName"));
    add(Reference.SECRETS, volume.string("azureFile", "secretName"));
    add(Reference.SECRETS, volume.string("csi", "nodePublishSecretRef", "name"));
    for (String source : WITH_SECRET) {
      add(Reference.SECRETS, volume.string(source, "secretRef", "name"));
    }
    add(Reference.CONFIG_MAPS, volume.string("configMap", "name"));
    for (Struct source : volume.structs("projected", "sources")) {
      add(Reference.SECRETS, source.string("secret", "name"));
      add(Reference.CONFIG_MAPS, source.string("configMap", "name"));
    }
    add(Reference.CLAIMS, volume.string("persistentVolumeClaim", "claimName"));
    if (volume.has("ephemeral")) {
      add(Reference.CLAIMS, name + "-" + volume.string("name"));
    }
  }

  private void resourceClaim(Struct pod, Struct claim) {
    add(Reference.RESOURCE_CLAIMS, claim.string("resourceClaimName"));
    if (claim.has("resourceClaimTemplateName")) {
      for (Struct status : pod.structs("status", "resourceClaimStatuses")) {
        if (status.string("name").equals(claim.string("name"))) {
          add(Reference.RESOURCE_CLAIMS, status.string("resourceClaimName"));
        }
      }
    }
  }
}
