package dev.tiphys.node.spec;

import dev.tiphys.node.host.Interrupts;
import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.pod.PodContainer;
import dev.tiphys.node.runtime.spec.ContainerSpec.Mount;
import dev.tiphys.node.runtime.spec.ContainerSpec.Propagation;
import dev.tiphys.object.Struct;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Where in a container its Pod's volumes are.
///
/// @param uid the Pod's
/// @param volumes where the volumes are on the node, by name
/// @param constant the names of those that no container can write to
record VolumeMounts(
    String uid, Map<String, Path> volumes, Set<String> constant, SubPaths subPaths) {

  static VolumeMounts of(Pod pod, Map<String, Path> volumes, SubPaths subPaths) {
    Set<String> images = new HashSet<>();
    for (Struct volume : pod.spec().structs("volumes")) {
      if (volume.has("image")) {
        images.add(volume.string("name"));
      }
    }
    return new VolumeMounts(pod.uid(), volumes, images, subPaths);
  }

  /// @param variables the container's environment, for `subPathExpr`
  List<Mount> of(PodContainer container, Map<String, String> variables)
      throws StartFailure, InterruptedException {
    List<Mount> mounts = new ArrayList<>();
    int index = 0;
    for (Struct mount : container.volumeMounts()) {
      String name = mount.string("name");
      Path volume = volumes.get(name);
      if (volume == null) {
        throw new StartFailure(
            StartFailure.CONFIG,
            "cannot find volume \"%s\" to mount into container \"%s\""
                .formatted(name, container.name()));
      }
      String expression = mount.string("subPathExpr");
      String part =
          expression.isEmpty() ? mount.string("subPath") : Expansion.of(expression, variables);
      String path = mount.string("mountPath");
      boolean readonly = mount.bool("readOnly") || constant.contains(name);
      String recursive = mount.string("recursiveReadOnly");
      mounts.add(
          new Mount(
              path.startsWith("/") ? path : "/" + path,
              (part.isEmpty() ? volume : subPath(container, index, name, part)).toString(),
              readonly,
              readonly && recursive.equals("Enabled"),
              propagation(mount.string("mountPropagation")),
              false));
      index++;
    }
    return mounts;
  }

  private Path subPath(PodContainer container, int index, String name, String part)
      throws StartFailure, InterruptedException {
    Path way = Path.of(part);
    if (way.isAbsolute()) {
      throw StartFailure.config("error SubPath `" + part + "` must not be an absolute path");
    }
    for (Path step : way) {
      if (step.toString().equals("..")) {
        throw StartFailure.config("subPath `" + part + "` must not contain '..'");
      }
    }
    try {
      return subPaths.prepare(
          new SubPaths.Wanted(uid, name, container.name(), index),
          volumes.getOrDefault(name, Path.of("")),
          way);
    } catch (IOException e) {
      Interrupts.check();
      throw StartFailure.config(
          "failed to prepare subPath for volumeMount \"%s\" of container \"%s\": %s"
              .formatted(name, container.name(), e.getMessage()));
    }
  }

  private static Propagation propagation(String word) {
    return switch (word) {
      case "HostToContainer" -> Propagation.HOST_TO_CONTAINER;
      case "Bidirectional" -> Propagation.BIDIRECTIONAL;
      default -> Propagation.PRIVATE;
    };
  }
}
