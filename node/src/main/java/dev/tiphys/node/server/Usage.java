package dev.tiphys.node.server;

import dev.tiphys.node.machine.MachineUsage;
import dev.tiphys.node.runtime.ContainerRuntime;
import dev.tiphys.node.runtime.ContainerStats;
import dev.tiphys.node.runtime.PodLabels;
import dev.tiphys.object.Struct;
import dev.tiphys.object.api.Meta;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What the machine and the containers of a node's Pods use at one time.
///
/// @param at when that is
/// @param pods by namespace and name, each with its containers
record Usage(Instant at, MachineUsage machine, Map<PodName, List<ContainerStats>> pods) {

  private static final Path PROC = Path.of("/proc");

  /// Which Pod containers are of.
  record PodName(String namespace, String name, String uid) implements Comparable<PodName> {
    @Override
    public int compareTo(PodName other) {
      return (namespace + "/" + name + "/" + uid)
          .compareTo(other.namespace + "/" + other.name + "/" + other.uid);
    }

    /// The Pod among those that the API has; empty if it is not known there.
    Struct among(List<Struct> known) {
      return known.stream()
          .filter(one -> Meta.of(one).uid().equals(uid))
          .findFirst()
          .orElse(Struct.EMPTY);
    }
  }

  /// Looks at all of them.
  ///
  /// @param node whose containers
  /// @param data a directory on the file system with Pods' files
  static Usage look(Instant now, ContainerRuntime runtime, String node, Path data)
      throws IOException, InterruptedException {
    Map<PodName, List<ContainerStats>> pods = new TreeMap<>();
    for (ContainerStats stats : runtime.stats(Map.of(PodLabels.NODE, node))) {
      pods.computeIfAbsent(podOf(stats.labels()), _ -> new ArrayList<>()).add(stats);
    }
    return new Usage(now, MachineUsage.look(PROC, data), pods);
  }

  static PodName podOf(Map<String, String> labels) {
    return new PodName(
        labels.getOrDefault(PodLabels.POD_NAMESPACE, ""),
        labels.getOrDefault(PodLabels.POD_NAME, ""),
        labels.getOrDefault(PodLabels.POD_UID, ""));
  }

  /// When a container of a Pod was started; empty if it does not run.
  static String started(Struct pod, String container) {
    return Stream.of("containerStatuses", "initContainerStatuses")
        .flatMap(list -> pod.structs("status", list).stream())
        .filter(status -> status.string("name").equals(container))
        .map(status -> status.string("state", "running", "startedAt"))
        .findFirst()
        .orElse("");
  }

  /// Nanoseconds of processor time of a container; 0 if they are not known.
  static long cpu(ContainerStats stats) {
    return stats.cpu() == null ? 0 : stats.cpu().total();
  }

  /// Bytes of a container that can't be given back easily; 0 if they are not known.
  static long workingSet(ContainerStats stats) {
    return stats.memory() == null ? 0 : stats.memory().workingSet();
  }
}
