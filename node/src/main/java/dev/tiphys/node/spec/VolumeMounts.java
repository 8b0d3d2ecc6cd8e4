package dev.tiphys.node.spec;

import dev.tiphys.node.pod.PodContainer;
import dev.tiphys.node.runtime.spec.ContainerSpec.Mount;
import dev.tiphys.node.runtime.spec.ContainerSpec.Propagation;
import dev.tiphys.object.Struct;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Where in a container its Pod's volumes are.
final class VolumeMounts {
  private VolumeMounts() {}

  /// @param volumes where the volumes are on the node, by name
  /// @param variables the container's environment, for `subPathExpr`
  static List<Mount> of(
      PodContainer container, Map<String, Path> volumes, Map<String, String> variables)
      throws StartFailure {
    List<Mount> mounts = new ArrayList<>();
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
      boolean readonly = mount.bool("readOnly");
      String recursive = mount.string("recursiveReadOnly");
      mounts.add(
          new Mount(
              path.startsWith("/") ? path : "/" + path,
              (part.isEmpty() ? volume : subPath(container, volume, part)).toString(),
              readonly,
              readonly && recursive.equals("Enabled"),
              propagation(mount.string("mountPropagation")),
              false));
    }
    return mounts;
  }

  /// A part of a volume. It is made if it is not there, and must not lead out of the volume.
  private static Path subPath(PodContainer container, Path volume, String part)
      throws StartFailure {
    try {
      if (Path.of(part).isAbsolute()) {
        throw StartFailure.config("error SubPath `" + part + "` must not be an absolute path");
      }
      for (Path step : Path.of(part)) {
        if (step.toString().equals("..")) {
          throw StartFailure.config("subPath `" + part + "` must not contain '..'");
        }
      }
      Path root = volume.toRealPath();
      Path wanted = volume.resolve(part);
      // What exists already must be inside before anything is made below it.
      if (existing(wanted, volume).toRealPath().startsWith(root)) {
        if (!Files.exists(wanted)) {
          Files.createDirectories(wanted);
        }
        Path real = wanted.toRealPath();
        if (real.startsWith(root)) {
          return real;
        }
      }
    } catch (IOException e) {
      throw StartFailure.config(
          "failed to prepare subPath for volumeMount of container \"%s\": %s"
              .formatted(container.name(), e));
    }
    throw StartFailure.config(
        "failed to prepare subPath for volumeMount of container \"%s\": %s leads out of its volume"
            .formatted(container.name(), part));
  }

  /// The longest part of a path that exists, `top` at least.
  private static Path existing(Path path, Path top) {
    Path found = top;
    for (Path step : top.relativize(path)) {
      Path next = found.resolve(step);
      if (!Files.exists(next, LinkOption.NOFOLLOW_LINKS)) {
        break;
      }
      found = next;
    }
    return found;
  }

  private static Propagation propagation(String word) {
    return switch (word) {
      case "HostToContainer" -> Propagation.HOST_TO_CONTAINER;
      case "Bidirectional" -> Propagation.BIDIRECTIONAL;
      default -> Propagation.PRIVATE;
    };
  }
}
