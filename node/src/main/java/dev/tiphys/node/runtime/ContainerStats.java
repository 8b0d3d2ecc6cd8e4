package dev.tiphys.node.runtime;

import dev.tiphys.node.runtime.spec.ContainerName;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a container uses. Parts that the runtime does not know are null.
///
/// @param disk what it wrote to its own file system
public record ContainerStats(
    String id,
    ContainerName name,
    Map<String, String> labels,
    @Nullable Cpu cpu,
    @Nullable Memory memory,
    @Nullable FilesystemUsage disk) {

  /// @param at when this was measured
  /// @param total nanoseconds of CPU time since the start, over all CPUs
  public record Cpu(Instant at, long total) {}

  /// @param at when this was measured
  /// @param workingSet bytes that cannot be given back easily: what counts against the limit
  /// @param usage bytes, caches included; null if not known
  /// @param rss bytes of the processes' own; null if not known
  public record Memory(Instant at, long workingSet, @Nullable Long usage, @Nullable Long rss) {}

  public ContainerStats {
    labels = Map.copyOf(labels);
  }
}
