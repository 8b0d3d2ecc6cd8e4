package dev.tiphys.node.cri;

import dev.tiphys.cri.Cri;
import dev.tiphys.node.runtime.Container;
import dev.tiphys.node.runtime.ContainerState;
import dev.tiphys.node.runtime.ContainerStats;
import dev.tiphys.node.runtime.ContainerStatus;
import dev.tiphys.node.runtime.FilesystemUsage;
import dev.tiphys.node.runtime.Image;
import dev.tiphys.node.runtime.RuntimeStatus;
import dev.tiphys.node.runtime.Sandbox;
import dev.tiphys.node.runtime.SandboxStatus;
import dev.tiphys.node.runtime.spec.ContainerName;
import dev.tiphys.node.runtime.spec.Namespaces;
import dev.tiphys.node.runtime.spec.SandboxName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What CRI says, in records of the contract.
final class CriViews {

  private CriViews() {}

  static RuntimeStatus status(Cri.RuntimeStatus status) {
    return new RuntimeStatus(
        status.getConditionsList().stream()
            .map(
                c ->
                    new RuntimeStatus.Condition(
                        c.getType(), c.getStatus(), c.getReason(), c.getMessage()))
            .toList());
  }

  static Sandbox sandbox(Cri.PodSandbox sandbox) {
    return new Sandbox(
        sandbox.getId(),
        name(sandbox.getMetadata()),
        sandbox.getState() == Cri.PodSandboxState.SANDBOX_READY,
        instant(sandbox.getCreatedAt()),
        sandbox.getLabelsMap(),
        sandbox.getAnnotationsMap());
  }

  static SandboxStatus sandboxStatus(Cri.PodSandboxStatus status) {
    Sandbox sandbox =
        new Sandbox(
            status.getId(),
            name(status.getMetadata()),
            status.getState() == Cri.PodSandboxState.SANDBOX_READY,
            instant(status.getCreatedAt()),
            status.getLabelsMap(),
            status.getAnnotationsMap());
    List<String> addresses = new ArrayList<>();
    if (!status.getNetwork().getIp().isEmpty()) {
      addresses.add(status.getNetwork().getIp());
    }
    status.getNetwork().getAdditionalIpsList().forEach(ip -> addresses.add(ip.getIp()));
    boolean ofNode =
        status.getLinux().getNamespaces().getOptions().getNetwork() == Cri.NamespaceMode.NODE;
    return new SandboxStatus(
        sandbox, addresses, ofNode ? Namespaces.Mode.NODE : Namespaces.Mode.POD);
  }

  static Container container(Cri.Container container) {
    return new Container(
        container.getId(),
        container.getPodSandboxId(),
        name(container.getMetadata()),
        container.getImageRef(),
        state(container.getState()),
        instant(container.getCreatedAt()),
        container.getLabelsMap(),
        container.getAnnotationsMap());
  }

  static ContainerStatus containerStatus(Cri.ContainerStatus status) {
    return new ContainerStatus(
        status.getId(),
        name(status.getMetadata()),
        state(status.getState()),
        instant(status.getCreatedAt()),
        status.getStartedAt() == 0 ? null : instant(status.getStartedAt()),
        status.getFinishedAt() == 0 ? null : instant(status.getFinishedAt()),
        status.getExitCode(),
        status.getImage().getImage(),
        status.getImageRef(),
        status.getReason(),
        status.getMessage(),
        status.getLabelsMap(),
        status.getAnnotationsMap(),
        status.getLogPath());
  }

  static ContainerStats stats(Cri.ContainerStats stats) {
    Cri.ContainerAttributes attributes = stats.getAttributes();
    return new ContainerStats(
        attributes.getId(),
        name(attributes.getMetadata()),
        attributes.getLabelsMap(),
        stats.hasCpu() ? cpu(stats.getCpu()) : null,
        stats.hasMemory() ? memory(stats.getMemory()) : null,
        stats.hasWritableLayer() ? filesystem(stats.getWritableLayer()) : null);
  }

  static FilesystemUsage filesystem(Cri.FilesystemUsage usage) {
    return new FilesystemUsage(
        instant(usage.getTimestamp()),
        usage.getFsId().getMountpoint(),
        usage.getUsedBytes().getValue(),
        usage.getInodesUsed().getValue());
  }

  static Image image(Cri.Image image) {
    return new Image(
        image.getId(),
        image.getRepoTagsList(),
        image.getRepoDigestsList(),
        image.getSize(),
        image.hasUid() ? image.getUid().getValue() : null,
        image.getUsername(),
        image.getPinned());
  }

  private static ContainerStats.Cpu cpu(Cri.CpuUsage cpu) {
    return new ContainerStats.Cpu(
        instant(cpu.getTimestamp()), cpu.getUsageCoreNanoSeconds().getValue());
  }

  private static ContainerStats.Memory memory(Cri.MemoryUsage memory) {
    return new ContainerStats.Memory(
        instant(memory.getTimestamp()),
        memory.getWorkingSetBytes().getValue(),
        value(memory.hasUsageBytes(), memory.getUsageBytes()),
        value(memory.hasRssBytes(), memory.getRssBytes()));
  }

  private static @Nullable Long value(boolean known, Cri.UInt64Value value) {
    return known ? value.getValue() : null;
  }

  private static SandboxName name(Cri.PodSandboxMetadata metadata) {
    return new SandboxName(
        metadata.getName(), metadata.getNamespace(), metadata.getUid(), metadata.getAttempt());
  }

  private static ContainerName name(Cri.ContainerMetadata metadata) {
    return new ContainerName(metadata.getName(), metadata.getAttempt());
  }

  private static ContainerState state(Cri.ContainerState state) {
    return switch (state) {
      case CONTAINER_CREATED -> ContainerState.CREATED;
      case CONTAINER_RUNNING -> ContainerState.RUNNING;
      case CONTAINER_EXITED -> ContainerState.EXITED;
      case CONTAINER_UNKNOWN, UNRECOGNIZED -> ContainerState.UNKNOWN;
    };
  }

  private static Instant instant(long nanos) {
    return Instant.ofEpochSecond(0, nanos);
  }
}
