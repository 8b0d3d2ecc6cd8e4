package dev.tiphys.apiserver.admission.node;

import dev.tiphys.object.Struct;
import java.util.List;
import java.util.stream.Stream;

/// What Pods refer to that is kept in the API: a Pod that an agent makes may refer to nothing,
/// since what it refers to, the agent may read.
final class MirrorPods {

  static final String ANNOTATION = "kubernetes.io/config.mirror";

  private MirrorPods() {}

  /// What a Pod refers to, as messages name it; empty if to nothing.
  static String reference(Struct pod) {
    if (!pod.string("spec", "serviceAccountName").isEmpty()) {
      return "a service account";
    }
    if (refersTo(pod, "secret", "secretRef", "secretKeyRef")
        || !pod.list("spec", "imagePullSecrets").isEmpty()
        || volumes(pod).anyMatch(MirrorPods::hasSecretReference)) {
      return "secrets";
    }
    if (refersTo(pod, "configMap", "configMapRef", "configMapKeyRef")) {
      return "configmaps";
    }
    if (sources(pod).anyMatch(source -> source.has("clusterTrustBundle"))) {
      return "clustertrustbundles";
    }
    if (sources(pod).anyMatch(source -> source.has("serviceAccountToken"))) {
      return "serviceaccounts (via projected volumes)";
    }
    if (sources(pod).anyMatch(source -> source.has("podCertificate"))) {
      return "podcertificates";
    }
    if (volumes(pod)
        .anyMatch(volume -> volume.has("persistentVolumeClaim") || volume.has("ephemeral"))) {
      return "persistentvolumeclaims";
    }
    return pod.list("spec", "resourceClaims").isEmpty() ? "" : "resourceclaims";
  }

  private static boolean refersTo(Struct pod, String source, String all, String key) {
    return volumes(pod).anyMatch(volume -> volume.has(source))
        || sources(pod).anyMatch(each -> each.has(source))
        || containers(pod)
            .anyMatch(
                container ->
                    container.structs("envFrom").stream().anyMatch(each -> each.has(all))
                        || container.structs("env").stream()
                            .anyMatch(variable -> variable.has("valueFrom", key)));
  }

  /// Several kinds of volumes name the Secret with the credentials that they are reached with.
  private static boolean hasSecretReference(Struct volume) {
    return volume.names().stream()
        .map(volume::struct)
        .anyMatch(
            source ->
                source.has("secretRef")
                    || source.has("nodePublishSecretRef")
                    || !source.string("secretName").isEmpty());
  }

  private static Stream<Struct> volumes(Struct pod) {
    return pod.structs("spec", "volumes").stream();
  }

  private static Stream<Struct> sources(Struct pod) {
    return volumes(pod).flatMap(volume -> volume.structs("projected", "sources").stream());
  }

  private static Stream<Struct> containers(Struct pod) {
    return List.of("initContainers", "containers", "ephemeralContainers").stream()
        .flatMap(field -> pod.structs("spec", field).stream());
  }
}
