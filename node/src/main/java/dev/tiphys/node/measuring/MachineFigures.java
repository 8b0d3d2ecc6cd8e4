package dev.tiphys.node.measuring;

import dev.tiphys.metrics.Exposition;
import dev.tiphys.world.World;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// What the machine does, under node_exporter's names: its processors, memory, load, network and
/// what the kernel counts. Disks and file systems are in [DiskFigures].
///
/// Threads: one.
public final class MachineFigures {

  private static final double TICKS = 100;
  private static final double MICROS = 1e6;
  private static final long KIBI = 1024;

  private static final List<String> MODES =
      List.of("user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal");

  /// Which counts of the network are told, as node_exporter chooses them.
  private static final Pattern NETSTAT =
      Pattern.compile(
          ".*_(InErrors|InErrs)|Ip_Forwarding|Ip(6|Ext)_(InOctets|OutOctets)"
              + "|Icmp6?_(InMsgs|OutMsgs)"
              + "|TcpExt_(Listen.*|Syncookies.*|TCPSynRetrans|TCPTimeouts|TCPOFOQueue|TCPRcvQDrop)"
              + "|Tcp_(ActiveOpens|InSegs|OutSegs|OutRsts|PassiveOpens|RetransSegs|CurrEstab)"
              + "|Udp6?_(InDatagrams|OutDatagrams|NoPorts|RcvbufErrors|SndbufErrors)");

  private static final Pattern VMSTAT = Pattern.compile("oom_kill|pgpg.*|pswp.*|pg.*fault.*");

  private final World world;
  private final KernelFiles proc;
  private final KernelFiles sys;
  private final Figures figures = new Figures();

  /// @param proc the kernel's directory, `/proc`
  /// @param sys the kernel's other directory, `/sys`
  public MachineFigures(World world, Path proc, Path sys) {
    this.world = world;
    this.proc = new KernelFiles(proc);
    this.sys = new KernelFiles(sys);
  }

  /// Looks at the machine, and writes what there is to see.
  public void write(Exposition out) throws InterruptedException {
    processors();
    load();
    memory();
    pressure();
    network();
    netstat();
    sockets();
    kernel();
    new DiskFigures(figures, proc).look();
    figures.write(out);
  }

  private void processors() {
    for (String line : proc.lines("stat")) {
      String[] words = line.split(" +");
      switch (words[0]) {
        case "btime" ->
            figures.gauge(
                "node_boot_time_seconds", "When the machine was started.", number(words[1]));
        case "ctxt" ->
            figures.counter(
                "node_context_switches_total", "Changes from task to task.", number(words[1]));
        case "intr" -> figures.counter("node_intr_total", "Interrupts.", number(words[1]));
        case "processes" -> figures.counter("node_forks_total", "Forks.", number(words[1]));
        case "procs_running" ->
            figures.gauge("node_procs_running", "Processes that can run.", number(words[1]));
        case "procs_blocked" ->
            figures.gauge("node_procs_blocked", "Processes that wait.", number(words[1]));
        default -> {
          if (words[0].matches("cpu\\d+")) {
            processor(words[0].substring("cpu".length()), words);
          }
        }
      }
    }
  }

  private void processor(String cpu, String[] words) {
    for (int i = 0; i < MODES.size() && i + 1 < words.length; i++) {
      figures.counter(
          "node_cpu_seconds_total",
          "What a processor did, and for how long.",
          number(words[i + 1]) / TICKS,
          "cpu",
          cpu,
          "mode",
          MODES.get(i));
    }
  }

  private static double number(String text) {
    return KernelFiles.number(text, 0, 10);
  }

  private void load() {
    String[] words = proc.text("loadavg").split(" ");
    List<String> spans = List.of("1", "5", "15");
    for (int i = 0; i < spans.size() && words.length > spans.size(); i++) {
      figures.gauge(
          "node_load" + spans.get(i),
          "How many tasks ran or waited, over " + spans.get(i) + " minutes.",
          Double.parseDouble(words[i]));
    }
  }

  private void memory() {
    for (String line : proc.lines("meminfo")) {
      String[] words = line.split("[: ]+");
      if (words.length < 2) {
        continue;
      }
      String name = words[0].replace("(", "_").replace(")", "");
      boolean bytes = words.length == 3;
      figures.gauge(
          "node_memory_" + name + (bytes ? "_bytes" : ""),
          "Memory: " + words[0] + ".",
          number(words[1]) * (bytes ? KIBI : 1));
    }
    proc.table("vmstat")
        .forEach(
            (name, value) -> {
              if (VMSTAT.matcher(name).matches()) {
                figures.gauge("node_vmstat_" + name, "Of /proc/vmstat: " + name + ".", value);
              }
            });
  }

