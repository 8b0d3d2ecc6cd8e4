package dev.tiphys.node.eviction;

import dev.tiphys.node.pod.Pod;
import java.util.Map;

/// What a Pod takes of its node.
///
/// @param emptyDirs bytes of its own volumes, by name
/// @param onDisk bytes of those of them that are not in memory
/// @param disk bytes that containers have written, logs included, by name
/// @param memory bytes of containers that cannot be given back easily, by name
/// @param inodes how many files all of that is
record PodUsage(
    Pod pod,
    Map<String, Long> emptyDirs,
    long onDisk,
    Map<String, Long> disk,
    Map<String, Long> memory,
    long inodes) {

  PodUsage {
    emptyDirs = Map.copyOf(emptyDirs);
    disk = Map.copyOf(disk);
    memory = Map.copyOf(memory);
  }

  /// How much of a resource it takes in all.
  long of(String resource) {
    return switch (resource) {
      case "memory" -> sum(memory);
      case "ephemeral-storage" -> sum(disk) + onDisk;
      case "inodes" -> inodes;
      default -> 0;
    };
  }

  /// How much of a resource each container takes; nothing if that is not known.
  Map<String, Long> byContainer(String resource) {
    return switch (resource) {
      case "memory" -> memory;
      case "ephemeral-storage" -> disk;
      default -> Map.of();
    };
  }

  private static long sum(Map<String, Long> amounts) {
    return amounts.values().stream().mapToLong(Long::longValue).sum();
  }
}
