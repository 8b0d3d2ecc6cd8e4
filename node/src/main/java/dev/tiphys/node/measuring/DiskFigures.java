package dev.tiphys.node.measuring;

import dev.tiphys.node.volumes.usage.VolumeUsage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What disks do, and how full file systems are. File systems of other machines are left out: a
/// look at one that does not answer would never end.
///
/// Threads: one.
record DiskFigures(Figures figures, KernelFiles proc) {

  private static final double MILLIS = 1e3;
  private static final long SECTOR = 512;

  /// Parts of disks, and what is none.
  private static final Pattern NO_DISK =
      Pattern.compile("(ram|loop|fd|(h|s|v|xv)d[a-z]|nvme\\d+n\\d+p)\\d+");

  private static final Pattern NO_PLACE =
      Pattern.compile(
          "/(dev|proc|run/credentials/.+|sys|var/lib/docker/.+|var/lib/containers/storage/.+)(/.*)?"
              + "|/run/containerd/.*|/var/lib/kubelet/.*");

  /// On disks of this machine, or in its memory.
  private static final Pattern HERE =
      Pattern.compile("ext[234]|btrfs|xfs|zfs|f2fs|jfs|reiserfs|vfat|exfat|ntfs3?|tmpfs|bcachefs");

  void look() throws InterruptedException {
    disks();
    fileSystems();
  }

  private void disks() {
    for (String line : proc.lines("diskstats")) {
      String[] words = line.strip().split("\\s+");
      if (words.length < 14 || NO_DISK.matcher(words[2]).matches()) {
        continue;
      }
      String disk = words[2];
      disk("reads_completed_total", "Reads.", disk, count(words[3]));
      disk("reads_merged_total", "Reads that were put together.", disk, count(words[4]));
      disk("read_bytes_total", "Bytes read.", disk, count(words[5]) * SECTOR);
      disk("read_time_seconds_total", "How long reads took.", disk, count(words[6]) / MILLIS);
      disk("writes_completed_total", "Writes.", disk, count(words[7]));
      disk("writes_merged_total", "Writes that were put together.", disk, count(words[8]));
      disk("written_bytes_total", "Bytes written.", disk, count(words[9]) * SECTOR);
      disk("write_time_seconds_total", "How long writes took.", disk, count(words[10]) / MILLIS);
      figures.gauge(
          "node_disk_io_now", "Reads and writes under way.", count(words[11]), "device", disk);
      disk("io_time_seconds_total", "How long it was busy.", disk, count(words[12]) / MILLIS);
      disk(
          "io_time_weighted_seconds_total",
          "How long reads and writes waited together.",
          disk,
          count(words[13]) / MILLIS);
    }
  }

  private void disk(String name, String help, String disk, double value) {
    figures.counter("node_disk_" + name, help, value, "device", disk);
  }

  private static double count(String text) {
    return KernelFiles.number(text, 0, 10);
  }

  private void fileSystems() throws InterruptedException {
    Set<String> seen = new HashSet<>();
    for (String line : proc.lines("self/mounts")) {
      String[] words = line.split(" ");
      if (words.length > 3
          && HERE.matcher(words[2]).matches()
          && !NO_PLACE.matcher(words[1]).matches()
          && seen.add(words[1])) {
        fileSystem(words[0], words[1].replace("\\040", " "), words[2], words[3]);
      }
    }
  }

  private void fileSystem(String device, String place, String type, String options)
      throws InterruptedException {
    String[] labels = {"device", device, "fstype", type, "mountpoint", place};
    VolumeUsage usage = usage(Path.of(place));
    figures.gauge(
        "node_filesystem_device_error",
        "1 if it could not be looked at, or else 0.",
        usage == null ? 1 : 0,
        labels);
    figures.gauge(
        "node_filesystem_readonly",
        "1 if it can't be written to, or else 0.",
        List.of(options.split(",")).contains("ro") ? 1 : 0,
        labels);
    if (usage == null) {
      return;
    }
    VolumeUsage.Amount bytes = usage.bytes();
    figures.gauge("node_filesystem_size_bytes", "How large it is.", bytes.total(), labels);
    figures.gauge(
        "node_filesystem_free_bytes", "Bytes that are free.", bytes.total() - bytes.used(), labels);
    figures.gauge(
        "node_filesystem_avail_bytes", "Bytes that can be written.", bytes.available(), labels);
    VolumeUsage.Amount files = usage.inodes();
    if (files != null) {
      figures.gauge(
          "node_filesystem_files", "Most files that there can be.", files.total(), labels);
      figures.gauge(
          "node_filesystem_files_free", "Files that can be made.", files.available(), labels);
    }
  }

  private static @Nullable VolumeUsage usage(Path place) throws InterruptedException {
    try {
      return VolumeUsage.ofFileSystem(place);
    } catch (IOException e) {
      return null;
    }
  }
}