  /// For how long something waited: `some` tasks, or all of them (`full`).
  private void pressure() {
    for (String resource : List.of("cpu", "io", "memory")) {
      for (String line : proc.lines("pressure/" + resource)) {
        String[] words = line.split("total=");
        boolean some = line.startsWith("some");
        if (words.length == 2 && (some || !resource.equals("cpu"))) {
          figures.counter(
              "node_pressure_%s_%s_seconds_total".formatted(resource, some ? "waiting" : "stalled"),
              "For how long %s waited for %s."
                  .formatted(some ? "some tasks" : "all tasks", resource),
              number(words[1].strip()) / MICROS);
        }
      }
    }
  }

  private void network() {
    for (String line : proc.lines("net/dev")) {
      if (line.contains(":")) {
        Interface at = Interface.of(line);
        for (Interface.Direction each : List.of(at.received(), at.sent())) {
          String name = "node_network_" + each.name() + "_";
          figures.counter(name + "bytes_total", "Bytes.", each.bytes(), "device", at.name());
          figures.counter(name + "packets_total", "Packets.", each.packets(), "device", at.name());
          figures.counter(
              name + "errs_total", "Packets with errors.", each.errors(), "device", at.name());
          figures.counter(
              name + "drop_total",
              "Packets that were dropped.",
              each.dropped(),
              "device",
              at.name());
        }
        String own = "class/net/" + at.name() + "/";
        figures.gauge(
            "node_network_up",
            "1 if it works, or else 0.",
            sys.text(own + "operstate").equals("up") ? 1 : 0,
            "device",
            at.name());
        figures.gauge(
            "node_network_mtu_bytes",
            "Size of the largest packet.",
            sys.number(own + "mtu", 0),
            "device",
            at.name());
      }
    }
  }

  /// Two lines for each protocol: names, and numbers.
  private void netstat() {
    for (String file : List.of("net/netstat", "net/snmp")) {
      List<String> lines = proc.lines(file);
      for (int i = 0; i + 1 < lines.size(); i += 2) {
        String[] names = lines.get(i).split(" ");
        String[] values = lines.get(i + 1).split(" ");
        String protocol = names[0].replace(":", "");
        for (int j = 1; j < Math.min(names.length, values.length); j++) {
          netstat(protocol + "_" + names[j], values[j]);
        }
      }
    }
    proc.table("net/snmp6")
        .forEach(
            (name, value) ->
                netstat(name.replaceFirst("^(Ip6|Icmp6|Udp6)", "$1_"), Long.toString(value)));
  }

  private void netstat(String name, String value) {
    if (NETSTAT.matcher(name).matches()) {
      figures.gauge("node_netstat_" + name, "What the kernel counts: " + name + ".", number(value));
    }
  }

  private void sockets() {
    for (String line : proc.lines("net/sockstat")) {
      String[] words = line.split("[: ]+");
      for (int i = 1; i + 1 < words.length; i += 2) {
        figures.gauge(
            "node_sockstat_%s_%s".formatted(words[0], words[i]),
            "Sockets: %s %s.".formatted(words[0], words[i]),
            number(words[i + 1]));
      }
    }
  }

  private void kernel() {
    String[] files = proc.text("sys/fs/file-nr").split("\\s+");
    if (files.length == 3) {
      figures.gauge("node_filefd_allocated", "Files that are open.", number(files[0]));
      figures.gauge("node_filefd_maximum", "Most files that can be.", number(files[2]));
    }
    ofFile("node_nf_conntrack_entries", "Connections.", "sys/net/netfilter/nf_conntrack_count");
    ofFile(
        "node_nf_conntrack_entries_limit",
        "Most connections.",
        "sys/net/netfilter/nf_conntrack_max");
    ofFile("node_entropy_available_bits", "Chance.", "sys/kernel/random/entropy_avail");
    figures.gauge(
        "node_time_seconds", "The time of the machine.", world.now().toEpochMilli() / 1000.0);
    figures.gauge("node_uname_info", "What the machine is.", 1, uname());
  }

  private void ofFile(String name, String help, String file) {
    long value = proc.number(file, -1);
    if (value >= 0) {
      figures.gauge(name, help, value);
    }
  }

  private String[] uname() {
    Map<String, String> machines = Map.of("amd64", "x86_64");
    String machine = System.getProperty("os.arch", "");
    return new String[] {
      "domainname",
      proc.text("sys/kernel/domainname"),
      "machine",
      machines.getOrDefault(machine, machine),
      "nodename",
      proc.text("sys/kernel/hostname"),
      "release",
      proc.text("sys/kernel/osrelease"),
      "sysname",
      proc.text("sys/kernel/ostype"),
      "version",
      proc.text("sys/kernel/version")
    };
  }
}
