package dev.tiphys.node.runtime.spec;

import java.util.Map;

/// How much of the machine a container may use. Zero and empty mean: not said.
///
/// @param cpuShares the weight against others, 1024 for one CPU requested
/// @param cpuQuota microseconds of CPU in each period; -1 for no limit
/// @param cpuPeriod the length of a period in microseconds
/// @param memoryLimit in bytes
/// @param memorySwapLimit memory and swap together, in bytes
/// @param oomScoreAdj how willingly the kernel kills it when memory runs out, -1000 to 1000
/// @param cpusetCpus the CPUs to run on, as `0-3,7`
/// @param cpusetMems the memory nodes to use
/// @param hugepages limits in bytes by page size, as `2MB`
/// @param unified files of cgroup v2 and what to write to them
public record LinuxResources(
    long cpuShares,
    long cpuQuota,
    long cpuPeriod,
    long memoryLimit,
    long memorySwapLimit,
    int oomScoreAdj,
    String cpusetCpus,
    String cpusetMems,
    Map<String, Long> hugepages,
    Map<String, String> unified) {

  /// Nothing said.
  public static final LinuxResources NONE =
      new LinuxResources(0, 0, 0, 0, 0, 0, "", "", Map.of(), Map.of());

  public LinuxResources {
    hugepages = Map.copyOf(hugepages);
    unified = Map.copyOf(unified);
  }

  public LinuxResources withCpu(long shares, long quota, long period) {
    return new LinuxResources(
        shares,
        quota,
        period,
        memoryLimit,
        memorySwapLimit,
        oomScoreAdj,
        cpusetCpus,
        cpusetMems,
        hugepages,
        unified);
  }

  public LinuxResources withMemoryLimit(long bytes) {
    return new LinuxResources(
        cpuShares,
        cpuQuota,
        cpuPeriod,
        bytes,
        memorySwapLimit,
        oomScoreAdj,
        cpusetCpus,
        cpusetMems,
        hugepages,
        unified);
  }

  public LinuxResources withOomScoreAdj(int adjustment) {
    return new LinuxResources(
        cpuShares,
        cpuQuota,
        cpuPeriod,
        memoryLimit,
        memorySwapLimit,
        adjustment,
        cpusetCpus,
        cpusetMems,
        hugepages,
        unified);
  }
}
