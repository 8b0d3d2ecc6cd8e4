package dev.tiphys.node.measuring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tiphys.metrics.Exposition;
import dev.tiphys.world.VirtualWorld;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineFiguresTest {

  @TempDir private Path root;

  private void file(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private String page() throws InterruptedException {
    Exposition out = new Exposition();
    new MachineFigures(new VirtualWorld(1), root.resolve("proc"), root.resolve("sys")).write(out);
    return out.toString();
  }

  @Test
  void whatTheKernelSays() throws Exception {
    file(
        "proc/stat",
        """
        cpu  300 0 0 0 0 0 0 0 0 0
        cpu0 100 1 50 1000 5 0 2 3 0 0
        ctxt 12
        btime 1700000000
        processes 7
        procs_running 2
        """);
    file("proc/loadavg", "0.50 1.25 2.00 1/100 999\n");
    file("proc/meminfo", "MemTotal:  2048 kB\nActive(anon):  4 kB\nHugePages_Total:   3\n");
    file("proc/vmstat", "pgpgin 5\nnr_free_pages 6\noom_kill 1\n");
    file("proc/pressure/memory", "some avg10=0.00 total=1500000\nfull avg10=0.00 total=500000\n");
    file("proc/net/dev", "head\nhead\n  eth0: 1000 20 1 2 0 0 0 0 3000 40 3 4 0 0 0 0\n");
    file("sys/class/net/eth0/operstate", "up\n");
    file("sys/class/net/eth0/mtu", "1500\n");
    file("proc/net/snmp", "Tcp: RtoMin OutSegs RetransSegs\nTcp: 200 90 3\n");
    file("proc/net/sockstat", "TCP: inuse 5 orphan 0\n");
    file("proc/sys/fs/file-nr", "10\t0\t1000\n");
    file("proc/sys/kernel/hostname", "n1\n");
    file(
        "proc/diskstats",
        """
           8       0 sda 10 1 100 2000 20 2 200 4000 1 5000 6000
           8       1 sda1 9 1 90 2000 20 2 200 4000 1 5000 6000
        """);

    assertThat(page().lines())
        .contains(
            "node_cpu_seconds_total{cpu=\"0\",mode=\"user\"} 1",
            "node_cpu_seconds_total{cpu=\"0\",mode=\"idle\"} 10",
            "node_boot_time_seconds 1700000000",
            "node_context_switches_total 12",
            "node_load1 0.5",
            "node_load15 2",
            "node_memory_MemTotal_bytes 2097152",
            "node_memory_Active_anon_bytes 4096",
            "node_memory_HugePages_Total 3",
            "node_vmstat_oom_kill 1",
            "node_pressure_memory_waiting_seconds_total 1.5",
            "node_pressure_memory_stalled_seconds_total 0.5",
            "node_network_receive_bytes_total{device=\"eth0\"} 1000",
            "node_network_transmit_drop_total{device=\"eth0\"} 4",
            "node_network_up{device=\"eth0\"} 1",
            "node_network_mtu_bytes{device=\"eth0\"} 1500",
            "node_netstat_Tcp_RetransSegs 3",
            "node_sockstat_TCP_inuse 5",
            "node_filefd_maximum 1000",
            "node_disk_read_bytes_total{device=\"sda\"} 51200",
            "node_disk_io_time_seconds_total{device=\"sda\"} 5")
        .noneMatch(line -> line.contains("nr_free_pages") || line.contains("sda1"))
        .anyMatch(line -> line.startsWith("node_uname_info{") && line.contains("nodename=\"n1\""));
  }

  @Test
  void fileSystemsOfThisMachineAreLookedAt() throws Exception {
    file(
        "proc/self/mounts",
        """
        /dev/sda1 / ext4 rw,relatime 0 0
        proc /proc proc rw 0 0
        server:/share /mnt nfs rw 0 0
        """);

    assertThat(page().lines())
        .contains(
            "node_filesystem_readonly{device=\"/dev/sda1\",fstype=\"ext4\",mountpoint=\"/\"} 0")
        .anyMatch(line -> line.startsWith("node_filesystem_size_bytes{device=\"/dev/sda1\""))
        .noneMatch(line -> line.contains("nfs"));
  }

  @Test
  void whatIsNotThereSaysNothing() throws Exception {
    assertThat(page().lines().filter(line -> !line.startsWith("#")))
        .allMatch(line -> line.startsWith("node_time_seconds") || line.startsWith("node_uname"));
  }
}
