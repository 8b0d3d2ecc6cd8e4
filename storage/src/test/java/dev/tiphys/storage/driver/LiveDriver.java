package dev.tiphys.storage.driver;

import com.google.protobuf.MessageLite;
import dev.tiphys.csi.Csi;
import dev.tiphys.grpc.GrpcClient;
import dev.tiphys.grpc.GrpcMethod;
import dev.tiphys.storage.host.LoopDevices;
import dev.tiphys.storage.host.Machine;
import dev.tiphys.storage.host.Mount;
import dev.tiphys.storage.host.ThisMachine;
import dev.tiphys.world.RealWorld;
import dev.tiphys.world.World;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A driver over a directory of a test, and a client of its socket. Leaves no mount and no loop
/// device behind.
final class LiveDriver implements AutoCloseable {

  static final String NODE = "node-1";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  final Path directory;
  final DriverSettings settings;
  private final World world = new RealWorld();
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private Driver driver;
  private GrpcClient client;

  LiveDriver(Path directory, Machine machine) throws Exception {
    this.directory = directory;
    this.settings = DriverSettings.of(NODE, directory.resolve("data"), directory, "test");
    start(machine);
  }

  void start(Machine machine) throws Exception {
    driver = Driver.start(world, loops, machine, settings);
    client = new GrpcClient(world, loops, settings.socket());
  }

  void stop() {
    client.close();
    driver.close();
  }

  <Q extends MessageLite, R extends MessageLite> R call(GrpcMethod<Q, R> method, Q request)
      throws InterruptedException {
    return client.call(method, request, Map.of(), PATIENCE);
  }

  GrpcClient registration() {
    return new GrpcClient(world, loops, settings.registration());
  }

  Path staged(String volume) {
    return directory.resolve("staged").resolve(volume);
  }

  Path published(String volume) {
    return directory.resolve("published").resolve(volume);
  }

  static Csi.VolumeCapability mounted() {
    return Csi.VolumeCapability.newBuilder()
        .setMount(Csi.VolumeCapability.MountVolume.getDefaultInstance())
        .setAccessMode(writer())
        .build();
  }

  static Csi.VolumeCapability block() {
    return Csi.VolumeCapability.newBuilder()
        .setBlock(Csi.VolumeCapability.BlockVolume.getDefaultInstance())
        .setAccessMode(writer())
        .build();
  }

  private static Csi.VolumeCapability.AccessMode writer() {
    return Csi.VolumeCapability.AccessMode.newBuilder()
        .setMode(Csi.VolumeCapability.AccessMode.Mode.SINGLE_NODE_WRITER)
        .build();
  }

  static Csi.CreateVolumeRequest create(String name, long bytes, Csi.VolumeCapability capability) {
    return Csi.CreateVolumeRequest.newBuilder()
        .setName(name)
        .setCapacityRange(Csi.CapacityRange.newBuilder().setRequiredBytes(bytes))
        .addVolumeCapabilities(capability)
        .putParameters("backing", "image")
        .build();
  }

  static Csi.ControllerModifyVolumeRequest modify(String id, String name, String value) {
    return Csi.ControllerModifyVolumeRequest.newBuilder()
        .setVolumeId(id)
        .putModifiableParameters(name, value)
        .build();
  }

  Csi.NodeStageVolumeRequest stage(String id, Csi.VolumeCapability capability) {
    return Csi.NodeStageVolumeRequest.newBuilder()
        .setVolumeId(id)
        .setStagingTargetPath(staged(id).toString())
        .setVolumeCapability(capability)
        .build();
  }

  Csi.NodePublishVolumeRequest publish(String id, Csi.VolumeCapability capability) {
    return Csi.NodePublishVolumeRequest.newBuilder()
        .setVolumeId(id)
        .setStagingTargetPath(staged(id).toString())
        .setTargetPath(published(id).toString())
        .setVolumeCapability(capability)
        .build();
  }

  Csi.NodeUnpublishVolumeRequest unpublish(String id) {
    return Csi.NodeUnpublishVolumeRequest.newBuilder()
        .setVolumeId(id)
        .setTargetPath(published(id).toString())
        .build();
  }

  Csi.NodeUnstageVolumeRequest unstage(String id) {
    return Csi.NodeUnstageVolumeRequest.newBuilder()
        .setVolumeId(id)
        .setStagingTargetPath(staged(id).toString())
        .build();
  }

  /// How many mounts there are below the test's directory.
  int mounts() throws IOException {
    return Mount.atOrBelow(directory).size();
  }

  /// How many of the volumes are loop devices.
  int devices() throws Exception {
    return clear(directory, false);
  }

  /// Ends all mounts and devices of a directory. Returns how many devices there were.
  private static int clear(Path directory, boolean detach) throws Exception {
    Machine machine = new ThisMachine();
    LoopDevices devices = new LoopDevices(machine);
    int found = 0;
    for (String kind : new String[] {"volumes", "snapshots"}) {
      Path shelf = directory.resolve("data/storage").resolve(kind);
      if (!Files.exists(shelf)) {
        continue;
      }
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(shelf)) {
        for (Path entry : entries) {
          Path image = entry.resolve("image");
          if (!devices.find(image).isEmpty()) {
            found++;
            if (detach) {
              devices.detach(image);
            }
          }
        }
      }
    }
    return found;
  }

  @Override
  public void close() throws Exception {
    stop();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    for (Mount mount : Mount.atOrBelow(directory)) {
      new ThisMachine().run("umount", mount.point().toString());
    }
    clear(directory, true);
  }
}
