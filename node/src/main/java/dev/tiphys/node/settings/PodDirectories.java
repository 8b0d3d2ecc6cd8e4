package dev.tiphys.node.settings;

import dev.tiphys.node.host.MountTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /// What volume plugins keep for the whole node.
  ///
  /// @param plugin as `kubernetes.io/csi`
  public Path plugin(String plugin) {
    return data.resolve("plugins").resolve(plugin);
  }

  /// Where plugins make themselves known.
  public Path pluginsRegistry() {
    return data.resolve("plugins_registry");
  }

  /// A Pod's raw block volume.
  public Path device(String uid, String plugin, String volume) {
    return pod(uid).resolve("volumeDevices").resolve(plugin).resolve(volume);
  }

  /// Where the parts of volumes are that containers mount.
  public Path subPaths(String uid) {
    return pod(uid).resolve("volume-subpaths");
  }

  /// What the node has staged and published of drivers.
  public Path ledger() {
    return data.resolve("volume-ledger");
  }

  /// What the node has of iSCSI targets.
  public Path iscsiLedger() {
    return data.resolve("iscsi-ledger");
  }

  /// What devices are prepared.
  public Path deviceLedger() {
    return data.resolve("device-ledger");
  }

  /// Notes of the images that were loaded from archives.
  public Path loadedImages() {
    return data.resolve("loaded-images");
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
  /// removed. Links are removed, not followed, and what is mounted there is not touched.
  ///
  /// @throws IOException if something is mounted there or below; then nothing was removed
  public static void removeTree(Path top) throws IOException {
    if (!Files.isDirectory(top, LinkOption.NOFOLLOW_LINKS)) {
      Files.deleteIfExists(top);
      return;
    }
    List<Path> mounted = MountTable.now().at(top);
    if (!mounted.isEmpty()) {
      throw new IOException(top + " is not removed: " + mounted.getFirst() + " is mounted");
    }
    Object device = device(top).orElse(null);
    if (device != null) {
      remove(top, device);
    }
  }

  /// @param device the file system that must not be left: for what is mounted meanwhile
  private static void remove(Path file, Object device) throws IOException {
    if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
      for (Path entry : entries(file)) {
        boolean inside = device(entry).map(device::equals).orElse(true);
        if (!inside) {
          throw new IOException(entry + " is not removed: it is mounted");
        }
        remove(entry, device);
      }
    }
    Files.deleteIfExists(file);
  }

  /// The file system that a file is on; empty if the file has just gone.
  private static Optional<Object> device(Path file) throws IOException {
    try {
      return Optional.of(Files.getAttribute(file, "unix:dev", LinkOption.NOFOLLOW_LINKS));
    } catch (NoSuchFileException _) {
      return Optional.empty();
    }
  }
}
