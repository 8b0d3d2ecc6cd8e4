package dev.tiphys.node.volumes.csi;

import dev.tiphys.csi.Csi.NodeServiceCapability.RPC;
import dev.tiphys.csi.Csi.VolumeCapability;
import dev.tiphys.csi.Csi.VolumeCapability.AccessMode.Mode;
import dev.tiphys.node.volumes.VolumeRequest;
import dev.tiphys.node.volumes.ledger.Digests;
import dev.tiphys.object.Struct;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a Pod or a PersistentVolume says of a driver's volume.
///
/// @param source its part `csi`
record CsiSource(VolumeRequest request, Struct source) {

  static CsiSource of(VolumeRequest request) {
    return new CsiSource(request, request.source().struct("csi"));
  }

  String driver() {
    return source.string("driver");
  }

  /// Whether it lives and ends with the Pod, which alone says what it is.
  boolean inline() {
    return request.claimed() == null;
  }

  String handle() {
    return inline()
        ? "csi-" + Digests.sha256(request.pod().uid() + request.name())
        : source.string("volumeHandle");
  }

  /// Whether the Pod must not write to it.
  boolean readOnly() {
    return inline() ? source.bool("readOnly") : request.readOnly();
  }

  List<String> accessModes() {
    return request.source().strings("accessModes");
  }

  Map<String, String> attributes() {
    Map<String, String> attributes = new HashMap<>();
    source
        .struct("volumeAttributes")
        .forEach((name, value) -> attributes.put(name, String.valueOf(value)));
    return attributes;
  }

  /// How the volume is to be used, as drivers are told.
  ///
  /// @param abilities the driver's: some know more ways, some apply the group of files themselves
  VolumeCapability capability(Set<RPC.Type> abilities) {
    VolumeCapability.Builder capability =
        VolumeCapability.newBuilder()
            .setAccessMode(
                VolumeCapability.AccessMode.newBuilder()
                    .setMode(mode(abilities.contains(RPC.Type.SINGLE_NODE_MULTI_WRITER))));
    if (request.block()) {
      return capability.setBlock(VolumeCapability.BlockVolume.getDefaultInstance()).build();
    }
    VolumeCapability.MountVolume.Builder mount =
        VolumeCapability.MountVolume.newBuilder()
            .setFsType(source.string("fsType"))
            .addAllMountFlags(inline() ? List.of() : request.source().strings("mountOptions"));
    Long group = request.group();
    if (group != null && abilities.contains(RPC.Type.VOLUME_MOUNT_GROUP)) {
      mount.setVolumeMountGroup(Long.toString(group));
    }
    return capability.setMount(mount).build();
  }

  private Mode mode(boolean finely) {
    String first = accessModes().isEmpty() ? "ReadWriteOnce" : accessModes().getFirst();
    return switch (first) {
      case "ReadWriteOnce" -> finely ? Mode.SINGLE_NODE_MULTI_WRITER : Mode.SINGLE_NODE_WRITER;
      case "ReadWriteOncePod" -> finely ? Mode.SINGLE_NODE_SINGLE_WRITER : Mode.SINGLE_NODE_WRITER;
      case "ReadOnlyMany" -> Mode.MULTI_NODE_READER_ONLY;
      case "ReadWriteMany" -> Mode.MULTI_NODE_MULTI_WRITER;
      default -> Mode.UNKNOWN;
    };
  }

  /// Whether the files are to be given to the Pod's group by the agent.
  ///
  /// @param policy the driver's `fsGroupPolicy`
  boolean sharesFiles(String policy) {
    if (request.block() || request.group() == null || policy.equals("None") || readOnly()) {
      return false;
    }
    return policy.equals("File")
        || !source.string("fsType").isEmpty()
            && (inline() || accessModes().contains("ReadWriteOnce"));
  }
}
