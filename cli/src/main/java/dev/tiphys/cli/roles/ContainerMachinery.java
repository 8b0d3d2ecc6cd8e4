package dev.tiphys.cli.roles;

import dev.tiphys.apiserver.allocation.ServiceRanges;
import dev.tiphys.cli.data.DataDirectory;
import dev.tiphys.cli.machine.CliException;
import dev.tiphys.network.NetworkSettings;
import dev.tiphys.network.Prefix;
import dev.tiphys.network.netlink.Namespace;
import dev.tiphys.node.cni.CniException;
import dev.tiphys.node.cni.CniPlugins;
import dev.tiphys.node.cni.PodNetwork;
import dev.tiphys.node.cni.PodNetworkSettings;
import dev.tiphys.node.containerd.Containerd;
import dev.tiphys.node.containerd.ContainerdException;
import dev.tiphys.node.containerd.ContainerdLeftovers;
import dev.tiphys.node.containerd.ContainerdSettings;
import dev.tiphys.node.containerd.ContainerdSettings.Cgroups;
import dev.tiphys.node.host.MountedBelow;
import dev.tiphys.node.images.Architecture;
import dev.tiphys.node.images.ImageLoader;
import dev.tiphys.node.images.PauseImage;
import dev.tiphys.node.machine.PodCgroups;
import dev.tiphys.node.settings.NodeSettings;
import dev.tiphys.node.settings.UsualRoot;
import dev.tiphys.world.World;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What runs containers on this machine: containerd, the network of Pods, the pause image.
public final class ContainerMachinery implements AutoCloseable {

  private static final String USUAL_RANGE = "10.244.0.0/16";

  /// The second byte of the ranges of further clusters: from 10.16.0.0/16 to 10.79.0.0/16.
  private static final int FIRST_RANGE = 16;

  private static final int RANGES = 64;

  /// The second byte of the ranges of further clusters' Services: from 10.112.0.0/16 to
  /// 10.127.0.0/16.
  private static final int FIRST_SERVICE_RANGE = 112;

  private static final int SERVICE_RANGES = 16;

  /// The kernel needs milliseconds.
  private static final Duration CLEARING = Duration.ofSeconds(10);

  private static final Duration PAUSE = Duration.ofMillis(20);

  private final World world;
  private final EventLoopGroup loops;
  private final Containerd containerd;
  private final @Nullable PodNetwork network;

  private ContainerMachinery(
      World world, EventLoopGroup loops, Containerd containerd, @Nullable PodNetwork network) {
    this.world = world;
    this.loops = loops;
    this.containerd = containerd;
    this.network = network;
  }

  /// Starts what does not run yet, and takes over what does.
  ///
  /// @param clusterRanges where all Pods of the cluster have their addresses from
  /// @param ownNetwork whether the network of Pods is made here; otherwise by a plugin that the
  ///   user installs in the usual place
  /// @throws CliException if it can't be had
  public static ContainerMachinery start(
      World world, DataDirectory data, List<String> clusterRanges, boolean ownNetwork)
      throws InterruptedException {
    EventLoopGroup loops = loops();
    try {
      PodNetwork network = ownNetwork ? network(data, clusterRanges) : null;
      if (network != null) {
        network.prepare();
      }
      Containerd containerd =
          Containerd.start(
              world,
              loops,
              new ContainerdSettings(
                  data.path(),
                  PauseImage.NAME,
                  network == null ? CniPlugins.USUAL_CONFIGURATIONS : network.configurations(),
                  network == null ? CniPlugins.USUAL : CniPlugins.find().directory(),
                  Cgroups.CGROUPFS));
      ContainerMachinery machinery = new ContainerMachinery(world, loops, containerd, network);
      machinery.images().loadPause(Architecture.ofThisMachine());
      return machinery;
    } catch (CniException | ContainerdException | IOException e) {
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
      throw new CliException("cannot start what runs containers: " + e.getMessage(), e);
    }
  }

  /// Removes what ran containers here, and the containers. What cannot be removed does not keep the
  /// rest from being removed.
  ///
  /// @throws IOException if something is left
  public static void clear(World world, DataDirectory data)
      throws IOException, InterruptedException {
    List<String> failures = new ArrayList<>();
    List<Step> steps =
        List.of(
            () -> new ContainerdLeftovers(world, data.path()).clear(),
            () -> MountedBelow.unmount(data.path()),
            () -> UsualRoot.release(UsualRoot.PATH, data.path()),
            () -> removeCgroups(world, cgroup(data)),
            () -> NetworkRole.clear(networkSettings(data, "", List.of(), List.of())),
            () -> network(data, List.of()).remove());
    for (Step step : steps) {
      try {
        step.run();
      } catch (IOException | CniException e) {
        failures.add(e.toString());
      }
    }
    if (!failures.isEmpty()) {
      throw new IOException(String.join("; ", failures));
    }
  }

