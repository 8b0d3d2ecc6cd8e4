package dev.tiphys.node.measuring;

import dev.tiphys.metrics.Exposition;
import dev.tiphys.node.machine.Machine;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What containers and Pods use, under cAdvisor's names: what their cgroups say. A Pod's network is
/// told by its sandbox, as there. What needs a look at all files of a container is left out.
///
/// Threads: one.
public final class ContainerFigures {

  /// A container, a sandbox, or a whole Pod.
  ///
  /// @param cgroup its path, beginning with a slash
  /// @param name the container's id; empty for a Pod
  /// @param container as its Pod calls it; empty for a sandbox or a Pod
  /// @param hasNetwork whether the Pod's network is to be told with it
  /// @param started when it was made
  public record Subject(
      String cgroup,
      String name,
      String image,
      String namespace,
      String pod,
      String container,
      boolean hasNetwork,
      Instant started) {}

  private final KernelFiles proc;
  private final KernelFiles sys;
  private final Path cgroups;
  private final Figures figures = new Figures();

  /// @param proc the kernel's directory, `/proc`
  /// @param sys the kernel's other directory, `/sys`
  public ContainerFigures(Path proc, Path sys) {
    this.proc = new KernelFiles(proc);
    this.sys = new KernelFiles(sys);
    this.cgroups = sys.resolve("fs/cgroup");
  }

  /// Looks at all of them.
  ///
  /// @param now when that is
  public void look(Instant now, List<Subject> subjects) {
    for (Subject subject : subjects) {
      if (CgroupReading.exists(cgroups, subject.cgroup())) {
        String[] labels = {
          "container",
          subject.container(),
          "id",
          subject.cgroup(),
          "image",
          subject.image(),
          "name",
          subject.name(),
          "namespace",
          subject.namespace(),
          "pod",
          subject.pod()
        };
        look(now, subject, labels);
      }
    }
  }

  private static String[] more(String[] labels, String... others) {
    String[] all = Arrays.copyOf(labels, labels.length + others.length);
    System.arraycopy(others, 0, all, labels.length, others.length);
    return all;
  }

  private void look(Instant now, Subject subject, String[] labels) {
    CgroupReading reading = CgroupReading.of(cgroups, subject.cgroup());
    cpu(reading, labels);
    memory(reading.memory(), labels);
    limits(reading.limits(), labels);
    reading.disks().forEach(disk -> disk(disk, labels));
    if (reading.processes() >= 0) {
      figures.gauge("container_threads", "Threads that there are.", reading.processes(), labels);
    }
    figures.gauge("container_processes", "Processes that there are.", pids(subject).size(), labels);
    figures.gauge(
        "container_start_time_seconds",
        "When it was started.",
        subject.started().getEpochSecond(),
        labels);
    figures.gauge("container_last_seen", "When it was looked at.", now.getEpochSecond(), labels);
    if (subject.hasNetwork()) {
      network(subject, labels);
    }
  }

  private void cpu(CgroupReading reading, String[] labels) {
    CgroupReading.Cpu cpu = reading.cpu();
    figures.counter(
        "container_cpu_usage_seconds_total",
        "Processor time that was used.",
        cpu.total(),
        more(labels, "cpu", "total"));
    figures.counter(
        "container_cpu_user_seconds_total",
        "Processor time of the processes' own.",
        cpu.user(),
        labels);
    figures.counter(
        "container_cpu_system_seconds_total",
        "Processor time of the kernel for them.",
        cpu.system(),
        labels);
    if (reading.limits().quota() > 0) {
      CgroupReading.Throttling throttling = reading.throttling();
      figures.counter(
          "container_cpu_cfs_periods_total",
          "Periods in which processor time was limited.",
          throttling.periods(),
          labels);
      figures.counter(
          "container_cpu_cfs_throttled_periods_total",
          "Periods in which there was not enough of it.",
          throttling.throttled(),
          labels);
      figures.counter(
          "container_cpu_cfs_throttled_seconds_total",
          "For how long there was not enough of it.",
          throttling.seconds(),
          labels);
    }
  }

