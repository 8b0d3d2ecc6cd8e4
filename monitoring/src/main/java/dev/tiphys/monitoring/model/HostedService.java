package dev.tiphys.monitoring.model;

import dev.tiphys.client.ApiResource;
import dev.tiphys.object.Struct;
import dev.tiphys.object.StructBuilder;
import dev.tiphys.object.api.ObjectKey;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.List;

/// A Service that leads to a server of this machine, which is no Pod: it selects nothing, and has
/// EndpointSlices of ours.
///
/// @param labels of the Service
/// @param port the name of its only port
/// @param number of that port
/// @param manager who keeps the slices, as their label tells
public record HostedService(
    ObjectKey key, Struct labels, String port, long number, String manager) {

  /// The Service.
  public Struct service() {
    return new StructBuilder()
        .add("apiVersion", "v1")
        .add("kind", "Service")
        .add(
            "metadata",
            Struct.of("name", key.name(), "namespace", key.namespace(), "labels", labels))
        .add("spec", Struct.of("ports", List.of(port(number).with("targetPort", port))))
        .build();
  }

  /// The slice of a machine.
  ///
  /// @param address where the server listens there
  /// @param machine what it is called, to tell several of a Service apart
  public Struct slice(InetSocketAddress address, String machine) {
    Struct endpoint =
        Struct.of(
            "addresses",
            List.of(address.getAddress().getHostAddress()),
            "conditions",
            Struct.of("ready", true));
    Struct slices =
        Struct.of(
            "endpointslice.kubernetes.io/managed-by",
            manager,
            "kubernetes.io/service-name",
            key.name());
    return new StructBuilder()
        .add("apiVersion", ApiResource.ENDPOINT_SLICES.apiVersion())
        .add("kind", ApiResource.ENDPOINT_SLICES.kind())
        .add("addressType", address.getAddress() instanceof Inet4Address ? "IPv4" : "IPv6")
        .add(
            "metadata",
            Struct.of(
                "name", key.name() + "-" + machine, "namespace", key.namespace(), "labels", slices))
        .add("endpoints", List.of(endpoint))
        .add("ports", List.of(port(address.getPort())))
        .build();
  }

  private Struct port(long at) {
    return new StructBuilder().add("name", port).add("port", at).add("protocol", "TCP").build();
  }
}
