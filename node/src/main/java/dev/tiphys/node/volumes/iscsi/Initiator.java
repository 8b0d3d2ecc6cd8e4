package dev.tiphys.node.volumes.iscsi;

import dev.tiphys.node.host.HostProgram;
import dev.tiphys.world.World;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Logs in to targets and out, and finds the devices of their disks. What it is told to do again it
/// finds done.
///
/// Threads: any, for one target one at a time.
public final class Initiator {
  private static final System.Logger LOG = System.getLogger(Initiator.class.getName());
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final String NODE = "node";

  /// How `iscsiadm` ends if there is no such session, record or portal.
  private static final List<Integer> NOTHING = List.of(2, 21);

  /// How it ends if there is one already.
  private static final int EXISTS = 15;

  private final World world;
  private final Supplier<@Nullable HostProgram> program;
  private final Path links;
  private final Path blocks;

  /// @param program finds `iscsiadm`; null if it is not installed
  /// @param links where devices have names that say how they are reached
  /// @param blocks what the kernel says of devices
  Initiator(World world, Supplier<@Nullable HostProgram> program, Path links, Path blocks) {
    this.world = world.background();
    this.program = program;
    this.links = links;
    this.blocks = blocks;
  }

  /// That of this machine.
  public static Initiator ofThisMachine(World world) {
    return new Initiator(
        world,
        () -> HostProgram.find("iscsiadm"),
        Path.of("/dev/disk/by-path"),
        Path.of("/sys/class/block"));
  }

  /// Logs in to a disk's target at all its portals.
  ///
  /// @return its device: the one that joins all ways to it, if there is such a one
  /// @throws IOException if none of the portals leads to it
  Path attach(IscsiDisk disk, Chap chap) throws IOException, InterruptedException {
    boolean tcp = transport(disk).equals("tcp");
    if (!disk.initiator().isEmpty()) {
      makeInterface(disk);
    }
    List<Path> devices = new ArrayList<>();
    String last = "";
    for (String portal : disk.portals()) {
      try {
        if (isLoggedIn(disk, portal)) {
          run(onNode(disk, portal, "--rescan"));
        } else {
          logIn(disk, portal, chap);
        }
        devices.add(await(disk, portal, tcp));
      } catch (IOException e) {
        last = String.valueOf(e.getMessage());
        LOG.log(Level.DEBUG, "a portal does not lead to a disk: portal={0} {1}", portal, last);
      }
    }
    if (devices.isEmpty()) {
      throw new IOException("failed to get any path for iscsi disk, last err seen:\n" + last);
    }
    return joined(devices.getFirst());
  }

  /// Logs out where no other disk needs it.
  ///
  /// @param portals those that nothing else uses
  void detach(IscsiDisk disk, List<String> portals) throws IOException, InterruptedException {
    forget(disk);
    for (String portal : portals) {
      unlessGone(onNode(disk, portal, "--logout"));
      unlessGone(onNode(disk, portal, "-o", "delete"));
    }
    if (!disk.initiator().isEmpty() && portals.size() == disk.portals().size()) {
      unlessGone(List.of("-m", "iface", "-I", disk.iface(), "-o", "delete"));
    }
  }

  /// Lets the kernel forget the disk's devices, as others of the target may stay.
  private void forget(IscsiDisk disk) throws IOException {
    for (String portal : disk.portals()) {
      for (boolean tcp : List.of(true, false)) {
        Path link = find(disk, portal, tcp);
        if (link != null) {
          Path delete =
              blocks.resolve(link.toRealPath().getFileName().toString()).resolve("device/delete");
          if (Files.isWritable(delete)) {
            Files.writeString(delete, "1");
          }
        }
      }
    }
  }

  private String transport(IscsiDisk disk) throws IOException, InterruptedException {
    return settings(disk).getOrDefault("iface.transport_name", "tcp");
  }

  /// The settings of the interface that the node has.
  private Map<String, String> settings(IscsiDisk disk) throws IOException, InterruptedException {
    Map<String, String> settings = new TreeMap<>();
    run(List.of("-m", "iface", "-I", disk.preset(), "-o", "show"))
        .lines()
        .map(line -> line.split(" = ", 2))
        .filter(parts -> parts.length == 2 && parts[0].startsWith("iface."))
        .filter(parts -> !parts[1].strip().equals("<empty>"))
        .forEach(parts -> settings.put(parts[0], parts[1].strip()));
    return settings;
  }

  /// An interface like the one that the node has, under another initiator's name.
  private void makeInterface(IscsiDisk disk) throws IOException, InterruptedException {
    Map<String, String> settings = settings(disk);
    settings.remove("iface.iscsi_ifacename");
    settings.put("iface.initiatorname", disk.initiator());
    HostProgram.Result made = result(List.of("-m", "iface", "-I", disk.iface(), "-o", "new"));
    if (!made.succeeded() && made.exitCode() != EXISTS) {
      throw new IOException("iscsi: failed to create new iface: " + made.output().strip());
    }
    for (Map.Entry<String, String> each : settings.entrySet()) {
      run(
          List.of(
              "-m",
              "iface",
              "-I",
              disk.iface(),
              "-o",
              "update",
              "-n",
              each.getKey(),
              "-v",
              each.getValue()));
    }
  }

