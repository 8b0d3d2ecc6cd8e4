package dev.tiphys.cli.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What a machine must be for real containers to run on it.
public final class HostRequirements {

  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
  private static final Path NAMESPACES = Path.of("/proc/self/ns");

  /// Controllers without which containers can't be limited.
  private static final List<String> CONTROLLERS = List.of("cpu", "memory", "pids");

  private HostRequirements() {}

  /// Whether this process may do what it wants.
  public static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  /// Makes sure that containers can run here.
  ///
  /// @throws CliException if something is missing
  public static void requireContainers() {
    if (!System.getProperty("os.name", "").equals("Linux")) {
      throw new CliException(
          "real containers need Linux; here, start the cluster with --node simulated");
    }
    if (!isRoot()) {
      throw new CliException(
          "running containers needs root; start as root, or with --node simulated");
    }
    for (String namespace : List.of("ipc", "mnt", "net", "pid", "uts")) {
      if (!Files.exists(NAMESPACES.resolve(namespace))) {
        throw new CliException(
            "the kernel has no %s namespaces, without which containers cannot run"
                .formatted(namespace));
      }
    }
    List<String> missing = missingControllers();
    if (!missing.isEmpty()) {
      throw new CliException(
          "the cgroup controllers %s are missing below %s; mount them, or enable them in the kernel's command line"
              .formatted(missing, CGROUPS));
    }
  }

  private static List<String> missingControllers() {
    Path unified = CGROUPS.resolve("cgroup.controllers");
    List<String> missing = new ArrayList<>(CONTROLLERS);
    try {
      if (Files.exists(unified)) {
        missing.removeAll(List.of(Files.readString(unified).strip().split(" ")));
      } else {
        missing.removeIf(controller -> Files.isDirectory(CGROUPS.resolve(controller)));
      }
    } catch (IOException e) {
      throw new CliException("cannot read " + unified + ": " + e.getMessage(), e);
    }
    return missing;
  }
}
