package dev.tiphys.storage.driver;

import dev.tiphys.csi.Csi;
import dev.tiphys.csi.Csi.VolumeCapability.AccessMode.Mode;
import dev.tiphys.grpc.GrpcException;
import dev.tiphys.grpc.GrpcStatus;
import dev.tiphys.storage.volumes.Backing;
import dev.tiphys.storage.volumes.Source;
import dev.tiphys.storage.volumes.Wanted;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What calls ask for, checked.
final class Requests {

  private static final String BACKING = "backing";
  private static final String OVERCOMMIT = "overcommit";
  private static final Set<String> PARAMETERS = Set.of(BACKING, OVERCOMMIT);

  /// What a VolumeAttributesClass can say: what a volume is made of stays as it is.
  private static final Set<String> MUTABLE = Set.of(OVERCOMMIT);

  /// Disks of a node are for Pods of that node.
  private static final Set<Mode> MODES =
      Set.of(
          Mode.SINGLE_NODE_WRITER,
          Mode.SINGLE_NODE_READER_ONLY,
          Mode.SINGLE_NODE_SINGLE_WRITER,
          Mode.SINGLE_NODE_MULTI_WRITER);

  private Requests() {}

  static Wanted wanted(Csi.CreateVolumeRequest request) {
    Guard.require(request.getName(), "name");
    List<Csi.VolumeCapability> capabilities = request.getVolumeCapabilitiesList();
    if (capabilities.isEmpty()) {
      throw invalid("volume capabilities missing in request");
    }
    String problem = unsupported(capabilities);
    if (!problem.isEmpty()) {
      throw invalid(problem);
    }
    Csi.CapacityRange range = request.getCapacityRange();
    if (range.getRequiredBytes() < 0
        || range.getLimitBytes() < 0
        || range.getLimitBytes() > 0 && range.getLimitBytes() < range.getRequiredBytes()) {
      throw new GrpcException(GrpcStatus.OUT_OF_RANGE, "no such capacity range");
    }
    return new Wanted(
        request.getName(),
        range.getRequiredBytes(),
        range.getLimitBytes(),
        capabilities.getFirst().hasBlock(),
        capabilities.getFirst().getMount().getFsType(),
        backing(request.getParametersMap()),
        modified(request.getModifiableParametersMap(), overcommitted(request.getParametersMap())),
        request.hasVolumeContentSource() ? source(request.getVolumeContentSource()) : null);
  }

  /// What volumes of a class are made of; null if that does not matter.
  static @Nullable Backing backing(Map<String, String> parameters) {
    for (String name : parameters.keySet()) {
      if (!PARAMETERS.contains(name) && !name.startsWith("csi.storage.k8s.io/")) {
        throw invalid("parameter %s is not known".formatted(name));
      }
    }
    return switch (parameters.getOrDefault(BACKING, "auto")) {
      case "auto" -> null;
      case "directory" -> Backing.DIRECTORY;
      case "image" -> Backing.IMAGE;
      default -> throw invalid("backing must be auto, directory or image");
    };
  }

  /// Whether sizes of a class are limits only.
  static boolean overcommitted(Map<String, String> parameters) {
    return switch (parameters.getOrDefault(OVERCOMMIT, "false")) {
      case "true" -> true;
      case "false" -> false;
      default -> throw invalid("overcommit must be true or false");
    };
  }

  /// Whether the size of a volume is a limit only once it has these attributes.
  ///
  /// @param before whether it is if they do not tell
  static boolean modified(Map<String, String> attributes, boolean before) {
    for (String name : attributes.keySet()) {
      if (!MUTABLE.contains(name)) {
        throw invalid("parameter %s can't be modified".formatted(name));
      }
    }
    return attributes.containsKey(OVERCOMMIT) ? overcommitted(attributes) : before;
  }

  private static Source source(Csi.VolumeContentSource source) {
    return switch (source.getTypeCase()) {
      case SNAPSHOT ->
          new Source.OfSnapshot(Guard.require(source.getSnapshot().getSnapshotId(), "snapshot id"));
      case VOLUME ->
          new Source.OfVolume(Guard.require(source.getVolume().getVolumeId(), "volume id"));
      case TYPE_NOT_SET -> throw invalid("volume content source has no type");
    };
  }

  /// Why volumes can't be used so; empty if they can.
  static String unsupported(List<Csi.VolumeCapability> capabilities) {
    boolean block = false;
    boolean mount = false;
    for (Csi.VolumeCapability capability : capabilities) {
      switch (capability.getAccessTypeCase()) {
        case BLOCK -> block = true;
        case MOUNT -> mount = true;
        case ACCESSTYPE_NOT_SET -> {
          return "volume capability has no access type";
        }
      }
      if (!MODES.contains(capability.getAccessMode().getMode())) {
        return "access mode %s is not supported: volumes are on one node"
            .formatted(capability.getAccessMode().getMode());
      }
    }
    return block && mount ? "a volume is a block device or a file system, not both" : "";
  }

  static GrpcException invalid(String message) {
    return new GrpcException(GrpcStatus.INVALID_ARGUMENT, message);
  }
}
