package dev.tiphys.apiserver.admission.pods;

import dev.tiphys.apiserver.registry.ObjectNames;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// The volume from which the containers of a Pod read the token of its service account, what they
/// verify the API server with, and the name of their namespace.
final class TokenMounts {

  private static final String PATH = "/var/run/secrets/kubernetes.io/serviceaccount";
  private static final String VOLUME = "kube-api-access-";

  private static final Struct SOURCE =
      new StructBuilder()
          .add(
              "sources",
              List.of(
                  Struct.of(
                      "serviceAccountToken",
                      Struct.of("expirationSeconds", 3607L, "path", "token")),
                  Struct.of(
                      "configMap",
                      Struct.of(
                          "name",
                          "kube-root-ca.crt",
                          "items",
                          List.of(Struct.of("key", "ca.crt", "path", "ca.crt")))),
                  Struct.of(
                      "downwardAPI",
                      Struct.of(
                          "items",
                          List.of(
                              Struct.of(
                                  "path",
                                  "namespace",
                                  "fieldRef",
                                  Struct.of(
                                      "apiVersion", "v1", "fieldPath", "metadata.namespace")))))))
          .add("defaultMode", 420L)
          .build();

  private final RandomGenerator random;

  TokenMounts(RandomGenerator random) {
    this.random = random;
  }

  /// The Pod, with the volume in each container that has nothing else in its place.
  Struct added(Struct pod) {
    List<Struct> volumes = pod.structs("spec", "volumes");
    String present =
        volumes.stream()
            .map(volume -> volume.string("name"))
            .filter(name -> name.startsWith(VOLUME))
            .findFirst()
            .orElse("");
    String name = present.isEmpty() ? ObjectNames.generate(VOLUME, random) : present;
    Struct mounted = mounted(mounted(pod, "initContainers", name), "containers", name);
    if (mounted.equals(pod) || !present.isEmpty()) {
      return mounted;
    }
    List<Object> all = new ArrayList<>(volumes);
    all.add(Struct.of("name", name, "projected", SOURCE));
    return mounted.withAt(List.copyOf(all), "spec", "volumes");
  }

  private static Struct mounted(Struct pod, String field, String volume) {
    List<Struct> containers = pod.structs("spec", field);
    return containers.isEmpty()
        ? pod
        : pod.withAt(
            containers.stream().map(each -> mounted(each, volume)).toList(), "spec", field);
  }

  private static Struct mounted(Struct container, String volume) {
    List<Struct> mounts = container.structs("volumeMounts");
    if (mounts.stream().anyMatch(mount -> mount.string("mountPath").equals(PATH))) {
      return container;
    }
    List<Object> all = new ArrayList<>(mounts);
    all.add(
        new StructBuilder()
            .add("name", volume)
            .add("readOnly", true)
            .add("mountPath", PATH)
            .build());
    return container.with("volumeMounts", List.copyOf(all));
  }
}
