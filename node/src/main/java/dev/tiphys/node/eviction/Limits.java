package dev.tiphys.node.eviction;

import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.pod.PodContainer;
import dev.tiphys.object.Quantity;
import dev.tiphys.object.Struct;
import org.jspecify.annotations.Nullable;

/// How much of the node's disk a Pod may take: in its own volumes, in each container, and in all.
///
/// Pure.
final class Limits {
  private static final String DISK = "ephemeral-storage";

  private Limits() {}

  /// Whether a Pod has any: most have none, and need not be measured.
  static boolean has(Pod pod) {
    return ofPod(pod) != null
        || pod.spec().structs("volumes").stream()
            .anyMatch(volume -> volume.has("emptyDir", "sizeLimit"));
  }

  /// A limit that a Pod exceeds.
  ///
  /// @param signal what metrics call it
  /// @param message in upstream's words
  record Exceeded(String signal, String message) {}

  /// Which limit a Pod exceeds; null if none.
  static @Nullable Exceeded exceeded(PodUsage usage) {
    Exceeded volume = ofVolumes(usage);
    if (volume != null) {
      return volume;
    }
    Quantity limit = ofPod(usage.pod());
    if (limit != null && usage.of(DISK) > limit.units()) {
      return new Exceeded(
          "ephemeralpodfs.limit",
          "Pod ephemeral local storage usage exceeds the total limit of containers "
              + limit
              + ". ");
    }
    return ofContainers(usage);
  }

  private static @Nullable Exceeded ofVolumes(PodUsage usage) {
    for (Struct volume : usage.pod().spec().structs("volumes")) {
      Quantity limit = Quantity.from(volume.get("emptyDir", "sizeLimit"));
      String name = volume.string("name");
      long used = usage.emptyDirs().getOrDefault(name, 0L);
      if (limit.units() > 0 && used > limit.units()) {
        return new Exceeded(
            "emptydirfs.limit",
            "Usage of EmptyDir volume \"%s\" exceeds the limit \"%s\". ".formatted(name, limit));
      }
    }
    return null;
  }

  private static @Nullable Exceeded ofContainers(PodUsage usage) {
    for (PodContainer container : usage.pod().containers()) {
      Quantity limit = of(container);
      long used = usage.disk().getOrDefault(container.name(), 0L);
      if (limit.units() > 0 && used > limit.units()) {
        return new Exceeded(
            "ephemeralcontainerfs.limit",
            "Container %s exceeded its local ephemeral storage limit \"%s\". "
                .formatted(container.name(), limit));
      }
    }
    return null;
  }

  private static Quantity of(PodContainer container) {
    return Quantity.from(container.spec().get("resources", "limits", DISK));
  }

  /// What all containers together may take, as far as they say; null if none says anything.
  private static @Nullable Quantity ofPod(Pod pod) {
    Quantity together = Quantity.ZERO;
    Quantity most = Quantity.ZERO;
    boolean found = false;
    for (PodContainer container : pod.containers()) {
      together = together.plus(of(container));
      found |= container.spec().has("resources", "limits", DISK);
    }
    Quantity beside = Quantity.ZERO;
    for (PodContainer container : pod.initContainers()) {
      found |= container.spec().has("resources", "limits", DISK);
      if (container.isSidecar()) {
        together = together.plus(of(container));
        beside = beside.plus(of(container));
      } else {
        Quantity alone = beside.plus(of(container));
        most = alone.compareTo(most) > 0 ? alone : most;
      }
    }
    return found ? (together.compareTo(most) > 0 ? together : most) : null;
  }
}
