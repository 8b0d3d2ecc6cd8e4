package dev.tiphys.cli.roles;

import dev.tiphys.cli.data.DataDirectory;
import dev.tiphys.cli.machine.CliException;
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
import dev.tiphys.world.World;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// What runs containers on this machine: containerd, the network of Pods, the pause image.
public final class ContainerMachinery implements AutoCloseable {

  /// The addresses of all Pods of the cluster.
  private static final String CLUSTER_RANGE = "10.244.0.0/16";

  private final World world;
  private final EventLoopGroup loops;
  private final Containerd containerd;

  private ContainerMachinery(World world, EventLoopGroup loops, Containerd containerd) {
    this.world = world;
    this.loops = loops;
    this.containerd = containerd;
  }

  /// Starts what does not run yet, and takes over what does.
  ///
  /// @throws CliException if it can't be had
  public static ContainerMachinery start(World world, DataDirectory data)
      throws InterruptedException {
    EventLoopGroup loops = loops();
    try {
      PodNetworkSettings network = network(data);
      new PodNetwork(network).install();
      Containerd containerd =
          Containerd.start(
              world,
              loops,
              new ContainerdSettings(
                  data.path(),
                  PauseImage.NAME,
                  network.configurations(),
                  CniPlugins.find().directory(),
                  Cgroups.CGROUPFS));
      ContainerMachinery machinery = new ContainerMachinery(world, loops, containerd);
      machinery.images().loadPause(Architecture.ofThisMachine());
      return machinery;
    } catch (CniException | ContainerdException | IOException e) {
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
      throw new CliException("cannot start what runs containers: " + e.getMessage(), e);
    }
  }

  /// Removes what ran containers here, and the containers.
  ///
  /// @throws IOException if something can't be removed
  public static void clear(World world, DataDirectory data)
      throws IOException, InterruptedException {
    new ContainerdLeftovers(world, data.path()).clear();
    MountedBelow.unmount(data.path());
    PodCgroups.ofThisMachine().remove(cgroup(data));
    try {
      new PodNetwork(network(data)).remove();
    } catch (CniException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static EventLoopGroup loops() {
    return new MultiThreadIoEventLoopGroup(
        1, new DefaultThreadFactory("containerd", true), NioIoHandler.newFactory());
  }

  /// Each cluster of a machine has a bridge of its own, and its own part of the addresses.
  static PodNetworkSettings network(DataDirectory data) {
    boolean usual = isUsual(data);
    int mark = mark(data);
    return new PodNetworkSettings(
        data.path(),
        usual ? PodNetworkSettings.DEFAULT_BRIDGE : "tiphys-%06x".formatted(mark & 0xffffff),
        List.of(usual ? podRange(0) : podRange(1 + Math.floorMod(mark, 255))),
        List.of(CLUSTER_RANGE));
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

  private static String podRange(int part) {
    return "10.244." + part + ".0/24";
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
