package dev.tiphys.cri.containerd;

import com.google.protobuf.Empty;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.tiphys.grpc.GrpcMethod;

/// The methods of containerd's own services, for what CRI has no word for: immediate events of
/// processes, and images that come from a file.
///
/// Each call must name a namespace with the metadata entry [#NAMESPACE]; the one that holds what
/// CRI made is [#KUBERNETES]. Writes that must not be collected as garbage before something refers
/// to them name a lease with [#LEASE].
public final class ContainerdServices {

  /// The metadata key that names the namespace.
  public static final String NAMESPACE = "containerd-namespace";

  /// The metadata key that names the lease.
  public static final String LEASE = "containerd-lease";

  /// The namespace of everything that CRI makes.
  public static final String KUBERNETES = "k8s.io";

  /// Envelopes of events from now on, as long as the call lasts.
  public static final GrpcMethod<EventsApi.SubscribeRequest, Types.Envelope> SUBSCRIBE =
      method("events.v1.Events", "Subscribe", Types.Envelope.parser());

  public static final GrpcMethod<EventsApi.PublishRequest, Empty> PUBLISH =
      method("events.v1.Events", "Publish", Empty.parser());

  /// One blob, written in pieces.
  public static final GrpcMethod<ContentApi.WriteContentRequest, ContentApi.WriteContentResponse>
      WRITE_CONTENT =
          method("content.v1.Content", "Write", ContentApi.WriteContentResponse.parser());

  public static final GrpcMethod<ContentApi.UpdateRequest, ContentApi.UpdateResponse>
      UPDATE_CONTENT = method("content.v1.Content", "Update", ContentApi.UpdateResponse.parser());

  public static final GrpcMethod<ImagesApi.CreateImageRequest, ImagesApi.CreateImageResponse>
      CREATE_IMAGE = method("images.v1.Images", "Create", ImagesApi.CreateImageResponse.parser());

  public static final GrpcMethod<ImagesApi.UpdateImageRequest, ImagesApi.UpdateImageResponse>
      UPDATE_IMAGE = method("images.v1.Images", "Update", ImagesApi.UpdateImageResponse.parser());

  /// What containerd itself knows, sandboxes and containers alike.
  public static final GrpcMethod<
          ContainersApi.ListContainersRequest, ContainersApi.ListContainersResponse>
      LIST_CONTAINERS =
          method("containers.v1.Containers", "List", ContainersApi.ListContainersResponse.parser());

  public static final GrpcMethod<LeasesApi.CreateRequest, LeasesApi.CreateResponse> CREATE_LEASE =
      method("leases.v1.Leases", "Create", LeasesApi.CreateResponse.parser());

  public static final GrpcMethod<LeasesApi.DeleteRequest, Empty> DELETE_LEASE =
      method("leases.v1.Leases", "Delete", Empty.parser());

  private ContainerdServices() {}

  private static <Q extends MessageLite, R extends MessageLite> GrpcMethod<Q, R> method(
      String service, String name, Parser<R> responses) {
    return new GrpcMethod<>("containerd.services." + service, name, responses);
  }
}
