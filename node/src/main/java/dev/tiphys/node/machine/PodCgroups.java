package dev.tiphys.node.machine;

import dev.tiphys.node.runtime.spec.LinuxResources;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/// The cgroups of Pods, which hold those of their containers. The runtime makes the latter; these
/// are made before, so that the limits of a Pod hold from its first process on.
///
/// Threads: any.
public final class PodCgroups {
  private static final System.Logger LOG = System.getLogger(PodCgroups.class.getName());
  private static final long LEAST_SHARES = 2;
  private static final long MOST_SHARES = 262_144;

  /// The controllers that limits of Pods and of their containers need.
  private static final Set<String> WANTED =
      Set.of("cpu", "cpuset", "hugetlb", "io", "memory", "pids");

  private final CgroupFiles files;
  private final Path top;
  private final boolean unified;
  private final Set<String> warnedOf = ConcurrentHashMap.newKeySet();

  /// @param top where cgroups are mounted
  public PodCgroups(Path top) {
    this(new CgroupFiles(), top);
  }

  PodCgroups(CgroupFiles files, Path top) {
    this.files = files;
    this.top = top;
    this.unified = files.exists(top.resolve("cgroup.controllers"));
  }

  /// Those of this machine.
  public static PodCgroups ofThisMachine() {
    return new PodCgroups(Path.of("/sys/fs/cgroup"));
  }

  /// Makes a cgroup with these limits, or changes its limits. A limit that needs a controller which
  /// this machine does not have, or does not let us use, does not hold; that is warned of once.
  ///
  /// @param path below the mount, as `/kubepods/burstable/pod…`
  public void make(String path, LinuxResources limits) throws IOException {
    if (unified) {
      makeUnified(path, limits);
      return;
    }
    Path cpu = hierarchy("cpu", path);
    if (files.isDirectory(top.resolve("cpu"))) {
      files.makeDirectories(cpu);
      write(cpu.resolve("cpu.shares"), limits.cpuShares());
      write(cpu.resolve("cpu.cfs_period_us"), limits.cpuPeriod());
      write(cpu.resolve("cpu.cfs_quota_us"), limits.cpuQuota());
    }
    Path memory = hierarchy("memory", path);
    if (files.isDirectory(top.resolve("memory"))) {
      files.makeDirectories(memory);
      write(memory.resolve("memory.limit_in_bytes"), limits.memoryLimit());
    }
  }

  /// Whether a cgroup is there, for any controller.
  public boolean exists(String path) throws IOException {
    for (Path hierarchy : hierarchies()) {
      if (files.isDirectory(hierarchy.resolve(path.substring(1)))) {
        return true;
      }
    }
    return false;
  }

  private void makeUnified(String path, LinuxResources limits) throws IOException {
    Path made = top;
    for (Path step : Path.of(path)) {
      handDown(made);
      made = made.resolve(step);
      files.makeDirectories(made);
    }
    Set<String> controllers = words(made.resolve("cgroup.controllers"));
    if (limits.cpuShares() > 0 && has(controllers, "cpu")) {
      long weight = 1 + (limits.cpuShares() - LEAST_SHARES) * 9999 / (MOST_SHARES - LEAST_SHARES);
      write(made.resolve("cpu.weight"), weight);
    }
    if (limits.cpuQuota() > 0 && has(controllers, "cpu")) {
      files.write(made.resolve("cpu.max"), limits.cpuQuota() + " " + limits.cpuPeriod());
    }
    if (limits.memoryLimit() > 0 && has(controllers, "memory")) {
      write(made.resolve("memory.max"), limits.memoryLimit());
    }
  }

  /// Lets the cgroups below one use its controllers: they have only those that it hands down. One
  /// that it does not have, or that is in use by a process of its own, it cannot.
  private void handDown(Path cgroup) throws IOException {
    Set<String> missing = words(cgroup.resolve("cgroup.controllers"));
    missing.removeAll(words(cgroup.resolve("cgroup.subtree_control")));
    for (String controller : missing) {
      if (WANTED.contains(controller)) {
        try {
          files.write(cgroup.resolve("cgroup.subtree_control"), "+" + controller);
        } catch (IOException e) {
          LOG.log(Level.DEBUG, "cgroup={0} controller={1} error={2}", cgroup, controller, e);
        }
      }
    }
  }

  private Set<String> words(Path file) throws IOException {
    Set<String> words = new TreeSet<>(List.of(files.read(file).strip().split("\\s+")));
    words.remove("");
    return words;
  }

  private boolean has(Set<String> controllers, String controller) {
    boolean there = controllers.contains(controller);
    if (!there && warnedOf.add(controller)) {
      LOG.log(
          Level.WARNING,
          "limits of Pods do not hold for want of a cgroup controller: controller={0}",
          controller);
    }
    return there;
  }

  private void write(Path file, long value) throws IOException {
    if (value > 0) {
      files.write(file, Long.toString(value));
    }
  }

  private Path hierarchy(String controller, String path) {
    return top.resolve(controller).resolve(path.substring(1));
  }

  /// Removes a cgroup, with those below it. What still runs in them is killed; the kernel takes a
  /// moment for that, during which it refuses the removal.
  ///
  /// @throws IOException if it is still there
  public void remove(String path) throws IOException {
    for (Path hierarchy : hierarchies()) {
      removeTree(hierarchy.resolve(path.substring(1)));
    }
  }

  private List<Path> hierarchies() throws IOException {
    return unified ? List.of(top) : files.directories(top);
  }

  private void removeTree(Path cgroup) throws IOException {
    for (Path child : files.directories(cgroup)) {
      removeTree(child);
    }
    if (files.isDirectory(cgroup)) {
      killAll(cgroup);
      files.removeDirectory(cgroup);
    }
  }

  private void killAll(Path cgroup) throws IOException {
    for (String pid : words(cgroup.resolve("cgroup.procs"))) {
      LOG.log(Level.WARNING, "a process outlives its Pod and is killed: pid={0}", pid);
      files.kill(Long.parseLong(pid));
    }
  }
}
