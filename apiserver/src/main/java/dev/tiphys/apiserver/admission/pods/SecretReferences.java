package dev.tiphys.apiserver.admission.pods;

import dev.tiphys.object.Struct;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// The Secrets that a Pod refers to, where its service account limits them to those that the
/// account lists itself.
final class SecretReferences {

  private SecretReferences() {}

  /// Whether a Pod refers to any.
  static boolean in(Struct pod) {
    return !pod.list("spec", "imagePullSecrets").isEmpty()
        || pod.structs("spec", "volumes").stream().anyMatch(SecretReferences::isVolume)
        || List.of("initContainers", "containers", "ephemeralContainers").stream()
            .flatMap(field -> pod.structs("spec", field).stream())
            .anyMatch(SecretReferences::isContainer);
  }

  private static boolean isVolume(Struct volume) {
    return volume.has("secret")
        || volume.structs("projected", "sources").stream().anyMatch(each -> each.has("secret"))
        || volume.names().stream().anyMatch(source -> volume.struct(source).has("secretRef"));
  }

  private static boolean isContainer(Struct container) {
    return container.structs("env").stream()
            .anyMatch(variable -> variable.has("valueFrom", "secretKeyRef"))
        || container.structs("envFrom").stream().anyMatch(source -> source.has("secretRef"));
  }

  /// Refuses the Secrets of a new Pod that its account does not list.
  static void check(Struct pod, Struct account, Consumer<String> refuse) {
    Set<String> listed = PodServiceAccount.names(account, "secrets");
    String owner = account.string("metadata", "name");
    for (Struct volume : pod.structs("spec", "volumes")) {
      String name = volume.string("secret", "secretName");
      if (volume.has("secret") && !listed.contains(name)) {
        refuse.accept(
            "volume with secret.secretName=\"%s\" is not allowed because service account %s does not"
                    .formatted(name, owner)
                + " reference that secret");
      }
    }
    checkVariables(pod, "initContainers", "init container", listed, owner, refuse);
    checkVariables(pod, "containers", "container", listed, owner, refuse);
    Set<String> pulling = PodServiceAccount.names(account, "imagePullSecrets");
    List<Struct> wanted = pod.structs("spec", "imagePullSecrets");
    for (int i = 0; i < wanted.size(); i++) {
      String name = wanted.get(i).string("name");
      if (!pulling.contains(name)) {
        refuse.accept(
            "imagePullSecrets[%d].name=\"%s\" is not allowed because service account %s does not"
                    .formatted(i, name, owner)
                + " reference that imagePullSecret");
      }
    }
  }

  /// Refuses those of ephemeral containers.
  static void checkEphemeral(Struct pod, Struct account, Consumer<String> refuse) {
    checkVariables(
        pod,
        "ephemeralContainers",
        "ephemeral container",
        PodServiceAccount.names(account, "secrets"),
        account.string("metadata", "name"),
        refuse);
  }

  private static void checkVariables(
      Struct pod,
      String field,
      String kind,
      Set<String> listed,
      String owner,
      Consumer<String> refuse) {
    for (Struct container : pod.structs("spec", field)) {
      for (Struct variable : container.structs("env")) {
        String name = variable.string("valueFrom", "secretKeyRef", "name");
        if (variable.has("valueFrom", "secretKeyRef") && !listed.contains(name)) {
          refuse.accept(
              "%s %s with envVar %s referencing secret.secretName=\"%s\" is not allowed because"
                      .formatted(kind, container.string("name"), variable.string("name"), name)
                  + " service account "
                  + owner
                  + " does not reference that secret");
        }
      }
    }
  }
}
