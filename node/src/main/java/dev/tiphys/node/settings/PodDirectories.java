package dev.tiphys.node.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Where the files of Pods are, below the agent's data directory. The names are upstream's.
///
/// @param data the agent's data directory
public record PodDirectories(Path data) {

  /// All that belongs to one Pod, but for its logs and secrets.
  public Path pod(String uid) {
    return data.resolve("pods").resolve(uid);
  }

  /// A volume's files.
  ///
  /// @param plugin the volume plugin, as `kubernetes.io~empty-dir`
  public Path volume(String uid, String plugin, String volume) {
    return pod(uid).resolve("volumes").resolve(plugin).resolve(volume);
  }

  /// What must never reach a disk: in memory.
  public Path memory() {
    return data.resolve("memory");
  }

  /// A volume's files, in memory.
  public Path volumeInMemory(String uid, String plugin, String volume) {
    return memory().resolve(uid).resolve(plugin).resolve(volume);
  }

  public Path hostsFile(String uid) {
    return pod(uid).resolve("etc-hosts");
  }

  /// Where a container writes why it ended.
  public Path terminationMessage(String uid, String container, int attempt) {
    return pod(uid).resolve("containers").resolve(container).resolve("%08x".formatted(attempt));
  }

  /// The logs of a Pod's containers.
  public Path logs(String namespace, String name, String uid) {
    return data.resolve("logs").resolve("pods").resolve(namespace + "_" + name + "_" + uid);
  }

  /// The log of a container, relative to [#logs].
  public static String log(String container, int attempt) {
    return container + "/" + attempt + ".log";
  }

  /// Seccomp profiles of the node's own.
  public Path seccomp() {
    return data.resolve("seccomp");
  }

  /// The uids of the Pods that have a directory.
  public List<String> uids() throws IOException {
    return entries(data.resolve("pods")).stream()
        .map(entry -> entry.getFileName().toString())
        .toList();
  }

  /// The directories with logs, by the uid of their Pod.
  public Map<String, Path> logs() throws IOException {
    Map<String, Path> byUid = new HashMap<>();
    for (Path entry : entries(data.resolve("logs").resolve("pods"))) {
      String name = entry.getFileName().toString();
      byUid.put(name.substring(name.lastIndexOf('_') + 1), entry);
    }
    return byUid;
  }

  private static List<Path> entries(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.toList();
    } catch (NoSuchFileException _) {
      return List.of();
    }
  }

  /// Removes a file or directory and all that is in it; what vanishes meanwhile is as good as
  /// removed. Links are removed, not followed.
  public static void removeTree(Path top) throws IOException {
    if (Files.isDirectory(top, LinkOption.NOFOLLOW_LINKS)) {
      for (Path entry : entries(top)) {
        removeTree(entry);
      }
    }
    Files.deleteIfExists(top);
  }
}
