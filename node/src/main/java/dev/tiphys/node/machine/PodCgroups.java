package dev.tiphys.node.machine;

import dev.tiphys.node.runtime.LinuxResources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// The cgroups of Pods, which hold those of their containers. The runtime makes the latter; these
/// are made before, so that the limits of a Pod hold from its first process on.
///
/// Threads: any.
public final class PodCgroups {
  private static final long LEAST_SHARES = 2;
  private static final long MOST_SHARES = 262_144;

  private final Path top;
  private final boolean unified;

  /// @param top where cgroups are mounted
  public PodCgroups(Path top) {
    this.top = top;
    this.unified = Files.exists(top.resolve("cgroup.controllers"));
  }

  /// Those of this machine.
  public static PodCgroups ofThisMachine() {
    return new PodCgroups(Path.of("/sys/fs/cgroup"));
  }

  /// Makes a cgroup with these limits, or changes its limits.
  ///
  /// @param path below the mount, as `/kubepods/burstable/pod…`
  public void make(String path, LinuxResources limits) throws IOException {
    if (unified) {
      makeUnified(path, limits);
      return;
    }
    Path cpu = hierarchy("cpu", path);
    if (Files.isDirectory(top.resolve("cpu"))) {
      Files.createDirectories(cpu);
      write(cpu.resolve("cpu.shares"), limits.cpuShares());
      write(cpu.resolve("cpu.cfs_period_us"), limits.cpuPeriod());
      write(cpu.resolve("cpu.cfs_quota_us"), limits.cpuQuota());
    }
    Path memory = hierarchy("memory", path);
    if (Files.isDirectory(top.resolve("memory"))) {
      Files.createDirectories(memory);
      write(memory.resolve("memory.limit_in_bytes"), limits.memoryLimit());
    }
  }

  private void makeUnified(String path, LinuxResources limits) throws IOException {
    Path made = top;
    for (Path step : Path.of(path)) {
      // A cgroup only has the controllers that its parent hands down.
      String control = "+cpu +memory +pids +io +cpuset +hugetlb";
      for (String controller : control.split(" ")) {
        handDown(made, controller);
      }
      made = made.resolve(step);
      Files.createDirectories(made);
    }
    if (limits.cpuShares() > 0) {
      long weight = 1 + (limits.cpuShares() - LEAST_SHARES) * 9999 / (MOST_SHARES - LEAST_SHARES);
      write(made.resolve("cpu.weight"), weight);
    }
    if (limits.cpuQuota() > 0) {
      Files.writeString(made.resolve("cpu.max"), limits.cpuQuota() + " " + limits.cpuPeriod());
    }
    write(made.resolve("memory.max"), limits.memoryLimit());
  }

  private static void handDown(Path cgroup, String controller) {
    try {
      Files.writeString(cgroup.resolve("cgroup.subtree_control"), controller);
    } catch (IOException _) {
      // Not there, or not ours to hand down: the limits that need it can't hold then.
    }
  }

  private static void write(Path file, long value) throws IOException {
    if (value > 0) {
      Files.writeString(file, Long.toString(value));
    }
  }

  private Path hierarchy(String controller, String path) {
    return top.resolve(controller).resolve(path.substring(1));
  }

  /// Removes a cgroup, with those below it. Nothing may run in them.
  public void remove(String path) throws IOException {
    for (Path hierarchy : hierarchies()) {
      Path cgroup = hierarchy.resolve(path.substring(1));
      if (Files.isDirectory(cgroup)) {
        removeTree(cgroup);
      }
    }
  }

  private List<Path> hierarchies() throws IOException {
    if (unified) {
      return List.of(top);
    }
    List<Path> found = new ArrayList<>();
    try (Stream<Path> entries = Files.list(top)) {
      // Some controllers are known by several names; links would lead to the same place twice.
      entries
          .filter(entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))
          .forEach(found::add);
    }
    return found;
  }

  private static void removeTree(Path cgroup) throws IOException {
    try (Stream<Path> files = Files.walk(cgroup)) {
      for (Path directory :
          files.filter(Files::isDirectory).sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(directory);
      }
    }
  }
}
