package dev.tiphys.node.machine;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/// How much of this machine is in use, as the kernel tells. What it does not tell is 0.
///
/// @param booted when the machine was started
/// @param cpuNanos processor time that was used since then
/// @param memory bytes there are
/// @param memoryUsed bytes in use, caches included
/// @param workingSet bytes in use that can't be given back easily
/// @param rss bytes of the processes' own
/// @param diskSize bytes of the file system with Pods' files
/// @param diskFree bytes of it that are free
public record MachineUsage(
    Instant booted,
    long cpuNanos,
    long memory,
    long memoryUsed,
    long workingSet,
    long rss,
    long diskSize,
    long diskFree) {

  /// The unit of processor times in `/proc/stat`: the same on every Linux that Java runs on.
  private static final long NANOS_PER_TICK = 10_000_000;

  /// Which times of `/proc/stat` are use: all but those of waiting, the fourth and the fifth.
  private static final int IDLE = 4;

  private static final int IO_WAIT = 5;
  private static final int LAST = 8; // what follows is counted in the others already

  /// Looks at the machine.
  ///
  /// @param proc the kernel's directory, `/proc`
  /// @param data a directory on the file system with Pods' files
  public static MachineUsage look(Path proc, Path data) throws IOException {
    long ticks = 0;
    long booted = 0;
    for (String line : Files.readAllLines(proc.resolve("stat"))) {
      String[] words = line.split(" +");
      if (words[0].equals("cpu")) {
        for (int i = 1; i < Math.min(words.length, LAST + 1); i++) {
          ticks += i == IDLE || i == IO_WAIT ? 0 : Long.parseLong(words[i]);
        }
      } else if (words[0].equals("btime")) {
        booted = Long.parseLong(words[1]);
      }
    }
    Map<String, Long> memory = memory(proc);
    long all = memory.getOrDefault("MemTotal", 0L);
    long used = all - memory.getOrDefault("MemFree", 0L);
    FileStore disk = Files.getFileStore(data);
    return new MachineUsage(
        Instant.ofEpochSecond(booted),
        ticks * NANOS_PER_TICK,
        all,
        used,
        Math.max(0, used - memory.getOrDefault("Inactive(file)", 0L)),
        memory.getOrDefault("AnonPages", 0L),
        disk.getTotalSpace(),
        disk.getUsableSpace());
  }

  /// In bytes, by the kernel's names.
  private static Map<String, Long> memory(Path proc) throws IOException {
    Map<String, Long> memory = new HashMap<>();
    for (String line : Files.readAllLines(proc.resolve("meminfo"))) {
      String[] words = line.split("[: ]+");
      if (words.length == 3) { // the others are no sizes
        memory.put(words[0], Long.parseLong(words[1]) << 10);
      }
    }
    return memory;
  }
}
