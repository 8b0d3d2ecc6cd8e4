package dev.tiphys.store.etcd;

import io.grpc.Attributes;
import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.StatusOr;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;

/// Tells gRPC the members of an etcd cluster. It stays with one as long as that answers.
final class Endpoints extends NameResolver.Factory {

  private final List<URI> endpoints;

  Endpoints(List<URI> endpoints) {
    this.endpoints = List.copyOf(endpoints);
  }

  @Override
  public String getDefaultScheme() {
    return "etcd";
  }

  @Override
  public NameResolver newNameResolver(URI target, NameResolver.Args args) {
    return new NameResolver() {
      @Override
      public String getServiceAuthority() {
        return endpoints.getFirst().getAuthority();
      }

      @Override
      public void start(Listener2 listener) {
        listener.onResult(
            ResolutionResult.newBuilder()
                .setAddressesOrError(
                    StatusOr.fromValue(endpoints.stream().map(Endpoints::address).toList()))
                .build());
      }

      @Override
      public void shutdown() {}
    };
  }

  /// The authority is what the member's certificate must name.
  private static EquivalentAddressGroup address(URI endpoint) {
    return new EquivalentAddressGroup(
        new InetSocketAddress(endpoint.getHost(), endpoint.getPort()),
        Attributes.newBuilder()
            .set(EquivalentAddressGroup.ATTR_AUTHORITY_OVERRIDE, endpoint.getAuthority())
            .build());
  }
}
