package dev.tiphys.apiserver.admission.podsecurity;

import dev.tiphys.object.Struct;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Where Pods have their volumes from.
final class Volumes {

  private static final Set<String> ALLOWED =
      Set.of(
          "configMap",
          "csi",
          "downwardAPI",
          "emptyDir",
          "ephemeral",
          "persistentVolumeClaim",
          "projected",
          "secret");

  /// Those that messages name.
  private static final List<String> KNOWN =
      List.of(
          "hostPath",
          "gcePersistentDisk",
          "awsElasticBlockStore",
          "gitRepo",
          "nfs",
          "iscsi",
          "glusterfs",
          "rbd",
          "flexVolume",
          "cinder",
          "cephfs",
          "flocker",
          "fc",
          "azureFile",
          "vsphereVolume",
          "quobyte",
          "azureDisk",
          "photonPersistentDisk",
          "portworxVolume",
          "scaleIO",
          "storageos");

  private Volumes() {}

  static @Nullable Finding hostPaths(PodParts pod) {
    List<String> bad =
        pod.spec().structs("volumes").stream()
            .filter(volume -> volume.has("hostPath"))
            .map(volume -> volume.string("name"))
            .toList();
    return bad.isEmpty()
        ? null
        : new Finding(
            "hostPath volumes", PodParts.plural("volume", bad) + " " + PodParts.quoted(bad));
  }

  static @Nullable Finding restricted(PodParts pod) {
    List<Struct> forbidden =
        pod.spec().structs("volumes").stream()
            .filter(volume -> ALLOWED.stream().noneMatch(volume::has))
            .toList();
    if (forbidden.isEmpty()) {
      return null;
    }
    List<String> names = forbidden.stream().map(volume -> volume.string("name")).toList();
    Set<String> types = new TreeSet<>();
    for (Struct volume : forbidden) {
      types.add(KNOWN.stream().filter(volume::has).findFirst().orElse("unknown"));
    }
    return new Finding(
        "restricted volume types",
        "%s %s %s %s %s"
            .formatted(
                PodParts.plural("volume", names),
                PodParts.quoted(names),
                PodParts.use(names),
                PodParts.plural("restricted volume type", types),
                PodParts.quoted(types)));
  }
}