  private boolean isLoggedIn(IscsiDisk disk, String portal)
      throws IOException, InterruptedException {
    HostProgram.Result sessions = result(List.of("-m", "session"));
    // tcp: [1] 192.0.2.1:3260,1 iqn.2003-01.io.k8s:e2e.volume-1 (non-flash)
    return sessions.succeeded()
        && sessions
            .output()
            .lines()
            .map(line -> line.split(" "))
            .anyMatch(
                words ->
                    words.length > 3
                        && words[2].startsWith(portal + ",")
                        && words[3].equals(disk.iqn()));
  }

  private void logIn(IscsiDisk disk, String portal, Chap chap)
      throws IOException, InterruptedException {
    List<String> database =
        List.of("-m", "discoverydb", "-t", "sendtargets", "-p", portal, "-I", disk.iface());
    HostProgram.Result _ = result(with(database, "-o", "new"));
    set(database, chap.ofDiscovery());
    try {
      run(with(database, "--discover"));
    } catch (IOException e) {
      HostProgram.Result _ = result(with(database, "-o", "delete"));
      throw new IOException(
          "iscsi: failed to sendtargets to portal " + portal + " output: " + e.getMessage(), e);
    }
    List<String> record = onNode(disk, portal);
    set(record, chap.ofSession());
    try {
      run(with(record, "--login"));
    } catch (IOException e) {
      HostProgram.Result _ = result(with(record, "-o", "delete"));
      throw new IOException("iscsi: failed to attach disk: Error: " + e.getMessage(), e);
    }
    // A machine that starts must not hang for targets that nothing wants.
    set(record, Map.of("node.startup", "manual"));
  }

  /// What fails says which setting it was, and never its value.
  private void set(List<String> record, Map<String, String> settings)
      throws IOException, InterruptedException {
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      HostProgram.Result result =
          result(with(record, "-o", "update", "-n", setting.getKey(), "-v", setting.getValue()));
      if (!result.succeeded()) {
        throw new IOException(
            "iscsi: failed to update %s: exit status %d"
                .formatted(setting.getKey(), result.exitCode()));
      }
    }
  }

  private Path await(IscsiDisk disk, String portal, boolean tcp)
      throws IOException, InterruptedException {
    long begun = world.nanoTime();
    while (true) {
      Path device = find(disk, portal, tcp);
      if (device != null) {
        return device;
      }
      if (world.nanoTime() - begun > PATIENCE.toNanos()) {
        throw new IOException(
            "Timed out waiting for device at path %s after %ds"
                .formatted(links.resolve(link(disk, portal)), PATIENCE.toSeconds()));
      }
      world.sleep(PAUSE);
    }
  }

  private static String link(IscsiDisk disk, String portal) {
    String address = portal.replace("[", "").replace("]", "");
    return "ip-" + address + "-iscsi-" + disk.iqn() + "-lun-" + disk.lun();
  }

  /// @param tcp whether no adapter with a driver of its own is on the way
  private @Nullable Path find(IscsiDisk disk, String portal, boolean tcp) throws IOException {
    String name = link(disk, portal);
    if (tcp || !Files.isDirectory(links)) {
      Path device = links.resolve(name);
      return Files.exists(device) ? device : null;
    }
    try (DirectoryStream<Path> found =
        Files.newDirectoryStream(
            links, entry -> entry.getFileName().toString().matches("pci-.*-\\Q" + name + "\\E"))) {
      for (Path device : found) {
        return device;
      }
    }
    return null;
  }

  /// The device that `multipathd` has made of one of them and others; the device itself if it has
  /// not.
  private Path joined(Path device) throws IOException {
    Path real = device.toRealPath();
    Path holders = blocks.resolve(real.getFileName().toString()).resolve("holders");
    if (Files.isDirectory(holders)) {
      try (DirectoryStream<Path> found = Files.newDirectoryStream(holders, "dm-*")) {
        for (Path holder : found) {
          String name = holder.getFileName().toString();
          Path uuid = blocks.resolve(name).resolve("dm/uuid");
          if (Files.exists(uuid) && Files.readString(uuid).startsWith("mpath-")) {
            return Path.of("/dev").resolve(name);
          }
        }
      }
    }
    return real;
  }

  private static List<String> onNode(IscsiDisk disk, String portal, String... more) {
    return with(List.of("-m", NODE, "-p", portal, "-T", disk.iqn(), "-I", disk.iface()), more);
  }

  private static List<String> with(List<String> arguments, String... more) {
    List<String> all = new ArrayList<>(arguments);
    all.addAll(List.of(more));
    return all;
  }

  private void unlessGone(List<String> arguments) throws IOException, InterruptedException {
    HostProgram.Result result = result(arguments);
    if (!result.succeeded() && !NOTHING.contains(result.exitCode())) {
      throw new IOException("iscsiadm failed: " + result.output().strip());
    }
  }

  private String run(List<String> arguments) throws IOException, InterruptedException {
    HostProgram.Result result = result(arguments);
    if (!result.succeeded()) {
      throw new IOException(
          "%s (exit status %d)".formatted(result.output().strip(), result.exitCode()));
    }
    return result.output();
  }

  private HostProgram.Result result(List<String> arguments)
      throws IOException, InterruptedException {
    HostProgram found = program.get();
    if (found == null) {
      throw new IOException("iscsiadm is not installed on this node (package open-iscsi)");
    }
    return found.run(arguments.toArray(String[]::new));
  }
}
