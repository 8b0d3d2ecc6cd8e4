package dev.tiphys.node.volumes.csi;

import dev.tiphys.csi.Csi;
import dev.tiphys.csi.Csi.NodeServiceCapability.RPC;
import dev.tiphys.csi.NodeService;
import dev.tiphys.node.pod.Pod;
import dev.tiphys.node.volumes.VolumeFailure;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.encoding.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// Asks drivers to bring volumes to the node and to Pods, and to take them back.
///
/// Threads: any.
final class CsiCalls {
  private final CsiObjects objects;
  private final CsiPaths paths;

  CsiCalls(CsiObjects objects, CsiPaths paths) {
    this.objects = objects;
    this.paths = paths;
  }

  /// A volume that a Pod wants, and the driver that brings it.
  ///
  /// @param driver what its CSIDriver object says; empty if it has none
  /// @param abilities what its node service can do
  /// @param context what attaching the volume has brought
  record Use(
      CsiSource source,
      Struct driver,
      PluginEndpoint endpoint,
      Set<RPC.Type> abilities,
      Map<String, String> context) {

    Csi.VolumeCapability capability() {
      return source.capability(abilities);
    }
  }

  /// @throws dev.tiphys.grpc.GrpcException if the driver does not
  void stage(Use use, Path staging) throws VolumeFailure, IOException, InterruptedException {
    CsiSource source = use.source;
    makeDirectory(staging);
    Struct data = Struct.of("driverName", source.driver(), "volumeHandle", source.handle());
    write(paths.stagingData(staging, source.request().name(), source.request().block()), data);
    use.endpoint.call(
        NodeService.NODE_STAGE_VOLUME,
        Csi.NodeStageVolumeRequest.newBuilder()
            .setVolumeId(source.handle())
            .putAllPublishContext(use.context)
            .setStagingTargetPath(staging.toString())
            .setVolumeCapability(use.capability())
            .putAllSecrets(objects.secret(source, "nodeStageSecretRef"))
            .putAllVolumeContext(source.attributes())
            .build());
  }

  /// @param staging where it is staged; empty if it is not
  /// @throws dev.tiphys.grpc.GrpcException if the driver does not
  void publish(Use use, String staging, Path target)
      throws VolumeFailure, IOException, InterruptedException {
    CsiSource source = use.source;
    Pod pod = source.request().pod();
    makeDirectory(target.resolveSibling(""));
    if (!source.request().block()) {
      write(target.resolveSibling(""), published(source));
    }
    Map<String, String> context = new HashMap<>(source.attributes());
    Map<String, String> secrets = new HashMap<>(objects.secret(source, "nodePublishSecretRef"));
    context.putAll(CsiObjects.podInfo(use.driver, pod, source.inline()));
    (use.driver.bool("serviceAccountTokenInSecrets") ? secrets : context)
        .putAll(objects.tokens(use.driver, pod));
    use.endpoint.call(
        NodeService.NODE_PUBLISH_VOLUME,
        Csi.NodePublishVolumeRequest.newBuilder()
            .setVolumeId(source.handle())
            .putAllPublishContext(use.context)
            .setStagingTargetPath(staging)
            .setTargetPath(target.toString())
            .setVolumeCapability(use.capability())
            .setReadonly(source.readOnly())
            .putAllSecrets(secrets)
            .putAllVolumeContext(context)
            .build());
    if (source.request().block()) {
      link(paths.link(pod.uid(), source.request().name()), target);
    }
  }

  private Struct published(CsiSource source) {
    return new StructBuilder()
        .add("attachmentID", objects.attachment(source.driver(), source.handle()))
        .add("driverName", source.driver())
        .add("nodeName", objects.node())
        .add("specVolID", source.request().name())
        .add("volumeHandle", source.handle())
        .add("volumeLifecycleMode", source.inline() ? "Ephemeral" : "Persistent")
        .build();
  }

  /// @throws dev.tiphys.grpc.GrpcException if the driver does not
  void unpublish(PluginEndpoint endpoint, String handle, Path target) throws InterruptedException {
    endpoint.call(
        NodeService.NODE_UNPUBLISH_VOLUME,
        Csi.NodeUnpublishVolumeRequest.newBuilder()
            .setVolumeId(handle)
            .setTargetPath(target.toString())
            .build());
  }

  /// @throws dev.tiphys.grpc.GrpcException if the driver does not
  void unstage(PluginEndpoint endpoint, String handle, Path staging) throws InterruptedException {
    endpoint.call(
        NodeService.NODE_UNSTAGE_VOLUME,
        Csi.NodeUnstageVolumeRequest.newBuilder()
            .setVolumeId(handle)
            .setStagingTargetPath(staging.toString())
            .build());
  }

  private static void makeDirectory(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
    }
  }

  private static void write(Path directory, Struct data) throws IOException {
    makeDirectory(directory);
    Files.write(directory.resolve(CsiPaths.DATA), Json.bytes(data));
  }

  private static void link(Path link, Path target) throws IOException {
    makeDirectory(link.resolveSibling(""));
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, target);
  }
}
