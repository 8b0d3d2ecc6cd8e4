package dev.tiphys.csi;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.tiphys.grpc.GrpcMethod;
import java.util.List;
import java.util.Optional;

/// The methods of the service by which drivers prepare devices for Pods on their node, in the
/// versions of it that there are.
///
/// @param version as drivers name it when they make themselves known: `v1.DRAPlugin`
public record DeviceService(String version) {

  private static final String PREFIX = "k8s.io.kubelet.pkg.apis.dra.";

  /// Those that are spoken, the best first.
  private static final List<String> VERSIONS = List.of("v1.DRAPlugin", "v1beta1.DRAPlugin");

  /// The best of the versions that a driver speaks; absent if it speaks none that is known.
  public static Optional<DeviceService> of(List<String> spoken) {
    return VERSIONS.stream().filter(spoken::contains).findFirst().map(DeviceService::new);
  }

  public GrpcMethod<Dra.NodePrepareResourcesRequest, Dra.NodePrepareResourcesResponse> prepare() {
    return method("NodePrepareResources", Dra.NodePrepareResourcesResponse.parser());
  }

  public GrpcMethod<Dra.NodeUnprepareResourcesRequest, Dra.NodeUnprepareResourcesResponse>
      unprepare() {
    return method("NodeUnprepareResources", Dra.NodeUnprepareResourcesResponse.parser());
  }

  private <Q extends MessageLite, R extends MessageLite> GrpcMethod<Q, R> method(
      String name, Parser<R> responses) {
    return new GrpcMethod<>(PREFIX + version, name, responses);
  }
}
