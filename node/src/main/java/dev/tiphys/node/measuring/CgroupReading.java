package dev.tiphys.node.measuring;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What the kernel says of one cgroup. Numbers that it does not tell are absent, or -1.
///
/// @param cpu processor time in seconds: all, of the processes' own, of the kernel for them
/// @param disks by device
/// @param processes how many there are
record CgroupReading(
    Cpu cpu,
    Throttling throttling,
    Memory memory,
    Limits limits,
    List<Disk> disks,
    long processes) {

  record Cpu(double total, double user, double system) {}

  /// @param periods in which it was limited
  /// @param throttled periods in which it was made to wait
  /// @param seconds for how long
  record Throttling(long periods, long throttled, double seconds) {}

  /// In bytes, and counts of events.
  record Memory(
      long usage,
      long peak,
      long workingSet,
      long rss,
      long cache,
      long mapped,
      long swap,
      long failures,
      long faults,
      long majorFaults,
      long outOfMemory) {}

  /// What it may have; 0 where there is no limit.
  record Limits(long shares, long quota, long period, long memory, long swap, long processes) {}

  /// @param device as `8:0`
  record Disk(String device, long readBytes, long writtenBytes, long reads, long writes) {}

  private static final double NANOS = 1e9;
  private static final double MICROS = 1e6;
  private static final double TICKS = 100;
  private static final long USUAL_PERIOD = 100_000;

  /// Above this the kernel means that there is no limit.
  private static final long NO_LIMIT = 1L << 60;

  /// Whether there is such a cgroup.
  ///
  /// @param top where cgroups are mounted
  /// @param path below that, beginning with a slash
  static boolean exists(Path top, String path) {
    return Files.isDirectory(directory(top, path));
  }

  private static boolean isUnified(Path top) {
    return Files.exists(top.resolve("cgroup.controllers"));
  }

  /// The one that has its processes.
  static Path directory(Path top, String path) {
    return isUnified(top)
        ? top.resolve(path.substring(1))
        : top.resolve("memory").resolve(path.substring(1));
  }

  /// Reads it, whichever version of cgroups the machine has.
  static CgroupReading of(Path top, String path) {
    String below = path.substring(1);
    return isUnified(top)
        ? unified(new KernelFiles(top.resolve(below)))
        : divided(new KernelFiles(top), below);
  }

  private static CgroupReading unified(KernelFiles files) {
    Map<String, Long> cpu = files.table("cpu.stat");
    Map<String, Long> memory = files.table("memory.stat");
    Map<String, Long> events = files.table("memory.events");
    long usage = files.number("memory.current", 0);
    String[] bandwidth = files.text("cpu.max").split(" ");
    long weight = files.number("cpu.weight", 0);
    return new CgroupReading(
        new Cpu(
            cpu.getOrDefault("usage_usec", 0L) / MICROS,
            cpu.getOrDefault("user_usec", 0L) / MICROS,
            cpu.getOrDefault("system_usec", 0L) / MICROS),
        new Throttling(
            cpu.getOrDefault("nr_periods", 0L),
            cpu.getOrDefault("nr_throttled", 0L),
            cpu.getOrDefault("throttled_usec", 0L) / MICROS),
        new Memory(
            usage,
            files.number("memory.peak", usage),
            Math.max(0, usage - memory.getOrDefault("inactive_file", 0L)),
            memory.getOrDefault("anon", 0L),
            memory.getOrDefault("file", 0L),
            memory.getOrDefault("file_mapped", 0L),
            files.number("memory.swap.current", 0),
            events.getOrDefault("max", 0L),
            memory.getOrDefault("pgfault", 0L),
            memory.getOrDefault("pgmajfault", 0L),
            events.getOrDefault("oom_kill", 0L)),
        new Limits(
            weight == 0 ? 0 : 2 + (weight - 1) * 262_142 / 9_999,
            KernelFiles.number(bandwidth[0], 0, 10),
            bandwidth.length < 2 ? USUAL_PERIOD : KernelFiles.number(bandwidth[1], 0, 10),
            limit(files.number("memory.max", 0)),
            limit(files.number("memory.swap.max", 0)),
            limit(files.number("pids.max", 0))),
        disks(files.lines("io.stat")),
        files.number("pids.current", -1));
  }

  /// `8:0 rbytes=1 wbytes=2 rios=3 wios=4 …`
  private static List<Disk> disks(List<String> lines) {
    List<Disk> disks = new ArrayList<>();
    for (String line : lines) {
      String[] words = line.split(" ");
      long[] counts = new long[4];
      for (String word : words) {
        String[] sides = word.split("=");
        int index = List.of("rbytes", "wbytes", "rios", "wios").indexOf(sides[0]);
        if (index >= 0 && sides.length == 2) {
          counts[index] = KernelFiles.number(sides[1], 0, 10);
        }
      }
      disks.add(new Disk(words[0], counts[0], counts[1], counts[2], counts[3]));
    }
    return disks;
  }

  /// Of the first version, which has a tree for each thing.
  private static CgroupReading divided(KernelFiles files, String path) {
    String cpu = "cpu/" + path + "/";
    String accounting = "cpuacct/" + path + "/";
    String memory = "memory/" + path + "/";
    Map<String, Long> times = files.table(accounting + "cpuacct.stat");
    Map<String, Long> throttling = files.table(cpu + "cpu.stat");
    Map<String, Long> kinds = files.table(memory + "memory.stat");
    long usage = files.number(memory + "memory.usage_in_bytes", 0);
    long quota = files.number(cpu + "cpu.cfs_quota_us", 0);
    return new CgroupReading(
        new Cpu(
            files.number(accounting + "cpuacct.usage", 0) / NANOS,
            times.getOrDefault("user", 0L) / TICKS,
            times.getOrDefault("system", 0L) / TICKS),
        new Throttling(
            throttling.getOrDefault("nr_periods", 0L),
            throttling.getOrDefault("nr_throttled", 0L),
            throttling.getOrDefault("throttled_time", 0L) / NANOS),
        new Memory(
            usage,
            files.number(memory + "memory.max_usage_in_bytes", usage),
            Math.max(0, usage - kinds.getOrDefault("total_inactive_file", 0L)),
            kinds.getOrDefault("total_rss", 0L),
            kinds.getOrDefault("total_cache", 0L),
            kinds.getOrDefault("total_mapped_file", 0L),
            kinds.getOrDefault("total_swap", 0L),
            files.number(memory + "memory.failcnt", 0),
            kinds.getOrDefault("total_pgfault", 0L),
            kinds.getOrDefault("total_pgmajfault", 0L),
            files.table(memory + "memory.oom_control").getOrDefault("oom_kill", 0L)),
        new Limits(
            files.number(cpu + "cpu.shares", 0),
            Math.max(0, quota),
            files.number(cpu + "cpu.cfs_period_us", USUAL_PERIOD),
            limit(files.number(memory + "memory.limit_in_bytes", 0)),
            limit(files.number(memory + "memory.memsw.limit_in_bytes", 0)),
            limit(files.number("pids/" + path + "/pids.max", 0))),
        disks(
            files.lines("blkio/" + path + "/blkio.throttle.io_service_bytes"),
            files.lines("blkio/" + path + "/blkio.throttle.io_serviced")),
        files.number("pids/" + path + "/pids.current", -1));
  }

  /// `8:0 Read 1`, `8:0 Write 2`, …: bytes in one file, operations in another.
  private static List<Disk> disks(List<String> bytes, List<String> operations) {
    List<Disk> disks = new ArrayList<>();
    List<String> devices =
        bytes.stream()
            .filter(line -> line.contains(" Read "))
            .map(line -> line.split(" ")[0])
            .toList();
    for (String device : devices) {
      disks.add(
          new Disk(
              device,
              count(bytes, device + " Read "),
              count(bytes, device + " Write "),
              count(operations, device + " Read "),
              count(operations, device + " Write ")));
    }
    return disks;
  }

  private static long count(List<String> lines, String begin) {
    for (String line : lines) {
      if (line.startsWith(begin)) {
        return KernelFiles.number(line.substring(begin.length()).strip(), 0, 10);
      }
    }
    return 0;
  }

  private static long limit(long value) {
    return value < 0 || value > NO_LIMIT ? 0 : value;
  }
}
