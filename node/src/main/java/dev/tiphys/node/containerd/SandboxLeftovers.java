package dev.tiphys.node.containerd;

import dev.tiphys.node.cri.CriRuntime;
import dev.tiphys.node.host.MountedBelow;
import dev.tiphys.node.runtime.RuntimeFailure;
import dev.tiphys.node.runtime.Sandbox;
import dev.tiphys.world.World;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// What stays of sandboxes that were being made, or removed, when containerd or the process that
/// asked for them was killed: shims, network namespaces, addresses. containerd knows nothing of
/// them any more, so nothing else ever removes them.
///
/// What is there and belongs to no sandbox may be of one that is just being made. So it is only
/// removed if that cannot be: at the start of containerd at once ([#removeUnknown]), and else when
/// it has been seen for longer than anything takes ([#round]).
///
/// Threads: one at a time.
final class SandboxLeftovers {

  private static final System.Logger LOG = System.getLogger(SandboxLeftovers.class.getName());
  private static final String SHIM = "containerd-shim";
  private static final Path RESULTS = Path.of("/var/lib/cni/results");

  /// containerd has a record of a sandbox before it starts its shim, and ends the shim before it
  /// removes the record.
  private static final Duration SHIM_SETTLES = Duration.ofSeconds(5);

  /// More than the making of a sandbox may take.
  private static final Duration LONGEST_CALL = Duration.ofMinutes(5);

  private final World world;
  private final ContainerdFiles files;
  private final Path addresses;
  private final CriRuntime runtime;
  private Map<Object, Long> suspects = new HashMap<>();

  /// @param data the node's data directory
  SandboxLeftovers(World world, ContainerdFiles files, Path data, CriRuntime runtime) {
    this.world = world;
    this.files = files;
    this.addresses = data.resolve("cni").resolve("networks");
    this.runtime = runtime;
  }

  /// What is there.
  ///
  /// @param shims by the sandbox they are for
  /// @param networks network namespaces
  /// @param addresses the files that hold an address, by the sandbox that has it
  record Found(
      Map<String, ProcessHandle> shims, Set<Path> networks, Map<String, Set<Path>> addresses) {}

  Found look() throws IOException {
    Map<String, ProcessHandle> shims = new HashMap<>();
    ProcessHandle.allProcesses()
        .forEach(
            process -> {
              String sandbox = sandboxOf(process.pid());
              if (!sandbox.isEmpty()) {
                shims.put(sandbox, process);
              }
            });
    Set<Path> networks = new HashSet<>();
    for (Path plugin : entries(files.state())) {
      networks.addAll(entries(plugin.resolve("netns")));
    }
    Map<String, Set<Path>> held = new HashMap<>();
    for (Path network : entries(addresses)) {
      for (Path address : entries(network)) {
        String sandbox = firstLine(address);
        if (sandbox.matches("[0-9a-f]{64}")) {
          held.computeIfAbsent(sandbox, _ -> new HashSet<>()).add(address);
        }
      }
    }
    return new Found(shims, networks, held);
  }

  /// Removes what was found before containerd was started, and belongs to no sandbox that it knows.
  ///
  /// @throws RuntimeFailure if containerd does not say which sandboxes there are
  void removeUnknown(Found before) throws IOException, InterruptedException {
    remove(unknown(before));
  }

  /// Looks once more, and removes what has belonged to no sandbox for too long.
  ///
  /// @throws RuntimeFailure if containerd does not say which sandboxes there are
  void round() throws IOException, InterruptedException {
    Found unknown = unknown(look());
    long now = world.nanoTime();
    Map<Object, Long> seen = new HashMap<>();
    unknown.networks.forEach(network -> note(network, now, seen));
    unknown.addresses.keySet().forEach(sandbox -> note(sandbox, now, seen));
    unknown.shims.values().forEach(shim -> note(shim.pid(), now, seen));
    suspects = seen;
    Set<String> records = runtime.records();
    unknown
        .shims
        .entrySet()
        .removeIf(
            shim ->
                !isSuspect(
                    shim.getValue().pid(),
                    now,
                    records.contains(shim.getKey()) ? LONGEST_CALL : SHIM_SETTLES));
    unknown.networks.removeIf(network -> !isSuspect(network, now, LONGEST_CALL));
    unknown.addresses.keySet().removeIf(sandbox -> !isSuspect(sandbox, now, LONGEST_CALL));
    remove(unknown);
  }

  private void note(Object suspect, long now, Map<Object, Long> seen) {
    seen.put(suspect, suspects.getOrDefault(suspect, now));
  }

  private boolean isSuspect(Object thing, long now, Duration longerThan) {
    Long since = suspects.get(thing);
    return since != null && now - since > longerThan.toNanos();
  }

  /// What of it belongs to no sandbox.
  private Found unknown(Found found) throws InterruptedException {
    Set<String> known = new HashSet<>();
    Set<Path> used = new HashSet<>();
    for (Sandbox sandbox : runtime.sandboxes(Map.of())) {
      known.add(sandbox.id());
      networkOf(sandbox, used);
    }
    Map<String, ProcessHandle> shims = new HashMap<>(found.shims);
    shims.keySet().removeAll(known);
    Set<Path> networks = new HashSet<>(found.networks);
    networks.removeAll(used);
    Map<String, Set<Path>> held = new HashMap<>(found.addresses);
    held.keySet().removeAll(known);
    return new Found(shims, networks, held);
  }

  private static void remove(Found found) throws IOException, InterruptedException {
    for (var shim : found.shims.entrySet()) {
      LOG.log(Level.WARNING, "a shim without a sandbox is ended: {0}", shim.getKey());
      List<ProcessHandle> children = shim.getValue().descendants().toList();
      shim.getValue().destroyForcibly();
      children.forEach(ProcessHandle::destroyForcibly);
    }
    for (Path network : found.networks) {
      if (Files.exists(network, LinkOption.NOFOLLOW_LINKS)) {
        LOG.log(Level.WARNING, "a network namespace without a sandbox is removed: {0}", network);
        MountedBelow.unmount(network);
        Files.deleteIfExists(network);
      }
    }
    for (var held : found.addresses.entrySet()) {
      for (Path address : held.getValue()) {
        Files.deleteIfExists(address);
      }
      forgetResults(held.getKey());
    }
  }

  private void networkOf(Sandbox sandbox, Set<Path> used) throws InterruptedException {
    try {
      runtime.networkNamespace(sandbox.id()).ifPresent(used::add);
    } catch (RuntimeFailure e) {
      if (e.reason() != RuntimeFailure.Reason.NOT_FOUND) {
        throw e;
      }
    }
  }

  /// What the runtime's network library remembers of a sandbox.
  private static void forgetResults(String sandbox) throws IOException {
    for (Path result : entries(RESULTS)) {
      if (result.getFileName().toString().contains(sandbox)) {
        Files.deleteIfExists(result);
      }
    }
  }

  /// The sandbox that a process is our shim for; empty if it is none.
  private String sandboxOf(long pid) {
    List<String> words = CommandWords.of(pid);
    int id = words.indexOf("-id");
    boolean ours =
        id >= 0 && words.getFirst().contains(SHIM) && words.contains(files.socket().toString());
    return ours && id + 1 < words.size() ? words.get(id + 1) : "";
  }

  private static String firstLine(Path file) {
    try {
      return Files.readString(file).lines().findFirst().orElse("").strip();
    } catch (IOException _) {
      return ""; // given back meanwhile, or not one of those
    }
  }

  private static List<Path> entries(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.toList();
    } catch (FileSystemException _) {
      return List.of(); // not there, or no directory
    }
  }
}