  /// What was killed is in its cgroup until the kernel has cleared it away.
  private static void removeCgroups(World world, String cgroup)
      throws IOException, InterruptedException {
    PodCgroups cgroups = PodCgroups.ofThisMachine();
    long end = world.nanoTime() + CLEARING.toNanos();
    while (true) {
      try {
        cgroups.remove(cgroup);
        return;
      } catch (IOException e) {
        if (world.nanoTime() > end) {
          throw e;
        }
      }
      world.sleep(PAUSE);
    }
  }

  private interface Step {
    void run() throws IOException, CniException, InterruptedException;
  }

  private static EventLoopGroup loops() {
    return new MultiThreadIoEventLoopGroup(
        1, new DefaultThreadFactory("containerd", true), NioIoHandler.newFactory());
  }

  /// Each cluster of a machine has a network of its own.
  ///
  /// @param clusterRanges where all Pods of the cluster have their addresses from
  static PodNetwork network(DataDirectory data, List<String> clusterRanges) {
    return new PodNetwork(new PodNetworkSettings(data.path(), networkName(data), clusterRanges));
  }

  /// What the parts of a node's network need to know.
  ///
  /// @param node what the node is called
  /// @param addresses its own, the first of each family
  /// @param clusterRanges where all Pods of the cluster have their addresses from
  public static NetworkSettings networkSettings(
      DataDirectory data, String node, List<String> addresses, List<String> clusterRanges) {
    return new NetworkSettings(
        node,
        addresses.stream().map(InetAddress::ofLiteral).toList(),
        clusterRanges.stream().map(Prefix::of).toList(),
        networkName(data),
        Namespace.OWN);
  }

  /// What the network of a cluster is called: its tables of rules begin with it.
  public static String networkName(DataDirectory data) {
    return isUsual(data) ? PodNetworkSettings.DEFAULT_NAME : "tiphys-%06x".formatted(mark(data));
  }

  /// Where the nodes of a cluster get the addresses of their Pods from unless told otherwise: the
  /// usual range, or for a further cluster of this machine one of its own.
  public static String clusterRange(DataDirectory data) {
    return isUsual(data)
        ? USUAL_RANGE
        : "10.%d.0.0/16".formatted(FIRST_RANGE + mark(data) % RANGES);
  }

  /// Where Services get their addresses from unless told otherwise: the usual range, or for a
  /// further cluster of this machine one of its own, since one machine's proxies share its
  /// addresses.
  public static ServiceRanges serviceRanges(DataDirectory data) {
    return isUsual(data)
        ? ServiceRanges.DEFAULT
        : ServiceRanges.of(
            "10.%d.0.0/16".formatted(FIRST_SERVICE_RANGE + mark(data) % SERVICE_RANGES));
  }

  /// The cgroup that holds those of all Pods.
  static String cgroup(DataDirectory data) {
    return isUsual(data)
        ? NodeSettings.DEFAULT_CGROUP
        : "%s-%06x".formatted(NodeSettings.DEFAULT_CGROUP, mark(data));
  }

  private static boolean isUsual(DataDirectory data) {
    return data.path().equals(DataDirectory.usual());
  }

  /// What tells a cluster apart from the others of this machine.
  private static int mark(DataDirectory data) {
    return data.path().toString().hashCode() & 0xffffff;
  }

  /// Ends what [#start] has started, if it did not run before. For a start that failed later on.
  public void undo() throws InterruptedException {
    try {
      if (containerd.adopted()) {
        close();
      } else {
        containerd.stop(Containerd.Containers.KEPT);
      }
    } catch (IOException e) {
      throw new CliException("cannot stop containerd: " + e.getMessage(), e);
    }
  }

  public Containerd containerd() {
    return containerd;
  }

  /// The network of Pods; null if another program makes it.
  public @Nullable PodNetwork network() {
    return network;
  }

  public ImageLoader images() {
    return new ImageLoader(world, containerd.client(), containerd.runtime().images());
  }

  /// Lets go of containerd: it and its containers go on.
  @Override
  public void close() {
    containerd.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
