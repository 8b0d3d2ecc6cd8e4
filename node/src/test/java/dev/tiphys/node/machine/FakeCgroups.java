package dev.tiphys.node.machine;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Cgroups of version 2 as the kernel shows them: a cgroup has the files of those controllers that
/// its parent hands down; one with processes of its own hands down nothing (but for the top one); a
/// cgroup in use cannot be removed.
final class FakeCgroups extends CgroupFiles {

  static final Path TOP = Path.of("/sys/fs/cgroup");
  private static final Map<String, List<String>> FILES =
      Map.of("cpu", List.of("cpu.weight", "cpu.max"), "memory", List.of("memory.max"));

  private final Map<Path, Cgroup> cgroups = new TreeMap<>();

  /// What was killed.
  final List<Long> killed = new ArrayList<>();

  static final class Cgroup {
    final Set<String> controllers;
    final Set<String> handedDown = new TreeSet<>();
    final Set<Long> processes = new TreeSet<>();
    final Map<String, String> written = new TreeMap<>();

    Cgroup(Set<String> controllers) {
      this.controllers = Set.copyOf(controllers);
    }
  }

  FakeCgroups(String... controllers) {
    cgroups.put(TOP, new Cgroup(Set.of(controllers)));
  }

  Cgroup at(String path) {
    return cgroup(TOP.resolve(path));
  }

  private Cgroup cgroup(Path path) {
    Cgroup cgroup = cgroups.get(path);
    if (cgroup == null) {
      throw new IllegalArgumentException("there is no cgroup " + path);
    }
    return cgroup;
  }

  @Override
  boolean exists(Path file) {
    return isDirectory(file) || cgroups.containsKey(file.getParent());
  }

  @Override
  boolean isDirectory(Path path) {
    return cgroups.containsKey(path);
  }

  @Override
  void makeDirectories(Path directory) {
    if (!cgroups.containsKey(directory)) {
      cgroups.put(directory, new Cgroup(cgroup(directory.getParent()).handedDown));
    }
  }

  @Override
  List<Path> directories(Path directory) {
    return cgroups.keySet().stream().filter(p -> directory.equals(p.getParent())).toList();
  }

  @Override
  void removeDirectory(Path directory) throws IOException {
    if (!directories(directory).isEmpty() || !cgroup(directory).processes.isEmpty()) {
      throw new FileSystemException(directory.toString(), null, "Device or resource busy");
    }
    cgroups.remove(directory);
  }

  @Override
  String read(Path file) {
    Cgroup cgroup = cgroup(file.getParent());
    return switch (file.getFileName().toString()) {
      case "cgroup.controllers" -> String.join(" ", cgroup.controllers) + "\n";
      case "cgroup.subtree_control" -> String.join(" ", cgroup.handedDown) + "\n";
      case "cgroup.procs" ->
          String.join("\n", cgroup.processes.stream().map(String::valueOf).toList());
      default -> "";
    };
  }

  @Override
  void write(Path file, String text) throws IOException {
    Cgroup cgroup = cgroup(file.getParent());
    String name = file.getFileName().toString();
    if (name.equals("cgroup.subtree_control")) {
      handDown(file, cgroup, text);
      return;
    }
    boolean there =
        cgroup.controllers.stream().anyMatch(c -> FILES.getOrDefault(c, List.of()).contains(name));
    if (!there) {
      throw new NoSuchFileException(file.toString());
    }
    cgroup.written.put(name, text);
  }

  private static void handDown(Path file, Cgroup cgroup, String text) throws IOException {
    for (String word : Arrays.asList(text.split(" "))) {
      String controller = word.substring(1);
      if (!cgroup.controllers.contains(controller)) {
        throw new NoSuchFileException(file.toString());
      }
      if (!cgroup.processes.isEmpty() && !file.getParent().equals(TOP)) {
        throw new FileSystemException(file.toString(), null, "Device or resource busy");
      }
      cgroup.handedDown.add(controller);
    }
  }

  @Override
  void kill(long pid) {
    killed.add(pid);
    cgroups.values().forEach(cgroup -> cgroup.processes.remove(pid));
  }
}