  private void memory(CgroupReading.Memory memory, String[] labels) {
    figures.gauge("container_memory_cache", "Bytes of cached files.", memory.cache(), labels);
    figures.counter(
        "container_memory_failcnt", "How often the limit was reached.", memory.failures(), labels);
    figures.counter(
        "container_memory_failures_total",
        "Faults of pages.",
        memory.faults(),
        more(labels, "failure_type", "pgfault", "scope", "hierarchy"));
    figures.counter(
        "container_memory_failures_total",
        "Faults of pages.",
        memory.majorFaults(),
        more(labels, "failure_type", "pgmajfault", "scope", "hierarchy"));
    figures.gauge(
        "container_memory_mapped_file", "Bytes of mapped files.", memory.mapped(), labels);
    figures.gauge("container_memory_max_usage_bytes", "Most bytes so far.", memory.peak(), labels);
    figures.gauge("container_memory_rss", "Bytes of the processes' own.", memory.rss(), labels);
    figures.gauge("container_memory_swap", "Bytes that are swapped out.", memory.swap(), labels);
    figures.gauge(
        "container_memory_usage_bytes", "Bytes, caches included.", memory.usage(), labels);
    figures.gauge(
        "container_memory_working_set_bytes",
        "Bytes that can't be given back easily.",
        memory.workingSet(),
        labels);
    figures.counter(
        "container_oom_events_total",
        "Processes that were killed for want of memory.",
        memory.outOfMemory(),
        labels);
  }

  private void limits(CgroupReading.Limits limits, String[] labels) {
    figures.gauge("container_spec_cpu_period", "How long a period is.", limits.period(), labels);
    if (limits.quota() > 0) {
      figures.gauge(
          "container_spec_cpu_quota", "Processor time in a period.", limits.quota(), labels);
    }
    figures.gauge("container_spec_cpu_shares", "Share of the processors.", limits.shares(), labels);
    figures.gauge(
        "container_spec_memory_limit_bytes",
        "Most bytes; 0 for no limit.",
        limits.memory(),
        labels);
    figures.gauge(
        "container_spec_memory_swap_limit_bytes",
        "Most bytes with what is swapped out; 0 for no limit.",
        limits.swap(),
        labels);
    figures.gauge(
        "container_threads_max", "Most threads; 0 for no limit.", limits.processes(), labels);
  }

  private void disk(CgroupReading.Disk disk, String[] labels) {
    String[] all = more(labels, "device", device(disk.device()));
    figures.counter("container_fs_reads_bytes_total", "Bytes read.", disk.readBytes(), all);
    figures.counter("container_fs_reads_total", "Reads.", disk.reads(), all);
    figures.counter("container_fs_writes_bytes_total", "Bytes written.", disk.writtenBytes(), all);
    figures.counter("container_fs_writes_total", "Writes.", disk.writes(), all);
  }

  /// A device by its numbers, as programs call it.
  private String device(String numbers) {
    for (String line : sys.lines("dev/block/" + numbers + "/uevent")) {
      if (line.startsWith("DEVNAME=")) {
        return "/dev/" + line.substring("DEVNAME=".length());
      }
    }
    return numbers;
  }

  private List<String> pids(Subject subject) {
    Path directory = CgroupReading.directory(cgroups, subject.cgroup());
    List<String> pids = new ArrayList<>(new KernelFiles(directory).lines("cgroup.procs"));
    pids.removeIf(String::isBlank);
    return pids;
  }

  private void network(Subject subject, String[] labels) {
    for (String pid : pids(subject)) {
      for (String line : proc.lines(pid + "/net/dev")) {
        if (line.contains(":") && !line.strip().startsWith("lo:")) {
          Interface at = Interface.of(line);
          network(at, more(labels, "interface", at.name()));
        }
      }
      return; // the others are in the same network
    }
  }

  private void network(Interface at, String[] labels) {
    for (Interface.Direction each : List.of(at.received(), at.sent())) {
      String name = "container_network_" + each.name() + "_";
      figures.counter(name + "bytes_total", "Bytes.", each.bytes(), labels);
      figures.counter(name + "packets_total", "Packets.", each.packets(), labels);
      figures.counter(name + "errors_total", "Packets with errors.", each.errors(), labels);
      figures.counter(
          name + "packets_dropped_total", "Packets that were dropped.", each.dropped(), labels);
    }
  }

  /// Writes what was seen, and what the machine has.
  public void write(Exposition out, Machine machine) {
    String[] labels = {
      "boot_id",
      machine.bootId(),
      "machine_id",
      machine.machineId(),
      "system_uuid",
      machine.systemUuid()
    };
    double cores = Runtime.getRuntime().availableProcessors();
    figures.gauge("machine_cpu_cores", "Processors that there are.", cores, labels);
    figures.gauge("machine_memory_bytes", "Memory that there is.", machine.memoryBytes(), labels);
    long swap = proc.table("meminfo").getOrDefault("SwapTotal", 0L) << 10;
    figures.gauge("machine_swap_bytes", "Room for memory on disks.", swap, labels);
    figures.write(out);
  }
}
