package dev.tiphys.node.testing;

import dev.tiphys.node.cni.CniPlugins;
import dev.tiphys.node.cni.PodNetwork;
import dev.tiphys.node.cni.PodNetworkSettings;
import dev.tiphys.node.containerd.Containerd;
import dev.tiphys.node.containerd.ContainerdLeftovers;
import dev.tiphys.node.containerd.ContainerdSettings;
import dev.tiphys.node.containerd.ContainerdSettings.Cgroups;
import dev.tiphys.node.host.HostProgram;
import dev.tiphys.node.images.Architecture;
import dev.tiphys.node.images.ImageArchive;
import dev.tiphys.node.images.ImageLoader;
import dev.tiphys.node.images.PauseImage;
import dev.tiphys.node.runtime.ContainerRuntime;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A node of its own for tests: a data directory, a network, a range of addresses and a cgroup that
/// nobody else has, and containerd on top. Closing it leaves nothing behind, whatever happened.
public final class TestNode implements AutoCloseable {

  private final World world = new RealWorld();
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Path data;
  private final String id;
  private final PodNetworkSettings networkSettings;
  private final PodNetwork network;
  private final List<String> ranges;
  private Containerd containerd;

  private TestNode(Path data, String id) throws Exception {
    this.data = data;
    this.id = id;
    int number = Integer.parseInt(id, 16);
    String cidr = "10.%d.%d.0/24".formatted(200 + number / 256, number % 256);
    networkSettings = new PodNetworkSettings(data, "tt" + id, List.of(cidr));
    ranges = List.of(cidr);
    network = new PodNetwork(networkSettings);
    try {
      installNetwork();
      containerd = Containerd.start(world, loops, settings());
    } catch (Exception e) {
      clear();
      throw e;
    }
  }

  /// A node with the pause image, and nothing else.
  public static TestNode start() throws Exception {
    int random = ThreadLocalRandom.current().nextInt(1 << 13);
    TestNode node =
        new TestNode(Files.createTempDirectory("tiphys-node"), "%04x".formatted(random));
    try {
      node.loader().loadPause(Architecture.ofThisMachine());
    } catch (Exception e) {
      node.close();
      throw e;
    }
    return node;
  }

  /// A node that can run busybox as well.
  public static TestNode startWithBusybox() throws Exception {
    TestNode node = start();
    try {
      node.prepareForBusybox();
    } catch (Exception e) {
      node.close();
      throw e;
    }
    return node;
  }

  /// The node that another process has set up. Only that one closes it.
  public static TestNode on(String data, String cgroup) throws Exception {
    return new TestNode(Path.of(data), cgroup.substring(cgroup.lastIndexOf('-') + 1));
  }

  /// Loads what a fresh containerd needs.
  public void prepareForBusybox() throws Exception {
    loader().loadPause(Architecture.ofThisMachine());
    load(TestImages.archive("busybox"));
  }

  public World world() {
    return world;
  }

  public Path data() {
    return data;
  }

  public Containerd containerd() {
    return containerd;
  }

  public ContainerRuntime runtime() {
    return containerd.runtime();
  }

  public ImageLoader loader() {
    return new ImageLoader(world, containerd.client(), runtime().images());
  }

  public List<String> load(Path archive) throws IOException, InterruptedException {
    try (ImageArchive images = ImageArchive.open(archive)) {
      return loader().load(images);
    }
  }

  /// A cgroup for the sandboxes of this node.
  public String cgroup() {
    return "/tiphys-test-" + id;
  }

  public Path logs() {
    return data.resolve("logs");
  }

  public ContainerdSettings settings() throws Exception {
    return new ContainerdSettings(
        data,
        PauseImage.NAME,
        networkSettings.configurations(),
        CniPlugins.find().directory(),
        Cgroups.CGROUPFS);
  }

  /// Lets go of containerd, as the end of the process would, and takes it over again.
  public void restart() throws Exception {
    containerd.close();
    containerd = Containerd.start(world, loops, settings());
  }

  /// Ends containerd, but not the containers, and starts it again.
  public void restartContainerd() throws Exception {
    containerd.stop(Containerd.Containers.KEPT);
    containerd = Containerd.start(world, loops, settings());
  }

  public PodNetworkSettings networkSettings() {
    return networkSettings;
  }

  /// Sets the network up, as the node agent does once it knows its ranges.
  public void installNetwork() throws Exception {
    network.install(ranges, 0);
  }

  public PodNetwork network() {
    return network;
  }

  @Override
  public void close() throws Exception {
    containerd.close();
    clear();
  }

  private void clear() throws Exception {
    new ContainerdLeftovers(world, data).clear();
    network.remove();
    removeCgroups();
    deleteTree(data);
    loops.shutdownGracefully(0, 0, TimeUnit.SECONDS).sync();
  }

  private void removeCgroups() throws IOException, InterruptedException {
    HostProgram find = HostProgram.find("find");
    if (find != null) {
      find.run("/sys/fs/cgroup", "-depth", "-type", "d", "-path", "*" + cgroup() + "*", "-delete");
    }
  }

  private static void deleteTree(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
