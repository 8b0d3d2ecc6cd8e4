package dev.tiphys.node.spec;

import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.pod.PodContainer;
import dev.tiphys.node.pod.QosClass;
import dev.tiphys.node.runtime.spec.LinuxResources;
import dev.tiphys.object.Quantity;
import java.util.List;
import java.util.function.ToLongFunction;

/// Requests and limits, as the kernel takes them.
public final class Resources {
  private static final long SHARES_PER_CPU = 1024;
  private static final long LEAST_SHARES = 2;
  private static final long MOST_SHARES = 262_144;
  private static final long PERIOD = 100_000;
  private static final long LEAST_QUOTA = 1_000;
  private static final int GUARANTEED_OOM = -997;
  private static final int BEST_EFFORT_OOM = 1000;
  private static final String CRITICAL = "system-node-critical";

  private Resources() {}

  /// What one container may use.
  ///
  /// @param memoryCapacity bytes of memory that the node has
  static LinuxResources of(Pod pod, PodContainer container, long memoryCapacity) {
    long cpuLimit = milli(container, "limits");
    return LinuxResources.NONE
        .withCpu(shares(cpuRequest(container)), quota(cpuLimit), cpuLimit == 0 ? 0 : PERIOD)
        .withMemoryLimit(memory(container, "limits"))
        .withOomScoreAdj(oomScore(pod, container, memoryCapacity));
  }

  /// What all containers of a Pod may use together. Zero: not said.
  public static LinuxResources ofPod(Pod pod) {
    if (pod.qos() == QosClass.BEST_EFFORT) {
      return LinuxResources.NONE.withCpu(LEAST_SHARES, 0, 0);
    }
    long cpu = most(pod, Resources::cpuRequest);
    boolean cpuLimited = everyoneHas(pod, c -> milli(c, "limits"));
    boolean memoryLimited = everyoneHas(pod, c -> memory(c, "limits"));
    long quota = cpuLimited ? quota(most(pod, c -> milli(c, "limits"))) : 0;
    long memory = memoryLimited ? most(pod, c -> memory(c, "limits")) : 0;
    return LinuxResources.NONE
        .withCpu(shares(cpu), quota, quota == 0 ? 0 : PERIOD)
        .withMemoryLimit(memory);
  }

  /// The regular containers and side cars together, or the init container that needs most with the
  /// side cars before it.
  private static long most(Pod pod, ToLongFunction<PodContainer> amount) {
    long sidecars = 0;
    long highest = 0;
    for (PodContainer container : pod.initContainers()) {
      if (container.isSidecar()) {
        sidecars += amount.applyAsLong(container);
        highest = Math.max(highest, sidecars);
      } else {
        highest = Math.max(highest, sidecars + amount.applyAsLong(container));
      }
    }
    long regular = pod.containers().stream().mapToLong(amount).sum();
    return Math.max(highest, regular + sidecars);
  }

  private static boolean everyoneHas(Pod pod, ToLongFunction<PodContainer> amount) {
    List<PodContainer> init = pod.initContainers();
    return pod.containers().stream().allMatch(c -> amount.applyAsLong(c) > 0)
        && init.stream().allMatch(c -> amount.applyAsLong(c) > 0);
  }

  private static long cpuRequest(PodContainer container) {
    String said = container.resource("requests", "cpu");
    return said.isEmpty() ? milli(container, "limits") : Quantity.parse(said).milli();
  }

  private static long milli(PodContainer container, String bound) {
    String said = container.resource(bound, "cpu");
    return said.isEmpty() ? 0 : Quantity.parse(said).milli();
  }

  private static long memory(PodContainer container, String bound) {
    String said = container.resource(bound, "memory");
    return said.isEmpty() ? 0 : Quantity.parse(said).units();
  }

  /// The weight in the cgroups of so many thousandths of a CPU.
  public static long shares(long milli) {
    return Math.clamp(milli * SHARES_PER_CPU / 1000, LEAST_SHARES, MOST_SHARES);
  }

  private static long quota(long milli) {
    return milli == 0 ? 0 : Math.max(LEAST_QUOTA, milli * PERIOD / 1000);
  }

  private static int oomScore(Pod pod, PodContainer container, long memoryCapacity) {
    if (pod.spec().string("priorityClassName").equals(CRITICAL)) {
      return GUARANTEED_OOM;
    }
    return switch (pod.qos()) {
      case GUARANTEED -> GUARANTEED_OOM;
      case BEST_EFFORT -> BEST_EFFORT_OOM;
      case BURSTABLE -> {
        long request = memory(container, "requests");
        long share = memoryCapacity == 0 ? 0 : 1000 * request / memoryCapacity;
        yield Math.clamp(1000 - share, 3, 999);
      }
    };
  }
}
