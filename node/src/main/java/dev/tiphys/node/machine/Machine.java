package dev.tiphys.node.machine;

import dev.tiphys.object.Quantity;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What this machine has, and what it calls itself.
///
/// @param capacity by resource, as a Node's status has it; without `pods`
/// @param osImage the name of the distribution
/// @param architecture as Go spells it: `amd64`
public record Machine(
    Map<String, Quantity> capacity,
    long memoryBytes,
    String machineId,
    String systemUuid,
    String bootId,
    String kernelVersion,
    String osImage,
    String architecture) {
  private static final long MEMORY_KEPT_FREE = 100 << 20;
  private static final long DISK_SHARE = 10;
  private static final Path HUGEPAGES = Path.of("/sys/kernel/mm/hugepages");

  public Machine {
    capacity = Map.copyOf(capacity);
  }

  /// Looks at the machine.
  ///
  /// @param data a directory on the file system that holds Pods' files
  public static Machine inspect(Path data) {
    long memory = readMemory();
    Map<String, Quantity> capacity = new TreeMap<>();
    capacity.put("cpu", Quantity.of(Runtime.getRuntime().availableProcessors()));
    capacity.put("memory", Quantity.ofBytes(memory));
    capacity.put("ephemeral-storage", Quantity.ofBytes(diskBytes(data)));
    putHugepages(capacity, "hugepages-1Gi", "hugepages-1048576kB", 1L << 30);
    putHugepages(capacity, "hugepages-2Mi", "hugepages-2048kB", 2L << 20);
    String machineId = text("/etc/machine-id");
    String uuid = text("/sys/class/dmi/id/product_uuid");
    return new Machine(
        capacity,
        memory,
        machineId,
        uuid.isEmpty() ? machineId : uuid,
        text("/proc/sys/kernel/random/boot_id"),
        text("/proc/sys/kernel/osrelease"),
        osImage(lines("/etc/os-release")),
        goArchitecture(System.getProperty("os.arch", "")));
  }

  private static long readMemory() {
    for (String line : lines("/proc/meminfo")) {
      if (line.startsWith("MemTotal:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
      }
    }
    return 0;
  }

  private static long diskBytes(Path data) {
    try {
      FileStore store = Files.getFileStore(data);
      return store.getTotalSpace();
    } catch (IOException _) {
      return 0; // A disk that can't be looked at is none to promise anything on.
    }
  }

  private static void putHugepages(
      Map<String, Quantity> capacity, String name, String directory, long size) {
    String count = text(HUGEPAGES.resolve(directory).resolve("nr_hugepages").toString());
    if (!count.isEmpty()) {
      capacity.put(name, Quantity.ofBytes(Long.parseLong(count) * size));
    }
  }

  static String osImage(List<String> lines) {
    for (String line : lines) {
      if (line.startsWith("PRETTY_NAME=")) {
        return line.substring("PRETTY_NAME=".length()).replaceAll("^\"|\"$", "");
      }
    }
    return "Linux";
  }

  static String goArchitecture(String name) {
    return switch (name) {
      case "amd64", "x86_64" -> "amd64";
      case "aarch64" -> "arm64";
      default -> name;
    };
  }

  private static String text(String file) {
    return String.join("\n", lines(file)).strip();
  }

  private static List<String> lines(String file) {
    try {
      return Files.readAllLines(Path.of(file));
    } catch (IOException _) {
      return List.of(); // Not every machine has every one of these.
    }
  }

  /// What Pods can have of the machine: what is neither reserved, nor kept free so that the machine
  /// goes on working.
  ///
  /// @param reserved what they can't, by resource
  public Map<String, Quantity> allocatable(Map<String, Quantity> reserved, int maxPods) {
    Map<String, Quantity> left = new TreeMap<>();
    capacity.forEach(
        (name, amount) -> {
          Quantity rest =
              amount.minus(reserved.getOrDefault(name, Quantity.ZERO)).minus(keptFree(name));
          left.put(name, rest.isNegative() ? Quantity.ZERO : rest);
        });
    left.put("pods", Quantity.of(maxPods));
    return left;
  }

  private Quantity keptFree(String resource) {
    return switch (resource) {
      case "memory" -> Quantity.ofBytes(MEMORY_KEPT_FREE);
      case "ephemeral-storage" ->
          Quantity.of(capacity.getOrDefault(resource, Quantity.ZERO).units() / DISK_SHARE);
      default -> Quantity.ZERO;
    };
  }
}
