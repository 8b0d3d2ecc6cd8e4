package dev.tiphys.node.measuring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.metrics.Exposition;
import dev.tiphys.node.machine.Machine;
import dev.tiphys.node.measuring.ContainerFigures.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Cgroups of both versions, as the kernel shows them.
class ContainerFiguresTest {

  private static final Instant START = Instant.ofEpochSecond(1000);
  private static final String LABELS =
      "container=\"app\",id=\"/kubepods/pod1/c1\",image=\"shop:1\",name=\"c1\","
          + "namespace=\"shop\",pod=\"web\"";
  private static final Subject APP =
      new Subject("/kubepods/pod1/c1", "c1", "shop:1", "shop", "web", "app", false, START);

  @TempDir private Path root;

  private void file(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private String page(Subject... subjects) {
    ContainerFigures figures = new ContainerFigures(root.resolve("proc"), root.resolve("sys"));
    figures.look(Instant.ofEpochSecond(2000), List.of(subjects));
    Exposition out = new Exposition();
    figures.write(out, new Machine(Map.of(), 4096, "m", "s", "b", "6.1", "Debian", "amd64"));
    return out.toString();
  }

  private void unified(String file, String text) throws IOException {
    file("sys/fs/cgroup/cgroup.controllers", "cpu memory io pids");
    file("sys/fs/cgroup/kubepods/pod1/c1/" + file, text);
  }

  @Test
  void ofOneTree() throws IOException {
    unified(
        "cpu.stat",
        """
        usage_usec 2500000
        user_usec 2000000
        system_usec 500000
        nr_periods 10
        nr_throttled 4
        throttled_usec 250000
        """);
    unified("cpu.max", "20000 100000\n");
    unified("cpu.weight", "4\n");
    unified("memory.current", "1000\n");
    unified("memory.max", "67108864\n");
    unified("memory.stat", "anon 300\nfile 600\ninactive_file 400\nfile_mapped 50\npgfault 9\n");
    unified("memory.events", "low 0\nmax 3\noom_kill 1\n");
    unified("io.stat", "8:0 rbytes=100 wbytes=200 rios=3 wios=4 dbytes=0 dios=0\n");
    unified("pids.current", "7\n");
    unified("cgroup.procs", "11\n12\n");
    file("sys/dev/block/8:0/uevent", "MAJOR=8\nMINOR=0\nDEVNAME=sda\nDEVTYPE=disk\n");

    assertThat(page(APP).lines())
        .contains(
            "container_cpu_usage_seconds_total{" + LABELS + ",cpu=\"total\"} 2.5",
            "container_cpu_user_seconds_total{" + LABELS + "} 2",
            "container_cpu_cfs_periods_total{" + LABELS + "} 10",
            "container_cpu_cfs_throttled_periods_total{" + LABELS + "} 4",
            "container_cpu_cfs_throttled_seconds_total{" + LABELS + "} 0.25",
            "container_memory_usage_bytes{" + LABELS + "} 1000",
            "container_memory_working_set_bytes{" + LABELS + "} 600",
            "container_memory_rss{" + LABELS + "} 300",
            "container_memory_cache{" + LABELS + "} 600",
            "container_memory_failcnt{" + LABELS + "} 3",
            "container_oom_events_total{" + LABELS + "} 1",
            "container_spec_memory_limit_bytes{" + LABELS + "} 67108864",
            "container_spec_cpu_quota{" + LABELS + "} 20000",
            "container_fs_reads_bytes_total{" + LABELS + ",device=\"/dev/sda\"} 100",
            "container_fs_writes_total{" + LABELS + ",device=\"/dev/sda\"} 4",
            "container_processes{" + LABELS + "} 2",
            "container_threads{" + LABELS + "} 7",
            "container_start_time_seconds{" + LABELS + "} 1000",
            "container_last_seen{" + LABELS + "} 2000");
  }

  @Test
  void ofATreeForEachThing() throws IOException {
    String own = "/kubepods/pod1/c1/";
    file("sys/fs/cgroup/cpuacct" + own + "cpuacct.usage", "2500000000\n");
    file("sys/fs/cgroup/cpuacct" + own + "cpuacct.stat", "user 200\nsystem 50\n");
    file("sys/fs/cgroup/cpu" + own + "cpu.cfs_quota_us", "-1\n");
    file("sys/fs/cgroup/cpu" + own + "cpu.shares", "102\n");
    file("sys/fs/cgroup/memory" + own + "memory.usage_in_bytes", "1000\n");
    file("sys/fs/cgroup/memory" + own + "memory.limit_in_bytes", "9223372036854771712\n");
    file(
        "sys/fs/cgroup/memory" + own + "memory.stat",
        "total_rss 300\ntotal_cache 600\ntotal_inactive_file 400\n");
    file(
        "sys/fs/cgroup/blkio" + own + "blkio.throttle.io_service_bytes",
        "8:16 Read 100\n8:16 Write 200\n8:16 Total 300\nTotal 300\n");
    file(
        "sys/fs/cgroup/blkio" + own + "blkio.throttle.io_serviced",
        "8:16 Read 3\n8:16 Write 4\nTotal 7\n");

    assertThat(page(APP).lines())
        .contains(
            "container_cpu_usage_seconds_total{" + LABELS + ",cpu=\"total\"} 2.5",
            "container_cpu_user_seconds_total{" + LABELS + "} 2",
            "container_memory_working_set_bytes{" + LABELS + "} 600",
            "container_memory_rss{" + LABELS + "} 300",
            "container_spec_memory_limit_bytes{" + LABELS + "} 0",
            "container_spec_cpu_shares{" + LABELS + "} 102",
            "container_fs_reads_bytes_total{" + LABELS + ",device=\"8:16\"} 100",
            "container_fs_writes_total{" + LABELS + ",device=\"8:16\"} 4")
        .noneMatch(line -> line.startsWith("container_cpu_cfs"));
  }

  @Test
  void theNetworkIsToldByTheSandbox() throws IOException {
    unified("cgroup.procs", "42\n");
    file(
        "proc/42/net/dev",
        """
        Inter-|   Receive                                                |  Transmit
         face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop
            lo:     10       1    0    0    0     0          0         0       10       1    0    0    0     0       0          0
          eth0:   1000      20    1    2    0     0          0         0     3000      40    3    4    0     0       0          0
        """);
    Subject sandbox =
        new Subject("/kubepods/pod1/c1", "c1", "pause", "shop", "web", "", true, START);

    String labels = LABELS.replace("\"app\"", "\"\"").replace("shop:1", "pause");
    assertThat(page(sandbox).lines())
        .contains(
            "container_network_receive_bytes_total{" + labels + ",interface=\"eth0\"} 1000",
            "container_network_receive_packets_dropped_total{" + labels + ",interface=\"eth0\"} 2",
            "container_network_transmit_errors_total{" + labels + ",interface=\"eth0\"} 3")
        .noneMatch(line -> line.contains("interface=\"lo\""));
  }

  @Test
  void aContainerThatHasGoneSaysNothing() {
    assertThat(page(APP).lines().filter(line -> line.startsWith("container_"))).isEmpty();
  }

  @Test
  void theMachineIsToldToo() throws IOException {
    file("proc/meminfo", "SwapTotal: 2 kB\n");
    String labels = "{boot_id=\"b\",machine_id=\"m\",system_uuid=\"s\"}";
    assertThat(page().lines())
        .contains(
            "machine_memory_bytes" + labels + " 4096", "machine_swap_bytes" + labels + " 2048");
  }
}
