package dev.tiphys.node.server;

import dev.tiphys.node.machine.MachineUsage;
import dev.tiphys.node.runtime.ContainerStats;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.Timestamps;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// `/stats/summary`: what a node and its Pods use, as upstream's `Summary`. What is not measured is
/// left out.
final class Summary {

  private Summary() {}

  /// @param known the node's Pods, as the API has them
  static Struct of(Usage usage, DiskStats disks, List<Struct> known, String node)
      throws IOException {
    List<Object> pods = new ArrayList<>();
    for (Map.Entry<Usage.PodName, List<ContainerStats>> each : usage.pods().entrySet()) {
      Usage.PodName pod = each.getKey();
      pods.add(new PodPart(usage, disks, pod, pod.among(known)).of(each.getValue()));
    }
    return Struct.of("node", node(usage, disks, node), "pods", List.copyOf(pods));
  }

  private static Struct node(Usage usage, DiskStats disks, String name) {
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
    return new StructBuilder()
        .add("nodeName", name)
        .add("startTime", Timestamps.seconds(machine.booted()))
        .add("cpu", cpu(usage.at(), machine.cpuNanos()))
        .add("memory", memory)
        .add("fs", disks.ofNode())
        .add("runtime", disks.ofRuntime())
        .build();
  }

  /// The part of one Pod.
  ///
  /// @param object as the API has it; empty if it is not known there
  private record PodPart(Usage usage, DiskStats disks, Usage.PodName pod, Struct object) {

    Struct of(List<ContainerStats> containers) throws IOException {
      long cpu = containers.stream().mapToLong(Usage::cpu).sum();
      long workingSet = containers.stream().mapToLong(Usage::workingSet).sum();
      String at = Timestamps.seconds(usage.at());
      List<Struct> parts = new ArrayList<>();
      for (ContainerStats stats : containers) {
        parts.add(container(stats));
      }
      return new StructBuilder()
          .add(
              "podRef",
              Struct.of("name", pod.name(), "namespace", pod.namespace(), "uid", pod.uid()))
          .addUnlessEmpty("startTime", object.string("status", "startTime"))
          .add("containers", parts)
          .add("cpu", cpu(usage.at(), cpu))
          .add("memory", Struct.of("time", at, "workingSetBytes", workingSet))
          .addUnlessEmpty("volume", volumes())
          .add("ephemeral-storage", disks.ephemeral(pod, object, containers))
          .build();
    }

    private List<Struct> volumes() {
      return disks.volumes().stream()
          .filter(volume -> volume.uid().equals(pod.uid()))
          .map(volume -> volume.toStruct(usage.at()))
          .toList();
    }

    private Struct container(ContainerStats stats) throws IOException {
      String name = stats.name().name();
      StructBuilder container =
          new StructBuilder()
              .add("name", name)
              .addUnlessEmpty("startTime", Usage.started(object, name));
      ContainerStats.Cpu cpu = stats.cpu();
      if (cpu != null) {
        container.add("cpu", cpu(cpu.at(), cpu.total()));
      }
      ContainerStats.Memory memory = stats.memory();
      if (memory != null) {
        container.add("memory", memory(memory));
      }
      Struct rootfs = disks.rootfs(stats);
      if (rootfs != null) {
        container.add("rootfs", rootfs);
      }
      return container.add("logs", disks.logs(pod, name)).build();
    }
  }

  private static Struct memory(ContainerStats.Memory memory) {
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
    return used.build();
  }

  private static Struct cpu(Instant at, long nanos) {
    return Struct.of("time", Timestamps.seconds(at), "usageCoreNanoSeconds", nanos);
  }
}
