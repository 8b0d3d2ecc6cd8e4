package dev.tiphys.node.server;

import dev.tiphys.node.machine.MachineUsage;
import dev.tiphys.node.runtime.ContainerStats;
import dev.tiphys.node.runtime.FilesystemUsage;
import dev.tiphys.node.volumes.usage.VolumeStats;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// `/stats/summary`: what a node and its Pods use, as upstream's `Summary`. What nobody measures is
/// left out.
final class Summary {

  private Summary() {}

  /// @param volumes those of claims
  static Struct of(Usage usage, List<VolumeStats> volumes, String node) {
    List<Object> pods = new ArrayList<>();
    usage
        .pods()
        .forEach(
            (pod, containers) -> {
              Struct stats = pod(usage.at(), pod, containers);
              List<Struct> own =
                  volumes.stream()
                      .filter(volume -> volume.uid().equals(pod.uid()))
                      .map(volume -> volume.toStruct(usage.at()))
                      .toList();
              pods.add(own.isEmpty() ? stats : stats.with("volume", own));
            });
    return Struct.of("node", node(usage, node), "pods", List.copyOf(pods));
  }

  private static Struct node(Usage usage, String name) {
    MachineUsage machine = usage.machine();
    String at = Timestamps.seconds(usage.at());
    Struct memory =
        new StructBuilder()
            .add("time", at)
            .add("availableBytes", machine.memory() - machine.workingSet())
            .add("usageBytes", machine.memoryUsed())
            .add("workingSetBytes", machine.workingSet())
            .add("rssBytes", machine.rss())
            .build();
    Struct disk =
        new StructBuilder()
            .add("time", at)
            .add("availableBytes", machine.diskFree())
            .add("capacityBytes", machine.diskSize())
            .add("usedBytes", machine.diskSize() - machine.diskFree())
            .build();
    return new StructBuilder()
        .add("nodeName", name)
        .add("startTime", Timestamps.seconds(machine.booted()))
        .add("cpu", cpu(usage.at(), machine.cpuNanos()))
        .add("memory", memory)
        .add("fs", disk)
        .build();
  }

  private static Struct pod(Instant at, Usage.PodName pod, List<ContainerStats> containers) {
    long cpu = containers.stream().mapToLong(Usage::cpu).sum();
    long workingSet = containers.stream().mapToLong(Usage::workingSet).sum();
    Struct reference =
        Struct.of("name", pod.name(), "namespace", pod.namespace(), "uid", pod.uid());
    return new StructBuilder()
        .add("podRef", reference)
        .add("containers", containers.stream().map(Summary::container).toList())
        .add("cpu", cpu(at, cpu))
        .add("memory", Struct.of("time", Timestamps.seconds(at), "workingSetBytes", workingSet))
        .build();
  }

  private static Struct container(ContainerStats stats) {
    StructBuilder container = new StructBuilder().add("name", stats.name().name());
    ContainerStats.Cpu cpu = stats.cpu();
    if (cpu != null) {
      container.add("cpu", cpu(cpu.at(), cpu.total()));
    }
    ContainerStats.Memory memory = stats.memory();
    if (memory != null) {
      StructBuilder used =
          new StructBuilder()
              .add("time", Timestamps.seconds(memory.at()))
              .add("workingSetBytes", memory.workingSet());
      if (memory.usage() != null) {
        used.add("usageBytes", memory.usage());
      }
      if (memory.rss() != null) {
        used.add("rssBytes", memory.rss());
      }
      container.add("memory", used.build());
    }
    FilesystemUsage disk = stats.disk();
    if (disk != null) {
      container.add(
          "rootfs",
          Struct.of(
              "time",
              Timestamps.seconds(disk.at()),
              "usedBytes",
              disk.bytes(),
              "inodesUsed",
              disk.inodes()));
    }
    return container.build();
  }

  private static Struct cpu(Instant at, long nanos) {
    return Struct.of("time", Timestamps.seconds(at), "usageCoreNanoSeconds", nanos);
  }
}
